"""The program of a large fold, wherever its articles come from: the steps in their order, on a Dask cluster.

What this process keeps of an article is its id, its time and its pairs; texts are with the workers, a partition each.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from flows import fold_steps
from flows.fold_files import RejectionTally
from flows.fold_reading import Arrived, FileLine, PartRead, Sources, lines_of, partition_of, read_part
from flows.fold_steps import Ints, LargeFold
from flows.watcher import Watcher
from pipeline.dedupe.boilerplate import Boilerplate, LineCounts, keys_by_outlet
from pipeline.dedupe.candidates import BANDINGS, unite
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.page_kinds import PLAIN
from pipeline.dedupe.partitions import replacing, write_array, write_records
from pipeline.dedupe.stored import join_rows
from pipeline.dedupe.times import times_of
from pipeline.inputs.articles_file import no_objects
from pipeline.records import Article

# Articles of one partition at most: some 150 MB of memory while a worker has them in hand.
PARTITION = 25_000
# A report has so many keys of passages, more or less; a step sorts so many: 11 million take a worker 2.3 GB.
KEYS_PER_ARTICLE, KEYS_PER_STEP = 110, 4_000_000
# A step sorts so many values of bands. Most pairs that are alike meet in every step and are looked at in each: the
# fewer the better, but all workers should have some.
BANDED_PER_STEP, LEAST_STEPS = 64_000_000, 8
BOILERPLATE = "boilerplate.json"
# Of each partition as read its counts of lines or what will have them, and the rows counted; None: all.
Counting = tuple[Any, Ints | None]
# Partitions of lines on disk that no worker has made articles of.
MOST_WAITING = 8


class Program:
    """Runs the steps of one fold on a cluster."""

    def __init__(self, fold: LargeFold, watcher: Watcher) -> None:
        self.fold, self._watcher = fold, watcher
        self.client: Any = None  # of the cluster, before the first step
        self.ids: list[str] = []  # of articles, by place

    def read(self, articles: Iterable[Article]) -> Sources:
        """Articles into partitions as they come; returns for each partition in the order of time where it is.

        Their lines are counted at the same time unless the boilerplate of outlets is known, in a file of the folder.
        """
        arrived = Arrived()
        counting: list[Counting] = []
        is_known = (self.fold.folder / BOILERPLATE).exists()
        remaining = iter(articles)
        while some := sorted(islice(remaining, self.fold.partition), key=order_of):
            part = len(counting)
            if not (path := self.fold.path("read", part)).exists():
                write_records(path, some)
            counts = None if is_known else self.client.submit(fold_steps.count_lines, self.fold, part, pure=False)
            counting.append((counts, None))
            times = times_of(some, self.fold.settings.undated_days)
            arrived.add(part, [one.article_id for one in some], times, np.arange(len(some)))
            self._watcher.update("ingest", "", len(arrived.ids), None)
        return self._in_order(arrived, counting)

    def read_lines(self, files: Sequence[Path], read_at: datetime, rejected: RejectionTally) -> Sources:
        """The same of the lines of files, which workers make articles of; of several rows with one id the first counts.

        Raises InputError for a file that cannot be read, or of which no line is an object.
        """
        names = [str(path) for path in files]
        arrived, seen = Arrived(), set[str]()
        counting: list[Counting] = []
        good: set[int] = set()
        bad: dict[int, str] = {}
        for part, told in enumerate(self._parts_read(lines_of(files, self.fold.partition), names, read_at)):
            rows = told.take_new(seen, names)
            for one in sorted(told.rejected):
                rejected.add(one.reason, one.detail)
            counting.append((told.counts, None))
            if len(rows) < len(told.ids):
                counting[-1] = self.client.submit(fold_steps.count_lines, self.fold, part, rows, pure=False), rows
            ids = [told.ids[row] for row in rows.tolist()]
            seen.update(ids)
            arrived.add(part, ids, told.times[rows], rows)
            good |= told.good
            bad = told.bad | bad
            self._watcher.update("ingest", "", len(arrived.ids), None)
        if of_none := sorted(bad.keys() - good):
            raise no_objects(files[of_none[0]], bad[of_none[0]])
        rejected.tell_rest()
        return self._in_order(arrived, counting)

    def _parts_read(
        self, parts: Iterable[list[FileLine]], names: Sequence[str], read_at: datetime
    ) -> Iterator[PartRead]:
        """What workers made of the lines of each partition, in order; a few are on their way at a time."""
        waiting: deque[tuple[Path, Any]] = deque()
        for number, some in enumerate(parts):
            write_records(path := self.fold.path("lines", number), some, packed=False)
            waiting.append((path, self.client.submit(read_part, self.fold, number, names, read_at, pure=False)))
            if len(waiting) > MOST_WAITING:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())

    def _in_order(self, arrived: Arrived, counting: Sequence[Counting]) -> Sources:
        known = self.fold.folder / BOILERPLATE
        if not known.exists():
            keep_boilerplate(self.fold.folder, self._learn_boilerplate(counting))
        boilerplate = {one: frozenset(keys) for one, keys in json.loads(known.read_text("utf-8")).items()}
        partition = partition_of(len(arrived.ids), self.fold.partition)
        self.fold = replace(self.fold, boilerplate=boilerplate, partition=partition)
        self.ids, times, sources = arrived.in_order(self.fold.partition)
        write_array(self.fold.folder / "times.npy", times)
        return sources

    def _learn_boilerplate(self, counting: Sequence[Counting]) -> Boilerplate:
        counts, sizes = LineCounts(), []
        for counted, _ in counting:
            found = counted if isinstance(counted, LineCounts) else counted.result()
            counts.join(found)
            sizes.append(found.lines)
        recurs = counts.recurring()
        parts = np.split(recurs, np.cumsum(sizes)[:-1]) if recurs.any() else []
        each = [(part, counting[part][1], some) for part, some in enumerate(parts)]
        return keys_by_outlet(counts.learn(self.run("boilerplate", fold_steps.tally_lines, each)))

    def group(self, sources: Sources, is_named: bool) -> list[tuple[int, list[int]]]:
        """From the articles as read to groups of those that are one story; is_named: their credits are known.

        Returns each partition with those that hold its pairs: what the steps that tell stories need.
        """
        fold, parts = self.fold, len(sources)
        self.run("sign", fold_steps.name_and_sign, [(at, one, is_named) for at, one in enumerate(sources)])
        join_rows([fold.path("signatures", part, "npy") for part in range(parts)], fold.folder / "signatures.npy")
        kinds = [np.load(fold.path("kinds", part, "npy")) for part in range(parts)]
        write_array(fold.folder / "kinds.npy", np.concatenate([np.zeros((0, len(PLAIN)), np.bool_), *kinds]))
        bands = fold.settings.bands * BANDINGS
        pairing = min(max(-(-parts * fold.partition * bands // BANDED_PER_STEP), LEAST_STEPS), bands)
        self.run("pair", fold_steps.find_pairs, [(number, pairing, parts) for number in range(pairing)])
        sharing = -(-parts * fold.partition * KEYS_PER_ARTICLE // KEYS_PER_STEP)
        self.run("share", fold_steps.find_passages, [(number, sharing, parts) for number in range(sharing)])
        self._part_candidates({"pairs": pairing, "sharing": sharing}, parts)
        self.run("verify", fold_steps.verify_part, [(part,) for part in range(parts)])
        ends = [np.load(fold.path("ends", part, "npy")) for part in range(parts)]
        homes = _homes(ends, len(fold.array("times")), fold.partition)
        write_array(fold.folder / "homes.npy", homes)
        self.run("group", fold_steps.group_part, _parts_of([homes[some] for some in ends], parts))
        self._join_groups(parts)
        return _parts_of([some // fold.partition for some in ends], parts)

    def _part_candidates(self, found: Mapping[str, int], parts: int) -> None:
        """The pairs of all steps, each once, by the partition of the earlier article."""
        fold = self.fold
        arrays = [np.load(fold.path(kind, number, "npy")) for kind, count in found.items() for number in range(count)]
        pairs = unite(arrays, len(fold.array("times")))
        edges = np.searchsorted(pairs[:, 0], np.arange(parts + 1) * fold.partition)
        for part in range(parts):
            write_array(fold.path("candidates", part, "npy"), pairs[edges[part] : edges[part + 1]])

    def _join_groups(self, parts: int) -> None:
        """What the groups say as columns of all articles: the first article of each one's story, and digests."""
        count = len(self.fold.array("times"))
        stories, digests = np.arange(count), np.zeros(count, np.int64)
        for part in range(parts):
            places, first, is_digest = np.load(self.fold.path("groups", part, "npy")).T
            stories[places], digests[places] = first, is_digest
        write_array(self.fold.folder / "stories.npy", stories)
        write_array(self.fold.folder / "digests.npy", digests)

    def run(self, label: str, step: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> list[Any]:
        """One step over all partitions, with progress; what each gave. The first failure ends it."""
        from distributed import as_completed

        waiting = {self.client.submit(step, self.fold, *one, pure=False): at for at, one in enumerate(each)}
        given: list[Any] = [None] * len(each)
        for done, future in enumerate(as_completed(list(waiting)), start=1):
            given[waiting.pop(future)] = future.result()
            future.release()
            self._watcher.update(f"dedupe {label}", "", done, len(each))
        return given


def keep_boilerplate(folder: Path, boilerplate: Boilerplate) -> None:
    """Write what is known of outlets' boilerplate, so that it is not learned."""
    with replacing(folder / BOILERPLATE) as unfinished:
        unfinished.write_text(json.dumps({one: sorted(keys) for one, keys in boilerplate.items()}), "utf-8")


def _taken(lines: Path, future: Any) -> PartRead:
    """What a worker made of lines, which are not needed any more."""
    told: PartRead = future.result()
    future.release()
    lines.unlink()
    return told


def _homes(ends: Sequence[Ints], count: int, partition: int) -> Ints:
    """Articles that pairs connect stay together: of each the partition of their first."""
    left, right = np.concatenate([np.zeros((0, 2), np.int64), *ends]).T
    graph = sparse.coo_matrix((np.ones(len(left), np.bool_), (left, right)), shape=(count, count))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    homes: Ints = first[label] // partition
    return homes


def _parts_of(owners: Sequence[Ints], parts: int) -> list[tuple[int, list[int]]]:
    """For each partition those whose pairs are its own; owners: of the pairs of each partition."""
    found: list[list[int]] = [[] for _ in range(parts)]
    for part, some in enumerate(owners):
        for owner in np.unique(some).tolist():
            found[owner].append(part)
    return list(enumerate(found))
