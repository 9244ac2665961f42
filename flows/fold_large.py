"""Fold articles files that hold more than memory does: a Dask program over Parquet partitions.

The steps are those of a small fold, over partitions: read, name and sign in the order of time, pair by bands and by
passages, verify, group, link.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.cycles import no_cycles
from flows.fold_cluster import LOCAL, cluster
from flows.fold_files import RejectionTally, accepted_articles
from flows.fold_program import PARTITION, Program
from flows.fold_steps import LargeFold
from flows.fold_stories import tell_stories
from flows.ledger import now
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.dedupe.partitions import FORMAT
from pipeline.dedupe.signatures import SCHEME
from pipeline.inputs.articles_file import holds_lines
from pipeline.publish.chunks import Chunks
from pipeline.publish.release import Content, write_tables
from pipeline.publish.schema import TABLES, TableShape


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

    The workers of another machine must see the same folders. Raises InputError, ReleaseError, UsageError.
    """
    folder = (out / ".fold" / _fingerprint(workspace, files, partition)).absolute()
    rejected = RejectionTally(watcher)
    fold = LargeFold(folder, workspace.config_dir.absolute(), workspace.settings.dedupe, partition, {})
    with no_cycles():
        program = Program(fold, watcher)
        with cluster(scheduler, workers, folder) as program.client:
            if all(map(holds_lines, files)):
                sources = program.read_lines(files, now(), rejected)
            else:
                sources = program.read(accepted_articles(workspace, files, rejected))
            with_text = workspace.settings.keep_text_in_releases
            program.run("link", tell_stories, [(*one, with_text) for one in program.group(sources, is_named=False)])
        summary = _write(workspace, fold, out, len(sources), rejected)
    shutil.rmtree(out / ".fold")
    return summary


def _fingerprint(workspace: Workspace, files: Sequence[Path], partition: int) -> str:
    """Of what decides the work in progress: another input or other settings begin anew."""
    known = [(str(file.absolute()), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]
    said = json.dumps([known, workspace.settings.dedupe.model_dump(), SCHEME, FORMAT, partition], default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _write(workspace: Workspace, fold: LargeFold, out: Path, parts: int, rejected: RejectionTally) -> Mapping[str, Any]:
    moment = now()
    manifest = write_tables(
        out,
        Content(
            made={table.name: _chunks(fold, table, parts) for table in TABLES},
            settings={"dedupe": workspace.settings.dedupe.model_dump()},
            counts={"rejected": dict(rejected.reasons)},
        ),
        version=f"{moment:%Y%m%dT%H%M%SZ}",
        published_at=moment,
        with_text=workspace.settings.keep_text_in_releases,
    )
    rows = {name.removesuffix(".parquet"): one["rows"] for name, one in manifest["files"].items() if "rows" in one}
    return {**rows, "rejected": rejected.reasons.total(), "reasons": dict(rejected.reasons), "out": str(out)}


def _chunks(fold: LargeFold, table: TableShape, parts: int) -> Chunks:
    return Chunks([fold.path(f"rows-{table.name}", part, "arrow") for part in range(parts)])
