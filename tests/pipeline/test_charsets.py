"""Which stated names of encodings can be believed."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.charsets import codec_of


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("windows-1256", "cp1256"),
        ("iso-8859-6", "iso8859-6"),
        ("arabic", "iso8859-6"),
        ("ISO-8859-9", "iso8859-9"),
        ("koi8-r", "koi8-r"),
        ("gb18030", "gb18030"),
        ("big5", "big5"),
        ("shift_jis", "shift_jis"),
        ("euc-kr", "euc_kr"),
    ],
)
def test_encodings_of_the_web(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "label",
    [
        "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "hz", "rot13", "base64",
        "zip", "utf-16", "utf-16-le", "utf-32", "cp037", "cp864", "x-sesame", "", "..", "a\x00b", "x" * 500,
    ],
)  # fmt: skip
def test_names_that_are_none(label: str) -> None:
    assert codec_of(label) is None


@given(st.sampled_from(["utf-8", "cp1256", "iso-8859-6", "cp1254", "gb18030", "shift_jis", "big5"]), st.binary())
def test_what_is_an_encoding_passes_over_any_error(label: str, data: bytes) -> None:
    name = codec_of(label)
    assert name == codecs.lookup(label).name
    assert isinstance(data.decode(name, "replace"), str)
