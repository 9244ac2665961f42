"""Proposing an outlet from a site on loopback, and trying one out: real crawls, nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from flows.outlet_stage import propose_outlet, try_outlet
from flows.workspace import Workspace
from pipeline.errors import CrawlError, UsageError
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.crawlers.server import Server, ok, serve
from tests.pipeline.extract.pages import HEADLINE, page

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
    return Workspace(CONFIG, tmp_path, settings, {})


def proposed(workspace: Workspace, site: Server) -> Outlet:
    """The proposed file, read as configuration is read."""
    return Outlet.model_validate(yaml.safe_load(propose_outlet(workspace, site.url("/"), "paper").text))


def front(links: str = "", body: str = "") -> bytes:
    return ok(f"<html lang='ar'><head><title>صحيفة الضفة</title>{links}</head><body>{body}</body></html>".encode())


def test_a_declared_feed_and_the_sitemap_of_robots_txt_are_found(workspace: Workspace) -> None:
    with serve() as site:
        link = "<link rel='alternate' type='application/rss+xml' href='/latest.xml'>"
        site.routes["/"] = front(link + "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>")
        site.feed("/news/report-number-1", path="/latest.xml")
        robots = f"User-agent: *\nDisallow: /admin\nSitemap: {site.url('/maps/news.xml')}\n"
        site.routes["/robots.txt"] = ok(robots.encode(), "text/plain")
        outlet = proposed(workspace, site)
        assert outlet.discover.feeds == (site.url("/latest.xml"),)
        assert outlet.discover.sitemaps == (site.url("/maps/news.xml"),)
    assert (outlet.status, outlet.id) == ("paused", "paper")


def test_what_a_site_declares_nowhere_is_looked_for_in_the_usual_places(workspace: Workspace) -> None:
    with serve() as site:
        site.routes["/"] = front()
        site.feed("/news/report-number-1", "/news/report-number-2", path="/rss.xml")
        site.routes["/feed/"] = front()  # a page where a feed might stand
        outlet = proposed(workspace, site)
        assert (outlet.discover.feeds, outlet.discover.sitemaps) == ((site.url("/rss.xml"),), ())


def test_a_site_without_feeds_is_read_from_its_front_page(workspace: Workspace) -> None:
    with serve() as site:
        site.routes["/"] = front(body="<a href='/news/1'>خبر</a>")
        assert proposed(workspace, site).discover.sections == (site.url("/"),)


def test_no_site_is_said_in_one_line(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no address of a site"):
        propose_outlet(workspace, "mailto:somebody", None)
    with serve() as site, pytest.raises(CrawlError):
        propose_outlet(workspace, site.url("/"), "paper")  # 404


def test_a_trial_says_what_would_be_kept_and_why_not_the_rest(workspace: Workspace) -> None:
    with serve() as site:
        site.routes["/good"] = ok(page().encode())
        site.routes["/thin"] = ok(b"<html><head><title>x</title></head><body><p>x</p></body></html>")
        site.feed("/good", "/thin", "/missing")
        content: dict[str, object] = {"id": "paper", "name": "الضفة", "language": "ar", "time_zone": "Asia/Amman"}
        content |= {"discover": {"feeds": [site.url("/feed.xml")]}, "crawl": {"delay": 0}}
        trial = try_outlet(workspace, Outlet.model_validate(content), 5)
        reasons = {one.url.removeprefix(site.origin): one.reason.value for one in trial.refused}
    assert [one.headline for one in trial.kept] == [HEADLINE]
    assert reasons["/missing"] == "gone"
    assert reasons["/thin"] in ("no_body", "too_short")
    assert not list(workspace.data_dir.iterdir())
