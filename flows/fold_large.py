"""LargeFold more articles than memory holds: a Dask program over Parquet partitions.

The steps are those of a small fold, over partitions: read, name and sign, order by time, pair by bands, verify, group.
What this process keeps of an article is its id, its time and its pairs; texts are with the workers, a partition each.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from flows import fold_steps
from flows.fold_files import accepted_articles
from flows.fold_steps import BANDS_PER_STEP, Ints, LargeFold
from flows.ledger import now
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.dedupe.boilerplate import LineCounts, keys_by_outlet
from pipeline.dedupe.candidates import BANDINGS, unite
from pipeline.dedupe.partitions import read_records, replacing, write_records
from pipeline.dedupe.score import Verified
from pipeline.dedupe.signatures import SCHEME
from pipeline.publish.release import Content, write_tables
from pipeline.publish.rows import ReleaseArticle
from pipeline.records import Article, Link, Story

# Articles of one partition: some 100 MB of memory while a worker has them in hand.
PARTITION = 20_000
# A report has so many keys of passages, more or less; a step sorts so many: 11 million take a worker 2.3 GB.
KEYS_PER_ARTICLE, KEYS_PER_STEP = 110, 6_000_000
WORKER_MEMORY = "3GB"  # beyond which a local worker's data goes to disk
LOCAL = "local"
# No dashboard, and its port a free one: two clusters on one machine do not meet.
QUIET = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}


def fold_large(
    workspace: Workspace,
    files: Sequence[Path],
    out: Path,
    watcher: Watcher,
    *,
    scheduler: str = LOCAL,
    workers: int | None = None,
    partition: int = PARTITION,
) -> Mapping[str, Any]:
    """As fold_files, on a Dask cluster: `local`, or the address of its scheduler. Work in progress lies in out/.fold.

    The workers of another machine must see the same folders. Raises InputError, ReleaseError.
    """
    folder = (out / ".fold" / _fingerprint(workspace, files, partition)).absolute()
    ids, furniture, rejected = _read(workspace, files, folder, watcher, partition)
    fold = LargeFold(folder, workspace.config_dir.absolute(), furniture)
    with _cluster(scheduler, workers, folder) as client:

        def step(label: str, run: Callable[..., None], each: Sequence[tuple[Any, ...]]) -> None:
            _run(client, watcher, label, run, fold, each)

        step("sign", fold_steps.name_and_sign, [(part,) for part in range(len(ids))])
        order = _put_in_order(fold, ids, partition)
        step("order", fold_steps.put_in_order, list(enumerate(_parts_in_order(ids, order, partition))))
        steps = -(-workspace.settings.dedupe.bands * BANDINGS // BANDS_PER_STEP)
        step("pair", fold_steps.find_pairs, [(number,) for number in range(steps)])
        sharing = -(-len(order) * KEYS_PER_ARTICLE // KEYS_PER_STEP)
        step("share", fold_steps.find_passages, [(n, sharing, len(ids), partition) for n in range(sharing)])
        pairs = _all_pairs(fold, {"pairs": steps, "sharing": sharing}, len(order))
        chunks = [pairs[pairs[:, 0] // partition == part] for part in range(-(-len(order) // partition))]
        step("verify", fold_steps.verify_part, [(part, some, partition) for part, some in enumerate(chunks)])
        place_of = {article_id: place for place, article_id in enumerate(_in_order(ids, order))}
        groups = _connected(fold, place_of, len(chunks), partition)
        step("group", fold_steps.tell_stories, [(at, *one, partition) for at, one in enumerate(groups)])
    summary = _write(workspace, fold, out, len(chunks), rejected)
    shutil.rmtree(out / ".fold")
    return summary


def _fingerprint(workspace: Workspace, files: Sequence[Path], partition: int) -> str:
    """Of what decides the work in progress: another input or other settings begin anew."""
    known = [(str(file.absolute()), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]
    said = json.dumps([known, workspace.settings.dedupe.model_dump(), SCHEME, partition], default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _read(
    workspace: Workspace, files: Sequence[Path], folder: Path, watcher: Watcher, partition: int
) -> tuple[list[list[str]], Mapping[str, frozenset[str]], Counter[str]]:
    """Articles into partitions as they come; their ids, the outlets' furniture, and what was rejected."""
    ids: list[list[str]] = []
    rejected: Counter[str] = Counter()
    articles = accepted_articles(files, rejected)
    lines = LineCounts()
    while some := list(islice(articles, partition)):
        path = folder / "read" / f"{len(ids):06d}.parquet"
        if not path.exists():
            write_records(path, some)
        ids.append([one.article_id for one in some])
        lines.add((one.outlet_id, one.body) for one in some)
        watcher.update("ingest", "", sum(map(len, ids)), None)
    again = (
        (one.outlet_id, one.body)
        for part in range(len(ids))
        for one in read_records(folder / "read" / f"{part:06d}.parquet", Article)
    )
    return ids, keys_by_outlet(lines.learn(again)), rejected


