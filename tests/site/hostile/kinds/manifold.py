"""What a server may do at the level of the connection and still be right, or nearly: nothing of it may be lost."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta

from tests.site.hostile.answers import HTML, answer, by_phase, head, in_turn, labelled, redirect, repeat, send
from tests.site.hostile.board import SECTION, Board, Entry, Plan, rss
from tests.site.hostile.bombs import inflate_to_much
from tests.site.hostile.case import Check
from tests.site.hostile.checks import Absent, AskedAtMost, NeverAsked, Refused, Stored, either, refused
from tests.site.hostile.pages import Dress, bare, page
from tests.site.hostile.prose import write_text
from tests.site.hostile.server import Piece, Responder


def _chunked(body: bytes, sizes: int, extra: bytes = b"") -> Iterator[Piece]:
    yield head(200, [("Content-Type", HTML), ("Transfer-Encoding", "chunked"), ("Connection", "close")])
    for start in range(0, len(body), sizes):
        piece = body[start : start + sizes]
        yield b"%x%s\r\n%s\r\n" % (len(piece), extra, piece)
    yield b"0\r\n" + (b"X-Trailer: yes\r\n" if extra else b"") + b"\r\n"


def add_shapes(board: Board, plan: Plan) -> None:
    """Whole articles in every shape that HTTP allows an answer."""

    def stored(name: str, shape: Responder, text: object, about: str) -> None:
        board.add(plan, name, "shape", shape, Stored(text), about=about)  # type: ignore[arg-type]

    text, body = board.article("shape-tiny-chunks")
    stored("shape-tiny-chunks", send(*_chunked(body.encode(), 7)), text, "chunks of seven bytes")
    text, body = board.article("shape-chunk-extensions")
    stored("shape-chunk-extensions", send(*_chunked(body.encode(), 900, b';a="b"')), text, "extensions and a trailer")
    text, body = board.article("shape-http-10")
    old = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    about = "HTTP/1.0, the end of the connection is the end"
    board.add(plan, "shape-http-10", "framing", send(old), Stored(text), about=about)
    text, body = board.article("shape-early-hints")
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    whole = hints + head(200, [("Content-Type", HTML), ("Connection", "close")]) + body.encode()
    stored("shape-early-hints", send(whole), text, "103 and 100 before the answer")
    text, body = board.article("shape-lower-case")
    lines = f"HTTP/1.1 200\r\ncontent-type:text/html\r\ncontent-length:{len(body.encode())}\r\n\r\n"
    stored("shape-lower-case", send(lines.encode() + body.encode()), text, "no reason phrase, no blanks")
    text, body = board.article("shape-many-headers")
    many = [(f"X-Header-{number}", "v" * 100) for number in range(150)]
    stored("shape-many-headers", answer(body, headers=many), text, "150 headers")
    text, body = board.article("shape-trailing-bytes")
    stored("shape-trailing-bytes", labelled("gzip", gzip.compress(body.encode()) + b"\0" * 512), text, "padding")
    text, body = board.article("shape-two-megabytes", after="<!-- " + "filler " * 300_000 + "-->")
    stored("shape-two-megabytes", answer(body), text, "a big page is a page")
    text, body = board.article("shape-no-end-tags")
    stored("shape-no-end-tags", answer(body.replace("</p>", "").replace("</body></html>", "")), text, "no end tags")
    text, body = board.article("shape-xhtml")
    stored("shape-xhtml", answer(body, content_type="application/xhtml+xml; charset=utf-8"), text, "called XHTML")
    text, body = board.article("shape-as-text")
    board.add(plan, "shape-as-text", "shape", answer(body, content_type="text/plain"), either(Stored(text), Refused()))
    text, body = board.article("shape-flaky")
    flaky = in_turn(answer("oops", 502), answer(body))
    board.add(plan, "shape-flaky", "shape", flaky, Stored(text), AskedAtMost(3), about="502 once, then well")
    text, body = board.article("shape-many-hops")
    for number in range(1, 9):
        plan.listener.routes[f"/hop/shape-many-hops/{number}"] = redirect(f"/hop/shape-many-hops/{number + 1}", 307)
    plan.listener.routes["/hop/shape-many-hops/9"] = answer(body)
    stored("shape-many-hops", redirect("/hop/shape-many-hops/1"), text, "nine hops inside the outlet")


def add_floods(board: Board, plan: Plan) -> None:
    """Interim answers without end, and answers that break their own framing."""
    bad = refused("bad_headers", "too_large", "too_slow", "unreachable", "truncated", "http_error")
    interim = repeat(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 500)
    board.add(plan, "flood-interim", "framing", interim, bad, AskedAtMost(4), about="102 for ever")
    fold = repeat(b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n", b" folded line\r\n" * 500)
    board.add(plan, "flood-folded", "framing", fold, bad, AskedAtMost(4), about="a header folded without end")
    smuggled = (
        head(200, [("Content-Type", HTML), ("Content-Length", "20")]) + b"<p>short</p>        " + b"HTTP/1.1 200 OK"
    )
    board.add(plan, "flood-smuggled", "framing", send(smuggled), Refused(), about="a second answer behind the first")
    size = head(200, [("Content-Type", HTML), ("Transfer-Encoding", "chunked")]) + b"ffffffffffffffff\r\n<p>"
    board.add(plan, "flood-chunk-size", "framing", send(size), bad, AskedAtMost(4), about="a chunk of 16 exabytes")
    line = repeat(head(200, [("Transfer-Encoding", "chunked")]), b"0" * 60_000)
    board.add(plan, "flood-chunk-line", "framing", line, bad, AskedAtMost(4), about="a chunk's size without end")
    nested = labelled("gzip, gzip, gzip, gzip, gzip, gzip", gzip.compress(b"<p>x</p>"))
    board.add(plan, "flood-encodings", "framing", nested, refused("bad_encoding"), about="six encodings")
    mixed = labelled("br, gzip", gzip.compress(inflate_to_much("br")))
    board.add(plan, "flood-mixed", "framing", mixed, refused("too_large"), AskedAtMost(2), about="brotli in gzip")


def add_stand_ins(board: Board, plan: Plan) -> None:
    """Pages that stand in an article's place, as publishers and their shields serve them."""
    shield = (
        "<h1>Access denied</h1><p>You don't have permission to access this page on this server. Reference #18.2d351ab8."
        "1557333295.a4e16ab. If you believe that this is a mistake, write to the owner of the site.</p>"
    )
    region = (
        "<h1>Not available in your region</h1><p>We are sorry: due to legal reasons this content is not available in "
        "your country.</p>"
    )
    captcha = "<h1>One more step</h1><p>Please complete the captcha below to prove that you are not a robot.</p>"
    subscribe_ar = (
        "<article><h1>ارتفاع رسوم الميناء</h1><p>قالت إدارة الميناء إن الرسوم سترتفع العام المقبل.</p></article>"
        "<div><p>هذا المحتوى للمشتركين فقط. اشترك الآن لمتابعة القراءة.</p></div>"
    )
    missing_tr = "<h1>Sayfa bulunamadı</h1><p>Aradığınız sayfa kaldırılmış ya da adresi değişmiş olabilir.</p>"
    for name, inner, language in (
        ("stand-in-shield", shield, "en"),
        ("stand-in-region", region, "en"),
        ("stand-in-captcha", captcha, "en"),
        ("stand-in-subscribe-ar", subscribe_ar, "ar"),
        ("stand-in-missing-tr", missing_tr, "tr"),
    ):
        body = bare(inner.split("<h1>")[1].split("</h1>")[0], inner, language)
        board.add(plan, name, "wall", answer(body), Refused(), about=inner[:60])
    text, body = board.article("stand-in-later", published=board.now - timedelta(hours=3))
    wall = answer(bare("Back soon", "<h1>Back soon</h1><p>We are down for maintenance. Try again later.</p>"))
    checks: tuple[Check, ...] = (Stored(text),)
    board.add(plan, "stand-in-later", "wall", by_phase(answer(body), wall), *checks, about="kept when a wall follows")


