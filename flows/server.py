"""Starting the local Prefect server and waiting until it answers."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

from rich.console import Console

from flows.prefect_environment import (
    api_url,
    drop_address,
    prefect_home,
    quiet_environment,
    server_environment,
    write_address,
)
from pipeline.errors import UsageError, WireError

USUAL_PORT = 4200
# A new database takes half a minute on a busy machine; three minutes end in a clear error.
START_SECONDS = 180.0
STOP_SECONDS = 8.0
ANSWER_SECONDS = 5.0
LOG_BYTES = 5_000_000
ERROR_LINE = re.compile(r"[\w.]*(?:Error|Exception)\b.*: ")  # how a traceback ends


HasEnded = Callable[[], bool]


class ServerError(WireError):
    """The Prefect server did not start or does not answer."""


@contextmanager
def local_server(data_dir: Path, port: int | None, console: Console) -> Iterator[tuple[str, HasEnded]]:
    """A Prefect server of this data folder until the block ends: its API URL, and whether it has ended by itself.

    Raises UsageError where another `serve` has it, ServerError where it does not start.
    """
    home = prefect_home(data_dir)
    home.mkdir(parents=True, exist_ok=True)
    with only_one(data_dir):
        chosen = choose_port(port)
        log = home / "server.log"
        _keep_small(log)
        with log.open("ab") as output:
            child = _start(home, chosen, output.fileno())
        try:
            _wait(child, api_url(chosen), log, console)
            write_address(data_dir, api_url(chosen))
            yield api_url(chosen), lambda: child.poll() is not None
        finally:
            drop_address(data_dir)
            end_child(child)


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """One `serve` per data folder; ends with the process. Raises UsageError."""
    home = prefect_home(data_dir)
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"{data_dir}: another `wirecopy serve` runs on this data folder") from error
        yield
    finally:
        os.close(lock)


def choose_port(wanted: int | None, usual: int = USUAL_PORT) -> int:
    """The port asked for; the usual one or, where that is taken, a free one. Raises UsageError for a taken one."""
    for port in (wanted,) if wanted is not None else (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE or wanted is None:
                    continue
                raise UsageError(f"serve.port: port {port} is taken by another program") from error
            return int(probe.getsockname()[1])
    raise UsageError("no free port on 127.0.0.1")


def answers(url: str) -> bool:
    """Whether a Prefect API answers there."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=ANSWER_SECONDS) as response:  # noqa: S310  a configured URL
            return bool(response.status == 200)
    except HTTPError as error:
        return error.code in (401, 403)  # it wants a key, which Prefect's client knows and this does not
    except (OSError, ValueError):
        return False


def _start(home: Path, port: int, output: int) -> subprocess.Popen[bytes]:
    settings = quiet_environment() | server_environment(home, port)
    environment = settings | dict(os.environ) | {"PREFECT_HOME": str(home)}
    # A database or a log level of the user's choice stays; the address is ours.
    environment["PREFECT_SERVER_UI_API_URL"] = api_url(port)
    environment.pop("PREFECT_API_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "flows.server_child", str(os.getpid()), str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C reaches `serve`, which stops the server last
    )


def _wait(child: subprocess.Popen[bytes], url: str, log: Path, console: Console) -> None:
    deadline = time.monotonic() + START_SECONDS
    with console.status("Prefect server starts (a new database takes half a minute) ..."):
        while not answers(url):
            if child.poll() is not None:
                raise ServerError(f"the Prefect server ended at once: {_last_words(log)} ({log})")
            if time.monotonic() > deadline:
                raise ServerError(f"the Prefect server did not answer within {START_SECONDS:.0f} seconds ({log})")
            time.sleep(0.2)


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Ask a child process to end, and end it where it does not."""
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _last_words(log: Path) -> str:
    """The last error that a log names, else its last line."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    errors = [line for line in lines if ERROR_LINE.match(line)]
    return (errors or lines or ["without a word"])[-1][:300]


def _keep_small(log: Path) -> None:
    """Put a log that has grown aside; one from before is enough."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
