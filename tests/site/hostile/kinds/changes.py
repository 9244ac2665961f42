"""What is different when the crawl comes again: changed, gone, unchanged."""

from __future__ import annotations

from datetime import timedelta

from tests.site.hostile.answers import Headers, answer, by_phase, conditional
from tests.site.hostile.articles import Text
from tests.site.hostile.board import FEED, SITEMAP, Board, Entry, Plan, feed
from tests.site.hostile.case import Check
from tests.site.hostile.checks import Answered, Stored, Versions
from tests.site.hostile.pages import Dress, page
from tests.site.hostile.prose import write_text
from tests.site.hostile.server import Responder


def _announce(board: Board, plan: Plan, name: str, where: str) -> None:
    """An entry whose date moves on before the second run."""
    later = board.now - timedelta(seconds=30)
    entry = Entry(f"{plan.listener.origin}/news/{name}", name, board.now - timedelta(hours=3), later)
    board.announce(plan, where, entry)


def _versions(board: Board, name: str) -> tuple[Text, Text, Responder]:
    old = write_text(name, "tr")
    new = write_text(f"{name}-rewritten", "tr")
    merged = Text(name, "tr", old.headline, old.author, (*old.paragraphs, *new.paragraphs[:2]))
    published = board.stamp()
    first = conditional(page(old, Dress("jsonld", published)), '"v1"')
    changed = page(merged, Dress("jsonld", published, modified=board.now))
    return old, merged, by_phase(first, conditional(changed, '"v2"'))


def add_changed(board: Board, plan: Plan) -> None:
    """Articles that grow two paragraphs between the runs, with and without a word in the feed."""
    for name, where in (("changed-in-feed", FEED), ("changed-in-sitemap", SITEMAP), ("changed-silently", None)):
        old, new, responder = _versions(board, name)
        checks: tuple[Check, ...] = (Stored(old, runs=(1,)), Stored(new, runs=(2,)), Versions(2, (old,)))
        if where is None:
            board.announce(plan, FEED, Entry(f"{plan.listener.origin}/news/{name}", name))
        else:
            _announce(board, plan, name, where)
        board.add(plan, name, "change", responder, *checks, where=None, about=f"announced in: {where}")


def add_gone(board: Board, plan: Plan) -> None:
    """Articles that are gone in the second run; what was stored stays."""
    for name, later in {
        "gone-410": answer("gone", 410),
        "gone-404": answer("not here", 404),
        "gone-500": answer("oops", 500),
        "gone-soft": answer("<html><title>Sayfa bulunamadı</title><body><h1>Sayfa bulunamadı</h1></body></html>"),
    }.items():
        text, body = board.article(name, "tr")
        _announce(board, plan, name, FEED)
        checks = (Stored(text), Versions(1))
        board.add(plan, name, "change", by_phase(answer(body), later), *checks, where=None, about="kept as stored")


def add_unchanged(board: Board, plan: Plan) -> None:
    """Pages and feeds that answer 304, and pages whose furniture alone changes."""
    text, body = board.article("unchanged-304", "tr")
    _announce(board, plan, "unchanged-304", FEED)
    checks: tuple[Check, ...] = (Stored(text), Versions(1), Answered(304, 2))
    board.add(plan, "unchanged-304", "change", conditional(body, '"same"'), *checks, where=None, about="a correct 304")
    text = write_text("unchanged-text", "tr")
    stamp = board.stamp()
    pages = [answer(page(text, Dress("og", stamp, after=f"<div id='ad'>{n}</div>"))) for n in ("one", "two")]
    _announce(board, plan, "unchanged-text", FEED)
    about = "other advertisements, the same text"
    board.add(plan, "unchanged-text", "change", by_phase(*pages), Stored(text), Versions(1), where=None, about=about)
    text, body = board.article("unchanged-feed-item", "tr")
    item = f"<item><link>{plan.listener.origin}/news/unchanged-feed-item</link></item>"
    etag: Headers = [("Last-Modified", "Sat, 01 Nov 2025 10:00:00 GMT")]
    content = feed([]).replace("\n\n", item)
    plan.listener.routes["/unchanged-feed.xml"] = conditional(content, '"feed-1"', "application/rss+xml", etag)
    plan.feeds.append(f"{plan.listener.origin}/unchanged-feed.xml")
    marks = ("unchanged-feed.xml",)
    board.add(plan, "unchanged-feed", "change", None, Answered(304, 2), where=None, marks=marks, about="a feed's 304")
    board.add(plan, "unchanged-feed-item", "change", answer(body), Stored(text), Versions(1), where=None)


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("changes", "tr", "Europe/Istanbul")
    add_changed(board, plan)
    add_gone(board, plan)
    add_unchanged(board, plan)
    return plan
