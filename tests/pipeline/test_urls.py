from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reasons import Reason
from pipeline.urls import article_id, clean_url, origin_of, registrable_domain, same_origin, url_key

SAME = {
    "https://news.example/a/flood-wall-5521": [
        "http://news.example/a/flood-wall-5521",
        "https://www.news.example/a/flood-wall-5521",
        "https://m.news.example/a/flood-wall-5521",
        "https://amp.news.example/a/flood-wall-5521",
        "https://NEWS.example:443/a/flood-wall-5521/",
        "https://news.example/a/flood-wall-5521#comments",
        "https://news.example/a/flood-wall-5521?utm_source=x&utm_medium=y",
        "https://news.example/a/flood-wall-5521?fbclid=IwAR0&gclid=1",
        "https://news.example/a/flood-wall-5521;jsessionid=AB12CD34",
        "https://news.example/a/flood-wall-5521?PHPSESSID=8c3b1f6a7d",
        "https://news.example/a/flood-wall-5521?sid=9f8e7d6c5b4a39281706",
        "https://news.example/a/flood-wall-5521/amp/",
        "https://news.example/amp/a/flood-wall-5521",
        "https://news.example/a/flood-wall-5521?amp=1",
        "https://news.example/a/flood-wall-5521?outputType=amp",
        "https://news.example/a/flood-wall-5521?ref=rss",
        "https://news.example/a/./b/../flood-wall-5521",
        "https://news.example//a//flood-wall-5521",
        "https://news.example/a/flood%2Dwall%2D5521",
        "https://news.example./a/flood-wall-5521",
        "https://news.example/a/flood-wall-5521?",
        "https://news.example/a/flood-wall-5521?utm_source=x&amp;utm_medium=y",
    ],
    "https://haber.example/?id=7&dil=tr": [
        "http://haber.example/index.php?dil=tr&id=7",
        "https://haber.example?id=7&dil=tr",
    ],
    "https://site.example/أخبار/السيول": [
        "https://site.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%d8%a7%d9%84%d8%b3%d9%8a%d9%88%d9%84"
    ],
    "https://münchen.example/x": ["https://xn--mnchen-3ya.example/x", "https://MÜNCHEN.example/x"],
}
DIFFERENT = [
    ("https://news.example/a?id=1", "https://news.example/a?id=2"),
    ("https://news.example/a?p=1", "https://news.example/a?p=11"),
    ("https://news.example/a", "https://news.example/A"),
    ("https://news.example/a", "https://other.example/a"),
    ("https://news.example/a", "https://sport.news.example/a"),
    ("https://news.example:8080/a", "https://news.example/a"),
    ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
    ("https://news.example/a/b", "https://news.example/a%2Fb"),
    ("https://news.example/a?ref=4711", "https://news.example/a?ref=4712"),
    ("https://news.example/a?sid=4711", "https://news.example/a?sid=4712"),
    ("https://news.example/#!/story/1", "https://news.example/#!/story/2"),
    ("https://news.example/a?x=1%262", "https://news.example/a?x=1&2"),
    ("https://news.example/champ", "https://news.example/ch"),
    ("https://m.example/a", "https://example/a"),
    ("javascript:a", "javascript:b"),
]


@pytest.mark.parametrize(("url", "variant"), [(url, one) for url, many in SAME.items() for one in many])
def test_variants_are_one_article(url: str, variant: str) -> None:
    assert url_key(variant) == url_key(url)
    assert article_id("o", variant) == article_id("o", url)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_articles_stay_apart(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_article_ids_differ_between_outlets() -> None:
    assert article_id("a", "https://x.example/1") != article_id("b", "https://x.example/1")


@pytest.mark.parametrize(
    ("href", "base", "url", "reason"),
    [
        ("/x", "https://a.example/b/c", "https://a.example/x", None),
        ("x y", "https://a.example/b/c", "https://a.example/b/x%20y", None),
        ("//b.example/é?q=ü", "https://a.example/", "https://b.example/%C3%A9?q=%C3%BC", None),
        ("  https://a.example:443/x#top\n", None, "https://a.example/x", None),
        ("https://a.example/100%", None, "https://a.example/100%25", None),
        ("https://a.exa\nmple/x", None, "https://a.example/x", None),
        ("javascript:alert(1)", "https://a.example/", "javascript:alert(1)", Reason.BAD_SCHEME),
        ("data:text/html,x", "https://a.example/", "data:text/html,x", Reason.BAD_SCHEME),
        ("ftp://a.example/x", None, "ftp://a.example/x", Reason.BAD_SCHEME),
        ("x", None, "x", Reason.BAD_URL),
        ("https://user:secret@a.example/", None, "https://user:secret@a.example/", Reason.BAD_URL),
        ("https://a.example\\@b.example/", None, "https://a.example\\@b.example/", Reason.BAD_URL),
        ("http://[::1", None, "http://[::1", Reason.BAD_URL),
        ("http://a.example:99999/", None, "http://a.example:99999/", Reason.BAD_URL),
        ("http://exa mple/", None, "http://exa mple/", Reason.BAD_URL),
    ],
)
def test_clean_url(href: str, base: str | None, url: str, reason: Reason | None) -> None:
    assert clean_url(href, base) == (url, reason)


def test_clean_url_refuses_what_is_too_long() -> None:
    assert clean_url("https://a.example/" + "x" * 3_000)[1] is Reason.BAD_URL


def test_origins() -> None:
    assert origin_of("HTTP://A.example/x") == ("http", "a.example", 80)
    assert origin_of("https://[::1]:8443/") == ("https", "::1", 8443)
    assert same_origin("https://a.example/x", "https://a.example:443/y")
    assert not same_origin("https://a.example/x", "http://a.example/x")
    assert not same_origin("https://a.example/x", "nonsense")
    with pytest.raises(ValueError, match="host"):
        origin_of("mailto:x")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.site.co.uk/x", "site.co.uk"),
        ("https://www.haber.com.tr/", "haber.com.tr"),
        ("https://com.tr/", "com.tr"),
        ("https://www.paper.example/", "paper.example"),
        ("https://a.b.paper.test:8443/", "paper.test"),
        ("https://paper.example/", "paper.example"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_registrable_domain(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


@given(st.text(max_size=200))
def test_url_key_never_raises_and_fits_its_column(text: str) -> None:
    assert len(url_key(text)) <= 2_100


@given(st.text(max_size=100), st.text(max_size=100))
def test_clean_url_never_raises_and_its_urls_stay_clean(href: str, path: str) -> None:
    for base in (None, "https://a.example/b/"):
        url, reason = clean_url(href, base)
        if reason is None:
            assert clean_url(url) == (url, None)
            assert origin_of(url)


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40),
    st.sampled_from(["utm_source", "fbclid", "mc_eid"]),
)
def test_tracking_never_changes_the_key(slug: str, parameter: str) -> None:
    url = f"https://news.example/{slug}"
    assert url_key(f"{url}?{parameter}=x") == url_key(url)


@given(
    st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from(["id", "p", "sid", "ref", "haber", "s", "article"])
)
def test_numbers_in_parameters_are_kept(one: int, other: int, name: str) -> None:
    keys = {url_key(f"https://news.example/n?{name}={number}") for number in (one, other)}
    assert len(keys) == len({one, other})
