from __future__ import annotations

import gzip

import pytest

from pipeline.reasons import Reason
from pipeline.records import Rejection
from tests.pipeline.extract.pages import BODY, HEADLINE, LINES, article, page, read

WHOLE = {
    "no charset, windows-1256": page(meta="").encode("cp1256"),
    "UTF-8 declared, windows-1256 sent": page().encode("cp1256"),
    "UTF-16 with a mark": b"\xff\xfe" + page().encode("utf-16-le"),
    "UTF-16 without a mark": page().encode("utf-16-be"),
    "invalid UTF-8": page(after="\x00").encode() + b"\xff\xfe\xd8",
    "NUL bytes": page().replace("ا", "ا\x00").encode(),
    "bidi controls": page().replace(" ", " \u202e\u200f").encode(),
    "zero-width characters": page().replace("ال", "ا\u200bل").encode(),
    "100,000 nested elements behind": page(after="<div>" * 100_000 + "x" + "</div>" * 100_000).encode(),
    "100,000 nested elements before": page(before="<div>" * 100_000 + "</div>" * 100_000).encode(),
    "100,000 nested elements around": page(before="<div>" * 100_000, after="</div>" * 100_000).encode(),
    "30,000 unclosed tables": page(before="<table><tr><td>" * 30_000).encode(),
    "480,000 links before": page(
        before="<ul>" + "".join(f'<li><a href="/{at}">رابط {at}</a></li>' for at in range(480_000)) + "</ul>"
    ).encode(),
    "an inline script of 10 MB": page(before="<script>" + "var a=1;" * 1_300_000 + "</script>").encode(),
    "a style of 10 MB": page(head="<style>" + "a{b:c}" * 1_800_000 + "</style>").encode(),
    "a comment of 10 MB": page(before="<!--" + "x" * 10_500_000 + "-->").encode(),
    "an attribute of 11 MB": page(before='<img src="data:' + "A" * 11_000_000 + '">').encode(),
    "200,000 attributes of one element": page(
        before="<div " + " ".join(f"a{at}=1" for at in range(200_000)) + "></div>"
    ).encode(),
    "300,000 opening brackets": page(before="<" * 300_000).encode(),
    "JSON-LD without a bottom": page(head='<script type="application/ld+json">' + "[" * 100_000 + "</script>").encode(),
    "JSON-LD with half a letter": page(
        head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"\\ud800","author":"\\udfff\\u0000"}'
        "</script>"
    ).encode(),
    "JSON-LD with a number of words that is none": page(
        head='<script type="application/ld+json">{"@type":"NewsArticle","wordCount":"²"}</script>'
        '<script type="application/ld+json">{"@type":"NewsArticle","wordCount":"' + "9" * 5_000 + '"}</script>'
    ).encode(),
    "JSON-LD with endless numbers of characters": page(
        head='<script type="application/ld+json">{"@type":"NewsArticle","author":"&#'
        + "1" * 5_000
        + ';","articleBody":'
        '"&amp;#' + "1" * 5_000 + ';","publisher":"&#' + "1" * 5_000 + '"}</script>'
    ).encode(),
    "metas with endless numbers of characters": page(
        head='<meta name="description" content="&amp;#'
        + "1" * 4_900
        + ';"><meta name="author" content="&amp;#'
        + "1" * 4_900
        + '">'
    ).encode(),
    "an endless number of a character in a line beside": page(
        after="<footer><p>&amp;#" + "1" * 5_000 + ";</p></footer>"
    ).encode(),
    "a mark of UTF-8 before windows-1256": b"\xef\xbb\xbf"
    + page(meta='<meta charset="windows-1256">').encode("cp1256"),
    "blanks by the thousand before": b"\r\n \t" * 100_000 + page().encode(),
    "JSON-LD of odd types": page(
        head='<script type="application/ld+json">{"@type":"NewsArticle","headline":{"a":[[]]},"author":[[["x"]]],'
        '"articleBody":["a",{"b":2}],"datePublished":7}</script>'
    ).encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_article_comes_out_whole(name: str) -> None:
    found = article(WHOLE[name])
    assert found.body == BODY
    assert found.headline == HEADLINE


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"%PDF-1.7 " + b"x" * 500, Reason.NOT_HTML),
        (b"PK\x03\x04" + b"x" * 500, Reason.NOT_HTML),
        (gzip.compress(page().encode(), mtime=0), Reason.NOT_HTML),
        (b'{"a": 1}', Reason.NOT_HTML),
        (b'<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>', Reason.NOT_HTML),
        (b"", Reason.NO_BODY),
        (b" \n ", Reason.NO_BODY),
        (bytes(at * 7919 % 256 for at in range(20_000)), Reason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_rejected(payload: bytes, reason: Reason) -> None:
    outcome = read(payload)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is reason


@pytest.mark.parametrize("mark", ["disconnect", "time"])
def test_a_truncated_capture_is_no_article(mark: str) -> None:
    outcome = read(page(), truncated=mark)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.TRUNCATED


def test_a_page_that_breaks_off_in_its_text_is_rejected() -> None:
    source = page()
    outcome = read(source[: source.index(LINES[2]) + 50])
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.HALF_PAGE


def test_a_page_without_end_tags_that_ends_after_its_text_is_whole() -> None:
    source = page()
    assert article(source[: source.index("</article>")]).body == BODY


def test_script_in_titles_is_text_without_tags() -> None:
    found = article(page(headline=f"<script>alert(1)</script>{HEADLINE}"))
    assert found.headline is not None
    assert "<" not in found.headline
    assert HEADLINE in found.headline


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://site.example/x", "http://[bad", "https://u:p@site.example/"]
)
def test_a_canonical_link_that_is_no_web_address_is_dropped(address: str) -> None:
    assert article(page(head=f'<link rel="canonical" href="{address}">')).canonical_url is None


