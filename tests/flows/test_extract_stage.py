"""What was read of one page and cannot be stored: kept as quarantined, and no other page pays for it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import flows.extract_stage
from flows.ledger import begin_run
from flows.stages import crawl_stages, extract_stage
from flows.workspace import Workspace
from pipeline.catalog.articles import Stored, store_article
from pipeline.catalog.engine import Connection, reading
from pipeline.catalog.queries.rejections import list_rejections
from pipeline.outlets import Outlet
from pipeline.records import Article
from pipeline.settings import Settings
from tests.crawlers.server import Server, serve


def six_pages(site: Server, folder: Path) -> Workspace:
    site.feed(*site.pages(6))
    settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
    content = {"id": "paper", "name": "Paper", "language": "en", "time_zone": "UTC", "crawl": {"delay": 0}}
    outlet = Outlet.model_validate({**content, "discover": {"feeds": [site.url("/feed.xml")]}})
    return Workspace(folder, folder / "data", settings, {"paper": outlet})


def test_a_page_that_cannot_be_stored_is_quarantined_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connection: Connection, article: Article) -> Stored:
        if "3" in article.url.rpartition("/")[2]:
            raise OverflowError("a number that no column holds")
        return store_article(connection, article)

    monkeypatch.setattr(flows.extract_stage, "store_article", refuse)
    with serve() as site:
        workspace = six_pages(site, tmp_path)
        with begin_run(workspace, "run") as run:
            crawl_stages(run, [*workspace.outlets.values()])
            read, again = extract_stage(run), extract_stage(run)
        with reading(workspace.engine) as connection:
            (broken,) = list_rejections(connection, quarantined=True).rejections
        workspace.engine.dispose()
    assert (read.state, read.counts["captures"], read.counts["articles"], read.counts["quarantined"]) == (
        "done",
        6,
        5,
        1,
    )
    assert again.counts["rejected"] == {}
    assert broken.reason == "unexpected_error"
    assert "a number that no column holds" in broken.detail


def no_descriptor_left(monkeypatch: pytest.MonkeyPatch, _archive: Path) -> None:
    usual = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name.endswith(".warc.gz"):
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return usual(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)


def folder_away(_monkeypatch: pytest.MonkeyPatch, archive: Path) -> None:
    archive.rename(archive.with_name("away"))


@pytest.mark.parametrize("fault", [no_descriptor_left, folder_away])
def test_an_archive_that_cannot_be_opened_now_is_not_damaged(
    tmp_path: Path, fault: Callable[[pytest.MonkeyPatch, Path], None]
) -> None:
    archive = tmp_path / "data" / "archive"
    with serve() as site:
        workspace = six_pages(site, tmp_path)
        with begin_run(workspace, "run") as run:
            crawl_stages(run, [*workspace.outlets.values()])
    with begin_run(workspace, "run") as run:
        with pytest.MonkeyPatch.context() as patched:
            fault(patched, archive)
            failed = extract_stage(run)
        if (away := archive.with_name("away")).exists():
            away.rename(archive)
        again = extract_stage(run)
    workspace.engine.dispose()
    assert (failed.state, again.state, again.counts["articles"]) == ("failed", "done", 6)
    said = failed.message or ""
    assert str(archive) in said
    assert "unexpected" not in said


def test_what_the_machine_lacks_while_storing_costs_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with serve() as site:
        workspace = six_pages(site, tmp_path)
        with begin_run(workspace, "run") as run:
            crawl_stages(run, [*workspace.outlets.values()])
    with begin_run(workspace, "run") as run:
        with monkeypatch.context() as patched:
            patched.setattr("flows.extract_stage.store_article", refuse)
            failed = extract_stage(run)
        again = extract_stage(run)
    workspace.engine.dispose()
    assert "too many open files" in (failed.message or "")
    assert (failed.state, again.state, again.counts["articles"]) == ("failed", "done", 6)
