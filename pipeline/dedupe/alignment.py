"""Which passages of a copy stand in its origin: matched blocks of words, coverage both ways, spans in characters.

Array operations over batches of pairs, so that the cost grows with the length of the texts and not with their product:
every 3-gram of the copy is looked up in the origin; runs on one diagonal are blocks. Passages may be moved; a passage
used twice counts once for the origin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.grams import GRAM, Grams, Shared
from pipeline.dedupe.lookup import Ints

Marks = npt.NDArray[np.bool_]
# A passage is blocks with at most so many words of either text between them; fewer matched words than this are a phrase
# that any two texts may share, such as a title or "for the second time".
PASSAGE_GAP = 8
PASSAGE_WORDS = 6
# Of more blocks than this that are in disorder only the longest are put in order, as that takes their number squared.
MOST_IN_ORDER = 300
# Blocks that overlap are told apart in a few rounds; what overlaps still, in a text made for that, counts twice.
ROUNDS = 16
_FAR = 1 << 40  # words that no text has


class Alignment(NamedTuple):
    """Matched blocks: rows of (place in copy, place in origin, words) in the order of the copy, where none overlap."""

    blocks: Ints  # shape (blocks, 3)
    copy_words: int
    origin_words: int
    matched: int  # words of the copy that stand in the origin
    origin_matched: int  # words of the origin that stand in the copy
    in_origin: Marks  # by word of the copy: stands in a block

    @property
    def copy_coverage(self) -> float:
        """Share of the copy's words found in the origin."""
        return self.matched / self.copy_words if self.copy_words else 0.0

    @property
    def origin_coverage(self) -> float:
        """Share of the origin's words found in the copy."""
        return self.origin_matched / self.origin_words if self.origin_words else 0.0

    def added(self, shortest: int) -> int:
        """Words of the copy beyond what they replace, in runs of at least shortest words: passages of its own."""
        if self.copy_words - self.matched < shortest:
            return 0
        return _in_long_gaps(self.blocks, self.copy_words, self.origin_words, shortest)


@dataclass(frozen=True)
class Side:
    """One side of many alignments: the words of pair i are marked in marks[bounds[i]:bounds[i + 1]]."""

    marks: Marks
    bounds: Ints

    def count(self, starts: Ints, stops: Ints) -> Ints:
        """Marked words between such places, given by pair (first axis) from the start of its text."""
        first = self.bounds[:-1].reshape(-1, *[1] * (starts.ndim - 1))
        found: Ints = (self._sums.take(first + stops) - self._sums.take(first + starts)).astype(np.int64)
        return found

    @cached_property
    def _sums(self) -> npt.NDArray[np.int32]:
        """How many words are marked before each."""
        sums = np.zeros(len(self.marks) + 1, np.int32)
        np.cumsum(self.marks, out=sums[1:])
        return sums

    @property
    def sizes(self) -> Ints:
        """Words of each text."""
        return np.diff(self.bounds)

    def density(self) -> npt.NDArray[np.float64]:
        """Of the stretch from the first to the last marked word, the share that is marked."""
        marked = np.flatnonzero(self.marks)
        edges = np.searchsorted(marked, self.bounds)
        found = np.zeros(len(edges) - 1)
        some = np.flatnonzero(np.diff(edges))
        stretch = marked[edges[some + 1] - 1] - marked[edges[some]] + 1
        found[some] = np.diff(edges)[some] / stretch
        return found


