"""Kills runs at random times: `python -m tests.faults.random_kills [SECONDS] [WORLD] [SEED]`.

Round after round on a fresh data folder: runs are killed, or one process of theirs, until one gets through. What that
came to is held against an undisturbed run, while a reader reads every release. WORLD: small (three tiny outlets) or
demo (the twelve outlets of the demo).
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.demo.server import DemoWorld
from tests.faults.runs import ReleaseReader, Zygote, differences, outcome, unnamed, zygote
from tests.faults.world import SmallWorld

MOST_KILLS = 40  # in a row, before a run is left alone
CHILD_SHARE = 0.3  # of the kills that hit one process of a run, not the run


@dataclass(slots=True)
class Tally:
    """What was tried and what went wrong."""

    rounds: int = 0
    reads: int = 0
    kills: Counter[str] = field(default_factory=Counter)  # run and child
    stages: Counter[str] = field(default_factory=Counter)  # that a kill came into, by the last change to the folder
    problems: list[str] = field(default_factory=list)


@contextmanager
def world_of(name: str, config: Path) -> Iterator[None]:
    """Serve the outlets and write their configuration."""
    if name == "demo":
        with DemoWorld(datetime.now(UTC)).serve() as demo:
            demo.write_config(config)
            yield
    else:
        with SmallWorld().serve() as small:
            small.write_config(config)
            yield


def kill_at_random(runner: Zygote, config: Path, folder: Path, seconds: float, seed: int) -> Tally:
    """Rounds until the time is over; the last one is played to its end."""
    chance, tally = random.Random(seed), Tally()
    begun = time.monotonic()
    undisturbed = runner.run(folder / "undisturbed", config, "run")
    length = time.monotonic() - begun
    if undisturbed.code != 0:
        raise RuntimeError(undisturbed.output)
    wanted = comparable(folder / "undisturbed")
    while time.monotonic() - begun < seconds:
        data = folder / f"round-{tally.rounds}"
        tally.rounds += 1
        with ReleaseReader(data) as reader:
            _play_round(runner, config, data, length, chance, tally)
        tally.reads += reader.reads
        tally.problems += [f"{data.name}: {one}" for one in dict.fromkeys(reader.problems)]
        tally.problems += [f"{data.name}: {one}" for one in _judge(runner, config, data, wanted)]
    return tally


def _play_round(runner: Zygote, config: Path, data: Path, length: float, chance: random.Random, tally: Tally) -> None:
    for _ in range(MOST_KILLS):
        victim = "child" if chance.random() < CHILD_SHARE else "run"
        ended = runner.run(data, config, "run", kill_after=chance.uniform(0, length), victim=victim)
        if ended.struck:
            tally.kills[ended.struck] += 1
            tally.stages[_stage_of(ended.points)] += 1
        if ended.code is None or ended.left or "Traceback" in ended.output:
            tally.problems.append(f"{data.name}: code {ended.code}, left {ended.left}: {ended.output[-2000:]}")
        if ended.code == 0:
            break
    last = runner.run(data, config, "run")
    if last.code != 0:
        tally.problems.append(f"{data.name}: the last run: {last.output}")


def _stage_of(points: list[str]) -> str:
    """Where a run was, from the last write, rename or commit that it came to."""
    last = points[-1] if points else ""
    parts = {"parquet": "release", "releases": "release", "latest": "release", "manifest": "release"}
    parts |= {"catalog": "catalog", "warc": "archive", "unlink": "archive"}
    return next((part for word, part in parts.items() if word in last), "start")


def _judge(runner: Zygote, config: Path, data: Path, wanted: dict[str, Any]) -> Iterator[str]:
    try:
        yield from differences(wanted, comparable(data))
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        yield f"nothing to compare: {error!r}"
    examined = runner.run(data, config, "doctor")
    if examined.code != 0 or "everything is in order" not in examined.output:
        yield f"doctor: {examined.output}"


def comparable(data: Path) -> dict[str, Any]:
    """What a folder came to; a page that was asked for again may have answered that it has not changed."""
    found = unnamed(outcome(data))
    found["ledger"] = [tuple(200 if value == 304 else value for value in row) for row in found["ledger"]]
    return found


def main() -> int:
    """Returns 1 where anything differed."""
    given = sys.argv[1:]
    seconds, name, seed = (*given, *("600", "small", "1")[len(given) :])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with world_of(name, folder / "config"), zygote(folder / "logs") as runner:
            tally = kill_at_random(runner, folder / "config", folder, float(seconds), int(seed))
    for problem in tally.problems:
        print(problem)
    print(
        f"{name}: {tally.kills.total()} kills in {tally.rounds} rounds ({dict(tally.kills)}; last seen at "
        f"{dict(tally.stages)}), {tally.reads} whole releases read, {len(tally.problems)} problems"
    )
    return int(bool(tally.problems))


if __name__ == "__main__":
    sys.exit(main())