def test_a_canonical_link_elsewhere_is_kept_and_flagged() -> None:
    found = article(page(head='<link rel="canonical" href="https://other.example/1">'))
    assert found.canonical_url == "https://other.example/1"
    assert "canonical_elsewhere" in found.flags
    assert found.url == "https://site.example/news/1"


def test_a_report_of_something_not_found_is_an_article() -> None:
    lost = "<p>Rescuers said that the missing plane was not found on Monday, the fourth day of the search.</p>"
    more = (
        "<p>Some 410 people took part, and the search will go on for as long as the weather allows it, they added.</p>"
    )
    assert article(page(headline="Missing plane still not found", inner=lost + more)).headline


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Back soon", "We are carrying out scheduled maintenance. Please come back in a few minutes and read on."),
        ("Access denied", "You do not have permission to see this page. Your reference number is 18.2f9a.77, thanks."),
        ("Just a moment", "Checking your browser. This takes a few seconds, then you are taken to your page at once."),
        ("الموقع تحت الصيانة", "نعتذر عن الإزعاج، الموقع الآن تحت الصيانة وسنعود بعد دقائق قليلة، شكرا لصبركم معنا."),
        (
            "Bakım çalışması",
            "Sitemiz bakım çalışması nedeniyle bir süre kapalıdır, lütfen biraz sonra yeniden deneyin.",
        ),
    ],
)
def test_a_page_for_the_meantime_is_no_article(headline: str, text: str) -> None:
    outcome = read(page(headline=headline, inner=f"<p>{text}</p>"))
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.SOFT_404


def test_a_report_of_maintenance_is_an_article() -> None:
    text = "<p>The bridge is under maintenance and will open again later this week, the town said on Monday.</p>"
    stated = '<meta property="article:published_time" content="2025-11-19T09:30:00Z">'
    assert article(page(headline="Bridge closed", head=stated, inner=text * 2)).headline == "Bridge closed"


@pytest.mark.parametrize("junk", ["by By BY ", "12 May 2024, 10:00 ", "subscribe to ", "Reuters AFP AA (Anadolu) "])
def test_a_text_longer_than_any_article_is_none(junk: str) -> None:
    found = read(page(after=f"<p>{junk * 60_000}</p>"))
    assert isinstance(found, Rejection)
    assert found.reason is Reason.TOO_LARGE


def test_controls_of_latin_1_are_what_pages_mean_by_them() -> None:
    line = "The mayor&#146;s wall \x9b2J stands again, she said \x93at last\x94 on Monday\x85 of this very week, no {}."
    lines = "".join(f"<p>{line.format(number)}</p>" for number in range(6))
    found = article(f"<html><head><title>The wall</title></head><body><article>{lines}</article></body></html>")
    assert "The mayor’s wall ›2J stands again, she said “at last” on Monday… of this very week, no 5." in found.body


@pytest.mark.parametrize("heading", ["Index of /news/2026", "Directory listing for /news/"])
def test_a_folders_list_of_files_is_no_article(heading: str) -> None:
    files = "".join(f'<a href="f{at}.html">f{at}.html</a> 2026-01-01 10:00 1k\n' for at in range(50))
    outcome = read(
        f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1><pre>{files}</pre></body></html>"
    )
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.LISTING_PAGE