class Alignments:
    """Alignments of pairs of texts, copy first; the blocks of pair i are blocks[bounds[i]:bounds[i + 1]].

    sizes: the words of the texts of each pair. once: a passage of the origin counts for one place of the copy alone.
    """

    def __init__(self, grams: Grams, pairs: Pairs, sizes: Ints, *, once: bool = False) -> None:
        pair, blocks = _blocks(grams, pairs)
        if once:
            pair, blocks = _each_once(pair, blocks)
        kept = _in_passages(pair, blocks, sizes.min(axis=1))
        self.pair, self.blocks = pair.compress(kept), blocks.compress(kept, axis=0)
        self.bounds: Ints = np.searchsorted(self.pair, np.arange(len(pairs) + 1))
        self.sizes = sizes
        self.copies, self.origins = self._sides(self.blocks[:, [2, 2]])

    @cached_property
    def matched(self) -> Ints:
        """Of either text of each pair how many words stand in the other."""
        return np.stack([side.count(np.zeros_like(side.sizes), side.sizes) for side in (self.copies, self.origins)], 1)

    def of(self, rows: Ints) -> Iterator[Alignment]:
        """Those of some pairs, one after the other."""
        blocks, copies = self.bounds.tolist(), self.copies.bounds.tolist()
        figures = np.concatenate([self.sizes, self.matched], axis=1)[rows].tolist()
        for place, (words, origin_words, matched, origin_matched) in zip(rows.tolist(), figures, strict=True):
            yield Alignment(
                self.blocks[blocks[place] : blocks[place + 1]],
                words,
                origin_words,
                matched,
                origin_matched,
                self.copies.marks[copies[place] : copies[place + 1]],
            )

    def passages(self) -> tuple[Side, Side]:
        """Copies and origins, where words stand in a passage or among the few words replaced inside one."""
        ends = self.blocks[:, :2] + self.blocks[:, 2:]
        goes_on = _goes_on(self.pair, self.blocks)
        ends[:-1][goes_on] = self.blocks[1:, :2][goes_on]
        return self._sides(ends - self.blocks[:, :2])

    def _sides(self, lengths: Ints) -> tuple[Side, Side]:
        """Both sides, so many words from the start of each block marked."""
        return self._side(0, lengths[:, 0]), self._side(1, lengths[:, 1])

    def _side(self, column: int, lengths: Ints) -> Side:
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes[:, column])])
        at = bounds.take(self.pair) + self.blocks[:, column]
        count = int(bounds[-1]) + 1
        edges = np.bincount(at, minlength=count) - np.bincount(at + lengths, minlength=count)
        return Side(np.cumsum(edges[:-1]) > 0, bounds)


def _blocks(grams: Grams, pairs: Pairs) -> tuple[Ints, Ints]:
    """The pair of each block, and the blocks."""
    found = grams.share(pairs)
    if not len(found.at):
        return np.zeros(0, np.int64), np.zeros((0, 3), np.int64)
    shift = _settle(found, grams, pairs)
    goes_on = (np.diff(found.pair) == 0) & (np.diff(found.at) == 1) & (np.diff(shift) == 0)
    breaks = np.flatnonzero(~goes_on) + 1
    starts = np.concatenate([[0], breaks])
    ends = np.concatenate([breaks, [len(found.at)]])
    pair, at = found.pair.take(starts), found.at.take(starts)
    words = found.at.take(ends - 1) - at + GRAM
    # Two runs may share up to two words of the copy; the later one gives them up.
    over = np.where(pair[1:] == pair[:-1], np.maximum(at[:-1] + words[:-1] - at[1:], 0), 0)
    over = np.concatenate([np.zeros(1, np.int64), over])
    at, words = at + over, words - over
    kept = words > 0
    return pair.compress(kept), np.stack([at, at + shift.take(starts), words], axis=1).compress(kept, axis=0)


def _each_once(pair: Ints, blocks: Ints) -> tuple[Ints, Ints]:
    """Blocks without what longer ones have of the origin already: the words of a form go to where the names are too."""
    for _ in range(ROUNDS):
        order = np.lexsort((blocks[:, 1], pair))
        starts, sizes = blocks[order, 1] + pair[order] * _FAR, blocks[order, 2]
        reach = np.maximum.accumulate(starts + sizes)
        holder = np.maximum.accumulate(np.where(reach == starts + sizes, np.arange(len(reach)), 0))
        late = np.flatnonzero(reach[:-1] > starts[1:]) + 1  # they begin before another one of the pair ends
        if not len(late):
            break
        early, over = holder[late - 1], reach[late - 1] - starts[late]
        gives = sizes[late] <= sizes[early]
        front, back = np.zeros_like(sizes), np.zeros_like(sizes)
        front[late[gives]] = np.minimum(over, sizes[late])[gives]
        np.maximum.at(back, early[~gives], over[~gives])
        front[order], back[order] = front.copy(), back.copy()
        blocks = blocks + np.stack([front, front, -front - back], axis=1)
        kept = blocks[:, 2] > 0
        pair, blocks = pair.compress(kept), blocks.compress(kept, axis=0)
    return pair, blocks


def _in_passages(pair: Ints, blocks: Ints, shorter: Ints) -> Marks:
    """The blocks that stand in passages; of a text of a few words any block counts."""
    passage = np.concatenate([[0], np.cumsum(~_goes_on(pair, blocks))])[: len(blocks)]
    words = np.bincount(passage, weights=blocks[:, 2]).take(passage)
    kept: Marks = (words >= PASSAGE_WORDS) | (shorter.take(pair) < 2 * PASSAGE_WORDS)
    return kept


