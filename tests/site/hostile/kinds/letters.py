"""Encodings, odd characters, and text that attacks whoever shows or stores it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html import escape
from urllib.parse import quote

from tests.site.hostile.answers import answer, redirect
from tests.site.hostile.articles import Text, read_texts
from tests.site.hostile.board import SITEMAP, Board, Entry, Plan
from tests.site.hostile.checks import Absent, AskedAtMost, HeaderNeverSent, Refused, Stored, either, refused
from tests.site.hostile.pages import Dress, page
from tests.site.hostile.prose import write_text

NOTHING = "text/html"


def _declared(charset: str) -> str:
    return f"text/html; charset={charset}"


def add_encodings(board: Board, plan: Plan) -> None:
    """Bytes in other encodings, declared rightly, wrongly or not at all."""
    #        name                language  charset in the page, bytes' encoding, Content-Type
    table = {
        "bytes-1256": ("ar", None, "cp1256", NOTHING),
        "bytes-1256-called-utf-8": ("ar", "utf-8", "cp1256", _declared("utf-8")),
        "bytes-1256-declared": ("ar", "windows-1256", "cp1256", NOTHING),
        "bytes-8859-6": ("ar", None, "iso-8859-6", _declared("iso-8859-6")),
        "bytes-1254": ("tr", None, "cp1254", NOTHING),
        "bytes-8859-9": ("tr", "iso-8859-9", "iso-8859-9", NOTHING),
        "bytes-utf-8-called-latin": ("ar", "utf-8", "utf-8", _declared("iso-8859-1")),
        "bytes-utf-8-silent": ("ar", None, "utf-8", NOTHING),
        "bytes-utf-8-mark": ("ar", None, "utf-8-sig", NOTHING),
        "bytes-utf-16-mark": ("ar", None, "utf-16", NOTHING),
        "bytes-utf-16-be": ("ar", None, "utf-16-be", _declared("utf-16be")),
        "bytes-bogus-charset": ("ar", "klingon", "utf-8", _declared("klingon")),
        "bytes-bad-header": ("ar", "utf-8", "utf-8", 'text/html;; charset="utf-8'),
    }
    for name, (language, charset, encoding, kind) in table.items():
        text = write_text(name, language)
        body = page(text, Dress("og", board.stamp(), charset=charset)).encode(encoding, "xmlcharrefreplace")
        about = f"{encoding} in a page that says {charset}, {kind}"
        board.add(plan, name, "encoding", answer(body, content_type=kind), Stored(text, headline=True), about=about)
    text = write_text("bytes-references", "ar")
    spelt = "".join(one if ord(one) < 128 else f"&#{ord(one)};" for one in page(text, Dress("og", board.stamp())))
    board.add(plan, "bytes-references", "encoding", answer(spelt), Stored(text, headline=True), about="all in &#1575;")


def add_characters(board: Board, plan: Plan) -> None:
    """Invalid bytes, NUL, bidi controls, zero-width characters."""
    text, body = board.article("bytes-invalid", "ar")
    spoilt = body.encode().replace(b"</p>", b"\xff\xfe</p>", 3)
    board.add(plan, "bytes-invalid", "characters", answer(spoilt), Stored(text, least=0.95), about="invalid UTF-8")
    text, body = board.article("bytes-nul", "ar")
    nul = body.encode().replace(b"</p>", b"\x00</p>")
    checks = (Stored(text), Absent("\x00"))
    board.add(plan, "bytes-nul", "characters", answer(nul), *checks, about="NUL in every paragraph")
    text, body = board.article("bytes-controls", "en")
    odd = body.replace("</p>", "\x01\x08\x1b[31m</p>", 2)
    board.add(plan, "bytes-controls", "characters", answer(odd), Stored(text, least=0.97), Absent("\x1b"))
    text, body = board.article("bidi-controls", "en")
    spun = body.replace('<h1 itemprop="headline">', '<h1 itemprop="headline">\u202e').replace(
        "</p>", "\u202e\u2066</p>"
    )
    board.add(plan, "bidi-controls", "characters", answer(spun), Stored(text), about="overrides in headline and text")
    text = read_texts("fa")["zwnj-persian"]
    body = page(text, Dress("og", board.stamp()))
    check = Stored(text, headline=True)
    board.add(plan, "zwnj-persian", "characters", answer(body), check, about="U+200C joins words and must stay")
    text, body = board.article("zero-width", "en")
    padded = body.replace(" the ", " \u200b\ufeff\u200bthe ")
    board.add(plan, "zero-width", "characters", answer(padded), Stored(text, least=0.9), about="zero-width characters")


def _with(name: str, language: str = "en", **changes: str) -> Text:
    return replace(write_text(name, language), **changes)  # type: ignore[arg-type]


def add_attacks(board: Board, plan: Plan) -> None:
    """Script, formulas, paths and sheer length in headline, author and address."""
    for name, text in {
        "text-script": _with(
            "text-script", headline="<script>alert(1)</script> Ferry fares fall", author="<img src=x onerror=alert(2)>"
        ),
        "text-formula": _with(
            "text-formula", headline='=HYPERLINK("http://127.0.0.1/","Fares")', author="@SUM(1+1)|cmd"
        ),
        "text-markup": _with("text-markup", headline="[red]Fares[/red] {{ 7*7 }} ${jndi:ldap://x} %s"),
        "text-quotes": _with("text-quotes", headline='\'; DROP TABLE articles; -- "fares"'),
        "text-long": _with("text-long", headline="Fares " * 9_000),
    }.items():
        body = page(text, Dress("og", board.stamp()))
        board.add(plan, name, "attack", answer(body), Stored(text), about=escape(text.headline[:50]))
    lied = (
        '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"' + "Buy now. " * 90 + '"}</script>'
    )
    text, body = board.article("text-lying-json", style="og", head=lied)
    board.add(
        plan, "text-lying-json", "attack", answer(body), Stored(text), about="an articleBody that is not the page's"
    )
    climb = "/news/..%2F..%2F..%2F..%2Fclimbed-slug"
    text, body = board.article("climbed-slug")
    board.add(plan, "climbed-slug", "attack", answer(body), either(Stored(text), Refused()), path=climb, about=climb)
    named = [("Content-Disposition", 'attachment; filename="../../../../climbed-file.html"')]
    text, body = board.article("climbed-file")
    check = either(Stored(text), Refused())
    board.add(plan, "climbed-file", "attack", answer(body, headers=named), check, about="a file name that climbs")


def add_headers(board: Board, plan: Plan) -> None:
    """Cookies, policies that name code, validators of absurd size and date."""
    flood = [("Set-Cookie", f"c{number}={'v' * 60}; Path=/") for number in range(120)]
    headers = {
        "cookie-flood": (flood, "120 cookies"),
        "cookie-deluge": (flood * 20, "2,400 cookies"),
        "cookie-fat": ([("Set-Cookie", f"c{number}={'v' * 4_000}") for number in range(80)], "80 cookies of 4 KB"),
        "cookie-one": ([("Set-Cookie", "session=1; Path=/")], "one cookie"),
        "policy-callable": ([("Referrer-Policy", "os.abort")], "Referrer-Policy names a callable"),
        "policy-path": ([("Referrer-Policy", "scrapy.spidermiddlewares.referer.UnsafeUrlPolicy")], "names a class"),
        "dated-2099": (
            [("Last-Modified", "Thu, 01 Jan 2099 00:00:00 GMT"), ("Date", "yesterday")],
            "dates of tomorrow",
        ),
        "etag-long": ([("ETag", '"' + "e" * 6_000 + '"')], "an ETag of 6 KB"),
        "etag-odd": ([("ETag", 'W/"a, \\"b\xa0'), ("Last-Modified", "\x7f;DROP")], "an ETag that is no token"),
    }
    for name, (given, about) in headers.items():
        text, body = board.article(name)
        board.add(plan, name, "header", answer(body, headers=given), Stored(text), about=about)
    board.add(plan, "cookies-stay-out", "header", None, HeaderNeverSent("cookie"), where=None, about="none comes back")
    wall = redirect("/news/cookie-wall", headers=[("Set-Cookie", "seen=1")])
    board.add(
        plan, "cookie-wall", "header", wall, refused("too_many_redirects"), about="redirects until a cookie comes"
    )


def add_dates(board: Board, plan: Plan) -> None:
    """Dates that pages state: impossible ones, and ones without a zone."""
    for name, stamp in {
        "page-date-2099": "2099-01-01T10:00:00Z",
        "page-date-1970": "1970-01-01T00:00:00Z",
        "page-date-0": "0000-00-00",
    }.items():
        text = write_text(name)
        body = page(text, Dress("jsonld", date_text=stamp))
        board.add(plan, name, "date", answer(body), Stored(text, None), about=stamp)
    local = (board.now - timedelta(hours=26)).replace(second=0)
    riyadh = timezone(timedelta(hours=3))
    printed = local.astimezone(riyadh).replace(tzinfo=None).isoformat()
    text = write_text("page-date-local", "ar")
    body = page(text, Dress("jsonld", date_text=printed))
    stated: datetime = local
    board.add(plan, "page-date-local", "date", answer(body), Stored(text, stated), about="no zone: the outlet's counts")


def add_slugs(board: Board, plan: Plan) -> None:
    """Addresses in Arabic letters, raw and escaped, and escapes that are no UTF-8."""
    slug, origin = "افتتاح-جسر", plan.listener.origin
    text, body = board.article("slug-arabic", "ar")
    path = f"/news/{quote(slug)}/slug-arabic"
    board.announce(plan, SITEMAP, Entry(origin + path))
    raw = f"{origin}/news/{slug}/slug-arabic"
    checks = (Stored(text), AskedAtMost(2))
    board.add(plan, "slug-arabic", "encoding", answer(body), *checks, path=path, href=raw, about="raw and escaped: one")
    text, body = board.article("slug-1256", "ar")
    path = "/news/%C7%E1%CE%C8%D1/slug-1256"
    board.add(plan, "slug-1256", "encoding", answer(body), Stored(text), path=path, about="windows-1256 in escapes")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("letters", "ar", "Asia/Riyadh")
    add_encodings(board, plan)
    add_slugs(board, plan)
    add_characters(board, plan)
    add_attacks(board, plan)
    add_headers(board, plan)
    add_dates(board, plan)
    return plan
