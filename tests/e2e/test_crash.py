"""Kills, full disks, signals and doubled runs: whatever happens, the next run comes to what an undisturbed one does.

`python -m tests.faults.every_point` tries every point and `python -m tests.faults.random_kills` any moment; here, as
many as the time of ./check allows.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from tests.faults.random_kills import comparable, kill_at_random
from tests.faults.runs import ROOT, Scene, Zygote, copy_of, differences, outcome, play, survive, zygote
from tests.faults.signals import go_on, tell
from tests.faults.world import SmallWorld

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
PATIENCE = 120.0  # for what takes a second on an idle machine


@dataclass(frozen=True, slots=True)
class Stage:
    """The outlets, the runner and the two undisturbed runs that others are held against."""

    world: SmallWorld
    runner: Zygote
    folder: Path
    first: Scene
    second: Scene

    @property
    def config(self) -> Path:
        return self.folder / "config"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("crash")
    with SmallWorld().serve() as world, zygote(folder / "logs") as runner:
        world.write_config(folder / "config")
        first = play(runner, folder / "nothing", folder / "config", folder / "first")
        world.add_copy()
        second = play(runner, folder / "first", folder / "config", folder / "second")
        world.take_copy_back()
        yield Stage(world, runner, folder, first, second)


def test_the_undisturbed_run_finds_what_is_there(stage: Stage) -> None:
    wanted = stage.first.wanted
    assert len(wanted["articles"]) == 6
    assert sorted(row[2] for row in wanted["stories"]) == [1, 2, 3]
    assert len(stage.second.wanted["articles"]) == 7
    assert stage.first.count > 80
    assert stage.second.count > 60


@pytest.mark.parametrize("share", range(8))
@pytest.mark.parametrize("kind", ["kill", "nospace"])
def test_a_first_run_survives(stage: Stage, tmp_path: Path, kind: str, share: int) -> None:
    at = 1 + (2 * share + (kind == "nospace")) * stage.first.count // 16
    trial = survive(stage.runner, stage.first, tmp_path / "data", at, kind)
    assert not trial.reached or trial.problems == [], trial


@pytest.mark.parametrize(("kind", "share"), [("kill", 1), ("nospace", 3), ("kill", 6), ("kill", 7), ("nospace", 8)])
def test_a_run_that_adds_to_a_release_survives(stage: Stage, tmp_path: Path, kind: str, share: int) -> None:
    stage.world.add_copy()
    try:
        trial = survive(stage.runner, stage.second, tmp_path / "data", 1 + share * stage.second.count // 9, kind)
    finally:
        stage.world.take_copy_back()
    assert not trial.reached or trial.problems == [], trial


@pytest.mark.parametrize("share", [3, 7])
def test_the_death_of_one_process_alone_is_survived(stage: Stage, tmp_path: Path, share: int) -> None:
    at = 1 + share * stage.first.count // 10
    trial = survive(stage.runner, stage.first, tmp_path / "data", at, "kill-one")
    assert not trial.reached or trial.problems == [], trial


@pytest.mark.parametrize("share", [2, 4, 6])
def test_a_write_that_fails_once_is_survived(stage: Stage, tmp_path: Path, share: int) -> None:
    at = 1 + share * stage.first.count // 9
    trial = survive(stage.runner, stage.first, tmp_path / "data", at, "nospace-once")
    assert not trial.reached or trial.problems == [], trial


def test_kills_at_any_moment_are_survived(stage: Stage, tmp_path: Path) -> None:
    tally = kill_at_random(stage.runner, stage.config, tmp_path, seconds=8.0, seed=20_260_302)
    assert tally.problems == []
    assert tally.kills["run"] >= 1
    assert tally.reads >= 1


@pytest.mark.parametrize("largest_file", [2_000, 30_000, 100_000])
def test_files_that_cannot_grow_end_in_one_line(stage: Stage, tmp_path: Path, largest_file: int) -> None:
    """The real thing below Python: the kernel refuses SQLite's, Arrow's and the archive's writes."""
    data = copy_of(stage.first.start, tmp_path / "data")
    ended = stage.runner.run(data, stage.config, "run", largest_file=largest_file)
    assert ended.code == 1, ended.output
    assert "Traceback" not in ended.output
    assert len(ended.complaints) + len(ended.failed_stages) >= 1, ended.output
    assert stage.runner.run(data, stage.config, "run").code == 0
    assert differences(stage.first.wanted, outcome(data)) == []


