"""Words as people type them: one spelling for its variants, and Arabic words also without their attached particles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Longest first. "and the", "by the", "like the", "then the", "for the", "the".
WITH_ARTICLE = ("وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
# One-letter particles are stripped where an article is stored, not where one is asked for: a word that merely begins
# with one of these letters would otherwise find strangers.
PARTICLES = ("و", "ب", "ل", "ف", "ك")
LEAST_STEM = 3
MAX_WORD = 60
MAX_QUERY_WORDS = 12
MAX_QUERY_CHARACTERS = 300
# What one article adds to the index at most; a body beyond that is no article of this world.
MAX_ARTICLE_CHARACTERS = 200_000
_WORD = re.compile(r"[^\W_]+")


_DROPPED = re.compile("[\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0307]")
_LETTERS = str.maketrans("إأآٱىکیةؤئ", "اااايكيهوي") | str.maketrans("ıİ", "ii")


def fold_text(text: str) -> str:
    """One spelling for the variants of a word."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_LETTERS).casefold())


def stored_words(text: str) -> set[str]:
    """Every word an article is found by."""
    words = set(_words(text[:MAX_ARTICLE_CHARACTERS]))
    return words | {stem for word in words for stem in _stems(word, (*WITH_ARTICLE, *PARTICLES))}


def asked_words(text: str) -> list[tuple[str, ...]]:
    """Per word of a search the beginnings that count as it; all words must be found."""
    words = list(dict.fromkeys(_words(text[:MAX_QUERY_CHARACTERS])))[:MAX_QUERY_WORDS]
    return [(word, *_stems(word, WITH_ARTICLE)) for word in words]


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(fold_text(text)):
        yield match.group()[:MAX_WORD]


def _stems(word: str, prefixes: tuple[str, ...]) -> list[str]:
    for prefix in prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= LEAST_STEM:
            return [word[len(prefix) :]]
    return []
