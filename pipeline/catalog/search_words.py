"""Words as people type them: one spelling for its variants, and Arabic words also without their attached particles."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.normalise import fold_word, split_words

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


def stored_words(text: str) -> set[str]:
    """Every word an article is found by."""
    words = set(_words(text[:MAX_ARTICLE_CHARACTERS]))
    return words | {stem for word in words for stem in _stems(word, (*WITH_ARTICLE, *PARTICLES))}


def asked_words(text: str) -> list[tuple[str, ...]]:
    """Per word of a search the beginnings that count as it; all words must be found."""
    words = list(dict.fromkeys(_words(text[:MAX_QUERY_CHARACTERS])))[:MAX_QUERY_WORDS]
    return [(word, *_stems(word, WITH_ARTICLE)) for word in words]


def _words(text: str) -> Iterator[str]:
    for printed in split_words(text):
        word = fold_word(printed)
        # What one tokenizer calls a letter another may not; only plain letters and digits reach the index.
        if word.isalnum():
            yield word[:MAX_WORD]


def _stems(word: str, prefixes: tuple[str, ...]) -> list[str]:
    for prefix in prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= LEAST_STEM:
            return [word[len(prefix) :]]
    return []
