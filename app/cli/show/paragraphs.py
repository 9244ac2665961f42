"""A text in paragraphs, with what releases leave out of it told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

LEFT_OUT = "recurs on pages of this outlet: it takes no part in folding, and releases leave it out"


def paragraphs_of(body: str, left_out: Sequence[tuple[int, int]]) -> Iterator[list[tuple[str, bool]]]:
    """Each paragraph in pieces, with whether a piece is left out; left_out: stretches of the body in characters."""
    edges = [edge for stretch in left_out for edge in stretch]
    start = 0
    for line in body.split("\n"):
        end = start + len(line)
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        yield [(body[at:to], any(first <= at < last for first, last in left_out)) for at, to in pairwise(cuts)]
        start = end + 1
