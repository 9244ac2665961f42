from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discover.feeds import parse_feed
from pipeline.discover.found import Found, Source
from pipeline.reasons import Reason
from pipeline.records import PageKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOURCE = Source("news", "https://news.example/rss.xml", PageKind.FEED, NOW, zone=ZoneInfo("Europe/Istanbul"))
ARABIC = "سيول تقطع الطريق بين القريتين"


def item(inner: str) -> str:
    return f"<item>{inner}</item>"


def rss(*items: str, declaration: str = "") -> bytes:
    body = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{"".join(items)}</channel></rss>'
    return (declaration + body).encode()


def reasons(found: Found) -> set[Reason]:
    return {problem.reason for problem in found.problems}


def test_rss() -> None:
    found = parse_feed(
        rss(
            item(
                "<title>Wall &amp; bridge &lt;b&gt;mended&lt;/b&gt;</title><link>/a?x=1&amp;y=2</link><guid>7</guid>"
                "<pubDate>Mon, 04 May 2026 10:00:00 +0300</pubDate><dc:creator><![CDATA[Lina & Omar]]></dc:creator>"
            )
        ),
        SOURCE,
    )
    (one,) = found.discoveries
    assert (one.url, one.headline, one.byline) == (
        "https://news.example/a?x=1&y=2",
        "Wall & bridge mended",
        "Lina & Omar",
    )
    assert one.published_at == datetime(2026, 5, 4, 7, tzinfo=UTC)
    assert found.problems == ()


def test_atom_with_base_and_two_links() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/en/"><entry>
        <title type="html">&lt;i&gt;Ferry&lt;/i&gt; runs again</title><link rel="self" href="x.atom"/>
        <link href="ferry"/>
        <published>2026-05-03T09:30:00</published><updated>2026-05-03T11:00:00Z</updated>
        <author><name>Desk</name></author></entry></feed>"""
    (one,) = parse_feed(atom.encode(), SOURCE).discoveries
    assert (one.url, one.headline, one.byline) == ("https://news.example/en/ferry", "Ferry runs again", "Desk")
    assert one.published_at == datetime(2026, 5, 3, 6, 30, tzinfo=UTC)  # no zone: the outlet's
    assert one.modified_at == datetime(2026, 5, 3, 11, tzinfo=UTC)


def test_rss_1() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"/><item rdf:about="https://news.example/1">
        <title>One</title><dc:date>2026-05-04</dc:date></item></rdf:RDF>"""
    (one,) = parse_feed(rdf.encode(), SOURCE).discoveries
    assert one.url == "https://news.example/1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "iso-8859-1", "no-such-thing"])
def test_wrong_declarations_of_the_encoding(encoding: str, declared: str) -> None:
    text = (
        f'\n\n<?xml version="1.0" encoding="{declared}"?>'
        + rss(item(f"<title>{ARABIC}</title><link>/1</link>")).decode()
    )
    source = replace(SOURCE, content_type="text/xml; charset=windows-1256")
    (one,) = parse_feed(text.encode(encoding), source).discoveries
    if encoding != "windows-1256" or declared != "iso-8859-1":  # there the document itself misleads
        assert one.headline == ARABIC


def test_entities_are_neither_unfolded_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = parse_feed(rss(item("<title>&l11; &f;</title><link>/1</link>"), declaration=doctype), SOURCE)
    (one,) = found.discoveries
    assert "root:" not in (one.headline or "")
    assert len(one.headline or "") < 30
    assert reasons(found) == {Reason.BAD_FEED}


@pytest.mark.parametrize(
    ("title", "link", "url", "headline"),
    [
        ("Bread & salt", "/a?x=1&y=2", "/a?x=1&y=2", "Bread & salt"),
        ("Below 5 < 7", "/a?x=1&amp;y=2", "/a?x=1&y=2", "Below 5 < 7"),
        ("Ferry &hellip; late&nbsp;again", "/a", "/a", "Ferry … late again"),
        ("Ferry &nosuchname; late", "/a?x=1&copy=2", "/a?x=1&copy=2", "Ferry late"),
        ("Late &#55357;&#56832; ferry &#xD83D;", "/a", "/a", "Late ferry"),
        ("<![CDATA[Bread & salt < 5]]>", "<![CDATA[/a?x=1&y=2]]>", "/a?x=1&y=2", "Bread & salt < 5"),
        ("Twice", "<![CDATA[/a?x=1&amp;y=2]]>", "/a?x=1&y=2", "Twice"),
        ("Twice &amp;amp; more", "/a?x=1&amp;amp;y=2", "/a?x=1&y=2", "Twice & more"),
    ],
)
def test_an_ampersand_that_nobody_escaped_costs_nothing(title: str, link: str, url: str, headline: str) -> None:
    found = parse_feed(
        rss(item(f"<title>{title}</title><link>{link}</link>"), item("<title>Last of all</title><link>/last</link>")),
        SOURCE,
    )
    assert [one.url for one in found.discoveries] == [f"https://news.example{url}", "https://news.example/last"]
    assert found.discoveries[0].headline == headline
    assert found.problems == ()


