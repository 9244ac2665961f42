"""A catalog made anew from the archive: what no WARC file holds is taken over, what was rejected is rejected again."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from flows.doctor import examine
from flows.ingest_stage import InputFilter, ingest_files
from flows.ledger import begin_run
from flows.publish_stage import publish_dataset
from flows.rebuild import rebuild_catalog
from flows.stages import run_pass
from flows.watcher import SILENT, SilentWatcher
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.errors import CatalogError
from tests.catalogs import ON_POSTGRESQL
from tests.crawlers.server import Server, ok, serve
from tests.flows.test_doctor import page, severe, workspace_of
from tests.pipeline.archive.samples import http, members, record


def test_articles_of_files_outlive_a_catalog_made_anew(tmp_path: Path) -> None:
    with serve() as site:
        site.routes["/s/the-ferry"] = ok(page("ferry"))
        site.feed("/s/the-ferry", path="/s/feed.xml")
        workspace = workspace_of(tmp_path / "data", site)
        file = tmp_path / "more.jsonl"
        for text in ("first words of it", "later words of it"):
            rows = [{"article_id": f"given-{n}", "body": f"{text} {n}", "headline": "Given"} for n in range(3)]
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
            with begin_run(workspace, "ingest") as run:
                ingest_files(run, [file], InputFilter(), SILENT)
        assert run_pass(workspace, [workspace.outlets["south"]]).state == "done"
        before = whole_articles(workspace)
        assert len(before["articles"]) == 4
        assert len(before["article_versions"]) == 3
        rebuild_catalog(workspace, SILENT)
        workspace.engine.dispose()
        assert whole_articles(workspace) == before
        assert severe(examine(workspace, SILENT)) == set()
        assert publish_dataset(workspace, "again", SILENT)["new_release"] == "no, nothing changed"
        workspace.engine.dispose()


def test_what_could_not_be_read_is_rejected_again_in_a_catalog_made_anew(tmp_path: Path) -> None:
    """One page of a crawl and one of another crawler's file, both with an encoding that is none."""
    with serve() as site:
        site.routes["/s/broken"] = ok(b"\x1f\x8b no gzip at all", "text/html", "Content-Encoding: gzip")
        site.routes["/s/the-ferry"] = ok(page("ferry"))
        site.feed("/s/the-ferry", "/s/broken", path="/s/feed.xml")
        workspace = workspace_of(tmp_path / "data", site)
        warc = tmp_path / "other.warc.gz"
        warc.write_bytes(members(record(http(b"\x1f\x8b nor this", "Content-Encoding: gzip"))))
        with begin_run(workspace, "ingest") as run:
            ingest_files(run, [warc], InputFilter(), SILENT)
        run_pass(workspace, [workspace.outlets["south"]])
        before = rejected(workspace)
        assert [row[2:] for row in before] == [("extract", "bad_encoding"), ("crawl", "bad_encoding")]
        rebuild_catalog(workspace, SILENT)
        workspace.engine.dispose()
        assert rejected(workspace) == before
        workspace.engine.dispose()


def rejected(workspace: Workspace) -> list[tuple[object, ...]]:
    with reading(workspace.engine) as connection:
        query = text("SELECT outlet_id, url, stage, reason FROM rejections ORDER BY 1, 2")
        return [tuple(row) for row in connection.execute(query)]


def whole_articles(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    columns = "article_id, version, outlet_id, headline, body, row_sha256"
    with reading(workspace.engine) as connection:
        return {
            table: [
                tuple(row) for row in connection.execute(text(f"SELECT {columns}{more} FROM {table} ORDER BY 1, 2"))
            ]
            for table, more in (("articles", ", story_id, status"), ("article_versions", ""))
        }


@pytest.mark.skipif(ON_POSTGRESQL, reason="a server keeps its own bytes")
def test_an_old_catalog_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "data", Server())
    workspace.data_dir.mkdir()
    (workspace.data_dir / "catalog.sqlite").write_bytes(b"somebody's notes\n" * 100)
    notes: list[str] = []

    class Listening(SilentWatcher):
        def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
            notes.append(message)

    rebuild_catalog(workspace, Listening())
    assert "articles of articles files must be ingested again" in notes[0]
    assert severe(examine(workspace, SILENT)) == set()
    workspace.engine.dispose()


def test_a_catalog_is_not_made_anew_beside_a_run_nor_twice_at_once(tmp_path: Path) -> None:
    with serve() as site:
        site.routes["/s/the-ferry"] = ok(page("ferry"))
        site.feed("/s/the-ferry", path="/s/feed.xml")
        workspace = workspace_of(tmp_path / "data", site)
        assert run_pass(workspace, [workspace.outlets["south"]]).state == "done"
    before = whole_articles(workspace)
    with begin_run(workspace, "crawl"), pytest.raises(CatalogError, match="a run is at work"):
        rebuild_catalog(workspace, SILENT)
    refused: list[str] = []

    class Meanwhile(SilentWatcher):
        """Starts other work on the catalog while it is made anew."""

        def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
            for other in (lambda: rebuild_catalog(workspace, SILENT), begin_run(workspace, "run").__enter__):
                if stage == "rebuild":
                    with pytest.raises(CatalogError) as told:
                        other()
                    refused.append(str(told.value))

    rebuild_catalog(workspace, Meanwhile())
    assert ["at work" in one or "made anew" in one for one in refused] == [True, True]
    workspace.engine.dispose()
    assert whole_articles(workspace) == before
    assert severe(examine(workspace, SILENT)) == set()
    workspace.engine.dispose()
