"""The configured outlet of a page."""

from __future__ import annotations

import pytest

from pipeline.homes import Homes
from pipeline.outlets import Outlet


def outlet(name: str, feed: str, **discover: object) -> Outlet:
    given = {"id": name, "name": name, "language": "ar", "time_zone": "UTC", "discover": {"feeds": [feed], **discover}}
    return Outlet.model_validate(given)


HOMES = Homes(
    [
        outlet("wire-tr", "https://wire.example/tr/rss", article_urls=r"/tr/.+/\d+$"),
        outlet("wire-ar", "https://wire.example/ar/rss", article_urls=r"/ar/.+/\d+$"),
        outlet("wire-en", "https://wire.example/en/rss"),
        outlet("paper", "https://paper.example/feed", also_origins=["https://cdn.paper.example:8443"]),
    ]
)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://paper.example/any/thing", "paper"),
        ("https://PAPER.example:443/", "paper"),
        ("https://cdn.paper.example:8443/x", "paper"),
        ("https://cdn.paper.example/x", None),
        ("http://paper.example/x", None),
        ("https://wire.example/ar/news/1", "wire-ar"),
        ("https://wire.example/tr/news/1", "wire-tr"),
        ("https://wire.example/en/news/1", "wire-en"),
        ("https://wire.example/tr/about", "wire-tr"),
        ("https://wire.example/", "wire-ar"),
        ("https://elsewhere.example/", None),
        ("http://[broken/", None),
        ("", None),
    ],
)
def test_a_page_belongs_to_the_outlet_of_its_origin(url: str, wanted: str | None) -> None:
    assert HOMES.id_of(url) == wanted