def start(stage: Stage, data: Path, *command: str) -> subprocess.Popen[str]:
    """The real command line, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "--config", str(stage.config), "--data", str(data), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def rows(data: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{data / 'catalog.sqlite'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def started_and_held(stage: Stage, data: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A run that waits for an article of the agency, and its child processes."""
    process = start(stage, data, "run")
    assert stage.world.servers["wire"].reached.wait(PATIENCE), process.poll()
    return process, psutil.Process(process.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_and_the_next_goes_on(stage: Stage, tmp_path: Path, sign: int) -> None:
    data = tmp_path / "data"
    stage.world.hold("wire")
    try:
        process, children = started_and_held(stage, data)
        process.send_signal(sign)
        code, _, err = end(process)
    finally:
        stage.world.let_go("wire")
    assert code == 1
    assert [line for line in err.splitlines() if line.startswith("wirecopy:")] == [
        "wirecopy: interrupted; the next run goes on from here"
    ]
    assert "Traceback" not in err
    assert children
    assert all_gone(children)
    assert rows(data, "SELECT state FROM runs") == [("interrupted",)]
    assert ("wire", "interrupted") in rows(data, "SELECT outlet_id, state FROM run_stages")
    assert not rows(data, "SELECT * FROM run_stages WHERE state = 'running'")
    assert stage.runner.run(data, stage.config, "run").code == 0
    assert differences(stage.first.wanted, outcome(data)) == []


@pytest.mark.parametrize(("way", "after"), [("int", 0.3), ("twice", 1.2), ("group", 2.1), ("hup", 2.8), ("term", 3.5)])
def test_a_run_told_to_end_at_any_moment_says_so_in_one_line(
    stage: Stage, tmp_path: Path, way: str, after: float
) -> None:
    """`python -m tests.faults.signals` tries all moments."""
    told = tell(stage.config, tmp_path / "data", way, after)
    assert [
        *told.problems,
        *go_on(stage.runner, stage.config, tmp_path / "data", comparable(stage.folder / "first")),
    ] == []


def test_a_killed_run_takes_its_children_along_and_leaves_no_lock(stage: Stage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    stage.world.hold("wire")
    try:
        process, children = started_and_held(stage, data)
        process.kill()
        end(process)
        assert children
        assert all_gone(children)
    finally:
        stage.world.let_go("wire")
    assert rows(data, "SELECT state FROM runs") == [("running",)]
    assert rows(data, "SELECT name FROM leases")
    again = stage.runner.run(data, stage.config, "run")
    assert again.code == 0
    assert "skipped" not in again.output
    assert rows(data, "SELECT state FROM runs ORDER BY started_at") == [("interrupted",), ("done",)]
    assert differences(stage.first.wanted, outcome(data)) == []


def test_of_two_runs_one_crawls_and_the_other_says_so(stage: Stage, tmp_path: Path) -> None:
    data = tmp_path / "data"
    stage.world.forget()
    stage.world.hold("wire")
    try:
        process, _ = started_and_held(stage, data)
        second = stage.runner.run(data, stage.config, "run", "wire", "--json")
    finally:
        stage.world.let_go("wire")
    assert second.code == 0, second.output
    report = json.loads(second.output[second.output.index("{") :])
    crawl = next(one for one in report["stages"] if one["stage"] == "crawl")
    assert crawl["state"] == "skipped"
    assert "already running" in crawl["message"]
    code, _, err = end(process)
    assert code == 0, err
    for name in stage.world.servers:
        assert set(stage.world.asked(name).values()) == {1}, stage.world.asked(name)
    assert stage.runner.run(data, stage.config, "run").code == 0
    assert differences(stage.first.wanted, outcome(data)) == []


def test_a_catalog_held_for_a_while_is_waited_for(stage: Stage, tmp_path: Path) -> None:
    data = copy_of(stage.folder / "first", tmp_path / "data")
    holder = sqlite3.connect(data / "catalog.sqlite", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    threading.Timer(2.0, holder.rollback).start()
    ended = stage.runner.run(data, stage.config, "run")
    assert ended.code == 0, ended.output
    assert time.monotonic() - begun >= 2.0
    assert differences(stage.first.wanted, outcome(data)) == []


def impatient(stage: Stage, config: Path) -> Path:
    """The same configuration, with less patience for a catalog that another process holds."""
    shutil.copytree(stage.config, config)
    settings = yaml.safe_load((config / "settings.yml").read_text())
    settings["limits"]["catalog_seconds"] = 1.5
    (config / "settings.yml").write_text(yaml.safe_dump(settings))
    return config


def test_a_catalog_held_for_too_long_ends_the_run_in_one_line(stage: Stage, tmp_path: Path) -> None:
    config = impatient(stage, tmp_path / "config")
    data = copy_of(stage.folder / "first", tmp_path / "data")
    before = outcome(data)
    holder = sqlite3.connect(data / "catalog.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ended = stage.runner.run(data, config, "run")
    holder.rollback()
    holder.close()
    assert ended.code == 1, ended.output
    said = "another process has held it for 1.5 seconds; try again when that is done"
    assert ended.complaints == [f"wirecopy: catalog sqlite:///{data}/catalog.sqlite: {said}"]
    assert "Traceback" not in ended.output
    assert differences(before, outcome(data)) == []
    assert stage.runner.run(data, config, "run").code == 0
    assert differences(stage.first.wanted, outcome(data)) == []


@pytest.mark.parametrize("stage_name", ["extract", "dedupe", "publish"])
def test_a_stage_that_cannot_have_the_catalog_says_so(stage: Stage, tmp_path: Path, stage_name: str) -> None:
    """What the stages before it did stays; the next run goes on."""
    config = impatient(stage, tmp_path / "config")
    data = tmp_path / "data"
    crawled = stage.runner.run(data, config, "crawl", *stage.world.servers)
    assert crawled.code == 0, crawled.output
    for done in ("extract", "dedupe")[: ("extract", "dedupe", "publish").index(stage_name)]:
        assert stage.runner.run(data, config, done).code == 0
    holder = sqlite3.connect(data / "catalog.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ended = stage.runner.run(data, config, stage_name)
    holder.rollback()
    holder.close()
    assert ended.code == 1, ended.output
    assert "Traceback" not in ended.output
    assert "another process has held it for 1.5 seconds" in ended.output
    assert stage.runner.run(data, config, "run").code == 0
    assert differences(stage.first.wanted, outcome(data)) == []
