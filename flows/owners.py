"""Who does a piece of work: a process named so that others can tell later whether it, or a child of it, still runs."""

from __future__ import annotations

import os
import socket
import time
from datetime import datetime
from pathlib import Path

import psutil

from flows.workspace import Workspace
from pipeline.catalog.leases import take_lease
from pipeline.errors import LeaseHeld

# In the environment of every child process: a crawl outlives its killed parent by some seconds.
OWNER_VARIABLE = "WIRECOPY_OWNER"
# A crawl whose parent died ends within 8 seconds; twice that on a busy machine.
LAST_SECONDS = 16.0
LOOK_EVERY = 0.1


def process_name() -> str:
    """Host, process id and start of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def mark_children() -> str:
    """Have every child process from now on carry this process's name; returns it."""
    name = os.environ[OWNER_VARIABLE] = process_name()
    return name


def is_running(owner: str) -> bool:
    """False where the owner's process is known to have ended. Of another machine's nothing is known: True."""
    host, pid, started = _parts(owner)
    if host != socket.gethostname() or not pid.isdigit():
        return True
    return _started(int(pid)) == started


def take_or_inherit(workspace: Workspace, name: str, owner: str, at: datetime, seconds: float) -> None:
    """Take a lease; one whose owner is dead is taken over as soon as the owner's children have ended, too.

    Raises LeaseHeld while the owner lives, is on another machine, or leaves a child that does not end.
    """
    try:
        take_lease(workspace.engine, name, owner, at, seconds)
    except LeaseHeld as held:
        if is_running(held.owner) or not _children_end(held.owner):
            raise
        take_lease(workspace.engine, name, owner, at, seconds, heir_of=held.owner)


def _children_end(owner: str) -> bool:
    deadline = time.monotonic() + LAST_SECONDS
    while _has_children(":".join(_parts(owner))):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY)
    return True


def _has_children(name: str) -> bool:
    for process in psutil.process_iter():
        try:
            if process.environ().get(OWNER_VARIABLE) == name and process.status() != psutil.STATUS_ZOMBIE:
                return True
        except (psutil.Error, OSError):
            continue
    return False


def _parts(owner: str) -> tuple[str, str, str]:
    """Host, process id, start; what may follow says more about the work."""
    parts = [*owner.split(":"), "", ""]
    return parts[0], parts[1], parts[2]


def _started(pid: int) -> str:
    """When a process started, as the system counts it; empty where it has ended."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            # proc(5): after the name in brackets, the state, then start in clock ticks since boot as the 20th field on.
            fields = stat.read_bytes().rpartition(b")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in (b"Z", b"X") else fields[19].decode()
    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(int(process.create_time()))
    except psutil.Error:
        return ""
