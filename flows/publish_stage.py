"""Publish: a release of what the catalog holds, unless the last one already says the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.ledger import now
from flows.release_texts import ReleaseTexts
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.boilerplate import active_keys
from pipeline.catalog.dataset import all_links, all_stories, catalog_counts, folded_articles, story_of_articles
from pipeline.catalog.engine import Connection, reading, writing
from pipeline.catalog.releases import has_release, record_release
from pipeline.errors import ReleaseError
from pipeline.publish.manifest import MANIFEST, Manifest
from pipeline.publish.reading import read_manifest
from pipeline.publish.release import Content, publish_release
from pipeline.publish.rows import ReleaseArticle


def publish_dataset(
    workspace: Workspace, run_id: str, watcher: Watcher, with_text: bool | None = None, *, force: bool = False
) -> Mapping[str, Any]:
    """Publish a release; returns its version and counts. Raises ReleaseError when a check fails.

    force: also one that shrinks, or where the last one cannot be read.
    """
    moment = now()
    keep_text = workspace.settings.keep_text_in_releases if with_text is None else with_text
    version = _free_version(workspace, moment)
    with reading(workspace.engine) as connection:
        counts = catalog_counts(connection)
        texts = ReleaseTexts(active_keys(connection))
        content = Content(
            articles=_watched(connection, texts, watcher),
            stories=all_stories(connection),
            links=map(texts.link, all_links(connection)),
            settings={"dedupe": workspace.settings.dedupe.model_dump(), "keep_text_in_releases": keep_text},
            counts=counts,
            evaluation=_evaluation(workspace, connection),
        )
        manifest = publish_release(
            workspace.storage,
            content,
            version=version,
            published_at=moment,
            with_text=keep_text,
            skip_unchanged=True,
            force=force,
        )
    rows = {name.removesuffix(".parquet"): one["rows"] for name, one in manifest["files"].items() if "rows" in one}
    is_new = manifest["version"] == version
    with writing(workspace.engine) as connection:
        _record(workspace, connection, manifest, run_id if is_new else None)
    return {"version": manifest["version"], "new_release": "yes" if is_new else "no, nothing changed", **rows}


def _record(workspace: Workspace, connection: Connection, manifest: Manifest, run_id: str | None) -> None:
    """Note the latest release, and those before it that the catalog does not know.

    A run that was killed, or lost its connection, between a release and its row left none; a new catalog has none.
    """
    while not has_release(connection, manifest["version"]):
        at = datetime.fromisoformat(manifest["published_at"])
        record_release(connection, manifest["version"], at, manifest["counts"], manifest["evaluation"], run_id)
        run_id = None  # nobody knows any more which run made the others
        if manifest["previous_version"] is None:
            return
        try:
            manifest = read_manifest(workspace.storage, manifest["previous_version"])
        except ReleaseError:  # taken away, or damaged: that is the doctor's to tell
            return


def _free_version(workspace: Workspace, moment: datetime) -> str:
    """A name that no release has: a run that was killed before the pointer moved may have taken this second's."""
    first = f"{moment:%Y%m%dT%H%M%SZ}"
    names = itertools.chain([first], (f"{first}-{number}" for number in itertools.count(2)))
    return next(name for name in names if not workspace.storage.exists(f"releases/{name}/{MANIFEST}"))


def _watched(connection: Connection, texts: ReleaseTexts, watcher: Watcher) -> Iterator[ReleaseArticle]:
    done = 0
    for done, (article, story_id) in enumerate(folded_articles(connection), 1):
        yield ReleaseArticle(texts.article(article), story_id)
        if done % 500 == 0:
            watcher.update("publish", "", done, None)
    watcher.update("publish", "", done, done)


def _evaluation(workspace: Workspace, connection: Connection) -> Mapping[str, Any] | None:
    if workspace.settings.labels is None:
        return None
    from pipeline.evaluate import evaluate  # numpy, only where labels are configured

    result = evaluate(Path(workspace.settings.labels), story_of_articles(connection), list(all_links(connection)))
    return result.as_json()
