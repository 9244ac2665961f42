"""Feeds, sitemaps and sections that stall, never end or point elsewhere; outlets that are not there."""

from __future__ import annotations

from tests.site.hostile.answers import FOREVER, answer, head, repeat, send
from tests.site.hostile.board import Board, Entry, Plan, rss, section
from tests.site.hostile.checks import AskedAtMost, NeverAsked, Refused, Stored, either, refused

XML = "application/rss+xml"
OPEN = head(200, [("Content-Type", XML), ("Connection", "close")])
SLOW = refused("too_slow", "unreachable", "truncated")


def _item(url: str) -> str:
    return f"<item><title>t</title><link>{url}</link></item>"


def add_stalling(board: Board, plan: Plan) -> None:
    """Sources that never answer, answer byte by byte, or never end; the others are read all the same."""
    origin, routes = plan.listener.origin, plan.listener.routes
    opening = OPEN + rss("").split("\n\n")[0].encode()
    filler = _item(f"{origin}/filler/page").encode() * 500
    stalls = {
        "stall-feed": (plan.feeds, send(FOREVER), SLOW),
        "stall-feed-drip": (plan.feeds, repeat(opening, b" ", 0.5), SLOW),
        "stall-map": (plan.sitemaps, send(OPEN, FOREVER), SLOW),
        "stall-section": (plan.sections, repeat(OPEN, b"<", 0.5), SLOW),
        "endless-feed": (plan.feeds, repeat(opening, filler), refused("too_large", "too_slow", "truncated")),
        "endless-section": (plan.sections, repeat(OPEN, b"<a href=/filler/x>x</a>" * 900), Refused()),
    }
    for name, (sources, responder, check) in stalls.items():
        routes[f"/sources/{name}"] = responder
        sources.append(f"{origin}/sources/{name}")
        board.add(plan, name, "source", None, check, AskedAtMost(4), where=None, about="the rest of the outlet goes on")
    text, body = board.article("cut-feed-item")
    content = rss(_item(f"{origin}/news/cut-feed-item") + _item(f"{origin}/filler/cut") * 200).encode()
    routes["/sources/cut-feed"] = answer(content[:2_000], content_type=XML, length=len(content))
    plan.feeds.append(f"{origin}/sources/cut-feed")
    taken = either(Stored(text), refused("truncated", "bad_feed"))
    marks = ("cut-feed", "cut-feed-item")
    about = "a feed shorter than its Content-Length"
    board.add(plan, "cut-feed-item", "source", answer(body), taken, where=None, marks=marks, about=about)
    plan.listener.prefixes["/filler/"] = answer("no", 404)


def add_pointing(board: Board, plan: Plan) -> None:
    """robots.txt, feeds and sections that name sources on another port."""
    origin, far = plan.listener.origin, board.canary.origin
    routes = plan.listener.routes
    rules = f"User-agent: *\nDisallow:\nSitemap: {far}/pointed-robots\nHost: 127.0.0.1:{board.canary.port}\n"
    routes["/robots.txt"] = answer(rules, content_type="text/plain")
    links = f'<atom:link rel="next" href="{far}/pointed-feed"/><atom:link rel="hub" href="{far}/pointed-feed"/>'
    routes["/sources/pointing-feed"] = answer(rss(links + _item(f"{origin}/news/pointing-item")), content_type=XML)
    plan.feeds.append(f"{origin}/sources/pointing-feed")
    alternate = f'<link rel="alternate" type="application/rss+xml" href="{far}/pointed-section">'
    routes["/sources/pointing-section"] = answer(section([Entry(f"{origin}/news/pointing-item")], alternate))
    plan.sections.append(f"{origin}/sources/pointing-section")
    text, body = board.article("pointing-item")
    board.add(
        plan, "pointing-item", "source", answer(body), Stored(text), where=None, about="from a feed that points out"
    )
    for name in ("pointed-robots", "pointed-feed", "pointed-section"):
        board.add(plan, name, "source", None, NeverAsked(), where=None, about="a source named on another port")


def add_absent(board: Board) -> None:
    """An outlet whose port is closed, and one whose every page says that it is busy."""
    closed = board.outlet("closed", "en")
    closed.listener.close()
    closed.feeds.append(f"{closed.listener.origin}/closed-feed.xml")
    marks = ("closed-feed.xml",)
    board.add(
        closed, "closed-port", "source", None, refused("unreachable"), where=None, marks=marks, about="no listener"
    )
    crowded = board.outlet("crowded", "en")
    busy = answer("busy", 429, headers=[("Retry-After", "1")])
    for number in range(6):
        name = f"crowded-{number}"
        checks = (refused("busy"), AskedAtMost(4))
        board.add(crowded, name, "source", busy, *checks, about="429 each time, Retry-After: 1")
    crowded.sitemaps.append(f"{crowded.listener.origin}/busy-map.xml")
    crowded.listener.routes["/busy-map.xml"] = answer("busy", 503, headers=[("Retry-After", "3600")])
    late = (refused("busy"), AskedAtMost(1))
    board.add(
        crowded, "busy-map", "source", None, *late, where=None, marks=("busy-map.xml",), about="a sitemap: in an hour"
    )


def add_cases(board: Board) -> None:
    """Every case of this class."""
    plan = board.outlet("sources", "en", concurrency=12)
    add_stalling(board, plan)
    add_pointing(board, plan)
    add_absent(board)
