from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from app.web.text import MAX_TITLE, clean, direction, language_tag, outside_link, query_string, title

HOSTILE = "hostile%2F..%2F%3F%23%26"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u200e"


@pytest.mark.parametrize(
    "path",
    [
        "/stories?all=1",
        "/story?id=st-hostile",
        f"/article?id={HOSTILE}",
        f"/compare?a=ferry&b={HOSTILE}",
        f"/compare?a={HOSTILE}&b=bridge-origin",
        "/stories?search=%3Cscript%3Ealert(1)%3C/script%3E&agency=%22%3E%3Cimg%20src=x%20onerror=alert(2)%3E",
        "/latency?outlet=%22onfocus=alert(1)%20autofocus=%22",
        "/nothing/%3Cscript%3Ealert(1)%3C/script%3E",
        "/story?id=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_nothing_from_the_wire_is_live(client: TestClient, path: str) -> None:
    text = client.get(path).text
    tree: Any = html.fromstring(text)
    assert not tree.xpath("//script | //img | //b")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//@autofocus")
    assert not [one for one in tree.xpath("//@href") if one.lower().startswith(("javascript:", "data:"))]
    assert not set(BIDI) & set(text)


def test_a_template_in_a_text_stays_text(client: TestClient) -> None:
    assert "{{ 7*7 }}" in client.get(f"/article?id={HOSTILE}").text


def test_an_endless_headline_is_cut(client: TestClient) -> None:
    tree: Any = html.fromstring(client.get("/stories?all=1").text)
    assert max(len(one.text_content()) for one in tree.xpath("//h2")) <= MAX_TITLE + 10


def test_json_keeps_the_text_as_it_is(client: TestClient) -> None:
    answer = client.get(f"/article.json?id={HOSTILE}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["article"]["headline"].startswith("<script>")


def test_titles_are_one_line_without_controls() -> None:
    assert title("a\nb\t\u202ec\u0000 d") == "a b c d"
    assert title(None) == ""
    assert len(title("x" * 1000)) == MAX_TITLE
    assert clean("a\nb\u2068c") == "a\nbc"


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "data:text/html,x", "//host/x", "/path", "ftp://host/x", "https://",
        "http://u:p@host/",
        "https://host/\u202ex", "http://[bad", "x" * 5_000, "JAVASCRIPT:alert(1)", "vbscript:x", "http:host",
    ],
)  # fmt: skip
def test_unsafe_addresses_are_no_links(url: str | None) -> None:
    assert outside_link(url) is None


def test_plain_addresses_are_links() -> None:
    assert outside_link("https://host.example/a?b=c#d") == "https://host.example/a?b=c#d"
    assert outside_link("http://host.example:8080/مقال") is not None


def test_direction_goes_by_most_letters() -> None:
    assert direction("AFP: الرئيس يزور المدينة غدا") == "rtl"
    assert direction("The word سلام means peace") == "ltr"
    assert direction(None) == direction("123") == "ltr"


def test_a_language_tag_is_one_or_nothing() -> None:
    assert language_tag("ar-SA") == "ar-SA"
    for odd in (None, "", 'ar" onclick="x', "x" * 50, "a"):
        assert language_tag(odd) is None


def test_addresses_are_quoted() -> None:
    assert query_string(id="a/../?#&") == "?id=a%2F..%2F%3F%23%26"
    assert query_string(a=None, b="", c=False) == ""
