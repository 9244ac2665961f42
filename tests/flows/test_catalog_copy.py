"""A catalog in another database: nothing is lost on the way there and back, whatever happens in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, insert, make_url, select, text, update

from app.cli.main import main
from flows.catalog_copy import copy_catalog, revision_of, upgrade_catalog
from flows.ledger import begin_run
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import Workspace
from pipeline.catalog.checkup import row_problems
from pipeline.catalog.copying import copied_tables, unfinished_copy
from pipeline.catalog.engine import open_catalog, open_readonly, reading, sqlite_url_of, writing
from pipeline.catalog.ledger import record_discoveries
from pipeline.catalog.rows import article_row
from pipeline.catalog.schema import HEAD, alembic_version
from pipeline.catalog.search import index_articles, matching_articles
from pipeline.catalog.tables import articles, boilerplate, leases, pairs, runs, signatures, stories
from pipeline.errors import CatalogError, UsageError
from pipeline.records import Article, Discovery, PageKind
from pipeline.settings import Settings
from tests.pipeline.catalog.sample_catalog import fill
from tests.servers import PostgreSQL

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
MANY = 3_000


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A SQLite catalog with rows in every table."""
    url = sqlite_url_of(tmp_path / "source.sqlite")
    engine = open_catalog(url)
    with writing(engine) as connection:
        fill(connection)
        known = connection.execute(select(articles.c.article_id).order_by(articles.c.article_id)).scalars().all()
        signed = [{"article_id": one, "scheme": "s", "permutations": 2, "values": bytes(range(16))} for one in known]
        connection.execute(insert(signatures), signed)
        connection.execute(insert(pairs).values(left_id=known[0], right_id=known[1], evidence={"score": 1 / 3}))
        line = {"line_key": "k", "line": "اقرأ أيضا", "pages": 3, "of_pages": 4, "state": "learned", "learned_at": NOON}
        connection.execute(insert(boilerplate).values(outlet_id="shaati", **line))
        connection.execute(insert(leases).values(name="fold", owner="gone", expires_at=NOON))
        record_discoveries(
            connection,
            [
                Discovery(
                    "shaati", f"https://shaati.example/{number}", "https://shaati.example/feed", PageKind.FEED, NOON
                )
                for number in range(1_200)
            ],
        )
        index_articles(connection, known)
    engine.dispose()
    return url


@pytest.fixture(params=["to postgresql", "to sqlite"])
def target(request: pytest.FixtureRequest, postgresql: PostgreSQL, tmp_path: Path) -> str:
    if request.param == "to postgresql":
        return postgresql.new_database()
    return sqlite_url_of(tmp_path / "folder of its own" / "target.sqlite")


