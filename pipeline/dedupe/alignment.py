"""Which passages of a copy stand in its origin: matched blocks of words, coverage both ways, spans in characters.

Array operations only, so that the cost grows with the length of the texts and not with their product: every 3-gram of
the copy is looked up in the origin; runs on one diagonal are blocks. Passages may be moved; a passage used twice counts
once for the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.normalise import Tokens
from pipeline.records import Span

Words = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
# A block is at least one 3-gram: the shingle that candidates and Jaccard go by.
GRAM = 3
# A passage is blocks with at most so many words of either text between them; fewer matched words than this are a phrase
# that any two texts may share, such as a title or "for the second time".
PASSAGE_GAP = 8
PASSAGE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Alignment:
    """Matched blocks: rows of (place in copy, place in origin, words) in the order of the copy, where none overlap."""

    blocks: Ints  # shape (blocks, 3)
    copy_words: int
    origin_words: int
    in_origin: npt.NDArray[np.bool_]  # by word of the copy: stands in a block
    in_copy: npt.NDArray[np.bool_]  # by word of the origin

    @property
    def matched(self) -> int:
        """Words of the copy that stand in the origin."""
        return int(self.in_origin.sum())

    @property
    def copy_coverage(self) -> float:
        """Share of the copy's words found in the origin."""
        return self.matched / self.copy_words if self.copy_words else 0.0

    @property
    def origin_coverage(self) -> float:
        """Share of the origin's words found in the copy."""
        return float(self.in_copy.sum()) / self.origin_words if self.origin_words else 0.0

    def passages(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """By word of the copy and of the origin: stands in a passage, or among the few words replaced inside one."""
        ends = self.blocks[:, :2] + self.blocks[:, 2:]
        goes_on = _goes_on(self.blocks)
        ends[:-1][goes_on] = self.blocks[1:, :2][goes_on]
        filled = np.concatenate([self.blocks[:, :2], ends - self.blocks[:, :2]], axis=1)
        return (
            _marked(filled[:, [0, 2]], 0, self.copy_words, 1),
            _marked(filled[:, [1, 3]], 0, self.origin_words, 1),
        )

    def added(self, shortest: int) -> int:
        """Words of the copy beyond what they replace, in runs of at least shortest words: passages of its own."""
        return _in_long_gaps(self.blocks, self.copy_words, self.origin_words, shortest)


def align(copy: Words, origin: Words) -> Alignment:
    """Align two texts given as word numbers of one vocabulary."""
    blocks = _blocks(copy, origin)
    return Alignment(blocks, len(copy), len(origin), _marked(blocks, 0, len(copy)), _marked(blocks, 1, len(origin)))


def spans_of(alignment: Alignment, copy: Tokens, origin: Tokens) -> tuple[Span, ...]:
    """The blocks as character ranges of the original bodies; tokens must be those that were aligned."""
    return tuple(
        Span(copy.starts[at], copy.ends[at + words - 1], origin.starts[there], origin.ends[there + words - 1])
        for at, there, words in alignment.blocks.tolist()
    )


def gram_keys(words: Words) -> npt.NDArray[np.uint64]:
    """A key per 3-gram; equal 3-grams have equal keys, others differ but by an accident of 1 in 2**64."""
    if len(words) < GRAM:
        return np.zeros(0, np.uint64)
    wide = words.astype(np.uint64)
    keys = wide[:-2] * np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(31))) + wide[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    keys = (keys ^ (keys >> np.uint64(29))) + wide[2:] * np.uint64(0x165667B19E3779F9)
    result: npt.NDArray[np.uint64] = (keys ^ (keys >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    return result


def _blocks(copy: Words, origin: Words) -> Ints:
    mine, theirs = gram_keys(copy), gram_keys(origin)
    none = np.zeros((0, 3), np.int64)
    if not len(mine) or not len(theirs):
        return none
    order = np.argsort(theirs, kind="stable")
    ranked = theirs[order]
    first = np.searchsorted(ranked, mine, side="left")
    count = np.searchsorted(ranked, mine, side="right") - first
    found = np.flatnonzero(count > 0)
    if not len(found):
        return none
    there = order[first[found]].astype(np.int64)
    shift = _settle(there - found, count[found] == 1, found, mine, theirs)
    breaks = np.flatnonzero((np.diff(found) != 1) | (np.diff(shift) != 0)) + 1
    starts = np.concatenate([[0], breaks])
    ends = np.concatenate([breaks, [len(found)]])
    at, words = found[starts], found[ends - 1] - found[starts] + GRAM
    # Two runs may share up to two words of the copy; the later one gives them up.
    over = np.maximum(np.concatenate([[0], at[:-1] + words[:-1] - at[1:]]), 0)
    at, words = at + over, words - over
    blocks = np.stack([at, at + shift[starts], words], axis=1)
    return _without_strays(blocks[words > 0], min(len(copy), len(origin)))


def _without_strays(blocks: Ints, shorter: int) -> Ints:
    """The blocks that stand in passages; of a text of a few words any block counts."""
    if shorter < 2 * PASSAGE_WORDS:
        return blocks
    passage = np.concatenate([[0], np.cumsum(~_goes_on(blocks))])[: len(blocks)]
    result: Ints = blocks[np.bincount(passage, weights=blocks[:, 2])[passage] >= PASSAGE_WORDS]
    return result


def _goes_on(blocks: Ints) -> npt.NDArray[np.bool_]:
    """For each block but the last: the next one goes on with the same passage."""
    gaps = blocks[1:, :2] - blocks[:-1, :2] - blocks[:-1, 2:]
    inside: npt.NDArray[np.bool_] = (gaps >= 0) & (gaps <= PASSAGE_GAP)
    return inside[:, 0] & inside[:, 1]


def _settle(
    shift: Ints,
    is_unique: npt.NDArray[np.bool_],
    found: Ints,
    mine: npt.NDArray[np.uint64],
    theirs: npt.NDArray[np.uint64],
) -> Ints:
    """Of several places of one 3-gram take the one that goes on from the unique 3-gram before or after it."""
    settled = shift.copy()
    unique = np.flatnonzero(is_unique)
    if not len(unique):
        return settled
    open_ = np.flatnonzero(~is_unique)
    before = np.searchsorted(unique, open_) - 1
    for neighbour in (np.minimum(before + 1, len(unique) - 1), np.maximum(before, 0)):
        wanted = shift[unique[neighbour]]
        place = found[open_] + wanted
        inside = (place >= 0) & (place < len(theirs))
        fits = inside & (theirs[np.where(inside, place, 0)] == mine[found[open_]])
        settled[open_[fits]] = wanted[fits]
    return settled


def _marked(blocks: Ints, column: int, words: int, length: int = 2) -> npt.NDArray[np.bool_]:
    edges = np.zeros(words + 1, np.int64)
    np.add.at(edges, blocks[:, column], 1)
    np.add.at(edges, blocks[:, column] + blocks[:, length], -1)
    return np.cumsum(edges[:-1]) > 0


def _in_long_gaps(blocks: Ints, words: int, other_words: int, shortest: int) -> int:
    """Over the gaps between blocks of the copy: what is longer than the gap in the origin, where it is long enough.

    A reworded sentence leaves a gap of about the same length on both sides, a passage put in does not.
    """
    starts = np.concatenate([blocks[:, 0], [words]])
    ends = np.concatenate([[0], blocks[:, 0] + blocks[:, 2]])
    other_starts = np.concatenate([blocks[:, 1], [other_words]])
    other_ends = np.concatenate([[0], blocks[:, 1] + blocks[:, 2]])
    longer = (starts - ends) - np.maximum(other_starts - other_ends, 0)
    return int(longer[longer >= shortest].sum())
