"""Leases: a row that says who is at a piece of work, so that two processes never do the same one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.catalog.engine import writing
from pipeline.catalog.tables import leases
from pipeline.errors import LeaseHeld


def take_lease(
    engine: Engine, name: str, owner: str, now: datetime, seconds: float, *, heir_of: str | None = None
) -> None:
    """Take the lease for so many seconds, or raise LeaseHeld while another owner's is running.

    heir_of: an owner known to be dead, whose lease counts as over. One statement, so that of several only one gets it.
    """
    with writing(engine) as connection:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(leases).values(name=name, owner=owner, expires_at=now + timedelta(seconds=seconds))
        is_free = or_(leases.c.owner.in_([owner, heir_of or owner]), leases.c.expires_at <= now)
        taken = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={"owner": statement.excluded.owner, "expires_at": statement.excluded.expires_at},
                where=is_free,
            )
        )
        if taken.rowcount != 1:
            raise LeaseHeld(name, connection.execute(select(leases.c.owner).where(leases.c.name == name)).scalar_one())


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


def held_by(connection: Connection, name: str) -> list[str]:
    """The owner of a lease, expired or not; empty where nobody holds it."""
    return list(connection.execute(select(leases.c.owner).where(leases.c.name == name)).scalars())