def test_links_that_cannot_be_fetched_are_told() -> None:
    links = ["javascript:alert(1)", "data:text/html,x", "ftp://news.example/x", "https://u:p@news.example/x", "/good"]
    found = parse_feed(rss(*(item(f"<title>t</title><guid>same</guid><link>{one}</link>") for one in links)), SOURCE)
    assert [one.url for one in found.discoveries] == ["https://news.example/good"]
    assert reasons(found) == {Reason.BAD_SCHEME, Reason.BAD_URL}


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 1970 00:00:00 GMT", "2099-01-01T00:00:00Z", "1447-11-17", "tomorrow", "2026-13-45"]
)
def test_impossible_dates_are_told_and_the_entry_is_kept(date: str) -> None:
    found = parse_feed(rss(item(f"<link>/1</link><pubDate>{date}</pubDate>")), SOURCE)
    assert [one.published_at for one in found.discoveries] == [None]
    assert reasons(found) == {Reason.BAD_DATE}


def test_a_cut_feed_gives_its_whole_entries() -> None:
    whole = rss(*(item(f"<link>/{n}</link>") for n in range(10)))
    found = parse_feed(whole[: whole.index(b"/7")], SOURCE)
    assert len(found.discoveries) == 7
    assert reasons(found) == {Reason.TRUNCATED}
    packed = parse_feed(gzip.compress(whole)[:-12], SOURCE)
    assert Reason.TRUNCATED in reasons(packed)


@pytest.mark.parametrize(
    "body", [b"", b"\0" * 100, b"<html><body><p>Sorry</p>", b"{}", b"<opml/>", b"\x1f\x8b\x08oops"]
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    found = parse_feed(body, SOURCE)
    assert found.discoveries == ()
    assert Reason.BAD_FEED in reasons(found)


def test_a_hundred_thousand_entries_give_the_newest() -> None:
    dated = [item(f"<link>/{n}</link><pubDate>2026-05-{1 + n % 4:02d}T00:00:00Z</pubDate>") for n in range(30_000)]
    found = parse_feed(rss(*dated), SOURCE)
    assert len(found.discoveries) == SOURCE.max_items
    assert {one.published_at for one in found.discoveries} == {datetime(2026, 5, 4, tzinfo=UTC)}
    assert reasons(found) == {Reason.TOO_LARGE}


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel>" + b"<a/>" * 1_000_000,
        b"<rss><channel><item>" + b"<a/>" * 1_000_000,
        b"<rss><channel>" + b"<item>" * 1_000_000,
        b"<!DOCTYPE r [" + b"]" * 4_000_000,
        b"<" * 4_000_000,
        b"<rss><channel><item><title>" + b"&eacute;" * 400_000,
    ],
    ids=["empty elements", "endless entry", "nested entries", "brackets", "angle brackets", "entities"],
)
def test_shapes_that_cost_time(body: bytes) -> None:
    began = time.process_time()
    parse_feed(body, SOURCE)
    assert time.process_time() - began < 10  # seconds of CPU


@given(st.binary(max_size=600))
def test_reading_never_raises(body: bytes) -> None:
    parse_feed(body, SOURCE)


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=40))
def test_no_entry_raises(title: str, link: str, date: str) -> None:
    found = parse_feed(rss(item(f"<title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>")), SOURCE)
    for one in found.discoveries:
        one.url.encode("ascii")
        (one.headline or "").encode("utf-8")


@pytest.mark.parametrize("said", ["idna", "undefined", "punycode", "unicode_escape", "utf-16", "utf-32", "cp037"])
def test_an_encoding_that_none_is_costs_no_entry(said: str) -> None:
    data = rss(item("<title>Wall</title><link>/a</link>"), declaration=f'<?xml version="1.0" encoding="{said}"?>')
    for source in (SOURCE, replace(SOURCE, content_type=f"text/xml; charset={said}")):
        found = parse_feed(data.replace(b"Wall", b"W\xe4ll"), source)
        assert [one.url for one in found.discoveries] == ["https://news.example/a"]


@pytest.mark.parametrize("escape", ["&#{};", "&amp;#{};", "<![CDATA[&#{};]]>"])
def test_an_endless_number_of_a_character_costs_no_entry(escape: str) -> None:
    title = f"<title>Wall {escape.format('1' * 4_900)}</title>"
    found = parse_feed(rss(item(f"{title}<link>/a</link>"), item("<link>/b</link>")), SOURCE)
    assert [one.url for one in found.discoveries] == ["https://news.example/a", "https://news.example/b"]


def test_a_base_that_is_no_address_costs_no_entry() -> None:
    entry = '<entry><link href="https://news.example/a"/></entry><entry><link href="/b"/></entry>'
    found = parse_feed(f'<feed xml:base="http://[x">{entry}</feed>'.encode(), SOURCE)
    assert [one.url for one in found.discoveries] == ["https://news.example/a", "https://news.example/b"]


def test_a_document_type_in_small_letters_is_left_out_too() -> None:
    feed = rss(item("<link>/a</link>"), declaration='<!doctype rss [<!ENTITY a "b">]>')
    assert [one.url for one in parse_feed(feed, SOURCE).discoveries] == ["https://news.example/a"]
