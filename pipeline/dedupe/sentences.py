"""Whether shared passages are sentences: titles, verses and closing prayers stand inside sentences of other things.

What an editor takes from a report are sentences, whole or nearly so. News prose also shares long runs of words that
nobody took from anybody: a prince with all his offices runs to twenty words.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

# Of a sentence, on either side, so much of the characters must be shared; less of a digest's, which words it anew. Of
# taken sentences one in fifty lies below .7; of edges below it that were read most shared a formula.
SENTENCE_SHARE, SENTENCE_SHARE_OF_DIGEST = 0.7, 0.55
# Less is no sentence but a phrase between two stops.
SENTENCE_WORDS = 8

Range = tuple[int, int]
# Stops before a space, a closing mark or the end, or a line break: one set of characters, as re is quick with that.
STOP = re.compile(r"[.!?؟۔…\n](?:(?<=\n)|(?<!\n)[.!?؟۔…]*(?=[\s\"'»”)\]]|$))")


def share_sentence(
    copy: str, origin: str, copied: Iterable[Range], of_origin: Iterable[Range], *, is_digest: bool = False
) -> bool:
    """Whether shared passages, as ranges of characters, make up most of a sentence of either text, or of all of it.

    A table or a list has no sentences.
    """
    least = SENTENCE_SHARE_OF_DIGEST if is_digest else SENTENCE_SHARE
    return _hold_sentence(copy, copied, least) or _hold_sentence(origin, of_origin, least)


def _hold_sentence(text: str, ranges: Iterable[Range], least: float) -> bool:
    """Only the sentences that ranges touch are looked at: most of a long text is never shared."""
    sentences = _sentences(text)
    starts, ends = sentences.starts, sentences.ends
    shared: dict[int, int] = defaultdict(int)
    for since, to in ranges:
        place = bisect_right(ends, since)
        while place < len(starts) and starts[place] < to:
            shared[place] += min(ends[place], to) - max(starts[place], since)
            place += 1
    if 0 < least * len(text) <= sum(shared.values()):
        return True
    return any(characters >= least * sentences.length(place) for place, characters in shared.items() if characters)


class _Sentences:
    """Where the sentences of a text start and end."""

    def __init__(self, text: str) -> None:
        stops = [stop.span() for stop in STOP.finditer(text)]
        self.starts = [0, *(end for _, end in stops)]
        self.ends = [*(start for start, _ in stops), len(text)]
        self._text = text
        self._lengths: dict[int, float] = {}

    def length(self, place: int) -> float:
        """The characters of one, runs of space as one; of what is none without bounds."""
        known = self._lengths.get(place)
        if known is None:
            words = self._text[self.starts[place] : self.ends[place]].split()
            known = len(" ".join(words)) if len(words) >= SENTENCE_WORDS else math.inf
            self._lengths[place] = known
        return known


# An article is looked at once for every other one that it shares passages with.
_sentences = lru_cache(maxsize=10_000)(_Sentences)
