"""How addresses are shown: letters where they can be read, and nothing that leads elsewhere."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.show.addresses import readable_address


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://paper.example/%D8%AC%D8%B3%D8%B1-12?a=%20b", "https://paper.example/جسر-12?a=%20b"),
        ("https://paper.example/%c4%b0zmir", "https://paper.example/İzmir"),
        ("https://paper.example/%D8%AC%D8", "https://paper.example/%D8%AC%D8"),  # half a letter
        ("https://paper.example/%E2%80%AEgpj", "https://paper.example/%E2%80%AEgpj"),  # would turn the line around
        ("https://paper.example/a%2Fb%3Fc%25d", "https://paper.example/a%2Fb%3Fc%25d"),
        (None, ""),
    ],
)
def test_letters_are_read_and_nothing_else(url: str | None, read: str) -> None:
    assert readable_address(url) == read


@given(st.text())
def test_it_leads_where_it_led(path: str) -> None:
    url = "https://paper.example/" + quote(path.encode("utf-8", "replace"))
    assert unquote(readable_address(url)) == unquote(url)
