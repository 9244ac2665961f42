"""Whether shared passages are sentences: titles, verses and closing prayers stand inside sentences of other things.

What an editor takes from a report are sentences, whole or nearly so. News prose also shares long runs of words that
nobody took from anybody: a prince with all his offices runs to twenty words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

# Of a sentence, on either side, so much of the characters must be shared; less of a digest's, which words it anew. Of
# taken sentences one in fifty lies below .7; of edges below it that were read most shared a formula.
SENTENCE_SHARE, SENTENCE_SHARE_OF_DIGEST = 0.7, 0.55
# Less is no sentence but a phrase between two stops.
SENTENCE_WORDS = 8

Range = tuple[int, int]
_STOP = re.compile(r"[.!?؟۔…]+(?=[\s\"'»”)\]]|$)|\n")


def share_sentence(
    copy: str, origin: str, copied: Sequence[Range], of_origin: Sequence[Range], *, is_digest: bool = False
) -> bool:
    """Whether shared passages, as ranges of characters, make up most of a sentence of either text."""
    least = SENTENCE_SHARE_OF_DIGEST if is_digest else SENTENCE_SHARE
    return _hold_sentence(copy, copied, least) or _hold_sentence(origin, of_origin, least)


def _hold_sentence(text: str, ranges: Sequence[Range], least: float) -> bool:
    """Only the sentences that ranges touch are looked at: most of a long text is never shared."""
    starts, ends = _sentences(text)
    shared: dict[int, int] = defaultdict(int)
    for since, to in ranges:
        place = bisect_right(ends, since)
        while place < len(starts) and starts[place] < to:
            shared[place] += min(ends[place], to) - max(starts[place], since)
            place += 1
    return any(_is_held(text[starts[place] : ends[place]], characters, least) for place, characters in shared.items())


@lru_cache(maxsize=10_000)  # an article is looked at once for every other one that it shares passages with
def _sentences(text: str) -> tuple[list[int], list[int]]:
    """Where sentences start and end."""
    stops = [stop.span() for stop in _STOP.finditer(text)]
    return [0, *(end for _, end in stops)], [*(start for start, _ in stops), len(text)]


def _is_held(sentence: str, shared: int, least: float) -> bool:
    if shared < SENTENCE_WORDS:  # of so many words it is not even a letter of each
        return False
    words = sentence.split()
    return len(words) >= SENTENCE_WORDS and shared >= least * len(" ".join(words))
