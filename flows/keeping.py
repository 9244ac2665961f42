"""Keeping leases while work lasts: renewed in a thread, given back at the end, and word where one was lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from flows.ledger import now
from flows.workspace import Workspace
from pipeline.catalog.leases import drop_lease, renew_lease
from pipeline.errors import WireError

# Renewed every third of it: work whose process was killed on another machine is free again within this time.
LEASE_SECONDS = 60.0


@contextmanager
def keeping(
    workspace: Workspace, names: Sequence[str], owner: str, on_loss: Callable[[], None] | None = None
) -> Iterator[None]:
    """Keep leases that were taken until the block ends. on_loss: called where another owner took one over."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE_SECONDS / 3):
            with suppress(WireError):  # the catalog is busy or away: tried again before the lease is over
                held = [renew_lease(workspace.engine, name, owner, now(), LEASE_SECONDS) for name in names]
                if on_loss is not None and not all(held):
                    on_loss()

    keeper = threading.Thread(target=renew, name=f"leases of {owner}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        with suppress(WireError):  # they are over by themselves soon, and what came of the work matters more
            for name in names:
                drop_lease(workspace.engine, name, owner)