def _goes_on(pair: Ints, blocks: Ints) -> Marks:
    """For each block but the last: the next one goes on with the same passage."""
    gaps = blocks[1:, :2] - blocks[:-1, :2] - blocks[:-1, 2:]
    near = (gaps >= 0) & (gaps <= PASSAGE_GAP)
    inside: Marks = near[:, 0] & near[:, 1] & (pair[1:] == pair[:-1])
    return inside


def _settle(found: Shared, grams: Grams, pairs: Pairs) -> Ints:
    """Place in the origin minus place in the copy, for each gram found.

    Of several places of one 3-gram it is the one that goes on from the unique 3-gram before or after it.
    """
    known = found.there - found.at
    unique = np.flatnonzero(found.is_unique)
    open_ = np.flatnonzero(~found.is_unique)
    pair = found.pair.take(open_)
    edges = np.searchsorted(found.pair.take(unique), np.arange(len(pairs) + 1))
    first, last = edges.take(pair), edges.take(pair + 1) - 1
    some = first <= last  # where the pair has a unique one
    open_, pair, first, last = (one.compress(some) for one in (open_, pair, first, last))
    before = np.cumsum(found.is_unique).take(open_) - 1
    mine, _ = grams.places(pairs[pair, 0])
    theirs, size = grams.places(pairs[pair, 1])
    here = found.at.take(open_)
    own = grams.numbers.take(mine + here)
    settled = known.copy()
    for neighbour in (np.minimum(before + 1, last), np.maximum(before, first)):
        wanted = known.take(unique.take(neighbour))
        place = here + wanted
        inside = (place >= 0) & (place < size)
        fits = inside & (grams.numbers.take(theirs + np.where(inside, place, 0)) == own)
        settled[open_[fits]] = wanted[fits]
    return settled


def _in_long_gaps(blocks: Ints, words: int, other_words: int, shortest: int) -> int:
    """Over the gaps of the copy: the words that are more than those of the gap in the origin, where they are enough.

    A reworded sentence leaves a gap of about the same length on both sides, a passage put in does not. Gaps lie between
    blocks that follow each other in both texts. What has moved, or is a phrase that stands elsewhere in the origin, is
    in a gap and not counted.
    """
    chain = _in_order(blocks)
    ends = np.concatenate([np.zeros((1, 2), np.int64), chain[:, :2] + chain[:, 2:]])
    starts = np.concatenate([chain[:, :2], [[words, other_words]]])
    if len(chain) == len(blocks):  # so none lies in a gap
        own, others = (starts - ends).T
    else:
        own, others = (
            _unmatched(blocks[:, side], blocks[:, 2], count, starts[:, side], ends[:, side])
            for side, count in enumerate((words, other_words))
        )
    longer = own - others
    return int(longer[longer >= shortest].sum())


def _unmatched(places: Ints, sizes: Ints, words: int, starts: Ints, ends: Ints) -> Ints:
    """How many words in no block lie in each gap, from the end of one block to the start of the next."""
    edges = np.bincount(places, minlength=words + 1) - np.bincount(places + sizes, minlength=words + 1)
    before = np.concatenate([[0], np.cumsum(np.cumsum(edges)[:words] == 0)])
    found: Ints = before.take(starts) - before.take(ends)
    return found


def _in_order(blocks: Ints) -> Ints:
    """Of blocks in the order of the copy those of most words that are in order in the origin too."""
    if (blocks[:-1, 1] + blocks[:-1, 2] <= blocks[1:, 1]).all():
        return blocks
    if len(blocks) > MOST_IN_ORDER:
        blocks = blocks[np.sort(np.argsort(-blocks[:, 2], kind="stable")[:MOST_IN_ORDER])]
    starts, sizes = blocks[:, 1], blocks[:, 2]
    most, previous = sizes.copy(), np.full(len(blocks), -1)  # words of the best chain that ends with each block
    for place in range(1, len(blocks)):
        fits = np.where(starts[:place] + sizes[:place] <= starts[place], most[:place], 0)
        best = int(fits.argmax())
        if fits[best]:
            most[place] += fits[best]
            previous[place] = best
    chain = [int(most.argmax())]
    while (before := int(previous[chain[-1]])) >= 0:
        chain.append(before)
    return blocks[chain[::-1]]
