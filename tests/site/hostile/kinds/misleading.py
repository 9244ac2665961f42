"""Pages that mislead their reader: charsets that are other codecs, JSON-LD that nobody expects, terminal codes."""

from __future__ import annotations

import json

from tests.site.hostile.answers import answer
from tests.site.hostile.board import Board, Plan
from tests.site.hostile.checks import Absent, Refused, Stored, refused
from tests.site.hostile.pages import Dress, page
from tests.site.hostile.prose import write_text

# Names that Python knows and no browser reads a page by, and names that are none.
CHARSETS = {
    "utf-7": "utf-7",
    "escapes": "unicode_escape",
    "raw-escapes": "raw_unicode_escape",
    "rot13": "rot13",
    "hex": "hex",
    "base64": "base64",
    "zip": "zip",
    "idna": "idna",
    "punycode": "punycode",
    "undefined": "undefined",
    "utf-16": "utf-16",
    "utf-32": "utf-32",
    "korean": "iso-2022-kr",
    "mainframe": "cp037",
    "windows-own": "mbcs",
    "path": "..//..//etc",
    "long": "a" * 300,
}
STATEMENTS = {
    "json-not-numbers": '{"@type":"NewsArticle","datePublished":NaN,"wordCount":1e999,"x":' + "9" * 10_000 + "}",
    "json-odd-types": '{"@type":"NewsArticle","headline":{"@value":["a"]},"author":[[[{"name":{}}]]],"image":null}',
    "json-open": '{"a":' * 50_000,
    "json-half-letter": '{"@type":"NewsArticle","headline":"a\\ud800\\u0000b","author":"\\udfff"}',
    "json-twice": '{"@type":"NewsArticle","@type":"WebPage","datePublished":"2099-01-01","datePublished":true}',
    "json-crowd": json.dumps({"@graph": [{"@type": "NewsArticle", "headline": f"No {n}"} for n in range(20_000)]}),
    "json-circle": '{"@id":"a","@type":"NewsArticle","mainEntity":{"@id":"a"}}',
}
CODES = {
    "codes-screen": "\x1b[2J\x1b]0;owned\x07",
    "codes-link": "\x1b]8;;http://paper.example/\x1b\\",
    "codes-c1": "\x9b2J",
    "codes-direction": "\u202e\u2066\u202d",
    "codes-lines": "\r\n\x0b\x0c\u2028\u2029",
}


def add_charsets(board: Board, plan: Plan) -> None:
    """Arabic in UTF-8 whatever the page says of it, in header and meta."""
    for name, charset in CHARSETS.items():
        text = write_text(f"charset-{name}", "ar")
        body = page(text, Dress("og", board.stamp(), charset=charset))
        served = answer(body, content_type=f"text/html; charset={charset}")
        board.add(plan, text.slug, "encoding", served, Stored(text, headline=True), about=f"called {charset[:40]}")
    text = write_text("charset-mixed", "ar")
    footer = "<p>جميع الحقوق محفوظة لدار النشر</p></footer>".encode("cp1256")
    mixed = page(text, Dress("og", board.stamp())).encode().replace(b"</footer>", footer)
    board.add(plan, "charset-mixed", "encoding", answer(mixed), Stored(text), about="a footer in windows-1256")
    for name, encoding in {"charset-silent-16": "utf-16-le", "charset-marked-32": "utf-32"}.items():
        text = write_text(name, "ar")
        body = page(text, Dress("og", board.stamp(), charset=None))
        served = answer(body.encode(encoding), content_type="text/html")
        board.add(plan, name, "encoding", served, Stored(text, headline=True), about=f"{encoding}, undeclared")


def add_statements(board: Board, plan: Plan) -> None:
    """JSON-LD beside a whole article, and signs that a terminal or an editor would obey."""
    for name, statement in STATEMENTS.items():
        script = f'<script type="application/ld+json">{statement}</script>'
        text = write_text(name)
        body = page(text, Dress("time", board.stamp(), head=script))
        board.add(plan, name, "markup", answer(body), Stored(text), about=statement[:60])
    for name, codes in CODES.items():
        text, body = board.article(name)
        for tag in ("<title>", '<h1 itemprop="headline">'):
            body = body.replace(tag, tag + codes)
        checks = (Stored(text), Absent("\x1b"), Absent("\x9b"), Absent("\u202e"))
        board.add(plan, name, "attack", answer(body), *checks, about=repr(codes))


def add_excess(board: Board, plan: Plan) -> None:
    """A text that no article has the length of, and a line that readers never see."""
    for name, line in {"excess-words": "by By BY ", "excess-dates": "12 May 2024, 10:00 "}.items():
        body = board.article(name, after=f"<p>{line * 60_000}</p>")[1]
        board.add(plan, name, "markup", answer(body), refused("too_large"), about=f"{line!r} without end")
    for name, style in {"unseen-display": "display:none", "unseen-visibility": "visibility: hidden"}.items():
        text, body = board.article(name)
        hidden = f"<p style='{style}'>A shop that nobody sees, called {name}, sells its watches at half price.</p>"
        checks = (Stored(text), Absent(f"called {name},"))
        board.add(plan, name, "markup", answer(body.replace("</p>", f"</p>{hidden}", 2)), *checks, about=style)
    content = json.dumps({"items": [{"content_html": "<p>The council met and mended the wall.</p>" * 9}]})
    board.add(plan, "as-json-feed", "file", answer(content), refused("not_html"), about="a JSON feed called text/html")
    script = "function show() { return 'words of a page that is no page'; }\n" * 200
    board.add(plan, "as-script", "file", answer(script), Refused(), about="a script called text/html")


def add_cases(board: Board) -> None:
    """Every case of this class."""
    plan = board.outlet("misleading", "ar", "Asia/Riyadh")
    add_charsets(board, plan)
    add_statements(board, plan)
    add_excess(board, plan)
