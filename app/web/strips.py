"""A comparison at a glance: both texts as strips in reading order, and bands between the passages that stayed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pipeline.compare import Comparison, Piece
from pipeline.word_alignment import EQUAL

WIDTH = 1_000.0
# One word among thousands is still seen.
LEAST_WIDTH = 1.5
# Shorter passages that stayed make a picture of hairs.
LEAST_BAND_WORDS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive words of one kind."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Band:
    """A passage in both texts: its ends above and below."""

    top_start: float
    top_end: float
    bottom_start: float
    bottom_end: float


@dataclass(frozen=True, slots=True)
class Strips:
    """The left text above, the right one below, to the same scale."""

    top: tuple[Segment, ...]
    bottom: tuple[Segment, ...]
    bands: tuple[Band, ...]


def strips(comparison: Comparison, direction: str = "ltr") -> Strips:
    """The picture of a comparison; rtl: the texts begin at the right."""
    left = _kinds(row.left for row in comparison.rows)
    right = _kinds(row.right for row in comparison.rows)
    scale = WIDTH / max(len(left), len(right), 1)
    return Strips(
        _segments(left, scale, direction), _segments(right, scale, direction), _bands(left, right, scale, direction)
    )


def _kinds(sides: Iterable[tuple[Piece, ...]]) -> list[str]:
    """The kind of every word of one side."""
    kinds: list[str] = []
    for pieces in sides:
        for piece in pieces:
            kinds += [piece.kind] * len(piece.text.split())
    return kinds


def _segments(kinds: list[str], scale: float, direction: str) -> tuple[Segment, ...]:
    made, place = [], 0
    for kind, group in groupby(kinds):
        size = sum(1 for _ in group)
        width = max(LEAST_WIDTH, size * scale)
        x = place * scale if direction == "ltr" else WIDTH - place * scale - width
        made.append(Segment(round(x, 1), round(width, 1), kind))
        place += size
    return tuple(made)


def _bands(left: list[str], right: list[str], scale: float, direction: str) -> tuple[Band, ...]:
    """What stayed has the same order on both sides: the n-th such word of one is the n-th of the other."""
    pairs = list(
        zip(
            (place for place, kind in enumerate(left) if kind == EQUAL),
            (place for place, kind in enumerate(right) if kind == EQUAL),
            strict=False,
        )
    )
    made, start = [], 0
    for end in range(1, len(pairs) + 1):
        if end < len(pairs) and all(pairs[end][side] == pairs[end - 1][side] + 1 for side in (0, 1)):
            continue
        if end - start >= LEAST_BAND_WORDS:
            (top, bottom), (top_last, bottom_last) = pairs[start], pairs[end - 1]
            ends = [one * scale for one in (top, top_last + 1, bottom, bottom_last + 1)]
            made.append(Band(*(round(one if direction == "ltr" else WIDTH - one, 1) for one in ends)))
        start = end
    return tuple(made)