def content(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is copied."""
    engine = open_readonly(url, 60)
    with reading(engine) as connection:
        found = {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in copied_tables()
        }
    engine.dispose()
    return found


def test_there_and_back_nothing_changes(source: str, postgresql: PostgreSQL, tmp_path: Path) -> None:
    before = content(source)
    assert [name for name, rows in before.items() if not rows] == []
    there, back = postgresql.new_database(), sqlite_url_of(tmp_path / "back.sqlite")
    tables = copy_catalog(source, there, SILENT)
    assert {one.name: one.rows for one in tables if one.name in before} == {
        name: len(rows) for name, rows in before.items()
    }
    assert content(there) == before
    copy_catalog(there, back, SILENT)
    assert content(back) == before
    assert content(source) == before
    for url in (there, back):
        engine = open_catalog(url)
        with reading(engine) as connection:
            assert list(row_problems(connection)) == []
            assert connection.execute(matching_articles(connection, "الجسر زيتون")).scalars().all()
            assert connection.execute(select(leases)).all() == []
        engine.dispose()


class Interrupting(SilentWatcher):
    """Breaks off when a table is half copied."""

    def __init__(self, table: str, rows: int) -> None:
        super().__init__()
        self._table, self._rows = table, rows

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        if outlet_id == self._table and done >= self._rows:
            raise KeyboardInterrupt


def test_a_broken_off_copy_is_no_catalog_yet_and_brings_the_rest_and_what_changed(source: str, target: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        copy_catalog(source, target, Interrupting("urls", 500))
    for open_it in (open_catalog, open_readonly):
        with pytest.raises(CatalogError, match="unfinished copy; the same `wirecopy catalog copy` again"):
            open_it(target)
    engine = open_catalog(source)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM urls WHERE url LIKE '%/11%'"))
        connection.execute(text("UPDATE urls SET headline = 'anew' WHERE url LIKE '%/2%'"))
    engine.dispose()
    copied = {one.name: one for one in copy_catalog(source, target, SILENT)}
    assert content(target) == content(source)
    assert (copied["articles"].written, copied["urls"].deleted > 0) == (0, True)
    open_catalog(target).dispose()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[str]:
    """A SQLite catalog that takes a while to copy."""
    url = sqlite_url_of(tmp_path / "large.sqlite")
    engine = open_catalog(url)
    body = "The ferry of the lower town went back into service on Monday. " * 40
    made = [
        Article(f"a{number:05}", "o", f"https://o.example/{number}", f"{number} {body}", fetched_at=NOON)
        for number in range(MANY)
    ]
    with writing(engine) as connection:
        connection.execute(insert(articles), [{**article_row(one), "status": "published"} for one in made])
        index_articles(connection, [one.article_id for one in made])
    engine.dispose()
    yield url


def test_a_killed_copy_is_finished_by_the_next(large: str, postgresql: PostgreSQL) -> None:
    target = postgresql.new_database()
    command = [sys.executable, "-m", "app.cli.main", "catalog", "copy", large, target]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    engine = create_engine(target)
    while process.poll() is None:
        with engine.connect() as connection:
            is_there = connection.execute(text("SELECT to_regclass('articles')")).scalar() is not None
            if is_there and connection.execute(text("SELECT count(*) FROM articles")).scalar_one() > 0:
                os.kill(process.pid, signal.SIGKILL)
                break
        time.sleep(0.01)
    assert process.wait(60) == -signal.SIGKILL
    process.communicate()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "unfinished copy"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{MANY:,}" in done.stdout
    assert content(target) == content(large)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM article_words")).scalar_one() == MANY
    engine.dispose()


def test_a_target_that_holds_anything_else_is_refused(source: str, target: str) -> None:
    engine = open_catalog(target)
    with writing(engine) as connection:
        connection.execute(insert(stories).values(story_row("st")))
    with pytest.raises(CatalogError, match="is not empty"):
        copy_catalog(source, target, SILENT)
    with writing(engine) as connection:
        connection.execute(delete(stories))
    engine.dispose()
    copy_catalog(source, target, SILENT)  # a catalog without a row is as good as none
    with pytest.raises(CatalogError, match="is not empty"):
        copy_catalog(source, target, SILENT)


def story_row(name: str) -> dict[str, Any]:
    counts = {"article_count": 1, "outlet_count": 1}
    return {"story_id": name, "origin_article_id": "a", "origin_known": False, "origin_reason": "", **counts}


def test_a_database_of_another_program_is_refused(source: str, postgresql: PostgreSQL) -> None:
    url = postgresql.new_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE accounts (name text)"))
    engine.dispose()
    with pytest.raises(CatalogError, match="tables that are no catalog"):
        copy_catalog(source, url, SILENT)


def test_an_unfinished_copy_of_another_catalog_is_refused(source: str, large: str, target: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        copy_catalog(source, target, Interrupting("urls", 0))
    with pytest.raises(CatalogError, match=r"an unfinished copy of sqlite:///.*/source\.sqlite"):
        copy_catalog(large, target, SILENT)


def test_a_catalog_onto_itself_is_refused(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="onto itself"):
        copy_catalog(source, "sqlite:///./source.sqlite", SILENT)


@pytest.mark.parametrize("which", ["source", "target"])
@pytest.mark.parametrize(
    ("revision", "told"), [("0000", "earlier version; `wirecopy catalog upgrade`"), ("9", "later")]
)
def test_another_schema_is_refused(source: str, target: str, which: str, revision: str, told: str) -> None:
    engine = open_catalog(source if which == "source" else target)
    with writing(engine) as connection:
        connection.execute(update(alembic_version).values(version_num=revision))
    engine.dispose()
    with pytest.raises(CatalogError, match=told) as refused:
        copy_catalog(source, target, SILENT)
    assert "\n" not in str(refused.value)


def test_a_catalog_that_a_run_works_on_waits(source: str, target: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, tmp_path, Settings(catalog=source), {})
    with begin_run(workspace, "crawl") as run, pytest.raises(CatalogError, match=f"{run.run_id} is under way"):
        copy_catalog(source, target, SILENT)

    class Working(SilentWatcher):
        """A run that comes and goes while the catalog is copied."""

        def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
            if outlet_id == "stories" and done == 0:
                with begin_run(workspace, "extract"):
                    pass

    with pytest.raises(CatalogError, match="wrote to it meanwhile; copy again"):
        copy_catalog(source, target, Working())
    copy_catalog(source, target, SILENT)
    assert content(target) == content(source)
    workspace.engine.dispose()


def test_what_a_database_cannot_keep_is_named(source: str, postgresql: PostgreSQL) -> None:
    engine = open_catalog(source)
    with writing(engine) as connection:
        connection.execute(update(runs).values(message="cut \0 short"))
    engine.dispose()
    with pytest.raises(CatalogError, match=r"runs: a row cannot be kept there: .*NUL"):
        copy_catalog(source, postgresql.new_database(), SILENT)


def test_the_schema_is_told_and_upgraded(catalog_url: str) -> None:
    with pytest.raises(CatalogError, match="no catalog there yet"):
        upgrade_catalog(catalog_url)
    engine = open_catalog(catalog_url)
    assert revision_of(catalog_url).revision == HEAD
    with writing(engine) as connection:
        alembic_version.drop(connection)
        connection.execute(text("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)"))
        assert unfinished_copy.name not in {one.name for one in copied_tables()}
    engine.dispose()
    before, after = upgrade_catalog(catalog_url)
    assert (before.revision, after.revision, after.newest) == (None, HEAD, HEAD)
    assert upgrade_catalog(catalog_url) == (after, after)


def test_the_commands_say_what_they_did(
    source: str, postgresql: PostgreSQL, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wirecopy(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wirecopy", "catalog", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    target = make_url(postgresql.new_database()).set(password="sesame").render_as_string(hide_password=False)
    path = source.removeprefix("sqlite:///")
    code, out, err = wirecopy("copy", path, target)
    assert (code, err) == (0, "")
    assert re.search(r"articles +12 +12 +0", out)
    assert "every one that was written was read back" in out
    again = wirecopy("copy", path, target)
    assert again[0] == 1
    assert again[2].count("\n") == 1
    assert "is not empty" in again[2]
    code, out, _ = wirecopy("current", target)
    assert (code, f"schema {HEAD}; the newest is {HEAD}" in out) == (0, True)
    code, out, _ = wirecopy("upgrade", path)
    assert (code, f"schema {HEAD}, was up to date" in out) == (0, True)
    assert wirecopy("current", path, "--json")[1].count(HEAD) == 2
    assert wirecopy("copy", path)[0] == 2
    code, _, err = wirecopy("copy", path, "postgresql://nobody:sesame@127.0.0.1:1/none")
    assert (code, err.count("\n")) == (1, 1)
    assert wirecopy("current", f"{path}.not")[0] == 1
    assert not Path(f"{path}.not").exists()
    assert "sesame" not in again[2] + out + err
