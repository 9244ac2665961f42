"""Whether shared passages are sentences: titles, verses and closing prayers stand inside sentences of other things.

What an editor takes from a report are sentences, whole or nearly so. News prose also shares long runs of words that
nobody took from anybody: a prince with all his offices runs to twenty words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Of a sentence, on either side, so much of the characters must be shared. Taken sentences lie above .7, but for a few
# of .56 that were worded anew; of edges below .5 that were read nearly all shared a formula.
SENTENCE_SHARE = 0.55
# Less is no sentence but a phrase between two stops.
SENTENCE_WORDS = 8

Range = tuple[int, int]
_STOP = re.compile(r"[.!?؟۔…]+(?=[\s\"'»”)\]]|$)|\n")


def share_sentence(copy: str, origin: str, copied: Sequence[Range], of_origin: Sequence[Range]) -> bool:
    """Whether shared passages make up most of a sentence of either text; character ranges, in the order of the text."""
    return _hold_sentence(copy, copied) or _hold_sentence(origin, of_origin)


def _hold_sentence(text: str, ranges: Sequence[Range]) -> bool:
    start = 0
    for stop in _STOP.finditer(text):
        if _is_held(text, (start, stop.start()), ranges):
            return True
        start = stop.end()
    return _is_held(text, (start, len(text)), ranges)


def _is_held(text: str, sentence: Range, ranges: Sequence[Range]) -> bool:
    start, end = sentence
    shared = sum(max(0, min(end, to) - max(start, since)) for since, to in ranges)
    words = text[start:end].split() if shared else []
    return len(words) >= SENTENCE_WORDS and shared >= SENTENCE_SHARE * len(" ".join(words))
