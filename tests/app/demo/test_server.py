"""The outlets over real HTTP."""

from __future__ import annotations

import http.client
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.expected import expected_articles, expected_rejections
from app.demo.render import SOURCE_PATHS
from app.demo.server import DemoWorld, _bound_server
from pipeline.outlets import load_outlets
from pipeline.settings import load_settings
from tests.app.demo.conftest import NOW


def _ask(
    world: DemoWorld, site_id: str, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", world.ports[site_id], timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_every_article_is_served(served: DemoWorld) -> None:
    for site_id, path in expected_articles(served.world, NOW):
        response, body = _ask(served, site_id, path)
        assert response.status == 200
        assert response.getheader("Content-Type", "").startswith("text/html")
        assert len(body) > 2_000


def test_every_outlet_has_a_port_of_its_own(served: DemoWorld) -> None:
    assert len(set(served.ports.values())) == len(served.world.sites) >= 7
    assert served.base_urls["alshatie"] == f"http://127.0.0.1:{served.ports['alshatie']}"


def test_what_is_known_is_not_sent_again(served: DemoWorld) -> None:
    first, _ = _ask(served, "alshatie", "/index.rdf")
    tag, stamp = first.getheader("ETag", ""), first.getheader("Last-Modified", "")
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": stamp}):
        response, body = _ask(served, "alshatie", "/index.rdf", known)
        assert (response.status, body) == (304, b"")
    response, _ = _ask(served, "alshatie", "/index.rdf", {"If-None-Match": '"other"', "If-Modified-Since": stamp})
    assert response.status == 200


def test_gzip_goes_to_those_who_accept_it(served: DemoWorld) -> None:
    plain, body = _ask(served, "kent-gundemi", "/rss.xml")
    packed, packed_body = _ask(served, "kent-gundemi", "/rss.xml", {"Accept-Encoding": "gzip, deflate"})
    assert plain.getheader("Content-Encoding") is None
    assert packed.getheader("Content-Encoding") == "gzip"
    assert len(packed_body) < len(body) / 2


def test_a_gzipped_sitemap_is_not_packed_twice(served: DemoWorld) -> None:
    response, body = _ask(served, "alqalam-alarabi", "/sitemaps/news-1.xml.gz", {"Accept-Encoding": "gzip"})
    assert response.getheader("Content-Encoding") is None
    assert body[:2] == b"\x1f\x8b"


def test_head_has_no_body_and_queries_do_not_matter(served: DemoWorld) -> None:
    response, body = _ask(served, "harbour-post", "/rss.xml?utm_source=x", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.getheader("Content-Length", "0")) > 1_000


def test_clients_may_encode_paths_in_their_way(served: DemoWorld) -> None:
    path = next(path for site_id, path in expected_articles(served.world, NOW) if site_id == "anadolu-ar")
    assert "%D8" in path
    assert _ask(served, "anadolu-ar", path.lower())[0].status == 200
    assert _ask(served, "anadolu-ar", "//[:/")[0].status == 404


def test_robots_and_what_is_not_there(served: DemoWorld) -> None:
    _, robots = _ask(served, "alqalam-alarabi", "/robots.txt")
    assert b"Disallow: /members/9002" in robots
    assert f"Sitemap: {served.base_urls['alqalam-alarabi']}/sitemap_index.xml".encode() in robots
    assert _ask(served, "alqalam-alarabi", "/nothing")[0].status == 404
    for dud in expected_rejections(served.world):
        status = _ask(served, dud.outlet_id, dud.path)[0].status
        assert (status == 404) == ("gone" in dud.reasons)


def test_the_configuration_is_valid_and_points_here(served: DemoWorld, tmp_path: Path) -> None:
    served.write_config(tmp_path)
    outlets = load_outlets(tmp_path)
    assert set(outlets) == set(served.world.sites)
    assert load_settings(tmp_path).network.allow_private == ("127.0.0.0/8",)
    for outlet in outlets.values():
        assert outlet.crawl.delay == 0
        for url in outlet.start_urls:
            base = served.base_urls[outlet.id]
            assert url.startswith(base + "/")
            assert _ask(served, outlet.id, url.removeprefix(base))[0].status == 200
    assert outlets["anadolu-ar"].agency == "anadolu"
    assert outlets["manbar-alhoqoul"].discover.article_urls is not None


def test_the_same_ports_can_be_taken_again() -> None:
    with DemoWorld(NOW).serve() as first:
        ports = first.ports
    with DemoWorld(NOW).serve(ports) as second:
        assert second.ports == ports
        with pytest.raises(OSError, match="in use"), DemoWorld(NOW).serve(ports):
            pass
    assert second.ports == {}


def test_the_corrected_page_changes_while_served() -> None:
    with DemoWorld(NOW).serve() as world:
        [path] = [path for (site, path), one in expected_articles(world.world, NOW).items()
                  if site == "anadolu-ar" and one.story == "ar-floods"]  # fmt: skip
        before, old = _ask(world, "anadolu-ar", path)
        world.correct(NOW + timedelta(hours=1))
        known = {"If-None-Match": before.getheader("ETag", "")}
        after, new = _ask(world, "anadolu-ar", path, known)
        assert after.status == 200
        assert before.getheader("Last-Modified") != after.getheader("Last-Modified")
        assert "7 أشخاص" not in old.decode()
        assert "7 أشخاص" in new.decode()
        _, sitemap = _ask(world, "anadolu-ar", SOURCE_PATHS["news_sitemap"])
        assert (NOW + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M").encode() in sitemap


def test_a_port_is_taken_as_soon_as_it_is_had() -> None:
    first = _bound_server(None)
    with first, pytest.raises(OSError, match="in use"):
        _bound_server(first.server_port)
