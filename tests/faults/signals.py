"""Signals at swept moments: `python -m tests.faults.signals [STEP_MS] [WAY...]`.

The real command line, each time on a fresh data folder; the signal comes a step later each time, until the run is over
before it. WAY: int, term, hup, twice (two Ctrl-C in quick succession), group (to all processes of the terminal); `load`
beside them keeps the processors busy. What must come of each is one clear line and exit code 1, no process left, and a
next run that goes on.
"""

from __future__ import annotations

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.faults.random_kills import comparable
from tests.faults.runs import ROOT, Zygote, differences, zygote
from tests.faults.world import SmallWorld

SAID = "wirecopy: interrupted; the next run goes on from here"
MARK = "WIRECOPY_TEST_MARK"
QUICKLY = 0.03  # seconds between two signals
LONGEST = 120.0
WAYS = {
    "int": signal.SIGINT,
    "term": signal.SIGTERM,
    "hup": signal.SIGHUP,
    "twice": signal.SIGINT,
    "group": signal.SIGINT,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one run that was told to end. stage: what it was at, by the run ledger."""

    way: str
    after: float
    code: int | None  # None: it was over before the signal
    stage: str
    output: str
    problems: list[str] = field(default_factory=list)


def tell(config: Path, data: Path, way: str, after: float) -> Told:
    """Start a run, send it a signal so many seconds later, and judge its end."""
    mark = secrets.token_hex(8)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "--config", str(config), "--data", str(data), "run"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300", MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        at = datetime.now(UTC)
        _send(process, way)
    else:
        process.communicate()
        return Told(way, after, None, "over", "")
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return Told(way, after, process.returncode, _stage(data), err, ["it did not end"])
    told = Told(way, after, process.returncode, _stage(data), out + err)
    told.problems.extend(_wrong(told, data, err, at))
    told.problems.extend(f"left: {one}" for one in _left(mark))
    return told


def _send(process: subprocess.Popen[str], way: str) -> None:
    if way == "group":
        os.killpg(process.pid, signal.SIGINT)
        return
    process.send_signal(WAYS[way])
    if way == "twice":
        time.sleep(QUICKLY)  # what is tested is that short time
        process.send_signal(signal.SIGINT)


def _wrong(told: Told, data: Path, err: str, at: datetime) -> Iterator[str]:
    runs = _rows(data, "SELECT state, finished_at FROM runs")
    if told.code == 0:
        if not runs or runs[0][0] != "done" or datetime.fromisoformat(runs[0][1]).replace(tzinfo=UTC) > at:
            yield f"the signal was lost: {runs}"
        return
    if told.code in (-signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP) and not data.exists() and "/app/" not in err:
        return  # Python had not come to the program's first line
    if told.code != 1:
        yield f"exit code {told.code}"
    if [line for line in err.splitlines() if line.strip()] != [SAID]:
        yield f"said {err[-1500:]!r}"
    if runs and runs[0][0] not in ("interrupted", "done"):
        yield f"the ledger says {runs}"
    if _rows(data, "SELECT stage, outlet_id FROM run_stages WHERE state = 'running'"):
        yield "a stage is still running, says the ledger"


def _left(mark: str) -> list[str]:
    """What of a run's processes is still there after the time that they may need to notice."""
    processes = [one for one in psutil.process_iter() if _is_marked(one, mark)]
    _, alive = psutil.wait_procs(processes, timeout=20)
    return [" ".join(one.cmdline())[:200] for one in alive if _is_marked(one, mark)]


def _is_marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False


def _stage(data: Path) -> str:
    stages = _rows(data, "SELECT stage FROM run_stages ORDER BY started_at DESC LIMIT 1")
    if stages:
        return str(stages[0][0])
    return "begun" if _rows(data, "SELECT state FROM runs") else "start"


def _rows(data: Path, query: str) -> list[Any]:
    try:
        with closing(sqlite3.connect(f"file:{data / 'catalog.sqlite'}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()
    except sqlite3.Error:
        return []


def go_on(runner: Zygote, config: Path, data: Path, wanted: dict[str, Any]) -> list[str]:
    """The run after it: what it came to is what an undisturbed one does."""
    again = runner.run(data, config, "run")
    if again.code != 0:
        return [f"the run after it: {again.output}"]
    return differences(wanted, comparable(data))


@contextmanager
def _load(is_wanted: bool) -> Iterator[None]:
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=lambda: os.nice(5))
        for _ in range(4 if is_wanted else 0)
    ]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


def main() -> int:
    """Returns 1 where anything went wrong."""
    given = sys.argv[1:]
    step = float(given[0]) / 1000 if given else 0.05
    ways = [one for one in given[1:] if one != "load"] or [*WAYS]
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, SmallWorld().serve() as world, _load("load" in given):
        folder = Path(place)
        world.write_config(folder / "config")
        with zygote(folder / "logs") as runner:
            assert runner.run(folder / "undisturbed", folder / "config", "run").code == 0
            wanted = comparable(folder / "undisturbed")
            for way in ways:
                for number in range(int(60 / step)):
                    data = folder / f"{way}-{number}"
                    told = tell(folder / "config", data, way, number * step)
                    problems = [*told.problems, *go_on(runner, folder / "config", data, wanted)]
                    tally[f"{way} {told.stage} {'wrong' if problems else told.code}"] += 1
                    for one in problems:
                        print(f"{way} after {told.after:.3f} in {told.stage}: {one}", flush=True)
                    if told.code is None:
                        break
    for name, count in sorted(tally.items()):
        print(f"{name}: {count}")
    return int(any("wrong" in name for name in tally))


if __name__ == "__main__":
    sys.exit(main())
