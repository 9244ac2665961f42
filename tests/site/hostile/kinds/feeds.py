"""Feeds that are broken, hostile or merely odd; what is whole in them is to be taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.site.hostile.answers import answer, labelled, redirect
from tests.site.hostile.board import Board, Plan, rss
from tests.site.hostile.bombs import compress
from tests.site.hostile.case import Check
from tests.site.hostile.checks import Absent, ListenerAskedAtMost, Refused, Stored, either, refused
from tests.site.hostile.server import Responder

BAD = refused("bad_feed")
XML = "application/rss+xml"
DECLARED = '<?xml version="1.0" encoding="utf-8"?>'


def _item(url: str, extra: str = "", title: str = "An item") -> str:
    return f"<item><title>{title}</title><link>{url}</link>{extra}</item>"


class FeedMaker:
    """Adds feeds of their own to one outlet, each announcing one article called like the case."""

    def __init__(self, board: Board, plan: Plan) -> None:
        self.board, self.plan = board, plan
        self.origin = plan.listener.origin

    def url(self, name: str) -> str:
        """The article's address."""
        return f"{self.origin}/news/{name}"

    def serve(self, name: str, responder: Responder) -> None:
        """Put a feed at /feeds/<name>-feed and into the outlet's file."""
        self.plan.listener.routes[f"/feeds/{name}-feed"] = responder
        self.plan.feeds.append(f"{self.origin}/feeds/{name}-feed")

    def taken(self, name: str, content: str | bytes, about: str = "", content_type: str = XML) -> None:
        """A feed whose article must be found."""
        text, body = self.board.article(name)
        self.serve(name, answer(content, content_type=content_type))
        self.board.add(self.plan, name, "feed", answer(body), Stored(text), about=about, where=None)

    def perhaps(self, name: str, content: str | bytes, *checks: Check, about: str = "") -> None:
        """A feed that may be refused as a whole; its article is there for those who read it."""
        text, body = self.board.article(name)
        self.serve(name, answer(content, content_type=XML))
        marks = (name, f"{name}-feed")
        check = either(Stored(text), Refused())
        self.board.add(self.plan, name, "feed", answer(body), check, *checks, about=about, where=None, marks=marks)

    def refused(self, name: str, responder: Responder, check: Refused = BAD, about: str = "") -> None:
        """A feed that gives nothing."""
        self.serve(name, responder)
        self.board.add(self.plan, name, "feed", None, check, about=about, where=None, marks=(f"{name}-feed",))


def add_attacks(board: Board, make: FeedMaker) -> None:
    """External entities, entity expansion, stylesheets and document types that point elsewhere."""
    far = board.canary.origin
    board.secret.write_text("the-canary-sings-at-midnight", "utf-8")
    for name, target in {"xxe-http": f"{far}/xxe", "xxe-file": board.secret.as_uri()}.items():
        doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{target}"><!ENTITY % y SYSTEM "{target}"> %y;]>\n'
        content = rss(_item(make.url(name), "<description>&x;</description>", "&x;"), DECLARED, doctype)
        make.perhaps(name, content, Absent("the-canary-sings-at-midnight"), about=f"an entity from {target[:30]}")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]>\n'
    laughs = rss(_item(make.url("billion-laughs"), title="&l9;"), DECLARED, doctype)
    make.perhaps("billion-laughs", laughs, about="entities that unfold a billionfold")
    blow = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>\n'
    quadratic = rss(_item(make.url("quadratic"), title="&a;" * 100_000), DECLARED, blow)
    make.perhaps("quadratic", quadratic, about="one long entity, many times")
    netscape = f'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "{far}/rss-0.91.dtd">\n'
    make.taken("feed-dtd", rss(_item(make.url("feed-dtd")), DECLARED, netscape), "a document type on another port")
    sheet = f'{DECLARED}\n<?xml-stylesheet href="{far}/style.xsl" type="text/xsl"?>'
    make.taken("feed-stylesheet", rss(_item(make.url("feed-stylesheet")), sheet), "a stylesheet on another port")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{board.secret.as_uri()}"/>'
    make.taken("feed-xinclude", rss(_item(make.url("feed-xinclude")) + include))
    deep = "<a>" * 100_000
    make.perhaps("feed-deep", rss(_item(make.url("feed-deep")) + deep), about="100,000 nested elements")
    make.refused("feed-redirect", redirect(f"{far}/feed.xml?feed-redirect"), refused("out_of_scope", "blocked_address"))


