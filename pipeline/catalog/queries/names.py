"""Outlets by id with the names people know them by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from pipeline.catalog.tables import outlets

MAX_OUTLETS = 5_000


@dataclass(frozen=True, slots=True)
class OutletName:
    """An outlet as pages show it."""

    outlet_id: str
    name: str
    role: str = "outlet"
    agency_id: str | None = None
    language: str | None = None
    configured: bool = False


class OutletNames(dict[str, OutletName]):
    """Outlets by id; an id nobody registered stands for itself."""

    def __missing__(self, outlet_id: str) -> OutletName:
        return OutletName(outlet_id, outlet_id)


def outlet_names(connection: Connection) -> OutletNames:
    """Every outlet the catalog knows."""
    columns = outlets.c
    query = (
        select(columns.outlet_id, columns.name, columns.role, columns.agency_id, columns.language, columns.configured)
        .order_by(columns.outlet_id)
        .limit(MAX_OUTLETS)
    )
    return OutletNames((row.outlet_id, OutletName(*row)) for row in connection.execute(query))
