"""What was read of one page and cannot be stored: kept as quarantined, and no other page pays for it."""

from __future__ import annotations

from pathlib import Path

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
from tests.crawlers.server import serve


def test_a_page_that_cannot_be_stored_is_quarantined_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connection: Connection, article: Article) -> Stored:
        if "3" in article.url.rpartition("/")[2]:
            raise OverflowError("a number that no column holds")
        return store_article(connection, article)

    monkeypatch.setattr(flows.extract_stage, "store_article", refuse)
    with serve() as site:
        paths = site.pages(6)
        site.feed(*paths)
        settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
        content = {"id": "paper", "name": "Paper", "language": "en", "time_zone": "UTC", "crawl": {"delay": 0}}
        outlet = Outlet.model_validate({**content, "discover": {"feeds": [site.url("/feed.xml")]}})
        workspace = Workspace(tmp_path, tmp_path / "data", settings, {"paper": outlet})
        with begin_run(workspace, "run") as run:
            crawl_stages(run, [outlet])
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
