"""Brackets that abbreviate the words before them: "alfa fetoprotein (AFP)", "Avrupa Parlamentosu (AP)"."""

from __future__ import annotations

import re

from pipeline.credits.lines import SEPARATOR
from pipeline.credits.marks import Hit, Marks

_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?]\s")
_SMALL = re.compile(r"an?|and|at|d[aeiu]|der|des|et|for|ile|in|l|l[ae]|les|of|on|the|to|und|ve|y")
_MOST_LETTERS = 5
_WORDS_BEFORE = 8
_PLACE_WORDS = 3
_SENTENCE_BEFORE = 160  # characters of the sentence in front of a bracket


def is_initials(text: str) -> bool:
    """True for Latin capitals that may stand for much else: AA, AFP, A.P."""
    letters = text.replace(".", "").replace(" ", "")
    return len(letters) <= _MOST_LETTERS and letters.isascii() and letters.isupper()


def stands_for(initials: str, words: str) -> bool:
    """True where the last words, the small ones aside, are what the initials abbreviate.

    Each of the words gives its first letter, and long ones may give more: docosaHexaenoic acid.
    """
    letters = _letters(initials)
    told = [word for word in _WORD.findall(words.lower())[-_WORDS_BEFORE:] if not _SMALL.fullmatch(word)]
    return any(_spell(letters, told[-count:]) for count in _counts(letters) if count <= len(told))


def opens_with_words_of(initials: str, words: str) -> bool:
    """True where what the initials abbreviate stands behind them: "AP - Arnavutköy Projesi ..."."""
    letters = _letters(initials)
    told = [word for word in _WORD.findall(words.lower())[:_WORDS_BEFORE] if not _SMALL.fullmatch(word)]
    return any(_spell(letters, told[:count]) for count in _counts(letters) if count <= len(told))


def is_abbreviation(lead: str, text: str, hit: Hit, marks: Marks) -> bool:
    """True where a bracket inside a sentence says something else than whose report it is.

    lead: what stands before the bracket. Initials are doubted, and marks in Latin letters that are other words too.
    """
    mark = text[hit.start : hit.end]
    if not is_initials(mark):
        return False
    sentence = _STOP.split(lead[-_SENTENCE_BEFORE:])[-1].rstrip()
    words = _WORD.findall(sentence)
    if not words or hit.mark.ambiguous or _SMALL.fullmatch(words[-1].lower()) or stands_for(mark, sentence):
        return True
    named = words[-1][0].isupper() and words[-1][0] == _letters(mark)[-1].upper()  # Justice Party (AP)
    return named or marks.is_beside_other_meaning(sentence, hit)


def is_explained(text: str, hit: Hit, marks: Marks) -> bool:
    """True for a line such as "Alcoholics Anonymous (AA)"; a place beside a mark that is another word too is short."""
    lead, mark = text[: hit.start].rstrip(), text[hit.start : hit.end]
    if not lead.endswith(("(", "[")) or not is_initials(mark):
        return False
    beside = SEPARATOR.split(lead[:-1].rstrip(" -,/"))[-1]
    is_long = hit.mark.ambiguous and len(_WORD.findall(beside)) > _PLACE_WORDS
    return is_long or stands_for(mark, lead) or marks.is_beside_other_meaning(lead, hit)


def _letters(initials: str) -> str:
    return "".join(_WORD.findall(initials)).lower()


def _counts(letters: str) -> range:
    """How many words so many letters may stand for: two letters for two, more for fewer words as well."""
    return range(2, len(letters) + 1)


def _spell(letters: str, words: list[str]) -> bool:
    """True where the letters are the first ones of the words, in order, with others from inside them."""
    if not words:
        return not letters
    if not letters.startswith(words[0][0]):
        return False
    if _spell(letters[1:], words[1:]):
        return True
    at, taken = 0, 1
    while taken < len(letters) and (at := words[0].find(letters[taken], at + 1)) > 0:
        taken += 1
        if _spell(letters[taken:], words[1:]):
            return True
    return False
