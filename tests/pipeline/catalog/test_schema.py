"""The schema on both databases: what migrations make is what the tables say, older ones are upgraded, newer refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text, update

from pipeline.catalog import upgrade as upgrade_module
from pipeline.catalog.articles import register_named_outlets
from pipeline.catalog.engine import open_catalog, open_readonly, reading, writing
from pipeline.catalog.migrations.rules import COMPARED, is_compared
from pipeline.catalog.schema import HEAD, alembic_version, current_revision
from pipeline.catalog.search import index_articles
from pipeline.catalog.tables import outlets, runs
from pipeline.errors import CatalogError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def by_migrations(url: str) -> None:
    """A catalog made step by step, as one that was there from the beginning."""
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(upgrade_module.configuration(connection), "head")
    engine.dispose()


def forget_revisions(url: str) -> None:
    """As catalogs were before there were migrations."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO schema_version VALUES (1)"))
    engine.dispose()


@pytest.mark.parametrize("make", [by_migrations, lambda url: open_catalog(url).dispose()])
def test_migrations_and_tables_say_the_same(catalog_url: str, make: object) -> None:
    make(catalog_url)  # type: ignore[operator]
    engine = create_engine(catalog_url)
    with engine.connect() as connection:
        rules = {"compare_type": True, "include_object": is_compared}
        context = MigrationContext.configure(connection, opts=rules)
        found = compare_metadata(context, COMPARED)  # type: ignore[arg-type]  # it takes several, too
        assert found == []
        assert current_revision(connection) == HEAD
    engine.dispose()


def test_the_newest_migration_is_the_one_the_program_knows() -> None:
    script = ScriptDirectory(str(upgrade_module.MIGRATIONS))
    assert script.get_heads() == [HEAD]
    assert sorted(one.revision for one in script.walk_revisions())[-1] == HEAD  # they compare as they follow


def test_a_catalog_made_by_migrations_works(catalog_url: str) -> None:
    by_migrations(catalog_url)
    engine = open_catalog(catalog_url)
    with writing(engine) as connection:
        register_named_outlets(connection, ["paper.example"])
        assert index_articles(connection, []) == 0
    engine.dispose()


def test_a_catalog_from_before_migrations_is_upgraded_and_keeps_its_rows(catalog_url: str) -> None:
    engine = open_catalog(catalog_url)
    with writing(engine) as connection:
        register_named_outlets(connection, ["paper.example"])
    engine.dispose()
    forget_revisions(catalog_url)
    with pytest.raises(CatalogError, match="`wirecopy catalog upgrade`"):
        open_readonly(catalog_url)
    engine = open_catalog(catalog_url)
    with reading(engine) as connection:
        assert connection.execute(select(outlets.c.outlet_id)).scalars().all() == ["paper.example"]
        assert current_revision(connection) == HEAD
        assert not inspect(connection).has_table("schema_version")
    engine.dispose()
    open_readonly(catalog_url).dispose()


def test_a_migration_that_fails_changes_nothing(
    catalog_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two later migrations of an invented kind: the first adds a column, the second breaks until it is mended."""
    open_catalog(catalog_url).dispose()
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in upgrade_module.MIGRATIONS.glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "versions").mkdir()
    first = "op.add_column('runs', sa.Column('mood', sa.Text()))"
    steps = {HEAD: (None, "pass"), "0900": (HEAD, first), "0901": ("0900", "op.execute('SELECT no_such_thing')")}
    for revision, (before, what) in steps.items():
        (folder / "versions" / f"{revision}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = {revision!r}\ndown_revision = {before!r}\n"
            f"def upgrade():\n    {what}\n"
        )
    monkeypatch.setattr(upgrade_module, "MIGRATIONS", folder)
    monkeypatch.setattr("pipeline.catalog.schema.HEAD", "0901")
    with pytest.raises(CatalogError, match="no_such_thing"):
        open_catalog(catalog_url)
    engine = create_engine(catalog_url)
    assert "mood" not in {one["name"] for one in inspect(engine).get_columns(runs.name)}
    last = folder / "versions" / "0901.py"
    last.write_text(last.read_text().replace("SELECT no_such_thing", "UPDATE runs SET mood = command"))
    open_catalog(catalog_url).dispose()
    with engine.connect() as connection:
        assert current_revision(connection) == "0901"
    engine.dispose()


def test_a_catalog_of_a_later_version_is_refused(catalog_url: str) -> None:
    engine = open_catalog(catalog_url)
    with writing(engine) as connection:
        connection.execute(update(alembic_version).values(version_num="9999"))
    engine.dispose()
    for open_it in (open_catalog, open_readonly):
        with pytest.raises(CatalogError, match="has schema 9999, made by a later version of wirecopy") as caught:
            open_it(catalog_url)
        assert "\n" not in str(caught.value)


@pytest.mark.server
def test_an_empty_database_has_no_catalog_yet(request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgresql").new_database()
    with pytest.raises(CatalogError, match="no catalog there yet"):
        open_readonly(url)


def test_many_processes_may_make_it_at_once(catalog_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        engines = list(pool.map(open_catalog, [catalog_url] * 6))
    with reading(engines[0]) as connection:
        assert connection.execute(select(alembic_version.c.version_num)).scalars().all() == [HEAD]
    for one in engines:
        one.dispose()


def test_a_current_catalog_is_opened_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    code = (
        "import sys; from pipeline.catalog.engine import open_catalog, open_readonly;"
        "open_catalog(sys.argv[1]); open_catalog(sys.argv[1]); open_readonly(sys.argv[1]);"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, url], check=False).returncode == 0
