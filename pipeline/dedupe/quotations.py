"""Whether two articles share hardly more than what both quote: one statement, which two desks report in own words."""

from __future__ import annotations

import re

from pipeline.dedupe.grams import GRAM
from pipeline.dedupe.sentences import STOP
from pipeline.normalise import tokenise

# What stands in quotation marks on one line; a quotation that somebody forgot to close ends nowhere and is none.
_QUOTATION = re.compile(r'«[^«»\n]+»|“[^“”\n]+”|„[^„“”\n]+[“”]|"[^"\n]+"')
# Fewer words are a name or a term; with fewer of all quoted words, what is shared is prose.
PHRASE_WORDS, QUOTED_WORDS = 5, 10
# Of the 3-grams outside quotations, of the text that has fewer, the share that is in the other one too. Of a thousand
# pairs of SaudiNewsNet that share less than two thirds of the shorter text some thirty have less, and ten quoted words;
# those read are reports by two desks on one statement.
OWN_PROSE = 0.15
# Beside a quotation and a few words there is no prose to compare.
LEAST_GRAMS = 10


def share_only_quotations(one: str, other: str) -> bool:
    """Whether both texts quote, and what they say around their quotations is hardly in the other one."""
    if min(_quoted_words(one), _quoted_words(other)) < QUOTED_WORDS:
        return False
    mine, yours = _prose_grams(one), _prose_grams(other)
    fewer = min(len(mine), len(yours))
    return fewer >= LEAST_GRAMS and len(mine & yours) < OWN_PROSE * fewer


def _quoted_words(text: str) -> int:
    sizes = (len(found.group().split()) for found in _QUOTATION.finditer(text))
    return sum(size for size in sizes if size >= PHRASE_WORDS)


def _prose_grams(text: str) -> set[tuple[str, ...]]:
    """The word 3-grams of what stands outside quotations; none goes over one."""
    *pieces, last = _QUOTATION.split(text)
    found: set[tuple[str, ...]] = set()
    for piece in (*map(_without_speaker, pieces), last):
        words = tokenise(piece).words
        found.update(zip(*(words[step:] for step in range(GRAM)), strict=False))
    return found


def _without_speaker(piece: str) -> str:
    """What stands before a quotation without the words that tell who says it, where a colon leads from these to it."""
    if not piece.rstrip().endswith(":"):
        return piece
    stops = [stop.end() for stop in STOP.finditer(piece)]
    return piece[: stops[-1]] if stops else ""
