"""Entities are resolved once, and endless ones stop nothing."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import unescape


@pytest.mark.parametrize("number", ["1" * 5_000, "0" * 5_000, "9" * 4_301])
@pytest.mark.parametrize("end", [";", "", " "])
def test_an_endless_number_is_a_character_that_cannot_be_read(number: str, end: str) -> None:
    assert unescape(f"a &amp; &#{number}{end}b") == f"a & \ufffd{end.strip(';')}b"


@given(st.text(alphabet="&#;x10aلmp ", max_size=60))
def test_everything_else_is_as_in_html(text: str) -> None:
    assert unescape(text) == html.unescape(text)
