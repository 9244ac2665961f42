"""Pages that cost far more to read than to send."""

from __future__ import annotations

import gzip
import json

from tests.site.hostile.answers import answer, labelled
from tests.site.hostile.board import Board, Entry, Plan, section, urlset
from tests.site.hostile.bombs import inflate_to_much
from tests.site.hostile.checks import AskedAtMost, Refused, Stored, either, refused

BIG = refused("too_large")
COSTLY = refused(
    "too_large", "no_body", "too_short", "listing_page", "extraction_timeout", "extraction_memory", "extraction_crash"
)


def add_bombs(board: Board, plan: Plan) -> None:
    """Compression bombs in every codec, as pages, feeds and sitemaps."""
    for codec in ("gzip", "deflate", "br", "zstd"):
        responder = labelled(codec, inflate_to_much(codec))
        board.add(plan, f"bomb-{codec}", "bomb", responder, BIG, AskedAtMost(2), about=f"{codec}, 250 MB inflated")
    nested = inflate_to_much("gzip-gzip")
    twice = answer(nested, headers=[("Content-Encoding", "gzip, gzip")])
    board.add(
        plan, "bomb-twice", "bomb", twice, refused("too_large", "bad_encoding"), about="Content-Encoding: gzip, gzip"
    )
    inside = refused("too_large", "not_html", "no_body", "bad_encoding")
    board.add(plan, "bomb-inside", "bomb", labelled("gzip", nested), inside, about="gzip that holds a gzip bomb")
    unlabelled = answer(inflate_to_much("gzip"))
    board.add(plan, "bomb-unlabelled", "bomb", unlabelled, inside, about="a gzip bomb called text/html")
    opening = urlset("").replace("</urlset>", "").encode()
    routes, origin = plan.listener.routes, plan.listener.origin
    routes["/bomb-sitemap.xml.gz"] = answer(inflate_to_much("gzip", opening), content_type="application/gzip")
    routes["/bomb-sitemap-twice.xml.gz"] = labelled("gzip", inflate_to_much("gzip-gzip", opening), "application/gzip")
    plan.sitemaps += [f"{origin}/bomb-sitemap.xml.gz", f"{origin}/bomb-sitemap-twice.xml.gz"]
    opening = b'<?xml version="1.0"?><rss version="2.0"><channel><title>'
    for codec in ("gzip", "br", "zstd"):
        routes[f"/bomb-feed-{codec}.xml"] = labelled(codec, inflate_to_much(codec, opening), "text/xml")
        plan.feeds.append(f"{origin}/bomb-feed-{codec}.xml")
        check = refused("too_large", "bad_feed")
        board.add(plan, f"bomb-feed-{codec}", "bomb", None, check, AskedAtMost(2), where=None)
    for name in ("bomb-sitemap", "bomb-sitemap-twice"):
        board.add(plan, name, "bomb", None, refused("too_large", "bad_sitemap"), AskedAtMost(2), where=None)


def add_markup(board: Board, plan: Plan) -> None:
    """Markup that is too much: links, nesting, attributes, comments."""
    links = "".join(f"<a href=/l{number}>l</a>" for number in range(480_000))
    board.add(plan, "links-480000", "markup", answer(f"<html><body>{links}</body></html>"), COSTLY, AskedAtMost(2))
    deep = "<div>" * 100_000 + "bottom" + "</div>" * 100_000
    board.add(plan, "nested-100000", "markup", answer(f"<html><body>{deep}</body></html>"), COSTLY)
    spans = "<b><i><u>" * 40_000 + "tangle " * 100
    tangled = answer(f"<html><body><p>{spans}</body></html>")
    board.add(plan, "unclosed-formatting", "markup", tangled, either(Stored(), Refused()), about="120,000 open tags")
    attributes = " ".join(f"a{number}=1" for number in range(100_000))
    comments = "<!-- " * 400_000
    tables = "<table><tr><td>" * 4_000 + "cell"
    brackets = '<script type="application/ld+json">' + "[" * 200_000 + "</script>"
    blanks = "<title>" + " " * 1_000_000 + "x</title>"
    for name, extra in {
        "json-nested": brackets,
        "json-many": f'<script type="application/ld+json">{json.dumps([{"@type": "Thing"}] * 50_000)}</script>',
        "style-1-mb": "<style>" + "p{color:red}" * 90_000 + "</style>",
    }.items():
        text, body = board.article(name, after=extra)
        board.add(plan, name, "markup", answer(body), Stored(text), about=f"an article with {extra[:40]!r}...")
    either_way = {
        "comments-unclosed": comments,
        "tables-nested": tables,
        "attributes-100000": f"<div {attributes}></div>",
    }
    for name, extra in either_way.items():
        text, body = board.article(name, after=extra)
        board.add(plan, name, "markup", answer(body), either(Stored(text), Refused()), about="either, but bounded")
    text, body = board.article("title-of-blanks", head=blanks)
    board.add(plan, "title-of-blanks", "markup", answer(body), Stored(text))
    script = "<script>var data = '" + "0123456789abcdef" * 655_360 + "';</script>"
    text, body = board.article("script-10-mb", head=script)
    board.add(plan, "script-10-mb", "markup", answer(body), Stored(text), about="10 MB of script before the article")
    listing = [Entry(f"{plan.listener.origin}/l/{number}") for number in range(100_000)]
    plan.listener.routes["/huge-listing"] = answer(section(listing))
    plan.sections.append(f"{plan.listener.origin}/huge-listing")
    held = gzip.compress(b"x" * 12_500_000)
    board.add(plan, "just-too-large", "bomb", labelled("gzip", held), BIG, about="half a megabyte over the limit")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("heavy", "en", concurrency=4)
    add_bombs(board, plan)
    add_markup(board, plan)
    return plan
