"""The processes of crawls are forked by one that imported Scrapy before; where that fails they are started anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers import nursery
from tests.crawl_processes import crawl_processes, nurseries
from tests.crawlers.conftest import Bench, held_back, until
from tests.crawlers.server import Server

ROOT = Path(__file__).parents[2]
# Starts a child, says its process id and the nursery's, and waits.
OWNER = """
import sys
from crawlers import nursery
child = nursery.start_child()
print(child.pid, nursery._mine._process.pid, flush=True)
sys.stdin.read()
"""
SETTLED = """
import json, os, sys
from crawlers.nursery import settle
settle(json.loads(sys.argv[1]))
sys.stdout.buffer.write(os.environb[b"WIRECOPY_TEST"] + f" {os.environ.get('OTHER')}".encode())
"""
LOADED = """
import importlib, sys
from crawlers.nursery import IMPORTS
for name in IMPORTS:
    importlib.import_module(name)
print("twisted.internet.reactor" in sys.modules)
"""


@pytest.fixture
def own() -> Iterator[None]:
    """A nursery of this test's own."""
    forget()
    yield
    forget()


def forget() -> None:
    if nursery._mine is not None:
        nursery._mine.close()
        nursery._mine = None


def ended(child: nursery.Child) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of a child without a job."""
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdin.close()
    code = child.wait(20)
    told = child.stdout.read().decode(), child.stderr.read().decode()
    child.stdout.close()
    child.stderr.close()
    return code, *told


def test_one_process_forks_all_crawls(own: None, bench: Bench, site: Server) -> None:
    (path,) = site.pages(1)
    site.feed(path)
    gate = held_back(site, path)
    worker = threading.Thread(target=bench.crawl)
    worker.start()
    until(lambda: site.count(path) == 1)
    (forked,) = crawl_processes(psutil.Process())
    (first,) = nurseries(psutil.Process())
    assert forked.ppid() == first.pid
    assert os.getsid(forked.pid) == forked.pid
    gate.set()
    worker.join(20)
    assert bench.crawl().state == "done"
    assert nurseries(psutil.Process()) == [first]
    assert not crawl_processes(psutil.Process())


def test_no_import_installs_the_reactor() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_child_is_as_one_of_its_own(own: None) -> None:
    codes = []
    for start in (nursery.start_child, nursery.start_alone):
        child = start()
        assert child.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.05)
        codes.append(ended(child))
        child = start()
        assert child.stdin is not None
        child.stdin.write(b"no job\n")
        code, said, traceback = ended(child)
        codes.append((code, said, traceback.splitlines()[-1]))
        child = start()
        child.kill()
        codes.append(ended(child))
        child.send_signal(signal.SIGTERM)  # nothing: it has ended
    assert codes[:3] == codes[3:]
    assert [code for code, _, _ in codes[:3]] == [2, 1, -9]
    assert "JSONDecodeError" in codes[1][2]


def test_environment_and_folder_are_those_of_now(own: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(nursery.start_child())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIRECOPY_TEST", "said later \udcff")
    child = nursery.start_child()
    until(lambda: psutil.Process(child.pid).cwd() == str(tmp_path))
    ended(child)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            SETTLED,
            json.dumps({"environment": dict(os.environ), "folder": str(tmp_path / "gone")}),
        ],
        env={"PYTHONPATH": str(ROOT), "OTHER": "1"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"said later \xff None"


def test_a_crawl_outlives_a_killed_nursery(own: None, bench: Bench, site: Server) -> None:
    site.feed(*site.pages(2))
    ended(nursery.start_child())
    (one,) = nurseries(psutil.Process())
    one.kill()
    report = bench.crawl()
    assert (report.state, report.fetched) == ("done", 2)
    assert not crawl_processes(psutil.Process())
    ended(nursery.start_child())
    assert len(nurseries(psutil.Process())) == 1


def test_a_crawl_whose_nursery_is_killed_writes_down_what_it_has(own: None, bench: Bench, site: Server) -> None:
    good, waiting = site.pages(2)
    site.feed(good, waiting)
    gate = held_back(site, waiting)
    bench.limits["page_seconds"] = 60.0
    reports: list[Any] = []
    fetched = threading.Event()

    def hear(event: Mapping[str, Any]) -> None:
        if event["event"] == "progress" and event["fetched"] == 1:
            fetched.set()

    worker = threading.Thread(target=lambda: reports.append(bench.crawl(on_event=hear)))
    worker.start()
    assert fetched.wait(30)
    until(lambda: site.count(waiting) == 1)
    (one,) = nurseries(psutil.Process())
    one.kill()
    worker.join(30)
    gate.set()
    assert (reports[0].state, reports[0].fetched) == ("interrupted", 1)
    assert (bench.crawl().state, set(bench.pending())) == ("done", {good, waiting})


def test_what_a_nursery_cannot_fork_is_started_anew_and_the_others_go_on(
    own: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = nursery.start_child()
    monkeypatch.setenv("WIRECOPY_TEST", "x" * 120_000)  # with the next more than one message holds
    monkeypatch.setenv("WIRECOPY_TEST_2", "x" * 120_000)
    second = nursery.start_child()
    monkeypatch.undo()
    third = nursery.start_child()
    assert [isinstance(one, nursery.Forked) for one in (first, second, third)] == [True, False, True]
    assert [ended(one)[0] for one in (first, second, third)] == [2, 2, 2]
    assert len(nurseries(psutil.Process())) == 1


def test_where_processes_cannot_be_watched_each_is_started_anew(own: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    child = nursery.start_child()
    assert isinstance(child, subprocess.Popen)
    assert ended(child)[0] == 2
    assert not nurseries(psutil.Process())


def test_everything_ends_with_a_killed_owner() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        processes = [psutil.Process(int(pid)) for pid in owner.stdout.readline().split()]
        owner.kill()
        _, left = psutil.wait_procs(processes, timeout=20)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in left)
