"""A process that has everything imported and forks a run of the command line for each fault: `python -m ...zygote`.

Orders come as lines of JSON on standard input, with the arguments, the fault and where counter and log are to be; the
answer to each is {"code": exit code, "left": processes that did not end, "struck": what was killed at a time that the
order named}. A run that takes too long is killed: code None.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

import psutil

from crawlers import nursery
from tests.faults.inject import Faults, install, running, wait_until_gone
from tests.faults.nursery import ForkedChild, Nursery, start_child

PR_SET_CHILD_SUBREAPER = 36
BASE = "http://127.0.0.1:1"
RUN_SECONDS = 150.0
ENDING_SECONDS = 30.0


def main() -> None:
    """Answer orders until the input ends."""
    _import_everything()
    gc.collect()
    gc.freeze()  # collections in forks pass over what was imported here
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    print(json.dumps({"ready": os.getpid()}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_carry_out(order)), flush=True)


IMPORTS = (
    "app.cli.main app.cli.stages crawlers.child crawlers.spider flows.doctor flows.rebuild flows.stages"
    " pipeline.dedupe.fold pipeline.extract.child pipeline.publish.release scrapy.core.engine scrapy.crawler"
)


def _import_everything() -> None:
    """What the processes of a run import, but no reactor and no catalog."""
    for name in IMPORTS.split():
        importlib.import_module(name)
    _read_pages()
    _fold_and_publish_nothing()
    if "twisted.internet.reactor" in sys.modules:
        raise SystemExit("the reactor must be installed after the fork")


def _read_pages() -> None:
    """Whatever the first page of each kind makes the libraries load."""
    from datetime import UTC, datetime

    from flows.naming import name_agencies
    from pipeline.agencies import bundled_agencies
    from pipeline.extract.page import extract_page
    from pipeline.records import Article
    from tests.faults.world import pages_of

    for outlet in ("wire", "north", "south"):
        for path, page in pages_of(outlet, BASE).items():
            read = extract_page(
                page.encode(),
                url=BASE + path,
                content_type="text/html",
                outlet=None,
                hints=None,
                fetched_at=datetime.now(UTC),
                truncated=None,
            )
            if isinstance(read, Article):
                name_agencies(read, bundled_agencies(), {})


def _fold_and_publish_nothing() -> None:
    from datetime import UTC, datetime

    from pipeline.dedupe.fold import fold
    from pipeline.publish.reading import check_release, read_release
    from pipeline.publish.release import Content, write_tables
    from pipeline.settings import Dedupe
    from pipeline.storage import Storage

    fold([], Dedupe())
    with tempfile.TemporaryDirectory() as folder:
        write_tables(Path(folder), Content([], [], []), version="1", published_at=datetime.now(UTC))
        read_release(Storage(folder)).table("articles").to_pylist()
        check_release(Storage(folder), "1")


def _carry_out(order: dict[str, Any]) -> dict[str, Any]:
    counter = Path(order["counter"])
    faults = Faults(order["at"], order["kind"], counter, Path(order["root"]))
    pid = os.fork()
    if pid == 0:
        if order["largest_file"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
        _run(order["arguments"], faults, Path(order["log"]))
    code, struck = _wait(pid, order["kill_after"], order["victim"])
    if code is None:
        for one in running(counter):
            os.kill(one, signal.SIGKILL)
        os.waitpid(pid, 0)
    left = wait_until_gone(counter, ENDING_SECONDS)
    for one in left:
        os.kill(one, signal.SIGKILL)
    _reap()
    return {"code": code, "left": left, "struck": struck}


def _wait(pid: int, kill_after: float | None, victim: str) -> tuple[int | None, str]:
    """The exit code, and what was killed on the way."""
    begun, struck = time.monotonic(), ""
    while time.monotonic() - begun < RUN_SECONDS:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), struck
        if kill_after is not None and not struck and time.monotonic() - begun >= kill_after:
            struck = _strike(pid, victim)
        time.sleep(0.002)
    return None, struck


def _strike(run: int, victim: str) -> str:
    """SIGKILL the run itself, or one of the crawls and readers it started; returns which."""
    try:
        children = psutil.Process(run).children(recursive=True)[1:]  # without the process that forks them
        chosen = random.choice(children).pid if victim == "child" and children else run
        os.kill(chosen, signal.SIGKILL)
    except (psutil.Error, ProcessLookupError):
        return ""
    return "run" if chosen == run else "child"


def _reap() -> None:
    """Orphans of a killed run are this process's children."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _run(arguments: list[str], faults: Faults, log: Path) -> NoReturn:
    """The command line in a process of its own; its output goes to log."""
    code = 1
    try:
        os.setsid()
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for one, number in ((nothing, 0), (descriptor, 1), (descriptor, 2)):
            os.dup2(one, number)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout, sys.stderr = (open(n, "w", -1, "utf-8", closefd=False) for n in (1, 2))  # noqa: SIM115
        install(faults)
        ForkedChild.nursery = Nursery(faults)
        subprocess.Popen = start_child  # type: ignore[assignment,misc]
        nursery.start_child = nursery.start_alone
        code = _call(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _call(arguments: list[str]) -> int:
    from app.cli.main import main as command_line

    sys.argv = ["wirecopy", *arguments]
    try:
        command_line()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    main()
