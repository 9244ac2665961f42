"""One place in a field that names an agency, before it becomes a record."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import CreditKind, CreditPosition


class Naming(NamedTuple):
    """An agency named at start:end, in characters of the original field; agency_id None for agencies at large."""

    agency_id: str | None
    kind: CreditKind
    position: CreditPosition
    start: int
    end: int

    def moved(self, by: int) -> Naming:
        """The same naming where its line begins at character by of the whole field."""
        return Naming(self.agency_id, self.kind, self.position, self.start + by, self.end + by)
