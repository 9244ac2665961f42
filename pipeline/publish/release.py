"""Makes a release: written aside, checked, put in place whole, and only then named by `releases/latest.json`.

Killed at any point, what readers can name is complete: the folder takes its name by one rename (on a bucket: the
manifest goes up last), and the pointer moves after that.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import ReleaseError, StorageError
from pipeline.publish.card import write_card
from pipeline.publish.checks import find_problems
from pipeline.publish.chunks import Chunks, write_chunks
from pipeline.publish.manifest import (
    CARD,
    MANIFEST,
    POINTER,
    Manifest,
    build_manifest,
    check_version,
    count_tables,
    dump_json,
)
from pipeline.publish.reading import latest_manifest, read_manifest
from pipeline.publish.rows import ReleaseArticle, Row, article_rows, copy_rows, story_rows
from pipeline.publish.schema import ARTICLES, COPIES, STORIES, TABLES, TableShape
from pipeline.publish.staging import staging
from pipeline.publish.tables import WrittenTable, write_table
from pipeline.records import Link, Story
from pipeline.storage import Storage
from pipeline.storage_errors import telling

Item = TypeVar("Item")
MAX_SHRINK = 0.2  # a release that loses more of the last one's articles than this is more likely a fault than news


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a release. Each iterable is read once and may be in any order; ordered by id it streams best.

    A story's member_ids must be filled: they are counted, and checked against the articles.
    """

    articles: Iterable[ReleaseArticle] = ()
    stories: Iterable[Story] = ()
    links: Iterable[Link] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)  # only what decides the tables; no secrets, no paths
    counts: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Mapping[str, Any] | None = None
    made: Mapping[str, Chunks] = field(default_factory=dict)  # by table, in place of the three above


def publish_release(
    storage: Storage,
    content: Content,
    *,
    version: str,
    published_at: datetime,
    with_text: bool = True,
    max_shrink: float = MAX_SHRINK,
    force: bool = False,
    skip_unchanged: bool = False,
) -> Manifest:
    """Publish content as a release and make it the latest; returns its manifest.

    With skip_unchanged, content whose tables equal the latest release's is not published again: the latest manifest
    comes back.

    Raises ReleaseError when a check fails (the last release stays the latest), StorageError when writing does. force
    goes on although the release shrinks or the last one cannot be read. The same content under the same version and
    time again changes nothing.
    """
    check_version(version)
    with staging(storage) as folder:
        previous = _previous(storage, version, force)
        manifest = _write_folder(
            folder, content, version=version, published_at=published_at, with_text=with_text, previous=previous
        )
        if skip_unchanged and previous is not None and _same_tables(previous, manifest):
            return previous
        if previous is not None and not force:
            _check_shrink(previous, manifest, max_shrink)
        target = f"releases/{version}"
        if storage.exists(f"{target}/{MANIFEST}"):
            _check_same(read_manifest(storage, version), manifest)
        else:
            _put(storage, folder, target)
    storage.write_bytes(POINTER, dump_json({"version": version}))
    return manifest


def write_tables(
    out: Path, content: Content, *, version: str, published_at: datetime, with_text: bool = True
) -> Manifest:
    """Write the files of a release straight into the folder out, for `fold`. Raises as publish_release.

    Files of that name are replaced; the manifest goes first and comes back last: a half-written folder has none.
    """
    check_version(version)
    storage = Storage(out)
    with staging(storage) as folder:
        manifest = _write_folder(
            folder, content, version=version, published_at=published_at, with_text=with_text, previous=None
        )
        storage.delete(MANIFEST)
        for name in [*(table.file_name for table in TABLES), CARD, MANIFEST]:
            storage.move_in(folder / name, name)
    return manifest


