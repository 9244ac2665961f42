"""Ingest: WARC files of any crawler, or articles files, into the catalog.

Pages of WARC files go into this installation's own archive first, so that every article can be walked back to bytes
here and the catalog can be rebuilt; then they wait for the extract stage like any capture. A file that was read before
adds nothing: captures keep the record ids of their WARC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.ingest_warc import ingest_warc
from flows.ledger import Run, now
from flows.naming import name_agencies
from flows.watcher import Watcher
from pipeline.archive.stream import holds_warc
from pipeline.catalog.articles import add_rejections, register_named_outlets, register_outlets, store_article
from pipeline.catalog.engine import writing
from pipeline.errors import InputError
from pipeline.homes import Homes
from pipeline.inputs.articles_file import read_articles
from pipeline.records import Article, Rejection

ARTICLES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class InputFilter:
    """What of the input is wanted; empty means everything."""

    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def takes_time(self, at: datetime | None) -> bool:
        """Whether something of that time is wanted; what states none is taken."""
        if at is None:
            return True
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def takes_article(self, article: Article) -> bool:
        """Whether an article is wanted."""
        if self.languages and (article.language or "").split("-")[0] not in self.languages:
            return False
        if self.domains and not any(_within(article.url, domain) for domain in self.domains):
            return False
        return self.takes_time(article.published_at or article.fetched_at)


def check_files(files: Sequence[Path]) -> None:
    """Raise InputError where a file is missing."""
    for path in files:
        if not path.is_file():
            raise InputError(f"{path}: no such file")


def ingest_files(run: Run, files: Sequence[Path], wanted: InputFilter, watcher: Watcher) -> None:
    """Read every file as a stage of its own; one that cannot be read fails alone. Raises InputError: it is missing."""
    check_files(files)
    with writing(run.workspace.engine) as connection:
        register_outlets(connection, list(run.workspace.outlets.values()))
    for path in files:
        read = ingest_warc if is_warc(path) else ingest_articles
        run.stage("ingest", path.name, lambda path=path, read=read: read(run, path, wanted, watcher))  # type: ignore[misc]


def is_warc(path: Path) -> bool:
    """Whether a file is a WARC, by its name or its first bytes."""
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz", ".warc.zst")):
        return True
    with path.open("rb") as file:
        return holds_warc(file)


def ingest_articles(run: Run, path: Path, wanted: InputFilter, watcher: Watcher) -> Mapping[str, Any]:
    """Articles with their ids as given; a row that is none is kept as a rejection."""
    workspace = run.workspace
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    homes = Homes(workspace.outlets.values())
    for batch in _batches(read_articles([path], read_at=now(), home_of=homes.id_of)):
        articles = [one for one in batch if isinstance(one, Article)]
        rejections = [one for one in batch if isinstance(one, Rejection)]
        taken = [one for one in articles if wanted.takes_article(one)]
        counts["rows"] += len(batch)
        counts["filtered_out"] += len(articles) - len(taken)
        reasons.update(one.reason.value for one in rejections)
        named = [name_agencies(one, workspace.agencies, workspace.outlets) for one in taken]
        with writing(workspace.engine) as connection:
            known = workspace.outlets.keys()
            register_named_outlets(connection, sorted({one.outlet_id for one in named} - known))
            for article in named:
                counts[str(store_article(connection, article))] += 1
            add_rejections(connection, rejections)
        watcher.update("ingest", path.name, counts["rows"], None)
    return {**counts, "rejected": dict(reasons)}


def _batches(rows: Iterator[Article | Rejection]) -> Iterator[list[Article | Rejection]]:
    batch: list[Article | Rejection] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ARTICLES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _within(url: str, domain: str) -> bool:
    from urllib.parse import urlsplit

    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return host == domain or host.endswith(f".{domain}")
