"""Sitemaps that loop, nest without end, or are damaged; and those that are only unusual."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import timedelta

from tests.site.hostile.answers import answer
from tests.site.hostile.board import Board, Plan, urlset
from tests.site.hostile.checks import Absent, AskedAtMost, Refused, Stored, either, refused
from tests.site.hostile.server import Piece, Visit

BAD = refused("bad_sitemap", "not_html")
SITEMAP_REQUESTS = 12  # limits.sitemap_requests of this site's settings
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def _loc(url: str, kind: str = "url", extra: str = "") -> str:
    return f"<{kind}><loc>{url}</loc>{extra}</{kind}>"


def _index(*urls: str) -> str:
    return urlset("".join(_loc(url, "sitemap") for url in urls), "sitemapindex")


def add_loops(board: Board, plan: Plan) -> None:
    """Indexes that name themselves, each other, or ever new ones."""
    origin, routes = plan.listener.origin, plan.listener.routes
    targets: dict[str, tuple[str, ...]] = {
        "index-self": ("index-self",),
        "index-round": ("index-round-2",),
        "index-wide": tuple(f"index-wide/{n}" for n in range(3_000)),
    }
    for name, inner in targets.items():
        routes[f"/maps/{name}.xml"] = answer(_index(*(f"{origin}/maps/{one}.xml" for one in inner)))
        plan.sitemaps.append(f"{origin}/maps/{name}.xml")
    routes["/maps/index-round-2.xml"] = answer(_index(f"{origin}/maps/index-round.xml"))
    board.add(plan, "index-self", "sitemap", None, AskedAtMost(1), where=None, about="an index that names itself")
    marks = ("index-round", "index-round-2")
    board.add(
        plan, "index-round", "sitemap", None, AskedAtMost(2), where=None, marks=marks, about="two indexes in a circle"
    )
    bound = AskedAtMost(SITEMAP_REQUESTS)
    board.add(plan, "index-wide", "sitemap", None, bound, where=None, about="an index of 3,000 sitemaps")
    plan.listener.prefixes["/maps/index-wide/"] = answer(urlset(""))

    def endless(visit: Visit) -> Iterable[Piece]:
        number = int(visit.path.rsplit("/", 1)[1])
        return answer(_index(f"{origin}/endless/{2 * number + 1}", f"{origin}/endless/{2 * number + 2}"))(visit)

    plan.listener.prefixes["/endless/"] = endless
    plan.sitemaps.append(f"{origin}/endless/0")
    bound = AskedAtMost(SITEMAP_REQUESTS, ("endless",))
    board.add(plan, "index-endless", "sitemap", None, bound, where=None, about="indexes nested without end")
    routes["/maps/index-out.xml"] = answer(
        _index(f"{board.canary.origin}/map.xml", "file:///etc/hosts", "ftp://127.0.0.1/m")
    )
    plan.sitemaps.append(f"{origin}/maps/index-out.xml")
    out = ("map.xml",)
    check = refused("out_of_scope", "blocked_address")
    board.add(plan, "index-out", "sitemap", None, check, where=None, marks=out, about="an index that points out")


def add_broken(board: Board, plan: Plan) -> None:
    """No sitemap, half a sitemap, entities."""
    origin, routes = plan.listener.origin, plan.listener.routes
    for name, content in {
        "map-html": b"<!doctype html><html><body><h1>Our pages</h1><br></body></html>",
        "map-empty": b"",
        "map-not-gzip": b"\x1f\x8b\x08 this is no gzip",
    }.items():
        routes[f"/{name}.xml.gz"] = answer(content, content_type="text/xml")
        plan.sitemaps.append(f"{origin}/{name}.xml.gz")
        bad = refused("bad_sitemap", "bad_encoding", "truncated")
        board.add(plan, name, "sitemap", None, bad, where=None, about=repr(content[:40]))
    whole = urlset(_loc(f"{origin}/news/map-cut") + _loc(f"{origin}/news/late") * 3)
    text, body = board.article("map-cut", "tr")
    routes["/map-cut.xml"] = answer(whole[: whole.index("/news/late") + 4], content_type="text/xml")
    plan.sitemaps.append(f"{origin}/map-cut.xml")
    board.add(
        plan, "map-cut", "sitemap", answer(body), Stored(text), where=None, about="breaks off in its second entry"
    )
    entity = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "{board.secret.as_uri()}">]>'
    content_text = urlset(_loc(f"{origin}/news/map-xxe?&x;") + _loc(f"{origin}/news/map-xxe")).replace(
        "?>", "?>" + entity, 1
    )
    text, body = board.article("map-xxe", "tr")
    routes["/map-xxe.xml"] = answer(content_text, content_type="text/xml")
    plan.sitemaps.append(f"{origin}/map-xxe.xml")
    checks = (either(Stored(text), Refused()), Absent("the-canary-sings-at-midnight"))
    board.add(plan, "map-xxe", "sitemap", answer(body), *checks, where=None, about="an entity from a local file")


def add_good(board: Board, plan: Plan) -> None:
    """Unusual sitemaps whose articles are to be found."""
    origin, routes = plan.listener.origin, plan.listener.routes
    published = (board.now - timedelta(hours=7)).replace(second=0)
    news = (
        f"<news:news><news:publication><news:name>n</news:name></news:publication><news:title>Başlık</news:title>"
        f"<news:publication_date>{published.isoformat()}</news:publication_date></news:news>"
    )
    far = board.canary.origin
    maps = {
        "map-news": urlset(_loc(f"{origin}/news/map-news", extra=news)).replace("<urlset", f"<urlset {NEWS}"),
        "map-no-namespace": f"<urlset>{_loc(f'{origin}/news/map-no-namespace')}</urlset>",
        "map-bad-date": urlset(_loc(f"{origin}/news/map-bad-date", extra="<lastmod>31/02/20025</lastmod>")),
        "map-blanks": "\n\n" + urlset(_loc(f"\n  {origin}/news/map-blanks \n")),
        "map-alternates": urlset(
            _loc(
                f"{origin}/news/map-alternates",
                extra=f'<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="en" href="{far}/alt"/>'
                f'<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>{far}/i.jpg</i:loc></i:image>',
            )
        ),
    }
    for name, content in maps.items():
        stated = name == "map-news"
        text, body = board.article(name, "tr", style="og", **({"published": None} if stated else {}))
        check = Stored(text, published) if stated else Stored(text)
        routes[f"/{name}.xml"] = answer(content, content_type="text/xml")
        plan.sitemaps.append(f"{origin}/{name}.xml")
        board.add(plan, name, "sitemap", answer(body), check, where=None, about=content[-60:])
    for name, kind in {"map-gz": "application/gzip", "map-gz-as-text": "text/plain"}.items():
        packed = gzip.compress(urlset(_loc(f"{origin}/news/{name}")).encode())
        routes[f"/{name}.xml.gz"] = answer(packed, content_type=kind)
        plan.sitemaps.append(f"{origin}/{name}.xml.gz")
        text, body = board.article(name, "tr")
        board.add(plan, name, "sitemap", answer(body), Stored(text), where=None, about=f"a .gz called {kind}")
    text, body = board.article("map-nested", "tr")
    routes["/map-nested.xml"] = answer(_index(f"{origin}/map-inner.xml"), content_type="text/xml")
    routes["/map-inner.xml"] = answer(urlset(_loc(f"{origin}/news/map-nested")), content_type="text/xml")
    plan.sitemaps.append(f"{origin}/map-nested.xml")
    board.add(plan, "map-nested", "sitemap", answer(body), Stored(text), where=None, about="an index with one sitemap")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("sitemaps", "tr", "Europe/Istanbul")
    add_loops(board, plan)
    add_broken(board, plan)
    add_good(board, plan)
    return plan
