"""Pages, feeds and sitemaps as bytes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from lxml import etree, html

from app.demo.pages import Page, build_pages
from app.demo.render import SOURCE_PATHS, Resource, render_site
from app.demo.world import load_world
from tests.app.demo.conftest import NOW

WORLD = load_world()
PAGES = build_pages(WORLD, NOW)
BASE = "http://127.0.0.1:8000"


def _render(site_id: str) -> dict[str, Resource]:
    listed = WORLD.pages.get(site_id)
    return render_site(WORLD.sites[site_id], PAGES[site_id], listed.duds if listed else (), BASE)


def _texts(tree: Any, path: str) -> list[str]:
    return [str(found) for found in tree.xpath(path)]


def _xml(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False))


@pytest.mark.parametrize("site_id", WORLD.sites)
def test_every_page_shows_headline_text_and_date(site_id: str) -> None:
    resources = _render(site_id)
    for page in PAGES[site_id]:
        tree = html.fromstring(resources[page.path].body.decode(page.site.encoding))
        shown = "".join(_texts(tree, "//text()"))
        assert all(part in shown for part in (page.headline, page.printed_date, *page.paragraphs))


@pytest.mark.parametrize("site_id", WORLD.sites)
def test_every_article_is_announced(site_id: str) -> None:
    resources = _render(site_id)
    announced = b""
    for path, resource in resources.items():
        if path.startswith(("/rss", "/index.rdf", "/feed", "/latest", "/sitemap")):
            announced += gzip.decompress(resource.body) if path.endswith(".gz") else resource.body
    assert all(page.path.encode() in announced for page in PAGES[site_id])


@pytest.mark.parametrize(
    ("site_id", "source", "item"),
    [
        ("anadolu-ar", "rss2", "channel/item/link"),
        ("anadolu-ar", "news_sitemap", "{*}url/{*}loc"),
        ("sada-alwadi", "rss2", "channel/item/link"),
        ("alshatie", "rss1", "{*}item/{*}link"),
        ("bawabat-almina", "atom", "{*}entry/{*}link"),
        ("harbour-post", "rss2", "channel/item/link"),
        ("levant-courier", "atom", "{*}entry/{*}link"),
        ("kent-gundemi", "rss2", "channel/item/link"),
        ("marmara-postasi", "news_sitemap", "{*}url/{*}loc"),
    ],
)
def test_feeds_are_well_formed(site_id: str, source: str, item: str) -> None:
    body = _render(site_id)[SOURCE_PATHS[source]].body  # type: ignore[index]
    listed = WORLD.pages.get(site_id)
    links = [link.text or link.get("href") for link in _xml(body).findall(item)]
    assert len(links) == len(PAGES[site_id]) + (len(listed.duds) if listed else 0)
    assert all(link and link.startswith(BASE) for link in links)


def test_the_sitemap_index_leads_to_gzipped_news_sitemaps() -> None:
    resources = _render("alqalam-alarabi")
    parts = [
        loc.text or "" for loc in _xml(resources[SOURCE_PATHS["sitemap_index"]].body).iterfind("{*}sitemap/{*}loc")
    ]
    assert len(parts) == 2
    found = []
    for part in parts:
        resource = resources[part.removeprefix(BASE)]
        assert resource.body[:2] == b"\x1f\x8b"
        sitemap = _xml(gzip.decompress(resource.body))
        assert sitemap.find("{*}url/{http://www.google.com/schemas/sitemap-news/0.9}news") is not None
        found += [loc.text for loc in sitemap.iterfind("{*}url/{*}loc")]
    assert len(found) == len(set(found)) == len(PAGES["alqalam-alarabi"]) + 1


def test_the_windows_1256_site_is_one() -> None:
    page = PAGES["sada-alwadi"][0]
    resource = _render("sada-alwadi")[page.path]
    assert page.headline.encode("cp1256") in resource.body
    with pytest.raises(UnicodeDecodeError):
        resource.body.decode("utf-8")
    assert resource.content_type == "text/html"
    assert b"charset=windows-1256" in resource.body
    feed = _render("sada-alwadi")["/rss.xml"].body
    assert feed.startswith(b'<?xml version="1.0" encoding="windows-1256"?>')
    assert page.headline in [title.text for title in _xml(feed).iterfind("channel/item/title")]


def test_listing_pages_are_chained() -> None:
    resources, path, seen = _render("manbar-alhoqoul"), "/latest", list[str]()
    while path:
        tree = html.fromstring(resources[path].body)
        seen += _texts(tree, "//div[@class='card']/h2/a/@href")
        following = _texts(tree, "//link[@rel='next']/@href")
        assert following == _texts(tree, "//a[@rel='next']/@href")
        path = following[0] if following else ""
    assert seen == [page.path for page in PAGES["manbar-alhoqoul"]]
    assert len(seen) > 4


def _ld(page: Page) -> dict[str, str]:
    body = _render(page.site.id)[page.path].body
    [script] = _texts(html.fromstring(body), "//script[@type='application/ld+json']/text()")
    parsed: dict[str, str] = json.loads(script)
    return parsed


def test_json_ld_of_the_agency_holds_the_lede_only() -> None:
    page = PAGES["anadolu-ar"][0]
    assert _ld(page)["articleBody"] == page.lede
    assert _ld(page)["@type"] == "NewsArticle"


def test_json_ld_of_other_sites_holds_the_text() -> None:
    page = PAGES["bawabat-almina"][0]
    assert _ld(page)["articleBody"] == "\n".join(page.paragraphs)
    assert _ld(page)["datePublished"].endswith("+01:00")


def test_share_bars_and_related_links_surround_the_text() -> None:
    page = PAGES["alshatie"][0]
    shown = _render("alshatie")[page.path].body.decode()
    assert "شارك الموضوع" in shown
    assert "مواضيع ذات صلة" in shown


def test_credits_stand_where_real_pages_have_them() -> None:
    closing = [page.paragraphs[-1] for some in PAGES.values() for page in some]
    opening = [page.paragraphs[0] for some in PAGES.values() for page in some]
    assert "تونس - الأناضول" in closing
    assert "(الأناضول)" in closing
    assert "Kaynak: AA" in closing
    assert "(Kerem Yurdakul/Mardin)" in closing
    assert any(text.startswith("BEIRUT (AA) - ") for text in opening)
    assert any(text.startswith("ÇANAKKALE (AA) - ") for text in opening)
