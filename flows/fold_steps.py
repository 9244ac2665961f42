"""The steps of a large fold: each reads partitions from a folder, does what a small fold does, and writes one.

Workers run them, on this machine or on others that see the same folder. A step whose partition is there does nothing,
so that a fold that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import numpy as np
import numpy.typing as npt

from flows.naming import name_agencies_of
from flows.workspace import open_workspace
from pipeline.dedupe.candidates import find_alike, find_sharing
from pipeline.dedupe.fingerprints import Fingerprints, fingerprint
from pipeline.dedupe.fold import SECONDS_PER_DAY, fold_pairs, read_texts, times_of
from pipeline.dedupe.incremental import verify_pairs
from pipeline.dedupe.partitions import read_records, write_array, write_records
from pipeline.dedupe.score import Verified
from pipeline.dedupe.signatures import sign
from pipeline.records import Article

# Bands whose pairs one step finds.
BANDS_PER_STEP = 32
_KEY_VALUES = 1 << 32
Options = ParamSpec("Options")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LargeFold:
    """What every step knows: folders, and the furniture of outlets."""

    folder: Path
    config: Path
    furniture: Mapping[str, frozenset[str]]

    def path(self, kind: str, number: int, ending: str = "parquet") -> Path:
        """Where a partition lies."""
        return self.folder / kind / f"{number:06d}.{ending}"


def _once(
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
                step(fold, number, *args, **options)

        return run

    return decorate


@_once("signatures", "npy")
def name_and_sign(fold: LargeFold, number: int) -> None:
    """Credits and signatures of the articles read."""
    workspace = open_workspace(fold.config, fold.folder)
    read = read_records(fold.path("read", number), Article)
    articles = list(name_agencies_of(read, workspace.agencies, workspace.outlets))
    corpus, _ = read_texts(articles, fold.furniture)
    write_records(fold.path("named", number), articles)
    write_array(fold.path("times", number, "npy"), times_of(articles))
    write_array(fold.path("fingerprints", number, "npy"), _by_key(fingerprint(corpus.texts)))
    write_array(fold.path("signatures", number, "npy"), sign(corpus.texts, workspace.settings.dedupe.permutations).T)


@_once("articles")
def put_in_order(fold: LargeFold, number: int, parts: Sequence[tuple[int, Ints, Ints]]) -> None:
    """One partition of the articles in the order of time; parts: a named partition, its rows, where each comes."""
    articles: list[tuple[int, Article]] = []
    for part, rows, places in parts:
        order = np.argsort(rows)
        found = read_records(fold.path("named", part), Article, rows[order].tolist())
        articles += zip(places[order].tolist(), found, strict=True)
    write_records(fold.path("articles", number), [one for _, one in sorted(articles, key=lambda pair: pair[0])])


@_once("pairs", "npy")
def find_pairs(fold: LargeFold, number: int) -> None:
    """Candidates that meet in some of the bands, of all articles."""
    settings = open_workspace(fold.config, fold.folder).settings.dedupe
    signatures = np.load(fold.folder / "signatures.npy", mmap_mode="r").T
    times = np.load(fold.folder / "times.npy")
    part = slice(number * BANDS_PER_STEP, (number + 1) * BANDS_PER_STEP)
    window = settings.window_days * SECONDS_PER_DAY
    pairs = find_alike(signatures, times, bands=settings.bands, window=window, part=part)
    write_array(fold.path("pairs", number, "npy"), pairs)


@_once("sharing", "npy")
def find_passages(fold: LargeFold, number: int, steps: int, parts: int, per_partition: int) -> None:
    """Candidates that share a passage, by the keys that fall to this of several steps; parts: of the articles read."""
    places = np.load(fold.folder / "places.npy", mmap_mode="r")
    low, high = (_KEY_VALUES * step // steps for step in (number, number + 1))
    keys, rows = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for part in range(parts):
        stored = np.load(fold.path("fingerprints", part, "npy"), mmap_mode="r")
        some = slice(*np.searchsorted(stored[0], np.array([low, high], np.uint64)).tolist())
        keys.append(stored[0, some].astype(np.uint32))
        rows.append(places[part * per_partition + stored[1, some].astype(np.int64)])
    settings = open_workspace(fold.config, fold.folder).settings.dedupe
    times, window = np.load(fold.folder / "times.npy"), settings.window_days * SECONDS_PER_DAY
    pairs = find_sharing(np.concatenate(keys), np.concatenate(rows), times, window=window)
    write_array(fold.path("sharing", number, "npy"), pairs)


def _by_key(found: Fingerprints) -> npt.NDArray[np.uint32]:
    """Keys in order, and the text of each."""
    order = np.argsort(found.keys, kind="stable")
    return np.stack([found.keys[order], found.texts[order].astype(np.uint32)])


@_once("verified")
def verify_part(fold: LargeFold, number: int, pairs: Ints, per_partition: int) -> None:
    """Verdicts on pairs, given as places in the order of time."""
    articles = dict(_articles_at(fold, np.unique(pairs), per_partition))
    ids = [(articles[left].article_id, articles[right].article_id) for left, right in pairs.tolist()]
    settings = open_workspace(fold.config, fold.folder).settings.dedupe
    verified = verify_pairs(ids, list(articles.values()), fold.furniture, settings)
    write_records(fold.path("verified", number), verified)


@_once("links")
def tell_stories(fold: LargeFold, number: int, places: Ints, verified: Sequence[int], per_partition: int) -> None:
    """Stories and links of articles that no pair connects with others; verified: partitions that hold their pairs."""
    articles = [one for _, one in _articles_at(fold, places, per_partition)]
    ids = {one.article_id for one in articles}
    pairs = [
        one for part in verified for one in read_records(fold.path("verified", part), Verified) if one.left_id in ids
    ]
    outcome = fold_pairs(articles, pairs, furniture=fold.furniture, previous={})
    write_records(fold.path("stories", number), outcome.stories)
    write_records(fold.path("links", number), outcome.links)


def _articles_at(fold: LargeFold, places: Ints, per_partition: int) -> list[tuple[int, Article]]:
    found: list[tuple[int, Article]] = []
    for part in np.unique(places // per_partition).tolist():
        here = places[places // per_partition == part]
        rows = (here - part * per_partition).tolist()
        found += zip(here.tolist(), read_records(fold.path("articles", part), Article, rows), strict=True)
    return found
