"""What PostgreSQL needs: connections that notice a dead server, snapshots to read from, locks between workers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, event, text

# A server that does not answer is an error after seconds, not after the system's fifteen minutes.
CONNECTION: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "wirecopy",
}
# SQLSTATE (PostgreSQL's manual, appendix A): connection lost, too many connections, shutting down or starting up,
# and transactions that collided. All of them may well succeed when they are tried again.
PASSING = ("08", "53300", "57P01", "57P02", "57P03", "40001", "40P01")
# A number of this program's own, so that its locks meet nobody else's; the second number says what is locked.
LOCKS = 0x77697265
SCHEMA, TEXTS, CATALOG = 1, 2, 3
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def engine_options(url: URL) -> dict[str, Any]:
    """Options for create_engine; what the URL's query says goes first."""
    return {
        "pool_pre_ping": True,  # a connection that a restart of the server broke is replaced before it is used
        "connect_args": {name: value for name, value in CONNECTION.items() if name not in url.query},
    }


def prepare_reader(engine: Engine, statement_seconds: float) -> None:
    """Have the server refuse writes and stop statements that run long."""
    limit = f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {int(statement_seconds * 1000)}"

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(limit)

    event.listen(engine, "begin", begin)


def is_passing(error: BaseException | None, lost: bool) -> bool:
    """Whether the same transaction may succeed later. lost: SQLAlchemy saw that the connection is no more."""
    state = getattr(error, "sqlstate", None)
    if state is None:  # said by the client's side: no connection could be made
        return lost or type(error).__name__ in ("OperationalError", "ConnectionTimeout")
    return lost or str(state).startswith(PASSING)


def lock_schema(connection: Connection) -> None:
    """Until the transaction ends nobody else changes the schema; SQLite's writers have the whole file anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:ours, :what)"), {"ours": LOCKS, "what": SCHEMA})


def lock_texts(connection: Connection, *, alone: bool) -> None:
    """Until the transaction ends: many may store articles side by side, or one folds them alone.

    Without it a fold and an extraction that change the same articles in another order would end in a deadlock.
    """
    if connection.dialect.name == "postgresql":
        kind = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {kind}(:ours, :what)"), {"ours": LOCKS, "what": TEXTS})


def try_lock_catalog(connection: Connection, *, alone: bool) -> bool:
    """Until the transaction ends: many may be at work on the catalog, or one alone. False where others are."""
    kind = "pg_try_advisory_xact_lock" if alone else "pg_try_advisory_xact_lock_shared"
    locked = connection.execute(text(f"SELECT {kind}(:ours, :what)"), {"ours": LOCKS, "what": CATALOG})
    return bool(locked.scalar_one())