def add_feed_oddities(board: Board, plan: Plan) -> None:
    """Addresses in feeds and sections that are one article, or nobody's."""
    origin, routes = plan.listener.origin, plan.listener.routes
    text, body = board.article("odd-entity-link")
    routes["/news/odd-entity-link"] = answer(body)
    link = f"{origin}/news/odd-entity-link?a=1&amp;amp;utm_source=rss"
    items = f"<item><title>t</title><link>{link}</link></item><item><title/><link/></item><item/>"
    routes["/odd-feed.xml"] = answer(rss(items), content_type="text/xml")
    plan.feeds.append(f"{origin}/odd-feed.xml")
    routes["/news/odd-entity-link?a=1"] = answer(body)
    board.add(
        plan,
        "odd-entity-link",
        "feed",
        None,
        Stored(text),
        AskedAtMost(2),
        where=None,
        about="escaped twice; empty items",
    )
    for name, href in {
        "odd-mailto": "mailto:desk@paper.example?subject=odd-mailto",
        "odd-tel": "tel:+49-30-odd-tel",
        "odd-blob": f"blob:{origin}/odd-blob",
        "odd-view-source": f"view-source:{origin}/odd-view-source",
    }.items():
        board.announce(plan, SECTION, Entry(href, f"A link that nobody can fetch, called {name}"))
        board.add(plan, name, "link", None, NeverAsked(), where=None, about=href)
    script = write_text("odd-secret-comment")
    body = page(script, Dress("og", board.stamp(), after="<!-- password: swordfish-tuesday -->"))
    checks = (Stored(script), Absent("swordfish-tuesday"))
    board.add(plan, "odd-secret-comment", "hint", answer(body), *checks, about="comments are no text")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("manifold", "en", concurrency=6)
    add_shapes(board, plan)
    add_floods(board, plan)
    add_stand_ins(board, plan)
    add_feed_oddities(board, plan)
    return plan
