"""Fold all articles of a catalog that hold more than memory does: the program of a large fold, from and to the catalog.

What the catalog says stays as it is until the outcome is there, which then takes its place in one transaction. Work in
progress lies in the data folder; a fold that was interrupted goes on there if nothing has changed in the catalog.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from flows.cycles import no_cycles
from flows.fold_cluster import LOCAL, cluster
from flows.fold_program import PARTITION, Program, keep_boilerplate
from flows.fold_steps import LargeFold
from flows.fold_stories import NAMES, keep_stories
from flows.ledger import now
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.postgresql import lock_texts
from pipeline.catalog.whole_fold import Folded, FoldPart, all_articles, all_folded, replace_fold
from pipeline.dedupe.boilerplate import Boilerplate
from pipeline.dedupe.fingerprints import joined
from pipeline.dedupe.incremental import method_of
from pipeline.dedupe.partitions import FORMAT, read_records, write_records
from pipeline.dedupe.signatures import to_records
from pipeline.dedupe.stories import find_changes, name_stories
from pipeline.dedupe.verified import Verified
from pipeline.records import Link, Signature, Story, StoryChange


def dedupe_large(
    workspace: Workspace,
    watcher: Watcher,
    boilerplate: Boilerplate,
    *,
    scheduler: str = LOCAL,
    workers: int | None = None,
    partition: int = PARTITION,
) -> Mapping[str, Any]:
    """Fold every article of the catalog; returns what that came to, as a small fold tells it.

    boilerplate: the line keys in force. The workers of another machine must see the same data folder. Raises
    UsageError.
    """
    with no_cycles():
        with reading(workspace.engine) as connection:
            known = {one.article_id: one for one in all_folded(connection)}
            folder = _folder(workspace, known, boilerplate, partition)
            keep_boilerplate(folder, boilerplate)
            begun = LargeFold(folder, workspace.config_dir.absolute(), workspace.settings.dedupe, partition, {})
            program = Program(begun, watcher)
            sources = program.read(all_articles(connection))
        fold = program.fold
        with cluster(scheduler, workers, folder) as program.client:
            pairs_of = program.group(sources, is_named=True)
            changes = _name(fold, program.ids, known)
            program.run("link", keep_stories, pairs_of)
    figures = {"stories": 0, "stories_with_copies": 0, "links": 0}
    with writing(workspace.engine) as connection:
        lock_texts(connection, alone=True)
        replace_fold(connection, _parts(fold, program.ids, known, len(sources), figures, watcher), changes, now())
    shutil.rmtree(folder.parent)
    return {"new": len(known), "window": len(known), "touched": len(known), **figures}


def _folder(workspace: Workspace, known: Mapping[str, Folded], boilerplate: Boilerplate, partition: int) -> Path:
    """Where this very fold is in progress; what is left of others goes."""
    lines = {one: sorted(keys) for one, keys in sorted(boilerplate.items())}
    marks = hashlib.sha256(json.dumps([method_of(workspace.settings.dedupe), FORMAT, lines, partition]).encode())
    for one in known.values():
        marks.update(f"{one.article_id}\n{one.version}\n{one.row_sha256}\n".encode("utf-8", "surrogatepass"))
    home = workspace.data_dir.absolute() / "fold"
    folder = home / marks.hexdigest()[:16]
    for other in home.iterdir() if home.exists() else ():
        if other != folder:
            shutil.rmtree(other)
    return folder


def _name(fold: LargeFold, ids: Sequence[str], known: Mapping[str, Folded]) -> list[StoryChange]:
    """Give stories their ids, those of before where they live on; returns what became of the others."""
    story_at = fold.array("stories")
    order = np.argsort(story_at, kind="stable")
    firsts, bounds = np.unique(story_at[order], return_index=True)
    groups = [[known[ids[place]] for place in some.tolist()] for some in np.split(order, bounds[1:])] if ids else []
    previous = {one.article_id: one.story_id for one in known.values() if one.story_id is not None}
    names = name_stories(groups, previous)
    by_place: list[str | None] = [None] * len(ids)
    for place, name in zip(firsts.tolist(), names, strict=True):
        by_place[place] = name
    write_records(fold.path(NAMES, 0), by_place)
    return find_changes(groups, names, previous, now())


def _parts(
    fold: LargeFold,
    ids: Sequence[str],
    known: Mapping[str, Folded],
    parts: int,
    figures: dict[str, int],
    watcher: Watcher,
) -> Iterator[FoldPart]:
    """What the partitions came to; it is counted on the way."""
    for part in range(parts):
        some = ids[part * fold.partition : (part + 1) * fold.partition]
        stories = list(read_records(fold.path("told", part), Story))
        links = list(read_records(fold.path("links", part), Link))
        verified = read_records(fold.path("verified", part), Verified)
        figures["stories"] += len(stories)
        figures["stories_with_copies"] += sum(len(one.member_ids) > 1 for one in stories)
        figures["links"] += len(links)
        yield FoldPart(
            _signatures(fold, part, some),
            ((one.left_id, one.right_id, one.to_json()) for one in verified),
            stories,
            links,
            {one: known[one].version for one in some},
        )
        watcher.update("dedupe write", "", part + 1, parts)


def _signatures(fold: LargeFold, part: int, ids: Sequence[str]) -> list[Signature]:
    """As they are stored, so that later increments need not read the texts."""
    columns = np.load(fold.path("signatures", part, "npy"))
    keys, rows = np.load(fold.path("fingerprints", part, "npy"))
    passages = joined(keys[np.argsort(rows, kind="stable")], np.bincount(rows, minlength=len(ids)))
    return to_records(list(ids), np.ascontiguousarray(columns.T), passages, method_of(fold.settings))
