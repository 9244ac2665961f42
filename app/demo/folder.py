"""The data folder of a demo: made anew each time, never over anything else, and served again for later commands."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError

from app.demo.server import DemoWorld
from pipeline.config_values import Strict
from pipeline.errors import UsageError

MARKER = ".wirecopy-demo"
CONFIG = "config"
# What commands put into a data folder. Anything else there is somebody's own and is not deleted.
OWN_NAMES = frozenset(
    "archive catalog config export exports logs prefect quarantine releases tmp wirecopy-demo".split()  # noqa: SIM905
)
MAX_MARKER_BYTES = 100_000


class Marker(Strict):
    """What a demo keeps of itself, so that its outlets can be served again as they were."""

    format: Literal[1] = 1
    now: AwareDatetime | None = Field(default=None, description="the moment all dates follow from")
    ports: dict[str, int] = Field(default={}, description="by outlet id")
    corrected_at: AwareDatetime | None = Field(default=None, description="when the page that changes in place changed")


def prepare(data_dir: Path) -> None:
    """Make the folder of a new demo: empty but for the marker.

    Raises UsageError for a folder that holds anything but an earlier demo, is in use or cannot be written.
    """
    try:
        entries = sorted(data_dir.iterdir()) if data_dir.exists() else []
        _refuse_foreign(data_dir, entries)
        data_dir.mkdir(parents=True, exist_ok=True)
        with _locked(data_dir):
            # The marker stays to the last: a demo broken off here must still be known as one.
            _remove([entry for entry in entries if entry.name != MARKER])
            _write_marker(data_dir, Marker())
    except OSError as error:
        raise UsageError(f"{error.filename or data_dir}: {error.strerror}; name another folder with --data") from error


@contextmanager
def start_demo(data_dir: Path, now: datetime) -> Iterator[DemoWorld]:
    """Start from nothing: prepare the folder, serve the outlets, write their configuration under it.

    Raises UsageError as prepare does.
    """
    prepare(data_dir)
    with ExitStack() as last, _locked(data_dir), DemoWorld(now).serve() as world:
        world.write_config(data_dir / CONFIG)
        _write_marker(data_dir, Marker(now=world.now, ports=world.ports))
        yield world
        last.enter_context(_without_users(data_dir))


@contextmanager
def demo_outlets_for(data_dir: Path) -> Iterator[DemoWorld | None]:
    """Where data_dir is a demo's, serve its outlets again on their ports, else do nothing (None).

    The page that changes in place shows its later version from the second serving on. While another command serves
    the outlets, its servers are used (None), and it waits for those who use them. Raises UsageError where a port is
    taken by something else.
    """
    kept = _read_marker(data_dir)
    if kept is None or kept.now is None:
        yield None
        return
    while True:
        with ExitStack() as last, _try_lock(data_dir) as is_ours:
            if is_ours:
                with _serve_kept(data_dir, kept.now) as world:
                    yield world
                    last.enter_context(_without_users(data_dir))
                return
        with _using(data_dir), _try_lock(data_dir) as is_free:
            if not is_free:
                yield None
                return


@contextmanager
def _serve_kept(data_dir: Path, now: datetime) -> Iterator[DemoWorld]:
    """The outlets as the marker keeps them at this moment: another command may have served them meanwhile."""
    kept = _read_marker(data_dir) or Marker(now=now)
    corrected_at = kept.corrected_at or datetime.now(UTC).replace(microsecond=0)
    with _serve_again(DemoWorld(kept.now or now, corrected_at), kept.ports, data_dir) as world:
        _write_marker(data_dir, kept.model_copy(update={"corrected_at": corrected_at}))
        yield world


@contextmanager
def _serve_again(world: DemoWorld, ports: dict[str, int], data_dir: Path) -> Iterator[DemoWorld]:
    serving = world.serve(ports)
    try:
        serving.__enter__()
    except (OSError, OverflowError) as error:
        taken = ", ".join(str(port) for port in sorted(ports.values()))
        raise UsageError(
            f"one of the demo outlets' ports ({taken}) is taken by another program; "
            f"stop that, or start anew: wirecopy --data {data_dir} demo"
        ) from error
    try:
        yield world
    finally:
        serving.__exit__(None, None, None)


def _refuse_foreign(data_dir: Path, entries: list[Path]) -> None:
    names = [entry.name for entry in entries]
    if not names:
        return
    if _read_marker(data_dir) is None:
        raise UsageError(f"{data_dir} holds {names[0]} and no earlier demo; name another folder with --data")
    for name in names:
        if name != MARKER and _stem(name) not in OWN_NAMES:
            raise UsageError(f"{data_dir} holds {name}, which no demo made; move it or name another folder with --data")


def _stem(name: str) -> str:
    """catalog of catalog.sqlite-wal, export of export.jsonl."""
    return name.lstrip(".").split(".")[0]


def _remove(entries: list[Path]) -> None:
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _read_marker(data_dir: Path) -> Marker | None:
    """What the marker keeps; None where there is no marker that a demo wrote."""
    path = data_dir / MARKER
    try:
        if path.is_symlink() or path.stat().st_size > MAX_MARKER_BYTES:
            return None
        return Marker.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _write_marker(data_dir: Path, marker: Marker) -> None:
    fresh = data_dir / f"{MARKER}.tmp"
    fresh.write_text(marker.model_dump_json(indent=1) + "\n", encoding="utf-8")
    fresh.replace(data_dir / MARKER)


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Raises UsageError while another command uses the folder."""
    with _try_lock(data_dir) as is_ours:
        if not is_ours:
            raise UsageError(f"{data_dir}: another command serves this demo now; wait for it to end")
        yield


def _using(data_dir: Path) -> AbstractContextManager[None]:
    """Use the servers of another command: it does not end them meanwhile. Waits while it does end them."""
    return _config_lock(data_dir, fcntl.LOCK_SH)


def _without_users(data_dir: Path) -> AbstractContextManager[None]:
    """Wait until no command uses the servers any more; whoever comes while the block lasts waits to serve them."""
    return _config_lock(data_dir, fcntl.LOCK_EX)


@contextmanager
def _config_lock(data_dir: Path, kind: int) -> Iterator[None]:
    try:
        config = os.open(data_dir / CONFIG, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:  # taken away by hand: nobody can use what it tells of
        yield
        return
    try:
        fcntl.flock(config, kind)
        yield
    finally:
        os.close(config)


@contextmanager
def _try_lock(data_dir: Path) -> Iterator[bool]:
    """Hold the folder's lock; false where somebody else holds it. Ends with the process."""
    folder = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = True
    except BlockingIOError:
        is_ours = False
    try:
        yield is_ours
    finally:
        os.close(folder)
