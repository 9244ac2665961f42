"""Fails a run at every point there is, one after the other: `python -m tests.faults.every_point [KIND] [STEP] [START]`.

KIND: kill, kill-one, nospace or nospace-once. Prints a line per point and, at the end, how many were survived.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.runs import Scene, Zygote, play, survive, zygote
from tests.faults.world import SmallWorld

MOST_POINTS = 2_000


def main() -> int:
    """All points of a first run, then all points of a run that adds a copy."""
    given = sys.argv[1:]
    kind, step, start = (*given, *("kill", "1", "1")[len(given) :])
    points = range(int(start), MOST_POINTS, int(step))
    failed = 0
    with tempfile.TemporaryDirectory() as name, SmallWorld().serve() as world, zygote(Path(name) / "logs") as runner:
        folder = Path(name)
        world.write_config(folder / "config")
        first = play(runner, folder / "nothing", folder / "config", folder / "first")
        failed += _enumerate(runner, first, folder, kind, points)
        world.add_copy()
        second = play(runner, folder / "first", folder / "config", folder / "second")
        failed += _enumerate(runner, second, folder, kind, points)
    return min(failed, 1)


def _enumerate(runner: Zygote, scene: Scene, folder: Path, kind: str, points: range) -> int:
    tried = failed = 0
    for at in points:
        trial = survive(runner, scene, folder / "data", at, kind)
        if not trial.reached:
            break
        tried += 1
        failed += bool(trial.problems)
        print(at, "FAILED" if trial.problems else "ok", trial.point, trial.complaint, flush=True)
        for problem in trial.problems:
            print("    ", problem, flush=True)
        if trial.problems:
            shutil.copytree(folder / "data", Path(tempfile.gettempdir()) / f"fault-{kind}-{at}", dirs_exist_ok=True)
    print(f"{scene.start.name}: {tried} points tried ({kind}), {tried - failed} survived", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
