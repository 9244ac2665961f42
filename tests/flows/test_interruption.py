"""Ctrl-C, SIGTERM and a closed terminal: whatever swallows the exception, the run ends and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from flows.interruption import Interrupted, answering, check, holding, was_told
from flows.ledger import begin_run
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.runs import read_run
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, tmp_path / "data", Settings(), {})


def play(program: str, *, ignored: bool = False) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own; ignored: begun as a job in the background is."""
    before = "import signal, threading\nfrom flows.interruption import Interrupted, answering\n"
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " if ignored else ""
    starter = f"{ignoring}import os, sys; os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    return subprocess.run(
        [sys.executable, "-c", starter, before + program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


IN_A_DESTRUCTOR = """
class Broken:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

with answering():
    try:
        one = Broken()
        del one
        print("goes on", flush=True)
        threading.Event().wait(30)
        print("to its end")
    except Interrupted:
        print("interrupted")
"""


def test_an_interruption_that_a_destructor_swallows_comes_again() -> None:
    done = play(IN_A_DESTRUCTOR)
    assert done.stdout.split("\n") == ["goes on", "interrupted", ""]
    assert done.stderr == ""


IN_GENERATED_CODE = """
with answering():
    try:
        exec("signal.raise_signal(signal.SIGINT)")
    except KeyboardInterrupt:
        print("interrupted")
"""


def test_an_interruption_of_generated_code_does_not_end_python_with_a_signal() -> None:
    done = play(IN_GENERATED_CODE)
    assert (done.returncode, done.stdout) == (0, "interrupted\n")


BESIDE = """
with answering():
    signal.raise_signal(signal.SIGINT)
    print("goes on")
    try:
        signal.raise_signal(signal.SIGTERM)
    except Interrupted:
        print("interrupted")
"""


def test_what_was_ignored_from_the_beginning_stays_ignored() -> None:
    done = play(BESIDE, ignored=True)
    assert done.stdout.split() == ["goes", "on", "interrupted"], done.stderr


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_does_not_disturb_what_ends_in_order(sign: signal.Signals) -> None:
    done = []
    with pytest.raises(Interrupted), answering():
        try:
            signal.raise_signal(sign)
        finally:
            signal.raise_signal(sign)
            done.append("in order")
    assert done == ["in order"]
    assert not was_told()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def swallow() -> None:
    """As a library does that catches everything."""
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:  # noqa: BLE001  what is tested
        return


def test_after_one_that_was_lost_a_second_signal_interrupts_and_so_does_the_next_look() -> None:
    with answering():
        swallow()
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(Interrupted):
            check()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_what_must_not_be_interrupted_is_so_at_its_end(sign: signal.Signals) -> None:
    done = []
    with answering():
        with pytest.raises(Interrupted), holding():
            os.kill(os.getpid(), sign)
            done.append("to its end")
        assert done == ["to its end"]
        with holding():
            done.append("again")
    assert done == ["to its end", "again"]


def test_what_is_started_while_nothing_may_interrupt_does_not_hear_ctrl_c() -> None:
    program = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    with holding():
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "True\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_blocks_within_each_other_answer_as_one() -> None:
    with answering():
        with answering():
            swallow()
        assert was_told()
    assert not was_told()


def test_other_threads_leave_signals_alone() -> None:
    seen: list[Any] = []

    def look() -> None:
        with answering():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]


def states(workspace: Workspace, run_id: str) -> tuple[str, list[tuple[str, str]]]:
    """How the ledger says that a run and its stages ended."""
    with reading(workspace.engine) as connection:
        found = read_run(connection, run_id)
    assert found is not None
    return found.run.state, [(one.stage, one.state) for one in found.stages]


def test_a_run_whose_interruption_was_swallowed_ends_before_its_next_stage(workspace: Workspace) -> None:
    def lose() -> dict[str, Any]:
        swallow()
        return {}

    with pytest.raises(Interrupted), begin_run(workspace, "run") as run:
        run.stage("extract", "", lose)
        run.stage("dedupe", "", dict)
    assert states(workspace, run.run_id) == ("interrupted", [("extract", "done")])


def test_a_run_whose_interruption_was_swallowed_in_its_last_stage_says_so(workspace: Workspace) -> None:
    with pytest.raises(Interrupted), begin_run(workspace, "run") as run:
        run.stage("publish", "", lambda: swallow() or {})  # type: ignore[func-returns-value]
    assert states(workspace, run.run_id) == ("interrupted", [("publish", "done")])


def test_an_error_that_a_library_made_of_an_interruption_is_one(workspace: Workspace) -> None:
    def wrap() -> dict[str, Any]:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error
        return {}

    with pytest.raises(Interrupted), begin_run(workspace, "run") as run:
        run.stage("extract", "", wrap)
    assert states(workspace, run.run_id) == ("interrupted", [("extract", "interrupted")])
