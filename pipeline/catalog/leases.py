"""Leases: a row that says who is at a piece of work, so that two processes never do the same one.

On PostgreSQL a lease runs by the server's clock: workers on several machines need not agree on the time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.catalog.engine import write_surely
from pipeline.catalog.tables import leases
from pipeline.catalog.upsert import count_changed
from pipeline.errors import LeaseHeld


def take_lease(
    engine: Engine, name: str, owner: str, now: datetime, seconds: float, *, heir_of: str | None = None
) -> None:
    """Take the lease for so many seconds, or raise LeaseHeld while another owner's is running.

    heir_of: an owner known to be dead, whose lease counts as over. One statement, so that of several only one gets it.
    """

    def take(connection: Connection) -> None:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        clock = _clock(connection, now)
        statement = insert(leases).values(name=name, owner=owner, expires_at=clock + timedelta(seconds=seconds))
        is_free = or_(leases.c.owner.in_([owner, heir_of or owner]), leases.c.expires_at <= clock)
        taken = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": statement.excluded.owner, "expires_at": statement.excluded.expires_at},
            where=is_free,
        )
        if count_changed(connection, taken) != 1:
            raise LeaseHeld(name, connection.execute(select(leases.c.owner).where(leases.c.name == name)).scalar_one())

    write_surely(engine, take)


def renew_lease(engine: Engine, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Prolong an own lease; False where another owner has taken it over meanwhile."""

    def renew(connection: Connection) -> bool:
        until = _clock(connection, now) + timedelta(seconds=seconds)
        own = update(leases).where(leases.c.name == name, leases.c.owner == owner)
        return connection.execute(own.values(expires_at=until)).rowcount == 1

    return write_surely(engine, renew, 0)


def drop_lease(engine: Engine, name: str, owner: str) -> None:
    """Give an own lease back."""
    own = delete(leases).where(leases.c.name == name, leases.c.owner == owner)
    write_surely(engine, lambda connection: connection.execute(own))


def held_by(connection: Connection, name: str) -> list[str]:
    """The owner of a lease, expired or not; empty where nobody holds it."""
    return list(connection.execute(select(leases.c.owner).where(leases.c.name == name)).scalars())


def _clock(connection: Connection, now: datetime) -> Any:
    if connection.dialect.name == "postgresql":
        return func.clock_timestamp(type_=DateTime(timezone=True))
    return now
