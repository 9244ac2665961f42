from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.robots_rules import parse_robots

AGENT = "wirecopy/0.1 (research crawler)"
BASE = "https://news.example"


def allows(robots: str, path: str) -> bool:
    return parse_robots(robots.encode(), AGENT).allows(BASE + path)


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a", "/ab/c", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /a*b*c", "/axxbyyc", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxcyyb", True),
        ("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/1", True),
        ("User-agent: *\nAllow: /news\nDisallow: /news", "/news/1", True),  # as long: Allow wins
        ("User-agent: *\nDisallow: /\n\nUser-agent: WireCopy\nDisallow: /private", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: wirecopy\nDisallow: /private", "/private/x", False),
        ("User-agent: wirecopybot\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: wirecopy\nDisallow: /a", "/a", False),
        ("User-agent: wirecopy\nDisallow: /a\n\nUser-agent: wirecopy\nDisallow: /b", "/b", False),  # groups are merged
        ("user-agent:*\ndisallow:/a # why", "/a", False),
        ("Disallow: /a", "/a", True),  # a rule before any group
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: *\nSitemap: https://news.example/s.xml\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /أخبار", "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1", False),
        ("User-agent: *\nDisallow: /%d8%a3", "/أ", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /*?print=", "/x?print=1", False),
        ("<html><body>not found</body></html>", "/a", True),
    ],
)
def test_rules(robots: str, path: str, allowed: bool) -> None:
    assert allows(robots, path) is allowed


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("Crawl-delay: 5", 5.0),
        ("crawl-delay: 0.5", 0.5),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: 10000000000", 1e10),
        ("Crawl-delay: " + "9" * 200, 1e200),
        ("", None),
    ],
)
def test_crawl_delay(line: str, delay: float | None) -> None:
    assert parse_robots(f"User-agent: *\n{line}\nDisallow: /x".encode(), AGENT).delay == delay


def test_only_the_first_500_kib_count_and_no_half_rule() -> None:
    robots = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * 60_000 + b"Disallow: /\n"
    rules = parse_robots(robots, AGENT)
    assert not rules.allows(BASE + "/a")
    assert rules.allows(BASE + "/b")
    exact = b"User-agent: *\n" + b"#" * (512_000 - 14 - 12) + b"\nDisallow: /abc"
    assert parse_robots(exact[:512_000], AGENT).allows(BASE + "/ab")


def test_matching_takes_no_long_time() -> None:
    robots = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 900}{n}\n" for n in range(200))
    rules = parse_robots(robots.encode(), AGENT)
    began = time.process_time()
    assert rules.allows(BASE + "/" + "a" * 1_900)
    assert time.process_time() - began < 2


@given(st.binary(max_size=500), st.text(max_size=50))
def test_reading_never_raises(robots: bytes, path: str) -> None:
    parse_robots(robots, AGENT).allows(f"{BASE}/{path}")
