"""Proposing an outlet from a site on loopback, and trying one out: real crawls, nothing kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.outlet_proposal import read_profile
from flows.outlet_stage import propose_outlet, try_outlet
from flows.workspace import Workspace
from pipeline.errors import CrawlError, UsageError
from pipeline.outlets import Outlet, load_outlets
from pipeline.settings import Settings
from tests.crawlers.server import Server, answer, ok, serve
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


def test_name_language_and_zone_are_read_from_the_front_page(workspace: Workspace) -> None:
    with serve() as site:
        named = "<html lang='en-GB'><head><title>Harbour Post | All the news</title></head><body>Hello</body></html>"
        site.routes["/"] = ok(named.encode())
        site.feed("/news/report-number-1", path="/feed/")
        english = proposed(workspace, site)
        site.routes["/"] = front()
        arabic = proposed(workspace, site)
    assert (english.name, english.language, english.time_zone) == ("Harbour Post", "en", "Europe/London")
    assert (arabic.name, arabic.language, arabic.time_zone) == ("صحيفة الضفة", "ar", "UTC")


def test_the_country_of_a_domain_names_the_time_zone() -> None:
    page = b"<html lang='ar'><title>x</title></html>"
    hosts = {"www.paper.com.eg": "Africa/Cairo", "paper.co.uk": "Europe/London", "x.com.tr": "Europe/Istanbul"}
    zones = {host: read_profile(page, f"https://{host}/", "text/html").time_zone for host in hosts}
    assert zones == hosts
    assert read_profile(page, "https://paper.example/", "text/html").time_zone is None


def test_a_refusal_is_said_once_and_in_words(workspace: Workspace) -> None:
    with serve() as site:
        site.routes["/"] = answer(403, b"no")
        with pytest.raises(CrawlError) as refused:
            propose_outlet(workspace, site.url("/"), "paper")
        site.routes["/robots.txt"] = ok(b"User-agent: *\nDisallow: /\n", "text/plain")
        with pytest.raises(CrawlError) as disallowed:
            propose_outlet(workspace, site.url("/"), "paper")
        assert str(refused.value) == f"{site.url('/')}: the server answered with an error (status 403)"
        assert str(disallowed.value) == f"{site.url('/')}: robots.txt does not allow it"


def test_the_commands_write_a_file_that_loads_and_say_what_is_kept(tmp_path: Path) -> None:
    (tmp_path / "config" / "outlets").mkdir(parents=True)
    (tmp_path / "config" / "settings.yml").write_text("network: {allow_private: [127.0.0.1/32]}\n")
    (tmp_path / "config" / "agencies.yml").write_bytes((CONFIG / "agencies.yml").read_bytes())

    def wirecopy(*words: str) -> subprocess.CompletedProcess[str]:
        begin = [sys.executable, "-m", "app.cli.main", "--config", "config", "--data", "data", "outlet"]
        environment = os.environ | {"PYTHONPATH": str(CONFIG.parent)}
        return subprocess.run(
            [*begin, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    with serve() as site:
        site.routes["/"] = front("<link rel='alternate' type='application/rss+xml' href='/feed/'>")
        site.routes["/good"] = ok(page().encode())
        site.feed("/good", "/missing", path="/feed/")
        written = wirecopy("new", site.url("/"), "--id", "paper", "--write")
        assert written.returncode == 0, written.stderr
        assert written.stdout == "config/outlets/paper.yml written; next: wirecopy outlet check paper\n"
        again = wirecopy("new", site.url("/"), "--id", "paper", "--write")
        assert (again.returncode, "exists already" in again.stderr) == (2, True)
        path = tmp_path / "config" / "outlets" / "paper.yml"
        assert load_outlets(tmp_path / "config")["paper"].name == "صحيفة الضفة"
        path.write_text(path.read_text("utf-8").replace("delay: 2.0", "delay: 0"), "utf-8")
        checked = wirecopy("check", "paper")
    assert checked.returncode == 0, checked.stderr
    assert "paper: 2 announced, 1 fetched, 1 kept" in checked.stdout
    assert HEADLINE in checked.stdout
    assert f"not kept: {site.url('/missing')}\n" in checked.stdout


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
