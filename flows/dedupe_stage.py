"""Dedupe: fold new and changed articles into stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.ledger import now
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.folds import articles_to_fold, count_unfolded, write_fold
from pipeline.catalog.search import ensure_search
from pipeline.dedupe.fold import fold


def dedupe_articles(workspace: Workspace, watcher: Watcher, everything: bool = False) -> Mapping[str, Any]:
    """Fold what is new or changed; returns the counts of the whole catalog."""
    with reading(workspace.engine) as connection:
        fresh = count_unfolded(connection)
        if not fresh and not everything:
            return {"new": 0}
        known = list(articles_to_fold(connection))
    folded = fold(
        [article for article, _ in known],
        workspace.settings.dedupe,
        progress=lambda done, total: watcher.update("dedupe", "", done, total),
    )
    with writing(workspace.engine) as connection:
        ensure_search(connection)
        write_fold(connection, folded, now())
    copied = sum(len(one.member_ids) > 1 for one in folded.stories)
    return {
        "new": fresh,
        "articles": len(known),
        "stories": len(folded.stories),
        "stories_with_copies": copied,
        "links": len(folded.links),
    }
