from __future__ import annotations

import pytest

from crawlers.scope import Scope
from pipeline.outlets import Outlet
from pipeline.reasons import Reason

OUTLET = Outlet.model_validate(
    {
        "id": "news",
        "name": "News",
        "language": "en",
        "time_zone": "UTC",
        "discover": {"feeds": ["https://news.example/rss"], "also_origins": ["http://cdn.example:8080"]},
    }
)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://news.example/a", None),
        ("https://NEWS.example:443/a", None),
        ("http://cdn.example:8080/a", None),
        ("http://news.example/a", Reason.OUT_OF_SCOPE),
        ("https://news.example:8443/a", Reason.OUT_OF_SCOPE),
        ("https://sub.news.example/a", Reason.OUT_OF_SCOPE),
        ("https://news.example.evil.example/a", Reason.OUT_OF_SCOPE),
        ("http://cdn.example/a", Reason.OUT_OF_SCOPE),
        ("https://news.example@evil.example/a", Reason.BAD_URL),
        ("https://evil.example\\@news.example/a", Reason.BAD_URL),
        ("ftp://news.example/a", Reason.BAD_SCHEME),
        ("file:///etc/passwd", Reason.BAD_SCHEME),
        ("https://news.example/" + "a" * 3_000, Reason.BAD_URL),
    ],
)
def test_the_whole_origin_counts(url: str, reason: Reason | None) -> None:
    refused = Scope(OUTLET).refusal(url)
    assert (refused[0] if refused else None) is reason


def test_http_links_of_an_https_site_are_taken_as_https() -> None:
    scope = Scope(OUTLET)
    assert scope.inside("http://news.example/a?b=1") == "https://news.example/a?b=1"
    for url in ("http://news.example:8000/a", "http://other.example/a", "https://news.example/a"):
        assert scope.inside(url) == url
