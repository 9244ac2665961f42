"""A catalog that was folded by other settings: the next fold leaves nothing of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from flows.dedupe_stage import dedupe_articles
from flows.ingest_stage import InputFilter, ingest_files
from flows.ledger import begin_run
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.tables import articles, links
from pipeline.settings import Dedupe, Settings, Thresholds

LABELLED = Path(__file__).parents[1] / "labels" / "articles.jsonl"


def told(workspace: Workspace) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The story of each article, and the links with their reasons."""
    stories = select(articles.c.article_id, articles.c.story_id).order_by(articles.c.article_id)
    ends = links.c.article_id, links.c.origin_article_id
    reasons = select(*ends, links.c.relation, links.c.reason).order_by(*ends)
    with reading(workspace.engine) as connection:
        found = [[tuple(row) for row in connection.execute(query)] for query in (stories, reasons)]
    return found[0], found[1]


def folded(folder: Path, rules: Dedupe) -> Workspace:
    workspace = Workspace(folder, folder, Settings(dedupe=rules), {})
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [LABELLED], InputFilter(), SILENT)
    dedupe_articles(workspace, SILENT)
    return workspace


def test_other_settings_fold_everything_again(tmp_path: Path) -> None:
    strict = Dedupe(thresholds=Thresholds(same_report=8))
    workspace = folded(tmp_path / "a", Dedupe())
    assert dedupe_articles(workspace, SILENT) == {"new": 0}
    before = told(workspace)
    changed = replace(workspace, settings=Settings(dedupe=strict))
    assert dedupe_articles(changed, SILENT)["new"] == len(before[0])
    assert told(changed)[1] == told(folded(tmp_path / "b", strict))[1]
    assert len({story for _, story in told(changed)[0]}) > len({story for _, story in before[0]})
    assert dedupe_articles(changed, SILENT) == {"new": 0}
    dedupe_articles(workspace, SILENT)
    assert told(workspace)[1] == before[1]
