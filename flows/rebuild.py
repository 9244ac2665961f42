"""Make the catalog anew from the WARC files: captures, the URL ledger, articles, stories."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.adopt import adopt_file
from flows.ledger import StageReport, now, record_run
from flows.stages import dedupe_stage, extract_stage
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.archive.files import ArchiveFiles
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import open_readonly, sqlite_path, sqlite_url_of, writing
from pipeline.catalog.folds import adopt_stories, fresh_articles
from pipeline.catalog.from_files import empty_but_for_files, take_over
from pipeline.catalog.seal import ENDING, seal_path
from pipeline.catalog.use import in_sole_use
from pipeline.dedupe.stories import make_story
from pipeline.errors import CatalogError, CrawlError, ReleaseError
from pipeline.machine_errors import in_words
from pipeline.publish.reading import read_release
from pipeline.records import Article

BESIDE = ("", "-wal", "-shm", "-journal", ENDING)  # what lies next to a catalog

UNHURRIED = 3_600.0  # seconds for one statement over the whole of the old catalog


def rebuild_catalog(workspace: Workspace, watcher: Watcher) -> Mapping[str, Any]:
    """Fill a new catalog from the archive and put it in the place of the old one, which is set aside.

    A SQLite catalog is made in a file of its own and takes its place whole, so that a rebuild that fails or is killed
    changes nothing; another database is emptied and filled. Raises CrawlError, and CatalogError also where a run or
    another rebuild is at work.
    Stories keep the ids under which the latest release has them. Articles read from articles files, which no WARC
    holds, are taken over from the old catalog as far as it can be read. What else no WARC holds does not come back:
    past runs, boilerplate switched off.
    """
    path = sqlite_path(workspace.catalog_url)
    with in_sole_use(workspace.catalog_url):
        return _make_anew(workspace, watcher) if path is None else _make_beside(path, workspace, watcher)


def _make_anew(workspace: Workspace, watcher: Watcher) -> Mapping[str, Any]:
    empty_but_for_files(workspace.engine)
    return _fill(workspace, watcher)


def _make_beside(path: Path, workspace: Workspace, watcher: Watcher) -> Mapping[str, Any]:
    made = path.with_name(f"{path.name}.rebuild")
    _remove(made)
    settings = workspace.settings.model_copy(update={"catalog": sqlite_url_of(made)})
    fresh = replace(workspace, settings=settings)
    try:
        if path.exists():
            _take_over(workspace.catalog_url, fresh, watcher)
        counts = _fill(fresh, watcher)
        fresh.engine.dispose()
        _put_in_place(made, path)
    except OSError as error:
        raise CatalogError(f"{made}: the new catalog cannot be put in place: {in_words(error)}") from error
    finally:
        fresh.engine.dispose()
        _remove(made)
    return counts


def _take_over(old_url: str, fresh: Workspace, watcher: Watcher) -> None:
    """What came from articles files; whatever is wrong with the old catalog, the new one is made."""
    try:
        old = open_readonly(old_url, statement_seconds=UNHURRIED)
        try:
            damaged = take_over(old, fresh.engine)
        finally:
            old.dispose()
    except CatalogError as error:
        watcher.note("rebuild", "", f"articles of articles files must be ingested again: {error}")
        return
    if damaged:
        told = f"{damaged} articles of articles files are damaged in the old catalog and must be ingested again"
        watcher.note("rebuild", "", told)


def _fill(workspace: Workspace, watcher: Watcher) -> Mapping[str, Any]:
    counts = {"captures": 0, "discoveries": 0}
    with record_run(workspace, "rebuild") as run:
        with writing(workspace.engine) as connection:
            register_outlets(connection, list(workspace.outlets.values()))
        files = ArchiveFiles(workspace.data_dir, workspace.storage)
        names = files.names()
        for number, name in enumerate(names, 1):
            adopted = adopt_file(workspace, files, name)
            counts["captures"] += adopted.captures
            counts["discoveries"] += adopted.discoveries
            watcher.update("rebuild", "", number, len(names))
        _check(extract_stage(run, watcher))
        _keep_story_ids(workspace)
        _check(dedupe_stage(run, watcher, everything=True))
    return counts


def _check(report: StageReport) -> None:
    if report.state != "done":
        raise CrawlError(f"the catalog was not rebuilt: {report.stage} failed: {report.message}")


def _keep_story_ids(workspace: Workspace) -> None:
    """Articles belong to the stories that the latest release has them in, whose ids others may cite.

    A release that is not there or damaged has none: then ids come from the articles alone.
    """
    try:
        rows = read_release(workspace.storage).rows("articles", ["article_id", "story_id"])
        published = {row["article_id"]: row["story_id"] for row in rows}
    except ReleaseError:
        return
    members: dict[str, list[Article]] = defaultdict(list)
    with writing(workspace.engine) as connection:
        for article in fresh_articles(connection):
            if story_id := published.get(article.article_id):
                members[story_id].append(article)
        adopt_stories(connection, [make_story(story_id, some) for story_id, some in members.items()])


def _put_in_place(made: Path, path: Path) -> None:
    """The old catalog keeps a second name; its write-ahead log goes first, so that the new one never meets it."""
    aside = path.with_name(f"{path.name}.{now():%Y%m%dT%H%M%S}.old")
    for ending in BESIDE[1:-1]:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    seal_path(path).unlink(missing_ok=True)
    if path.exists():
        aside.unlink(missing_ok=True)
        os.link(path, aside)
    made.replace(path)
    if seal_path(made).exists():
        seal_path(made).replace(seal_path(path))


def _remove(path: Path) -> None:
    for ending in BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)
