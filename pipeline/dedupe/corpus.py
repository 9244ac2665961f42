"""Articles with the words of their bodies: what links are read off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from pipeline.dedupe.alignment import Alignment, Alignments, Marks
from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.folding import find_places
from pipeline.dedupe.grams import Grams, parts_of
from pipeline.dedupe.lookup import Ints
from pipeline.dedupe.signatures import shingle_hashes
from pipeline.dedupe.texts import MAX_WORDS, Texts
from pipeline.records import Article, Span


class Aligned(NamedTuple):
    """Two articles and what the copy shares with the origin."""

    copy_id: str
    origin_id: str
    alignment: Alignment


class Ranges(NamedTuple):
    """The passages that two bodies share, by where they start and end in each."""

    copy_starts: list[int]
    copy_ends: list[int]
    origin_starts: list[int]
    origin_ends: list[int]

    def spans(self) -> tuple[Span, ...]:
        """As they are kept with a link."""
        return tuple(map(Span, *self))


@dataclass(frozen=True)
class Corpus:
    """Articles with the words of their bodies as the fold sees them (site boilerplate blanked).

    places tells where each stands in texts and bodies: in the order of their time. paired: the places of those that are
    compared with any other; None: any may be.
    """

    articles: Mapping[str, Article]
    places: Mapping[str, int]
    texts: Texts
    bodies: Sequence[str]
    paired: Ints | None = None

    def bodies_at(self, places: Ints) -> list[str]:
        """The bodies at those places."""
        return [self.bodies[place] for place in places.tolist()]

    @cached_property
    def grams(self) -> Grams:
        """The word 3-grams of the texts that are compared."""
        return Grams(self.texts if self.paired is None else self.texts.only(self.paired))

    def align(
        self, pairs: Iterable[tuple[str, str]], chosen: Callable[[Pairs, Alignments], Marks] | None = None
    ) -> dict[tuple[str, str], Alignment]:
        """Align many articles by their words, each pair a copy and its origin; cheaper together than one by one.

        chosen: which of some pairs of places are of use; all where not given.
        """
        wanted = list(dict.fromkeys(pairs))
        places = np.fromiter(map(self.places.__getitem__, chain.from_iterable(wanted)), np.int64).reshape(-1, 2)
        order = np.lexsort((places[:, 0], places[:, 1]))
        places, wanted = places[order], [wanted[at] for at in order.tolist()]
        found: dict[tuple[str, str], Alignment] = {}
        sizes = np.minimum(np.diff(self.texts.bounds), MAX_WORDS)[places]
        for rows in parts_of(sizes):
            aligned = Alignments(self.grams, places[rows], sizes[rows])
            of_use = np.arange(len(places[rows])) if chosen is None else np.flatnonzero(chosen(places[rows], aligned))
            some = [wanted[rows.start + row] for row in of_use.tolist()]
            found.update(zip(some, aligned.of(of_use), strict=True))
        return found

    def spans(self, aligned: Sequence[Aligned]) -> Iterator[Ranges]:
        """The blocks of each alignment as character ranges of the original bodies."""
        ids = sorted({one for pair in aligned for one in pair[:2]}, key=self.places.__getitem__)
        words = find_places([self.bodies[self.places[one]] for one in ids])
        first = dict(zip(ids, words.bounds.tolist(), strict=False))
        sizes = [len(one.alignment.blocks) for one in aligned]
        blocks = np.concatenate([np.zeros((0, 3), np.int64), *(one.alignment.blocks for one in aligned)])
        edges = []
        for column, side in enumerate(("copy_id", "origin_id")):
            at = blocks[:, column] + np.repeat(np.array([first[getattr(one, side)] for one in aligned], int), sizes)
            edges += [words.starts.take(at).tolist(), words.ends.take(at + blocks[:, 2] - 1).tolist()]
        start = 0
        for size in sizes:
            stop = start + size
            yield Ranges(*(side[start:stop] for side in edges))
            start = stop

    def jaccard(self, one: str, other: str) -> float:
        """Of word 3-grams."""
        mine, yours = (np.unique(shingle_hashes(self.texts.hashes[self.texts[self.places[a]]])) for a in (one, other))
        shared = len(np.intersect1d(mine, yours, assume_unique=True))
        return shared / max(len(mine) + len(yours) - shared, 1)
