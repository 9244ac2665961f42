"""The data folder of a demo: made anew each time, never over anything else, and served again for later commands."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.demo.server import DemoWorld
from pipeline.errors import UsageError

MARKER = ".wirecopy-demo"
CONFIG = "config"
FORMAT = 1
# What commands put into a data folder. Anything else there is somebody's own and is not deleted.
OWN_NAMES = ("config", "archive", "catalog", "exports", "logs", "quarantine", "releases", "runs", "tmp")
MAX_MARKER_BYTES = 100_000


def config_dir_of(data_dir: Path) -> Path | None:
    """The configuration that belongs to a demo's data folder; None where the folder is no demo's."""
    return data_dir / CONFIG if _read_marker(data_dir) is not None else None


def prepare(data_dir: Path) -> None:
    """Make the folder of a new demo: empty but for the marker. Raises UsageError for a folder that is not a demo's."""
    if data_dir.exists() and not data_dir.is_dir():
        raise UsageError(f"{data_dir} is a file; the demo needs a folder of its own")
    entries = sorted(data_dir.iterdir()) if data_dir.exists() else []
    if entries and _read_marker(data_dir) is None:
        raise UsageError(f"{data_dir} holds {entries[0].name} and no earlier demo; name another folder with --data")
    for entry in entries:
        if entry.name != MARKER and not _is_own(entry.name):
            raise UsageError(f"{data_dir} holds {entry.name}, which is not a demo's; move it or name another folder")
    data_dir.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir):
        for entry in entries:
            if entry.name == MARKER:
                continue  # stays to the last: a demo broken off here must still be known as one
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        _write_marker(data_dir, {})


@contextmanager
def start_demo(data_dir: Path, now: datetime) -> Iterator[DemoWorld]:
    """Start from nothing: prepare the folder, serve the outlets, write their configuration under it.

    Raises UsageError as prepare does.
    """
    prepare(data_dir)
    with _locked(data_dir), DemoWorld(now).serve() as world:
        world.write_config(data_dir / CONFIG)
        _write_marker(data_dir, {"now": world.now.isoformat(), "ports": world.ports})
        yield world


@contextmanager
def demo_outlets_for(data_dir: Path) -> Iterator[DemoWorld | None]:
    """Where data_dir is a demo's, serve its outlets again on their ports, else do nothing (None).

    The page that changes in place shows its later version from the second serving on. While another command serves
    the outlets, its servers are used (None). Raises UsageError where a port is taken by something else.
    """
    kept = _read_marker(data_dir)
    if not kept:
        yield None
        return
    with _try_lock(data_dir) as is_ours:
        if not is_ours:
            yield None
            return
        corrected_at = kept.get("corrected_at") or datetime.now(UTC).isoformat(timespec="seconds")
        world = DemoWorld(datetime.fromisoformat(kept["now"]), datetime.fromisoformat(corrected_at))
        with _serve_again(world, kept["ports"], data_dir):
            _write_marker(data_dir, kept | {"corrected_at": corrected_at})
            yield world


@contextmanager
def _serve_again(world: DemoWorld, ports: dict[str, int], data_dir: Path) -> Iterator[None]:
    serving = world.serve(ports)
    try:
        serving.__enter__()
    except OSError as error:
        raise UsageError(
            f"a port of the demo outlets ({min(ports.values())}-{max(ports.values())}) is taken by another program; "
            f"wait for it, or start anew: wirecopy --data {data_dir} demo"
        ) from error
    try:
        yield
    finally:
        serving.__exit__(None, None, None)


def _is_own(name: str) -> bool:
    return name.lstrip(".").split(".")[0].split("-")[0] in OWN_NAMES


def _read_marker(data_dir: Path) -> dict[str, Any] | None:
    """What the marker keeps; None where there is no marker that a demo wrote."""
    path = data_dir / MARKER
    try:
        if path.is_symlink() or path.stat().st_size > MAX_MARKER_BYTES:
            return None
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    return {key: value for key, value in content.items() if key != "format"}


def _write_marker(data_dir: Path, content: dict[str, Any]) -> None:
    # Written in place: the lock lies on this very file.
    (data_dir / MARKER).write_text(json.dumps({"format": FORMAT} | content, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Raises UsageError while another command uses the folder."""
    with _try_lock(data_dir) as is_ours:
        if not is_ours:
            raise UsageError(f"{data_dir}: another command serves this demo now; wait for it to end")
        yield


@contextmanager
def _try_lock(data_dir: Path) -> Iterator[bool]:
    """Hold the marker's lock; false where somebody else holds it. Ends with the process."""
    with (data_dir / MARKER).open("ab") as marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
