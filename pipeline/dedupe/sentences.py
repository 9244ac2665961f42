"""Whether shared passages are sentences: titles, verses and closing prayers stand inside sentences of other things.

What an editor takes from a report are sentences, whole or nearly so. News prose also shares long runs of words that
nobody took from anybody: a prince with all his offices runs to twenty words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    return any(
        _is_held(text, sentence, ranges, least)
        for text, ranges in ((copy, copied), (origin, of_origin))
        for sentence in _sentences(text)
    )


def _sentences(text: str) -> Iterator[Range]:
    start = 0
    for stop in _STOP.finditer(text):
        yield start, stop.start()
        start = stop.end()
    yield start, len(text)


def _is_held(text: str, sentence: Range, ranges: Sequence[Range], least: float) -> bool:
    start, end = sentence
    shared = sum(max(0, min(end, to) - max(start, since)) for since, to in ranges)
    words = text[start:end].split() if shared else []
    return len(words) >= SENTENCE_WORDS and shared >= least * len(" ".join(words))
