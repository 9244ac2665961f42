"""The steps of a large fold: each reads partitions from a folder, does what a small fold does, and writes one.

Workers run them, on this machine or on others that see the same folder. A step whose partition is there does nothing,
so that a fold that was interrupted goes on where it stopped. An article is named by its place in the order of time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import numpy as np
import numpy.typing as npt

from flows.cycles import no_cycles
from flows.naming import name_agencies_of
from flows.workspace import open_workspace
from pipeline.dedupe.boilerplate import Boilerplate, LineCounts, Printed, Tally, tally
from pipeline.dedupe.candidates import BANDINGS, find_alike, find_sharing
from pipeline.dedupe.fingerprints import Fingerprints, fingerprint
from pipeline.dedupe.fold import read_texts
from pipeline.dedupe.grouping import group
from pipeline.dedupe.page_kinds import PageKinds, kinds_of
from pipeline.dedupe.partitions import read_records, write_array, write_records
from pipeline.dedupe.report_text import report_text
from pipeline.dedupe.score import verify
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.stored import StoredSignatures, StoredTexts, read_texts_of, write_texts
from pipeline.dedupe.times import SECONDS_PER_DAY
from pipeline.dedupe.verified import Verified
from pipeline.records import Article
from pipeline.settings import Dedupe

# Keys of passages lie in the order of their first 16 bits, which sort many times quicker than the whole.
_LATER_BITS = 16
_FIRST_VALUES = 1 << 16
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's
Options = ParamSpec("Options")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LargeFold:
    """What every step knows: folders, settings, how many articles a partition holds (at most, until all
    are read), and the boilerplate of outlets.
    """

    folder: Path
    config: Path
    settings: Dedupe
    partition: int
    boilerplate: Boilerplate

    def path(self, kind: str, number: int, ending: str = "parquet") -> Path:
        """Where a partition lies."""
        return self.folder / kind / f"{number:06d}.{ending}"

    def array(self, name: str) -> npt.NDArray[np.int64]:
        """A column of all articles, by place."""
        found: npt.NDArray[np.int64] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return found

    def by_partition(self, places: Ints) -> list[tuple[int, Ints]]:
        """Places, which rise, as rows of partitions."""
        parts = places // self.partition
        return [(part, places[parts == part] - part * self.partition) for part in np.unique(parts).tolist()]

    def texts_at(self, places: Ints) -> StoredTexts:
        """The words of those articles; places rise."""
        return read_texts_of([(self.path("texts", part), rows) for part, rows in self.by_partition(places)])

    def bodies_at(self, places: Ints) -> list[str]:
        """The bodies of those articles as folding sees them; places rise."""
        return [
            report_text(one, self.boilerplate.get(one.outlet_id, frozenset()))
            for part, rows in self.by_partition(places)
            for one in read_records(self.path("articles", part), Article, rows.tolist())
        ]

    @property
    def window(self) -> float:
        """The publication window in seconds."""
        return self.settings.window_days * SECONDS_PER_DAY


def _hand_back() -> None:
    """Give the system the memory that a step freed: the allocator keeps it, and a worker is judged by what it holds."""
    if _TRIM is not None:
        _TRIM(0)


def once(
    kind: str, ending: str = "parquet"
) -> Callable[
    [Callable[Concatenate[LargeFold, int, Options], None]], Callable[Concatenate[LargeFold, int, Options], None]
]:
    """Do a step unless its partition is there."""

    def decorate(
        step: Callable[Concatenate[LargeFold, int, Options], None],
    ) -> Callable[Concatenate[LargeFold, int, Options], None]:
        @wraps(step)
        def run(fold: LargeFold, number: int, /, *args: Options.args, **options: Options.kwargs) -> None:
            if not fold.path(kind, number, ending).exists():
                with no_cycles():
                    step(fold, number, *args, **options)
                _hand_back()

        return run

    return decorate


def _printed(fold: LargeFold, number: int, rows: Ints | None) -> Iterable[Printed]:
    return read_records(fold.path("read", number), Printed, None if rows is None else rows.tolist())


def count_lines(fold: LargeFold, number: int, rows: Ints | None = None) -> LineCounts:
    """The lines of the articles read; rows: of these alone."""
    counts = LineCounts()
    with no_cycles():
        counts.add(_printed(fold, number, rows))
    return counts


def tally_lines(fold: LargeFold, number: int, rows: Ints | None, recurs: npt.NDArray[np.bool_]) -> Tally:
    """Those of the lines counted that may recur."""
    with no_cycles():
        return tally(_printed(fold, number, rows), recurs)


@once("signatures", "npy")
def name_and_sign(fold: LargeFold, number: int, parts: Sequence[tuple[int, Ints, Ints]], is_named: bool) -> None:
    """One partition in the order of time: its articles with their credits, words, signatures, fingerprints.

    parts: of each partition as read the rows that fall into this one, and where each comes.
    """
    found: list[tuple[int, Article]] = []
    for part, rows, places in parts:
        order = np.argsort(rows)
        some = read_records(fold.path("read", part), Article, rows[order].tolist())
        found += zip(places[order].tolist(), some, strict=True)
    articles = [one for _, one in sorted(found, key=lambda pair: pair[0])]
    if not is_named:
        workspace = open_workspace(fold.config, fold.folder)
        articles = list(name_agencies_of(articles, workspace.agencies, workspace.outlets))
    corpus, headlines = read_texts(articles, fold.boilerplate)
    write_records(fold.path("articles", number), articles)
    write_texts(fold.path("texts", number), [one.article_id for one in articles], corpus.texts, headlines)
    write_array(fold.path("kinds", number, "npy"), _per_article(kinds_of(articles), articles))
    write_array(fold.path("fingerprints", number, "npy"), _by_key(fingerprint(corpus.texts)))
    write_array(fold.path("signatures", number, "npy"), sign(corpus.texts, fold.settings.permutations).T)


def _per_article(kinds: PageKinds, articles: Sequence[Article]) -> npt.NDArray[np.bool_]:
    """A row per article, a column per kind of page."""
    return np.array([[one.article_id in some for some in kinds] for one in articles], np.bool_).reshape(-1, len(kinds))


def _by_key(found: Fingerprints) -> npt.NDArray[np.uint32]:
    """Keys in the order of their first bits, and the text of each; texts of one key rise."""
    order = np.argsort((found.keys >> np.uint32(_LATER_BITS)).astype(np.uint16), kind="stable")
    return np.stack([found.keys.take(order), found.texts.take(order).astype(np.uint32)])


@once("pairs", "npy")
def find_pairs(fold: LargeFold, number: int, steps: int, parts: int) -> None:
    """Candidates that meet in the bands that fall to this of several steps, of all articles."""
    columns = [fold.path("signatures", part, "npy") for part in range(parts)]
    signatures = StoredSignatures(columns, fold.folder / "signatures.npy")
    bands = slice(*(fold.settings.bands * BANDINGS * step // steps for step in (number, number + 1)))
    times = np.load(fold.folder / "times.npy")
    pairs = find_alike(signatures, times, bands=fold.settings.bands, window=fold.window, part=bands)
    write_array(fold.path("pairs", number, "npy"), pairs)


@once("sharing", "npy")
def find_passages(fold: LargeFold, number: int, steps: int, parts: int) -> None:
    """Candidates that share a passage, by the keys that fall to this of several steps."""
    low, high = (_FIRST_VALUES * step // steps << _LATER_BITS for step in (number, number + 1))
    keys, rows = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for part in range(parts):
        stored = np.load(fold.path("fingerprints", part, "npy"), mmap_mode="r")
        some = slice(*np.searchsorted(stored[0], np.array([low, high], np.uint64)).tolist())
        keys.append(stored[0, some].astype(np.uint32))
        rows.append(part * fold.partition + stored[1, some].astype(np.int64))
    times = np.load(fold.folder / "times.npy")
    pairs = find_sharing(np.concatenate(keys), np.concatenate(rows), times, window=fold.window, in_order=True)
    write_array(fold.path("sharing", number, "npy"), pairs)


@once("ends", "npy")
def verify_part(fold: LargeFold, number: int) -> None:
    """Verdicts on the candidates whose earlier article is of this partition, and the places of their two articles."""
    pairs = np.load(fold.path("candidates", number, "npy"))
    places, local = np.unique(pairs, return_inverse=True)
    known = fold.texts_at(places)
    verified = verify(
        known.ids,
        known.bodies,
        known.headlines,
        fold.array("times")[places],
        local.reshape(-1, 2),
        same_report=fold.settings.thresholds.same_report,
        bodies_at=lambda some: fold.bodies_at(places[some]),
    )
    place_of = dict(zip(known.ids, places.tolist(), strict=True))
    ends = [(place_of[one.left_id], place_of[one.right_id]) for one in verified]
    write_records(fold.path("verified", number), verified)
    write_array(fold.path("ends", number, "npy"), np.array(ends, np.int64).reshape(-1, 2))


def verified_pairs(
    fold: LargeFold, parts: Sequence[int], chosen: Callable[[Ints], npt.NDArray[np.bool_]]
) -> tuple[list[Verified], Ints]:
    """Verified pairs of some partitions, those chosen by the places of their articles; and these places."""
    found: list[Verified] = []
    where = [np.zeros((0, 2), np.int64)]
    for part in parts:
        ends = np.load(fold.path("ends", part, "npy"))
        rows = np.flatnonzero(chosen(ends))
        found += read_records(fold.path("verified", part), Verified, rows.tolist())
        where.append(ends[rows])
    return found, np.concatenate(where)


@once("groups", "npy")
def group_part(fold: LargeFold, number: int, parts: Sequence[int]) -> None:
    """Which articles are one story, of those that pairs connect with one of this partition first: rows of an article,
    the first of its story, and whether it is a digest. parts: of the pairs.
    """
    home = fold.array("homes")
    pairs, ends = verified_pairs(fold, parts, lambda ends: home[ends[:, 0]] == number)
    place_of = {one.left_id: left for one, left in zip(pairs, ends[:, 0].tolist(), strict=True)}
    place_of |= {one.right_id: right for one, right in zip(pairs, ends[:, 1].tolist(), strict=True)}
    columns = fold.array("kinds").T
    kinds = PageKinds(*({one for one, place in place_of.items() if column[place]} for column in columns))
    groups, digests = group(place_of, pairs, kinds)
    rows = [
        (place_of[one], min(place_of[member] for member in some), one in digests) for some in groups for one in some
    ]
    write_array(fold.path("groups", number, "npy"), np.array(rows, np.int64).reshape(-1, 3))
