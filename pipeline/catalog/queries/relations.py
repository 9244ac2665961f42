"""The relations as SQL conditions: what holds inside a story and what crosses stories."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from pipeline.catalog.tables import links
from pipeline.records import Relation

WITHIN = tuple(one.value for one in Relation if one.within_story)
ACROSS = tuple(one.value for one in Relation if not one.within_story)
COPIES = tuple(one.value for one in Relation if one.is_copy)


def is_within() -> ColumnElement[bool]:
    """The link holds inside one story."""
    return links.c.relation.in_(WITHIN)


def is_across() -> ColumnElement[bool]:
    """The link goes from one story to another."""
    return links.c.relation.in_(ACROSS)


def is_copy() -> ColumnElement[bool]:
    """The article is a copy of the origin."""
    return links.c.relation.in_(COPIES)
