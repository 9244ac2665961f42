"""Leases: a row that says who is at a piece of work, so that two processes never do the same one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update

from pipeline.catalog.engine import writing
from pipeline.catalog.tables import leases
from pipeline.catalog.upsert import upsert
from pipeline.errors import LeaseHeld


def take_lease(engine: Engine, name: str, owner: str, now: datetime, seconds: float) -> None:
    """Take the lease for so many seconds, or raise LeaseHeld while another owner's is running."""
    with writing(engine) as connection:
        held = connection.execute(select(leases).where(leases.c.name == name)).first()
        if held is not None and held.owner != owner and held.expires_at > now:
            raise LeaseHeld(name, held.owner)
        row = {"name": name, "owner": owner, "expires_at": now + timedelta(seconds=seconds)}
        upsert(connection, leases, [row])


def renew_lease(engine: Engine, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Prolong an own lease; False where another owner has taken it over meanwhile."""
    with writing(engine) as connection:
        changed = connection.execute(
            update(leases)
            .where(leases.c.name == name, leases.c.owner == owner)
            .values(expires_at=now + timedelta(seconds=seconds))
        )
    return changed.rowcount == 1


def drop_lease(engine: Engine, name: str, owner: str) -> None:
    """Give an own lease back."""
    with writing(engine) as connection:
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))
