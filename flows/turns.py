"""Turns at work that only one run at a time may do: leases in the catalog, renewed while the work lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flows.crawl_stage import LEASE_SECONDS
from flows.ledger import now
from flows.owners import process_name, take_or_inherit
from flows.workspace import Workspace
from pipeline.catalog.leases import drop_lease, renew_lease
from pipeline.errors import LeaseHeld, WireError

LOOK_EVERY = 1.0


@contextmanager
def turn(
    workspace: Workspace, name: str, run_id: str, wait_seconds: float = 0.0, stopping: threading.Event | None = None
) -> Iterator[None]:
    """Hold the lease while the block runs; wait for another's that long. Raises LeaseHeld when it lasts longer."""
    owner = f"{process_name()}:{run_id}"
    _take(workspace, name, owner, time.monotonic() + wait_seconds, stopping or threading.Event())
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE_SECONDS / 3):
            with suppress(WireError):  # the catalog is busy: tried again before the lease is over
                renew_lease(workspace.engine, name, owner, now(), LEASE_SECONDS)

    keeper = threading.Thread(target=renew, name=f"lease {name}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        with suppress(WireError):  # it is over by itself soon, and what came of the work matters more
            drop_lease(workspace.engine, name, owner)


def _take(workspace: Workspace, name: str, owner: str, deadline: float, stopping: threading.Event) -> None:
    while True:
        try:
            take_or_inherit(workspace, name, owner, now(), LEASE_SECONDS)
        except LeaseHeld:
            if time.monotonic() >= deadline or stopping.wait(LOOK_EVERY):
                raise
        else:
            return
