"""What the filters of the list of stories offer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.tables import stories

MAX_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """Outlets, agencies and languages that occur."""

    outlets: tuple[OutletName, ...]
    agencies: tuple[str, ...]
    languages: tuple[str, ...]


def story_choices(connection: Connection) -> Choices:
    """The choices, each list in a stable order."""
    names = sorted(outlet_names(connection).values(), key=lambda one: (one.name.casefold(), one.outlet_id))
    return Choices(tuple(names[:MAX_CHOICES]), _distinct(connection, "agency_id"), _distinct(connection, "language"))


def _distinct(connection: Connection, name: str) -> tuple[str, ...]:
    column = stories.c[name]
    query = select(column).distinct().where(column.is_not(None)).order_by(column).limit(MAX_CHOICES)
    return tuple(connection.execute(query).scalars())