def add_broken(make: FeedMaker) -> None:
    """No XML, nothing, errors, cut XML."""
    page = "<!doctype html><html><body><h1>We have moved</h1><p>Feeds are over</p><br><img src=a></body></html>"
    make.refused("feed-html", answer(page), about="HTML instead of XML")
    make.refused("feed-empty", answer("", content_type=XML), about="nothing")
    make.refused("feed-json", answer('{"items": []}', content_type=XML), about="JSON")
    make.refused("feed-binary", answer(bytes(range(256)) * 40, content_type=XML), about="bytes")
    make.refused("feed-404", answer("gone", 404), refused("http_error", "gone", "bad_feed"), about="404")
    make.refused("feed-500", answer("oops", 500), refused("http_error", "busy"), about="500")
    whole = rss(_item(make.url("feed-cut"), "<description>whole</description>") + _item(make.url("feed-cut-late")))
    make.taken("feed-cut", whole[: whole.index("feed-cut-late") - 4], "XML that breaks off in its second item")
    packed = compress("gzip", rss(_item(make.url("feed-cut-gzip")) + _item("/x") * 3_000).encode())
    make.serve("feed-cut-gzip", labelled("gzip", packed[: len(packed) // 2], XML))
    text, body = make.board.article("feed-cut-gzip")
    check = either(Stored(text), refused("truncated", "bad_encoding", "bad_feed"))
    marks = ("feed-cut-gzip", "feed-cut-gzip-feed")
    make.board.add(make.plan, "feed-cut-gzip", "feed", answer(body), check, where=None, marks=marks)


def add_odd(make: FeedMaker) -> None:
    """Feeds in the wild: to be read all the same."""

    def one(name: str, **parts: str) -> str:
        return rss(_item(make.url(name), **parts))

    make.taken(
        "feed-bom", b"\xef\xbb\xbf\n\n  \n" + one("feed-bom").encode(), "a byte-order mark and blank lines first"
    )
    make.taken("feed-blank", "\n\n\n" + one("feed-blank"), "blank lines before the declaration")
    make.taken("feed-as-html", one("feed-as-html"), "called text/html", "text/html")
    make.taken("feed-as-octets", one("feed-as-octets"), "called bytes", "application/octet-stream")
    make.taken("feed-controls", one("feed-controls", title="a\x0b\x00\x1f b"), "control characters")
    make.taken("feed-entities", one("feed-entities", title="Bread & wine &nbsp; &eacute; &bogus;"), "loose ampersands")
    loose = rss(_item(make.url("feed-query") + "?a=1&page=2", title="Bread & salt < 5") + _item("/x?a=1&b=2"))
    make.taken("feed-query", loose, "addresses whose ampersands nobody escaped")
    make.taken(
        "feed-spaces", rss(_item(f"\n   <![CDATA[ {make.url('feed-spaces')} ]]>\n ")), "a link in CDATA and blanks"
    )
    make.taken("feed-relative", rss(_item("/news/feed-relative")), "a relative link")
    guid = f'<item><title>t</title><guid isPermaLink="true">{make.url("feed-guid")}</guid></item>'
    make.taken("feed-guid", rss(guid), "only a guid")
    for name, encoding in {
        "feed-says-utf-16": "utf-16",
        "feed-says-latin": "iso-8859-9",
        "feed-says-x": "klingon",
    }.items():
        wrong = f'<?xml version="1.0" encoding="{encoding}"?>'
        content = rss(_item(make.url(name), title="عنوان من البلدة"), wrong)
        make.taken(name, content, f"UTF-8 that says {encoding}")
    arabic = rss(_item(make.url("feed-1256"), title="عنوان من البلدة"), '<?xml version="1.0" encoding="windows-1256"?>')
    make.taken("feed-1256", arabic.encode("cp1256"), "windows-1256, declared")
    wide = rss(_item(make.url("feed-utf-16")), '<?xml version="1.0" encoding="utf-16"?>')
    make.taken("feed-utf-16", wide.encode("utf-16"), "UTF-16 with a mark")
    atom = (
        f'{DECLARED}<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>e</title>'
        f'<link rel="enclosure" href="{make.board.canary.origin}/e.mp3"/><link rel="alternate" href="/news/feed-atom"/>'
        "<id>urn:1</id><updated>nonsense</updated></entry></feed>"
    )
    make.taken("feed-atom", atom, "Atom with relative links and no real date", "application/atom+xml")
    rdf = (
        f'{DECLARED}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f'<channel><title>t</title></channel><item rdf:about="x"><title>t</title>'
        f"<link>{make.url('feed-rdf')}</link></item></rdf:RDF>"
    )
    make.taken("feed-rdf", rdf, "RSS 1.0")
    twins = "".join(_item(make.url(f"feed-twin-{n}"), "<guid isPermaLink='false'>same</guid>") for n in (1, 2))
    make.taken("feed-twin-1", rss(twins), "two items, one guid")
    text, body = make.board.article("feed-twin-2")
    make.board.add(make.plan, "feed-twin-2", "feed", answer(body), Stored(text), where=None, about="the second item")


def add_dates(make: FeedMaker) -> None:
    """Impossible dates in feeds, on pages that state none."""
    now = make.board.now
    stamps = {
        "date-2099": ("Thu, 01 Jan 2099 00:00:00 GMT", None),
        "date-1970": ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        "date-words": ("yesterday, after lunch", None),
        "date-year-0": ("0000-00-00T00:00:00Z", None),
        "date-digits": ("9" * 60, None),
        "date-zone": (format_datetime((now - timedelta(hours=30)).replace(second=0)), "true"),
    }
    for name, (stamp, kept) in stamps.items():
        text, body = make.board.article(name, published=None, style="og")
        published = (now - timedelta(hours=30)).replace(second=0) if kept else None
        make.serve(name, answer(rss(_item(make.url(name), f"<pubDate>{stamp}</pubDate>")), content_type=XML))
        check = Stored(text, published)
        make.board.add(make.plan, name, "date", answer(body), check, where=None, about=f"pubDate {stamp[:40]}")
    text, body = make.board.article("date-hijri", published=None, style="og")
    hijri = "الأحد ١٥ ربيع الأول ١٤٤٧ ١٠:٣٠"
    make.serve("date-hijri", answer(rss(_item(make.url("date-hijri"), f"<pubDate>{hijri}</pubDate>"))))
    first = datetime(2025, 9, 7, 10, 30, tzinfo=UTC)
    check_hijri = either(Stored(text, None), Stored(text, first), Stored(text, first.replace(hour=0, minute=0)))
    make.board.add(make.plan, "date-hijri", "date", answer(body), check_hijri, where=None, about="a Hijri date")


def add_flood(board: Board) -> None:
    """A feed of 100,000 items, two of them worth having and newest."""
    plan = board.outlet("flood", "en", max_pages=25)
    origin = plan.listener.origin
    for name in ("flood-newest", "flood-second"):
        text, body = board.article(name)
        about = "among 100,000 items, with the newest dates"
        board.add(plan, name, "feed", answer(body), Stored(text), where=None, about=about)
    newest = "".join(
        _item(f"{origin}/news/{name}", f"<pubDate>{format_datetime(board.now)}</pubDate>")
        for name in ("flood-newest", "flood-second")
    )
    rest = "".join(f"<item><link>{origin}/news/many/{number}</link></item>" for number in range(100_000))
    plan.listener.routes["/flood.xml"] = answer(rss(newest + rest), content_type=XML)
    plan.feeds.append(f"{origin}/flood.xml")
    bound = ListenerAskedAtMost("flood", 25 + 8)
    board.add(
        plan, "flood-bound", "feed", None, bound, where=None, about="max_pages is 25; robots and feed come on top"
    )


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("feeds", "en", concurrency=8)
    make = FeedMaker(board, plan)
    add_attacks(board, make)
    add_broken(make)
    add_odd(make)
    add_dates(make)
    add_flood(board)
    return plan
