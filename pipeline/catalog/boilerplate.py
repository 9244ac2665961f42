"""Boilerplate lines learned per outlet: kept, listed, switched off and on by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from pipeline.catalog.tables import articles, boilerplate
from pipeline.catalog.upsert import upsert

# The newest pages of an outlet are enough to know its boilerplate, and old designs should be forgotten.
PAGES_PER_OUTLET = 300


def recent_texts(connection: Connection, outlet_ids: Sequence[str]) -> Iterator[tuple[str, str | None, str]]:
    """(outlet_id, headline, body) of each outlet's newest articles."""
    for outlet_id in outlet_ids:
        query = (
            select(articles.c.outlet_id, articles.c.headline, articles.c.body)
            .where(articles.c.outlet_id == outlet_id)
            .order_by(articles.c.window_at.desc(), articles.c.article_id)
            .limit(PAGES_PER_OUTLET)
        )
        yield from map(tuple, connection.execute(query))


def outlets_with_new_articles(connection: Connection) -> list[str]:
    """Outlets that have articles which were not folded yet."""
    query = select(articles.c.outlet_id).where(articles.c.folded_at.is_(None)).distinct()
    return sorted(connection.execute(query).scalars())


def store_lines(
    connection: Connection, outlet_ids: Sequence[str], lines: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Replace what was learned of these outlets; lines that a person switched off stay off."""
    off = {(one["outlet_id"], one["line_key"]) for one in learned_lines(connection) if one["state"] == "ignored"}
    learned = boilerplate.c.state == "learned"
    connection.execute(delete(boilerplate).where(boilerplate.c.outlet_id.in_(outlet_ids), learned))
    rows = [
        {**one, "state": "learned", "learned_at": now}
        for one in lines
        if (one["outlet_id"], one["line_key"]) not in off
    ]
    upsert(connection, boilerplate, rows)


def active_keys(connection: Connection) -> dict[str, frozenset[str]]:
    """The line keys in force, by outlet."""
    return _by_outlet(connection, boilerplate.c.state == "learned")


def learned_lines(connection: Connection, outlet_id: str | None = None) -> list[dict[str, Any]]:
    """Every line, those switched off too."""
    query = select(boilerplate).order_by(boilerplate.c.outlet_id, boilerplate.c.pages.desc(), boilerplate.c.line_key)
    if outlet_id is not None:
        query = query.where(boilerplate.c.outlet_id == outlet_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def switch_lines(connection: Connection, key: str, state: str) -> dict[str, frozenset[str]]:
    """Switch lines whose key begins so: learned | ignored. Returns their keys by outlet."""
    matching = boilerplate.c.line_key.startswith(key, autoescape=True)
    connection.execute(update(boilerplate).where(matching).values(state=state))
    return _by_outlet(connection, matching)


def _by_outlet(connection: Connection, matching: ColumnElement[bool]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for outlet_id, key in connection.execute(select(boilerplate.c.outlet_id, boilerplate.c.line_key).where(matching)):
        found[outlet_id].add(key)
    return {outlet_id: frozenset(keys) for outlet_id, keys in found.items()}
