"""Pages, listings, feeds and sitemaps of a site as bytes, ready to be served."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.demo.pages import Page
from app.demo.world import Dud, Site, SourceKind

TEMPLATES = Path(__file__).parent / "templates"
SOURCE_PATHS: dict[SourceKind, str] = {
    "rss2": "/rss.xml",
    "rss1": "/index.rdf",
    "atom": "/feed/atom.xml",
    "news_sitemap": "/sitemap-news.xml",
    "sitemap_index": "/sitemap_index.xml",
    "sections": "/latest",
}
CONTENT_TYPES = {
    "rss2": "application/rss+xml",
    "rss1": "application/rdf+xml",
    "atom": "application/atom+xml",
    "news_sitemap": "application/xml",
    "sitemap_index": "application/xml",
}
LISTED_PER_PAGE = 4
XML_NAMES = {"utf-8": "UTF-8", "cp1256": "windows-1256"}


@dataclass(frozen=True, slots=True)
class Resource:
    """One HTTP answer in full."""

    body: bytes
    content_type: str
    modified_at: datetime
    status: int = 200


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["rfc822"] = format_datetime
    made.filters["iso"] = lambda at: at.isoformat(timespec="seconds")
    return made


def render_site(site: Site, pages: tuple[Page, ...], duds: tuple[Dud, ...], base_url: str) -> dict[str, Resource]:
    """Every answer of a site by percent-encoded path; pages newest first, base_url without a final slash."""
    newest = max(page.modified_at for page in pages)
    view = {"site": site, "base": base_url, "duds": duds, "newest": newest, "charset": XML_NAMES[site.encoding]}
    made = {page.path: _render_page(page, pages, view) for page in pages}
    made |= _render_listings(site, pages, view)
    for source in site.sources:
        if source == "sitemap_index":
            made |= _render_sitemap_index(site, pages, view)
        elif source != "sections":
            body = _render_text(site, f"{source}.xml.j2", view | {"pages": pages})
            made[SOURCE_PATHS[source]] = Resource(body, CONTENT_TYPES[source], newest)
    for dud in duds:
        made[dud.path] = _render_dud(site, dud, view)
    made["/robots.txt"] = _render_robots(site, duds, view)
    return made


def _render_text(site: Site, template: str, view: dict[str, Any]) -> bytes:
    text = _environment().get_template(template).render(view)
    # What the code page lacks goes out as a character reference, as old editors did it.
    return text.encode(site.encoding, errors="xmlcharrefreplace")


def _html_type(site: Site) -> str:
    return f"text/html; charset={XML_NAMES[site.encoding]}" if site.declares_charset else "text/html"


def _render_page(page: Page, pages: Sequence[Page], view: dict[str, Any]) -> Resource:
    others = [one for one in pages if one.path != page.path]
    related = [one for one in others if one.section == page.section][:3] or others[:3]
    shown = {"page": page, "related": related, "most_read": others[-4:], "ld": _json_ld(page, view["base"])}
    body = _render_text(page.site, f"{page.site.template}.html.j2", view | shown)
    return Resource(body, _html_type(page.site), page.modified_at)


def _json_ld(page: Page, base_url: str) -> Markup:
    """A NewsArticle for a script element; empty where the site has none."""
    site = page.site
    if site.ld == "none":
        return Markup("")
    kind = "Organization" if site.agency else "Person"
    ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.headline,
        "datePublished": page.local(page.published_at).isoformat(timespec="seconds"),
        "dateModified": page.local(page.modified_at).isoformat(timespec="seconds"),
        "mainEntityOfPage": base_url + page.path,
        "inLanguage": site.language,
        "author": {"@type": kind, "name": page.byline or site.name},
        "publisher": {"@type": "Organization", "name": site.name},
        "articleBody": page.lede if site.ld == "lede" else "\n".join(page.paragraphs),
    }
    # "<" may not stand in a script element as it is.
    return Markup(json.dumps(ld, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704  escaped here


def _render_listings(site: Site, pages: tuple[Page, ...], view: dict[str, Any]) -> dict[str, Resource]:
    """The front page, and where the site has sections its listing pages, chained by rel=next."""
    made = {"/": _listing(site, pages[:LISTED_PER_PAGE], "", view)}
    if "sections" not in site.sources:
        return made
    start = SOURCE_PATHS["sections"]
    for offset in range(0, len(pages), LISTED_PER_PAGE):
        number = offset // LISTED_PER_PAGE + 1
        more = f"{start}/page/{number + 1}" if offset + LISTED_PER_PAGE < len(pages) else ""
        path = start if number == 1 else f"{start}/page/{number}"
        made[path] = _listing(site, pages[offset : offset + LISTED_PER_PAGE], more, view)
    return made


def _listing(site: Site, pages: Sequence[Page], more: str, view: dict[str, Any]) -> Resource:
    body = _render_text(site, "listing.html.j2", view | {"pages": pages, "more": more})
    return Resource(body, _html_type(site), view["newest"])


def _render_sitemap_index(site: Site, pages: tuple[Page, ...], view: dict[str, Any]) -> dict[str, Resource]:
    """An index over two gzipped news sitemaps."""
    half = (len(pages) + 1) // 2
    parts = {"/sitemaps/news-1.xml.gz": pages[:half], "/sitemaps/news-2.xml.gz": pages[half:]}
    made = {}
    for path, some in parts.items():
        duds = view["duds"] if some and some[0] is pages[0] else ()
        text = _render_text(site, "news_sitemap.xml.j2", view | {"pages": some, "duds": duds})
        made[path] = Resource(gzip.compress(text, mtime=0), "application/gzip", view["newest"])
    index = _render_text(site, "sitemap_index.xml.j2", view | {"paths": list(parts)})
    made[SOURCE_PATHS["sitemap_index"]] = Resource(index, CONTENT_TYPES["sitemap_index"], view["newest"])
    return made


def _render_dud(site: Site, dud: Dud, view: dict[str, Any]) -> Resource:
    body = _render_text(site, "dud.html.j2", view | {"dud": dud})
    return Resource(body, _html_type(site), view["newest"], dud.status)


def _render_robots(site: Site, duds: tuple[Dud, ...], view: dict[str, Any]) -> Resource:
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /print/"]
    lines += [f"Disallow: {quote(dud.path)}" for dud in duds if dud.disallowed]
    lines += [f"Sitemap: {view['base']}{SOURCE_PATHS[one]}" for one in site.sources if "sitemap" in one]
    return Resource("\n".join(lines).encode() + b"\n", "text/plain; charset=utf-8", view["newest"])
