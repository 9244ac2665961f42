"""Fold articles files into the three release tables: no catalog, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.clock import now
from flows.cycles import no_cycles
from flows.naming import name_agencies_of
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.dedupe.fold import fold
from pipeline.errors import UsageError
from pipeline.homes import Homes
from pipeline.inputs.articles_file import read_articles
from pipeline.publish.card import CARD_BEGINS
from pipeline.publish.manifest import CARD, MANIFEST
from pipeline.publish.release import Content, write_tables
from pipeline.publish.rows import ReleaseArticle
from pipeline.publish.schema import TABLES
from pipeline.records import Article, Rejection

NAMED_REJECTIONS = 3


def fold_files(
    workspace: Workspace, files: Sequence[Path], out: Path, watcher: Watcher, scheduler: str | None = None
) -> Mapping[str, Any]:
    """Read articles, fold them, write the tables to out; returns the counts.

    Raises InputError, ReleaseError, UsageError.

    Large files, and any with a scheduler (`local`, or the address of a Dask scheduler), are folded in partitions.
    """
    _spare(files, out)
    if scheduler is not None or bytes_of(files) > workspace.settings.limits.fold_megabytes * 1_000_000:
        from flows.fold_cluster import LOCAL
        from flows.fold_large import fold_large

        return fold_large(workspace, files, out, watcher, scheduler=scheduler or LOCAL)
    with no_cycles():
        return _fold_at_once(workspace, files, out, watcher)


def bytes_of(files: Sequence[Path]) -> int:
    """The size of those of the files that are there, as they lie on the disk."""
    return sum(file.stat().st_size for file in files if file.exists())


def _spare(files: Sequence[Path], out: Path) -> None:
    """Refuse to write over what is folded, or over a README that no fold made."""
    card = out / CARD
    own = {(out / name).resolve() for name in (MANIFEST, CARD, *(table.file_name for table in TABLES))}
    lost = [file for file in files if file.resolve() in own]
    if card.is_file() and not card.read_bytes().startswith(CARD_BEGINS.encode()):
        lost.append(card)
    if lost:
        raise UsageError(f"{lost[0]} would be written over; name another folder with --out")


def _fold_at_once(workspace: Workspace, files: Sequence[Path], out: Path, watcher: Watcher) -> Mapping[str, Any]:
    moment = now()
    rejected = RejectionTally(watcher)
    articles = read_all(workspace, files, watcher, rejected)
    folded = fold(
        articles,
        workspace.settings.dedupe,
        progress=lambda done, total: watcher.update("dedupe", "", done, total),
    )
    story_of = {member: story.story_id for story in folded.stories for member in story.member_ids}
    manifest = write_tables(
        out,
        Content(
            articles=[
                ReleaseArticle(one, story_of[one.article_id]) for one in articles
            ],  # a list needs no sorting on disk
            stories=folded.stories,
            links=folded.links,
            settings={"dedupe": workspace.settings.dedupe.model_dump()},
            counts={"rejected": dict(rejected.reasons)},
        ),
        version=f"{moment:%Y%m%dT%H%M%SZ}",
        published_at=moment,
        with_text=workspace.settings.keep_text_in_releases,
    )
    rows = {name.removesuffix(".parquet"): one["rows"] for name, one in manifest["files"].items() if "rows" in one}
    return {**rows, "rejected": rejected.reasons.total(), "reasons": dict(rejected.reasons), "out": str(out)}


class RejectionTally:
    """Counts rows that are no articles by reason, and tells of the first of them."""

    def __init__(self, watcher: Watcher) -> None:
        self.reasons: Counter[str] = Counter()
        self._watcher = watcher

    def add(self, reason: str, detail: str) -> None:
        """One more."""
        self.reasons[reason] += 1
        if self.reasons.total() <= NAMED_REJECTIONS:
            self._watcher.note("fold", "", f"{detail} ({reason})")

    def tell_rest(self) -> None:
        """How many more there were than those told of."""
        if self.reasons.total() > NAMED_REJECTIONS:
            self._watcher.note("fold", "", f"{self.reasons.total() - NAMED_REJECTIONS:,} more rows are left out")


def read_all(workspace: Workspace, files: Sequence[Path], watcher: Watcher, rejected: RejectionTally) -> list[Article]:
    """The articles of files with the agencies they name; rows that are none are counted by reason."""
    articles: list[Article] = []
    accepted = accepted_articles(workspace, files, rejected)
    for one in name_agencies_of(accepted, workspace.agencies, workspace.outlets):
        articles.append(one)
        if len(articles) % 1000 == 0:
            watcher.update("ingest", "", len(articles), None)
    watcher.update("ingest", "", len(articles), len(articles))
    return articles


def accepted_articles(workspace: Workspace, files: Sequence[Path], rejected: RejectionTally) -> Iterator[Article]:
    """The articles of files; rows that are none are counted."""
    homes = Homes(workspace.outlets.values())
    for one in read_articles(files, read_at=now(), home_of=homes.id_of):
        if isinstance(one, Rejection):
            rejected.add(one.reason.value, one.detail)
        else:
            yield one
    rejected.tell_rest()
