"""Comparing wordings: the same words, how much of one text stands in another."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.entities import unescape
from pipeline.extract.months import fold

WORD = re.compile(r"\w+")
# Marks that order or break text on the screen; readers do not see them, and copies differ by them. Joiners stay.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]"
)
# Controls of ISO 8859-1: what pages mean by them stands at the same places of windows-1252, or nowhere.
C1 = re.compile("[\x80-\x9f]")
AS_MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
SPACES = re.compile(r"\s+")
TAGS = re.compile(r"<[^<>]{0,2000}>")


def names(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text))


def same_words(left: str, right: str) -> bool:
    """True where two lines say the same but for punctuation, case and vowel marks."""
    return words_of(left) == words_of(right)


def overlap(left: list[str], right: list[str]) -> float:
    """F1 of two bags of words, 0 to 1."""
    common = sum((Counter(left) & Counter(right)).values())
    return 2 * common / (len(left) + len(right)) if common else 0.0


def containment(part: list[str], whole: list[str], size: int = 4) -> float:
    """Share of the word shingles of `part` that stand in `whole`, 0 to 1."""
    shingles = {tuple(part[at : at + size]) for at in range(len(part) - size + 1)}
    if not shingles:
        return 0.0
    others = {tuple(whole[at : at + size]) for at in range(len(whole) - size + 1)}
    return len(shingles & others) / len(shingles)


def one_line(text: str) -> str:
    """A line of a head or JSON-LD: entities read twice (systems escape them twice), tags and surplus spaces gone."""
    text = unescape(unescape(text))
    return clean(TAGS.sub(" ", text) if "<" in text else text)


def clean(text: str) -> str:
    """Text as readers see it: single spaces, no invisible marks."""
    plain = " ".join(text.split())
    if plain.isprintable():  # nearly all text is: none of the marks can be shown
        return plain
    if not text.isascii() and C1.search(text):
        text = text.translate(AS_MEANT)
    return SPACES.sub(" ", INVISIBLE.sub("", text)).strip()
