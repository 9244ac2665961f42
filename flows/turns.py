"""Turns at work that only one run at a time may do: leases in the catalog, renewed while the work lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flows.keeping import LEASE_SECONDS, keeping
from flows.ledger import now
from flows.owners import process_name, take_or_inherit
from flows.workspace import Workspace
from pipeline.errors import LeaseHeld

LOOK_EVERY = 1.0


@contextmanager
def turn(
    workspace: Workspace, name: str, run_id: str, wait_seconds: float = 0.0, stopping: threading.Event | None = None
) -> Iterator[None]:
    """Hold the lease while the block runs; wait for another's that long. Raises LeaseHeld when it lasts longer."""
    owner = f"{process_name()}:{run_id}"
    _take(workspace, name, owner, time.monotonic() + wait_seconds, stopping or threading.Event())
    with keeping(workspace, [name], owner):
        yield


def _take(workspace: Workspace, name: str, owner: str, deadline: float, stopping: threading.Event) -> None:
    while True:
        try:
            take_or_inherit(workspace, name, owner, now(), LEASE_SECONDS)
        except LeaseHeld:
            if time.monotonic() >= deadline or stopping.wait(LOOK_EVERY):
                raise
        else:
            return