def _write_folder(
    folder: Path,
    content: Content,
    *,
    version: str,
    published_at: datetime,
    with_text: bool,
    previous: Manifest | None,
) -> Manifest:
    if published_at.tzinfo is None:
        raise ReleaseError("published_at needs a zone")
    published_at = published_at.astimezone(UTC)
    with telling("write", str(folder.parent), folder.name):
        written = _write_all(folder, content, with_text)
        problems = find_problems(lambda table: (folder / table.file_name).open("rb"))
        if problems:
            raise ReleaseError("the release was not published: " + "; ".join(problems))
        counts = count_tables(written, content.counts)
        shared: dict[str, Any] = {
            "version": version,
            "published_at": published_at,
            "with_text": with_text,
            "counts": counts,
        }
        shared |= {"settings": content.settings, "evaluation": content.evaluation}
        card = write_card(**shared, articles=written[ARTICLES.name]).encode("utf-8", "replace")
        manifest = build_manifest(
            **shared,
            written=written,
            previous_version=None if previous is None else previous["version"],
            card=card,
            card_sha256=hashlib.sha256(card).hexdigest(),
        )
        (folder / CARD).write_bytes(card)
        (folder / MANIFEST).write_bytes(dump_json(manifest))
    return manifest


def _write_all(folder: Path, content: Content, with_text: bool) -> dict[str, WrittenTable]:
    rows: dict[TableShape, Iterator[Row]] = {
        ARTICLES: article_rows(_sorted(content.articles, lambda one: one.article.article_id), with_text=with_text),
        STORIES: story_rows(_sorted(content.stories, lambda one: one.story_id)),
        COPIES: copy_rows(_sorted(content.links, lambda one: (one.article_id, one.origin_article_id))),
    }
    written: dict[str, WrittenTable] = {}
    with tempfile.TemporaryDirectory(prefix="spill-", dir=folder) as spill:
        for table, some in rows.items():
            file, made = folder / table.file_name, content.made.get(table.name)
            if made is None:
                written[table.name] = write_table(some, table, file, Path(spill))
            else:
                written[table.name] = write_chunks(made, table, file)
    return written


def _sorted(items: Iterable[Item], key: Callable[[Item], Any]) -> Iterable[Item]:
    """What is in memory anyway is sorted there; what streams is sorted while it is written, where need be."""
    return sorted(items, key=key) if isinstance(items, list | tuple) else items


def _previous(storage: Storage, version: str, force: bool) -> Manifest | None:
    """The latest release's manifest; for a release made again, the one before it."""
    try:
        latest = latest_manifest(storage)
        if latest is None or latest["version"] != version:
            return latest
        before = latest.get("previous_version")
        return read_manifest(storage, before) if before else None
    except (ReleaseError, StorageError) as error:
        if force:
            return None
        told = f"the last release cannot be read, so nothing was published: {error}"
        raise ReleaseError(f"{told} (publish --force does it all the same)") from error


def _check_shrink(previous: Manifest, manifest: Manifest, max_shrink: float) -> None:
    before = int(previous["files"][ARTICLES.file_name]["rows"])
    now = int(manifest["files"][ARTICLES.file_name]["rows"])
    if now < before * (1 - max_shrink):
        raise ReleaseError(
            f"the release was not published: it has {now} articles, {previous['version']} had {before}; "
            f"that loses more than {max_shrink:.0%} (publish --force does it all the same)"
        )


def _same_tables(one: Manifest, other: Manifest) -> bool:
    names = [table.file_name for table in TABLES]
    return all(one["files"][name]["sha256"] == other["files"][name]["sha256"] for name in names)


def _check_same(there: Manifest, made: Manifest) -> None:
    if {name: one["sha256"] for name, one in there["files"].items()} != {
        name: one["sha256"] for name, one in made["files"].items()
    }:
        raise ReleaseError(f"release {made['version']} exists with other content; a release never changes")


def _put(storage: Storage, folder: Path, target: str) -> None:
    try:
        storage.put_folder(folder, target, last=MANIFEST)
    except StorageError:
        if not storage.is_local:  # a folder takes its place whole or not at all; what is there may be another's
            _clear(storage, target)
        raise


def _clear(storage: Storage, target: str) -> None:
    """Take away what a failed upload left; without its manifest no reader takes it for a release anyway."""
    try:
        for path in [f"{target}/{MANIFEST}", *storage.list(target)]:
            storage.delete(path)
    except StorageError:
        return
