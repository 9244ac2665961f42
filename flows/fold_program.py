"""The program of a large fold, wherever its articles come from: a Dask cluster, and the steps in their order.

What this process keeps of an article is its id, its time and its pairs; texts are with the workers, a partition each.
"""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from flows import fold_steps
from flows.fold_steps import Ints, LargeFold
from flows.interruption import holding
from flows.watcher import Watcher
from pipeline.dedupe.boilerplate import LineCounts, keys_by_outlet
from pipeline.dedupe.candidates import BANDINGS, unite
from pipeline.dedupe.fold import times_of
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.partitions import replacing, write_array, write_records
from pipeline.dedupe.stored import join_rows
from pipeline.records import Article

# Articles of one partition: some 150 MB of memory while a worker has them in hand.
PARTITION = 25_000
# A report has so many keys of passages, more or less; a step sorts so many: 11 million take a worker 2.3 GB.
KEYS_PER_ARTICLE, KEYS_PER_STEP = 110, 4_000_000
# A step sorts so many values of bands. Most pairs that are alike meet in every step and are looked at in each: the
# fewer the better, but all workers should have some.
BANDED_PER_STEP, LEAST_STEPS = 64_000_000, 8
WORKER_MEMORY = "3.5GB"  # a local worker that comes close to it is started again, and its partition done again
LOCAL = "local"
FURNITURE = "furniture.json"
Furniture = Mapping[str, frozenset[str]]
# Of each partition in the order of time the partitions as read that it comes from, with rows and places.
Sources = list[list[tuple[int, Ints, Ints]]]
# No dashboard, and its port a free one: two clusters on one machine do not meet.
QUIET = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
# Steps take seconds to minutes: what looks at workers many times a second costs more than it tells.
CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.worker.memory.target": False,  # workers keep no data between steps: there is none to spill
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.disk": False,
    # By default workers hand memory back at every turn, and the arrays of each step fault it in again page by page.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 128 << 20,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 << 20,
}


class Program:
    """Runs the steps of one fold on a cluster."""

    def __init__(self, fold: LargeFold, watcher: Watcher) -> None:
        self.fold, self._watcher = fold, watcher
        self.client: Any = None  # of the cluster, before the first step
        self.ids: list[str] = []  # of articles, by place

    def read(self, articles: Iterable[Article]) -> Sources:
        """Articles into partitions as they come; returns for each partition in the order of time where it is.

        Their lines are counted at the same time unless the furniture of outlets is known, in a file of the folder.
        """
        ids: list[str] = []
        times: list[Any] = [np.zeros(0)]
        counting: list[Any] = []
        known = self.fold.folder / FURNITURE
        remaining = iter(articles)
        while some := sorted(islice(remaining, self.fold.partition), key=order_of):
            part = len(times) - 1
            if not (path := self.fold.path("read", part)).exists():
                write_records(path, some)
            if not known.exists():
                counting.append(self.client.submit(fold_steps.count_lines, self.fold, part, pure=False))
            ids += [one.article_id for one in some]
            times.append(times_of(some))
            self._watcher.update("ingest", "", len(ids), None)
        if not known.exists():
            keep_furniture(self.fold.folder, self._learn_furniture(counting))
        furniture = {one: frozenset(keys) for one, keys in json.loads(known.read_text("utf-8")).items()}
        self.fold = replace(self.fold, furniture=furniture)
        joined = np.concatenate(times)
        order = np.lexsort((np.array(ids, object), joined))
        write_array(self.fold.folder / "times.npy", joined[order])
        self.ids = [ids[at] for at in order.tolist()]
        return list(_parts_in_order(order, self.fold.partition))

    def _learn_furniture(self, counting: Sequence[Any]) -> Furniture:
        counts, sizes = LineCounts(), []
        for future in counting:
            counts.join(found := future.result())
            sizes.append(found.lines)
            future.release()
        recurs = counts.recurring()
        parts = np.split(recurs, np.cumsum(sizes)[:-1]) if recurs.any() else []
        tallies = self.run("furniture", fold_steps.tally_lines, list(enumerate(parts)))
        return keys_by_outlet(counts.learn(tallies))

    def group(self, sources: Sources, is_named: bool) -> list[tuple[int, list[int]]]:
        """From the articles as read to groups of those that are one story; is_named: their credits are known.

        Returns each partition with those that hold its pairs: what the steps that tell stories need.
        """
        fold, parts = self.fold, len(sources)
        self.run("sign", fold_steps.name_and_sign, [(at, one, is_named) for at, one in enumerate(sources)])
        join_rows([fold.path("signatures", part, "npy") for part in range(parts)], fold.folder / "signatures.npy")
        write_array(fold.folder / "wires.npy", _joined(fold, "wires", parts))
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


def keep_furniture(folder: Path, furniture: Furniture) -> None:
    """Write what is known of outlets' furniture, so that it is not learned."""
    with replacing(folder / FURNITURE) as unfinished:
        unfinished.write_text(json.dumps({one: sorted(keys) for one, keys in furniture.items()}), "utf-8")


def _parts_in_order(order: Ints, partition: int) -> Iterator[list[tuple[int, Ints, Ints]]]:
    """For each partition in the order of time the partitions that it comes from, with rows and places."""
    for first in range(0, len(order), partition):
        some = order[first : first + partition]
        parts = some // partition
        yield [
            (part, some[parts == part] - part * partition, np.flatnonzero(parts == part))
            for part in np.unique(parts).tolist()
        ]


def _joined(fold: LargeFold, kind: str, parts: int) -> Any:
    return np.concatenate([np.zeros(0, np.bool_), *(np.load(fold.path(kind, part, "npy")) for part in range(parts))])


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


@contextmanager
def cluster(scheduler: str, workers: int | None, folder: Path) -> Iterator[Any]:
    """A client of the cluster at an address, or of one on this machine that ends with the body."""
    import dask
    from distributed import Client, LocalCluster

    if scheduler != LOCAL:
        with Client(scheduler) as client:
            yield client
        return
    options = {"threads_per_worker": 1, "memory_limit": WORKER_MEMORY, "host": "127.0.0.1", "scheduler_kwargs": QUIET}
    local = str(folder / "spill")
    stack = ExitStack()
    stack.enter_context(dask.config.set(CALM))
    stack.callback(logging.disable, logging.root.manager.disable)
    callbacks = logging.getLogger("tornado.application")
    callbacks.addFilter(_is_news)
    stack.callback(callbacks.removeFilter, _is_news)
    try:
        resource_tracker.ensure_running()  # started later, it would let Ctrl-C through to the workers
        with holding():
            some = stack.enter_context(LocalCluster(n_workers=workers, local_directory=local, **options))
            client = stack.enter_context(Client(some))
        try:
            yield client
        except KeyboardInterrupt:
            logging.disable(logging.CRITICAL)  # what a cluster says of its end in the middle of things is no news
            _kill_workers(some)
            raise
    finally:
        with holding():  # half closed, it would be waited for until patience ends
            stack.close()


def _is_news(record: logging.LogRecord) -> bool:
    """False for what distributed says of a Ctrl-C that comes before its call has begun: it then looks for a call to
    cancel under a name that was never given (distributed.utils.sync, seen with 2026.8)."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, NameError) and "sync.<locals>.cancel" in record.getMessage())


def _kill_workers(some: Any) -> None:
    """What they are at is done again by the next fold; in order they would first come to the end of it."""
    from distributed.core import Status

    for one in some.workers.values():
        one.status = Status.closing_gracefully  # it is not to start another
        if one.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
