"""Which canonical links are believed."""

from __future__ import annotations

import pytest

from flows.article_address import article_address

PAGE = "https://paper.example/news/world/ferry-crew-saved-off-tripoli-55136"


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        (None, False),
        ("https://paper.example/", False),
        ("https://paper.example/news", False),
        ("https://other.example/news/world/ferry-crew-saved-off-tripoli-55136", False),
        ("https://paper.example:8443/news/world/ferry-crew-saved-off-tripoli-55136", False),
        ("https://paper.example/news/world/another-report-altogether-55137", False),
        ("https://paper.example/2026/ferry-crew-saved-off-tripoli-55136", True),
        ("https://paper.example/n/55136", True),
        (PAGE + "?utm_source=feed", True),
    ],
)
def test_only_a_canonical_of_the_same_article_counts(canonical: str | None, believed: bool) -> None:
    assert article_address(PAGE, canonical) == (canonical if believed else PAGE)


def test_a_shared_date_is_no_sign() -> None:
    page, other = "https://paper.example/20261123/ferry", "https://paper.example/20261123/storm"
    assert article_address(page, other) == page
    assert article_address("https://paper.example/2026/ferry", "https://paper.example/2026/storm") != other
