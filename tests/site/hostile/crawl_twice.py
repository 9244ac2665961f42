"""The whole examination: start the site, run the crawl twice on it, gather the evidence.

By hand: `python -m tests.site.hostile.crawl_twice [--seed N] [OUTLET...]` prints the grader's report.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.site.hostile.board import Board
from tests.site.hostile.cases import build_board
from tests.site.hostile.evidence import Evidence, read_snapshot
from tests.site.hostile.grade import grade, report
from tests.site.hostile.outlets import write_config
from tests.site.hostile.server import Site
from tests.site.hostile.watch import Watched, run_watched

MOST_SECONDS = 600.0  # for one run, whatever the machine


@dataclass(frozen=True)
class Examination:
    """The board, what the runs left, and how they went."""

    board: Board
    evidence: Evidence
    runs: dict[int, Watched]
    left_over: tuple[str, ...]  # files outside the folders the crawl was given


def examine(folder: Path, outlets: Sequence[str] = (), command: str = "run", seed: int = 0) -> Examination:
    """Run `wirecopy run` (or another command) twice against the site, with its configuration and data in folder."""
    site = Site()
    board = build_board(site, datetime.now(UTC), folder / "secret.txt", seed)
    config, data, work = folder / "config", folder / "data", folder / "work"
    write_config(board, config)
    work.mkdir()
    site.start()
    line = [sys.executable, "-m", "app.cli.main", "--config", str(config), "--data", str(data), command, *outlets]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3]), "TMPDIR": str(work)}
    snapshots, runs = {}, {}
    try:
        for site.phase in (1, 2):
            runs[site.phase] = run_watched(line, MOST_SECONDS, env)
            snapshots[site.phase] = read_snapshot(data / "catalog.sqlite")
    finally:
        site.stop()
    canaries = frozenset(listener.name for listener in site.listeners.values() if listener.canary)
    evidence = Evidence(snapshots, site.visits, canaries, _egress(site, runs))
    expected = {"config", "data", "work", "secret.txt"}
    left_over = tuple(sorted(one.name for one in folder.iterdir() if one.name not in expected))
    return Examination(board, evidence, runs, left_over)


def _egress(site: Site, runs: dict[int, Watched]) -> tuple[str, ...]:
    own = {(one.address, one.port) for one in site.listeners.values() if not one.canary}
    seen = set().union(*(run.remotes for run in runs.values()))
    # Ephemeral loopback ports belong to sockets that a process keeps to itself or its parent.
    foreign = {(host, port) for host, port in seen - own if host not in ("127.0.0.1", "::1")}
    return tuple(sorted(f"{host}:{port}" for host, port in foreign))


def main() -> None:
    """Examine, print the report and the figures; the outlets named, or all."""
    parser = argparse.ArgumentParser(description="Crawls the hostile site twice and grades the outcome.")
    parser.add_argument("--seed", type=int, default=0, help="shuffles what is announced")
    parser.add_argument("outlets", nargs="*", help="these only (all)")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    found = examine(folder, given.outlets, seed=given.seed)
    wanted = set(given.outlets)
    cases = [case for case in found.board.cases if not wanted or case.outlet in wanted]
    print(report(grade(cases, found.evidence)))
    for number, run in found.runs.items():
        size, line = run.largest
        print(f"run {number}: exit {run.returncode}, {run.seconds:.1f} s, largest {size / 1e6:.0f} MB: {line}")
        print(run.stderr[-1500:])
    print(folder)


if __name__ == "__main__":
    main()
