"""Boilerplate in the catalog: learned from each outlet's articles, switched off and on by a person."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from flows.ledger import now
from flows.workspace import Workspace
from pipeline.catalog.boilerplate import (
    active_keys,
    outlets_with_new_articles,
    recent_texts,
    store_lines,
    switch_lines,
)
from pipeline.catalog.engine import Connection, writing
from pipeline.catalog.folds import forget_texts_with
from pipeline.dedupe.boilerplate import Printed, holds_boilerplate, learn_boilerplate
from pipeline.errors import UsageError
from pipeline.settings import Dedupe


def learn_lines(connection: Connection, settings: Dedupe) -> None:
    """Learn each outlet's lines anew; articles of the window that hold a line which changed are folded again."""
    outlet_ids = outlets_with_new_articles(connection)
    before = active_keys(connection)
    lines = learn_boilerplate(Printed(*one) for one in recent_texts(connection, outlet_ids))
    store_lines(connection, outlet_ids, [asdict(one) for one in lines], now())
    after = active_keys(connection)
    for one in outlet_ids:
        _fold_again(connection, one, before.get(one, frozenset()) ^ after.get(one, frozenset()), settings)


def switch_line(workspace: Workspace, key: str, state: str) -> None:
    """Switch lines whose key begins so: learned | ignored. The next dedupe folds articles that hold them again.

    Raises UsageError where no line has such a key.
    """
    with writing(workspace.engine) as connection:
        switched = switch_lines(connection, key, state) if key else {}  # nothing begins every key
        for outlet_id, keys in switched.items():
            _fold_again(connection, outlet_id, keys, workspace.settings.dedupe)
    if not switched:
        raise UsageError(f"no boilerplate line has the key {key!r}; `wirecopy outlet boilerplate` lists them")


def _fold_again(connection: Connection, outlet_id: str, keys: frozenset[str], settings: Dedupe) -> None:
    if keys:
        forget_texts_with(connection, outlet_id, partial(holds_boilerplate, keys=keys), settings)
