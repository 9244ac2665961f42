"""Words as people type them: one spelling for its variants, and Arabic words also without their attached particles."""

from __future__ import annotations

from functools import lru_cache

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
    printed = set(split_words(text[:MAX_ARTICLE_CHARACTERS]))
    return {word for one in printed for word in word_forms(one)}


def asked_words(text: str) -> list[tuple[str, ...]]:
    """Per word of a search the beginnings that count as it; all words must be found."""
    folded = (_plain(one) for one in split_words(text[:MAX_QUERY_CHARACTERS]))
    words = list(dict.fromkeys(word for word in folded if word))[:MAX_QUERY_WORDS]
    return [(word, *_stems(word, WITH_ARTICLE)) for word in words]


@lru_cache(maxsize=65_536)  # a language's words recur
def word_forms(printed: str) -> tuple[str, ...]:
    """What one printed word is found by."""
    word = _plain(printed)
    return (word, *_stems(word, (*WITH_ARTICLE, *PARTICLES))) if word else ()


def _plain(printed: str) -> str:
    """One word in its one spelling; "" where a tokenizer could see anything but letters and digits in it."""
    word = fold_word(printed)
    return word[:MAX_WORD] if word.isalnum() else ""


def _stems(word: str, prefixes: tuple[str, ...]) -> list[str]:
    for prefix in prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= LEAST_STEM:
            return [word[len(prefix) :]]
    return []