def _put_in_order(fold: LargeFold, ids: Sequence[Sequence[str]], partition: int) -> Ints:
    """The places of articles as read, in the order of time; signatures and times of all in that order, by column."""
    times = np.concatenate([np.zeros(0), *(np.load(fold.path("times", part, "npy")) for part in range(len(ids)))])
    order = np.lexsort((np.array([one for some in ids for one in some], object), times))
    with replacing(fold.folder / "times.npy") as unfinished, unfinished.open("wb") as target:
        np.save(target, times[order])
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    with replacing(fold.folder / "places.npy") as unfinished, unfinished.open("wb") as target:
        np.save(target, place)
    width = np.load(fold.path("signatures", 0, "npy"), mmap_mode="r").shape[0] if ids else 0
    with replacing(fold.folder / "signatures.npy") as unfinished:
        together = np.lib.format.open_memmap(unfinished, "w+", np.uint32, (width, len(order)))
        for part, some in enumerate(ids):
            first = part * partition
            together[:, place[first : first + len(some)]] = np.load(fold.path("signatures", part, "npy"))
        together.flush()
    return order


def _parts_in_order(
    ids: Sequence[Sequence[str]], order: Ints, partition: int
) -> Iterator[list[tuple[int, Ints, Ints]]]:
    """For each partition in the order of time the partitions that it comes from, with rows and places."""
    for first in range(0, len(order), partition):
        some = order[first : first + partition]
        parts = some // partition
        yield [
            (part, some[parts == part] - part * partition, np.flatnonzero(parts == part))
            for part in np.unique(parts).tolist()
        ]


def _in_order(ids: Sequence[Sequence[str]], order: Ints) -> Iterator[str]:
    flat = [one for some in ids for one in some]
    return (flat[place] for place in order.tolist())


def _all_pairs(fold: LargeFold, steps: Mapping[str, int], articles: int) -> Ints:
    found = [np.load(fold.path(kind, number, "npy")) for kind, count in steps.items() for number in range(count)]
    return unite(found, articles)


def _connected(
    fold: LargeFold, place_of: Mapping[str, int], parts: int, partition: int
) -> list[tuple[Ints, Sequence[int]]]:
    """Articles that pairs connect stay together, with the partition of their first: places, and where pairs lie."""
    ends: list[tuple[int, int, int]] = []
    for part in range(parts):
        for one in read_records(fold.path("verified", part), Verified):
            ends.append((place_of[one.left_id], place_of[one.right_id], part))  # noqa: PERF401
    left, right, where = np.array(ends, np.int64).reshape(-1, 3).T
    count = len(place_of)
    graph = sparse.coo_matrix((np.ones(len(left), np.bool_), (left, right)), shape=(count, count))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    home = first[label] // partition
    return [(np.flatnonzero(home == part), np.unique(where[home[left] == part]).tolist()) for part in range(parts)]


def _write(workspace: Workspace, fold: LargeFold, out: Path, parts: int, rejected: Counter[str]) -> Mapping[str, Any]:
    moment = now()
    stories = [one for part in range(parts) for one in read_records(fold.path("stories", part), Story)]
    story_of = {member: story.story_id for story in stories for member in story.member_ids}
    manifest = write_tables(
        out,
        Content(
            articles=(
                ReleaseArticle(one, story_of[one.article_id])
                for part in range(parts)
                for one in read_records(fold.path("articles", part), Article)
            ),
            stories=stories,
            links=(one for part in range(parts) for one in read_records(fold.path("links", part), Link)),
            settings={"dedupe": workspace.settings.dedupe.model_dump()},
            counts={"rejected": dict(rejected)},
        ),
        version=f"{moment:%Y%m%dT%H%M%SZ}",
        published_at=moment,
        with_text=workspace.settings.keep_text_in_releases,
    )
    rows = {name.removesuffix(".parquet"): one["rows"] for name, one in manifest["files"].items() if "rows" in one}
    return {**rows, "rejected": sum(rejected.values()), "reasons": dict(rejected), "out": str(out)}


@contextmanager
def _cluster(scheduler: str, workers: int | None, folder: Path) -> Iterator[Any]:
    """A client of the cluster at an address, or of one on this machine that ends with the body."""
    from distributed import Client, LocalCluster

    if scheduler != LOCAL:
        with Client(scheduler) as client:
            yield client
        return
    options = {"threads_per_worker": 1, "memory_limit": WORKER_MEMORY, "host": "127.0.0.1", "scheduler_kwargs": QUIET}
    local = str(folder / "spill")
    with LocalCluster(n_workers=workers, local_directory=local, **options) as cluster, Client(cluster) as client:
        yield client


def _run(
    client: Any,
    watcher: Watcher,
    label: str,
    run: Callable[..., None],
    fold: LargeFold,
    each: Sequence[tuple[Any, ...]],
) -> None:
    """One step over all partitions, with progress; the first failure ends it."""
    from distributed import as_completed

    waiting = [client.submit(run, fold, *arguments, pure=False) for arguments in each]
    for done, future in enumerate(as_completed(waiting), start=1):
        future.result()
        future.release()
        watcher.update(f"dedupe {label}", "", done, len(waiting))
