"""Evaluate the catalog, a release, or tables written by fold against labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.workspace import Workspace
from pipeline.catalog.dataset import all_links, story_of_articles
from pipeline.catalog.engine import reading
from pipeline.errors import InputError
from pipeline.evaluate import Evaluation, evaluate
from pipeline.publish.manifest import MANIFEST
from pipeline.publish.reading import Release, read_release
from pipeline.records import CreditStatus, Link, Relation
from pipeline.storage import Storage


def evaluate_catalog(workspace: Workspace, labels: Path) -> Evaluation:
    """What the catalog holds now. Raises InputError, CatalogError."""
    with reading(workspace.engine) as connection:
        return evaluate(labels, story_of_articles(connection), list(all_links(connection)))


def evaluate_release(workspace: Workspace, labels: Path, version: str | None) -> Evaluation:
    """A release by its version, None for the latest. Raises InputError, ReleaseError."""
    return _evaluate_release(read_release(workspace.storage, version), labels)


def evaluate_tables(folder: Path, labels: Path) -> Evaluation:
    """The tables that fold wrote to a folder. Raises InputError."""
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder / MANIFEST}: no such file; fold --out writes it")
    return _evaluate_release(read_release(Storage(folder)), labels)


def _evaluate_release(release: Release, labels: Path) -> Evaluation:
    articles = release.rows("articles", ["article_id", "story_id"])
    story_of = {row["article_id"]: row["story_id"] for row in articles}
    return evaluate(labels, story_of, [_link(row) for row in release.rows("copies")])


def _link(row: dict[str, Any]) -> Link:
    """A link of the copies table; its spans play no part in an evaluation."""
    return Link(
        story_id=row["story_id"],
        article_id=row["article_id"],
        origin_article_id=row["origin_article_id"],
        relation=Relation(row["relation"]),
        jaccard=row["jaccard"],
        origin_coverage=row["origin_coverage"],
        copy_coverage=row["copy_coverage"],
        latency_seconds=row["latency_seconds"],
        credit_status=CreditStatus(row["credit_status"]),
        spans=(),
        reason=row["reason"],
        method_version=row["method_version"],
    )
