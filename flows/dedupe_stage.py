"""Dedupe: fold new and changed articles into stories, with the outcome of a fold from scratch.

The publication window bounds the work: signatures of the window are banded in memory, candidates verified on their
texts, and only the stories that new articles touch are grouped again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.boilerplate import learn_lines
from flows.cycles import no_cycles
from flows.ledger import now
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.boilerplate import active_keys
from pipeline.catalog.engine import Connection, reading, writing
from pipeline.catalog.folds import (
    articles_by_id,
    forget_changed,
    forget_everything,
    fresh_articles,
    pages_of,
    pairs_of,
    store_signatures,
    stories_of,
    window_of,
    write_increment,
)
from pipeline.catalog.postgresql import lock_texts
from pipeline.catalog.search import ensure_search
from pipeline.catalog.whole_fold import unfolded_characters
from pipeline.dedupe.boilerplate import Boilerplate
from pipeline.dedupe.incremental import fold_increment, method_of, sign_articles
from pipeline.dedupe.page_kinds import PageKinds, kinds_of
from pipeline.dedupe.verified import Verified
from pipeline.records import Article, Story

# An articles file has about two bytes for a letter beyond ASCII.
CHARACTERS_PER_MEGABYTE = 500_000


class CatalogStore:
    """What a fold asks of the catalog, read from one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def articles(self, article_ids: Iterable[str]) -> Sequence[Article]:
        """Those articles, with their bodies and credits."""
        return articles_by_id(self._connection, article_ids)

    def pairs(self, article_ids: Iterable[str]) -> Sequence[Verified]:
        """Stored verified pairs that hold any of those articles."""
        return [Verified.from_json(evidence) for evidence in pairs_of(self._connection, article_ids)]

    def stories(self, article_ids: Iterable[str]) -> Sequence[Story]:
        """The stored stories of those articles."""
        return stories_of(self._connection, article_ids)

    def page_kinds(self, article_ids: Iterable[str]) -> PageKinds:
        """What kinds of pages those articles stand on."""
        return kinds_of(pages_of(self._connection, article_ids))


def dedupe_articles(
    workspace: Workspace, watcher: Watcher, everything: bool = False, scheduler: str | None = None
) -> Mapping[str, Any]:
    """Fold what is new or changed, or everything; returns what that came to.

    More text than `limits.fold_megabytes`, or any with a scheduler (`local`, or the address of a Dask scheduler), is
    folded in partitions, with all else that the catalog holds.
    """
    settings = workspace.settings.dedupe
    with writing(workspace.engine) as connection:
        lock_texts(connection, alone=True)
        ensure_search(connection)
        if everything:
            forget_everything(connection)
        learn_lines(connection, settings)
        forget_changed(connection, (method_of(settings), settings.permutations))
        boilerplate = active_keys(connection)
        is_large = unfolded_characters(connection) > workspace.settings.limits.fold_megabytes * CHARACTERS_PER_MEGABYTE
        fresh = [] if is_large or scheduler is not None else fresh_articles(connection)
    if is_large or scheduler is not None:
        from flows.dedupe_large import dedupe_large
        from flows.fold_cluster import LOCAL

        return dedupe_large(workspace, watcher, boilerplate, scheduler=scheduler or LOCAL)
    return _fold_fresh(workspace, watcher, fresh, boilerplate)


def _fold_fresh(
    workspace: Workspace, watcher: Watcher, fresh: Sequence[Article], boilerplate: Boilerplate
) -> Mapping[str, Any]:
    """Fold new and changed articles into the stories of their window."""
    settings = workspace.settings.dedupe
    # Signed while others may write: of a text that changes meanwhile, the next fold drops the signature.
    with no_cycles():
        made = sign_articles(fresh, settings, boilerplate)
    with writing(workspace.engine) as connection:
        store_signatures(connection, made)
    if not fresh:
        return {"new": 0}
    watcher.update("dedupe", "", 0, len(fresh))
    with no_cycles(), reading(workspace.engine) as connection:
        window, times = window_of(connection, fresh, settings)
        increment = fold_increment(
            CatalogStore(connection),
            window,
            times,
            [one.article_id for one in fresh],
            settings,
            boilerplate=boilerplate,
            changed_at=now(),
        )
    evidence = [(one.left_id, one.right_id, one.to_json()) for one in increment.pairs]
    versions = {one.article_id: one.version for one in fresh}
    with writing(workspace.engine) as connection:
        lock_texts(connection, alone=True)
        write_increment(
            connection, increment.regrouped, increment.relinked, evidence, increment.outcome, versions, now()
        )
    watcher.update("dedupe", "", len(fresh), len(fresh))
    outcome = increment.outcome
    return {
        "new": len(fresh),
        "window": len(window),
        "touched": len(increment.regrouped | increment.relinked),
        "stories": len(outcome.stories),
        "stories_with_copies": sum(len(one.member_ids) > 1 for one in outcome.stories),
        "links": len(outcome.links),
    }
