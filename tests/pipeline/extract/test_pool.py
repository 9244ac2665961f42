from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pipeline.errors import WireError
from pipeline.extract import child, child_process
from pipeline.extract.pool import ExtractionPool
from pipeline.extract.task import PageTask
from pipeline.extract.wire import read_frame, task_header, write_frame
from pipeline.outlets import Outlet
from pipeline.reasons import Reason
from pipeline.records import Article, Discovery, PageKind, Rejection
from tests.crawl_processes import nurseries
from tests.pipeline.extract.pages import BODY, HEADLINE, NOW, article, page

OUTLET = Outlet.model_validate(
    {
        "id": "diffa",
        "name": "الضفة",
        "language": "ar",
        "time_zone": "Asia/Amman",
        "discover": {"feeds": ["https://diffa.example/rss"]},
    }
)
HINTS = Discovery("diffa", "https://diffa.example/1", "https://diffa.example/rss", PageKind.FEED, NOW, published_at=NOW)


def task(key: str, source: str | bytes | None = None) -> PageTask:
    payload = source.encode() if isinstance(source, str) else source if source is not None else page().encode()
    return PageTask(key, payload, f"https://diffa.example/{key}", "text/html", NOW, OUTLET, HINTS)


def children() -> list[psutil.Process]:
    """Processes that read pages; other tests may have left one that forks crawls."""
    others = nurseries(psutil.Process())
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE and one not in others]


def test_articles_and_rejections_come_back_in_order_and_whole() -> None:
    with ExtractionPool(2, 20, 512) as extraction:
        found = list(extraction.map(task(str(at), b"" if at == 3 else None) for at in range(8)))
    assert [one.key for one, _ in found] == [str(at) for at in range(8)]
    expected = replace(article(page(), outlet=OUTLET, hints=HINTS), url="https://diffa.example/0")
    assert found[0][1] == expected
    assert isinstance(found[3][1], Rejection)
    assert found[3][1].reason is Reason.NO_BODY
    assert not children()


def slow_page() -> bytes:
    tag = "<div " + " ".join(f"a{at}=1" for at in range(8_000)) + "></div>"
    return ("<html><body><h1>x</h1>" + tag * 40 + page()).encode()


def test_a_page_over_its_time_is_quarantined_and_the_next_one_is_read() -> None:
    with ExtractionPool(1, 0.5, 512) as extraction:
        extraction.extract(task("warm"))
        outcome = extraction.extract(task("slow", slow_page()))
    with ExtractionPool(1, 20, 512) as extraction:
        after = extraction.extract(task("after"))
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, outcome.quarantined) == (Reason.EXTRACTION_TIMEOUT, True)
    assert isinstance(after, Article)


def test_a_page_over_its_memory_is_quarantined() -> None:
    huge = page(after="".join(f"<p>{at} {'كلمة ' * 40}</p>" for at in range(20_000))).encode()
    with ExtractionPool(1, 60, 210) as extraction:
        outcome = extraction.extract(task("huge", huge))
        after = extraction.extract(task("after"))
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, outcome.quarantined) == (Reason.EXTRACTION_MEMORY, True)
    assert isinstance(after, Article)


def kill_in_hand(monkeypatch: pytest.MonkeyPatch, times: int) -> list[psutil.Process]:
    """Kill children that have a page in hand, so many times; returns the killed."""
    original = child_process.AnswerReader.wait
    killed: list[psutil.Process] = []

    def kill_then_wait(self: child_process.AnswerReader) -> None:
        if len(killed) < times and (alive := children()):
            killed.append(alive[0])
            alive[0].kill()
        original(self)

    monkeypatch.setattr(child_process.AnswerReader, "wait", kill_then_wait)
    return killed


def test_a_page_that_ends_every_child_is_quarantined_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    large = bytearray(500_000_000)  # what this process holds is not what the child held
    ask = child_process.Child.ask

    def ask_and_die(self: child_process.Child, one: PageTask) -> dict[str, object]:
        if one.key == "second":
            self.process.send_signal(signal.SIGSTOP)  # so that it dies with the page in hand
            self.process.kill()
        return ask(self, one)

    monkeypatch.setattr(child_process.Child, "ask", ask_and_die)
    with ExtractionPool(1, 20, 512) as extraction:
        extraction.extract(task("first"))
        large.clear()
        outcome = extraction.extract(task("second"))
        after = extraction.extract(task("third"))
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, outcome.quarantined) == (Reason.EXTRACTION_CRASH, True)
    assert isinstance(after, Article)


def test_a_child_that_something_else_kills_costs_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExtractionPool(1, 20, 512) as extraction:
        extraction.extract(task("first"))
        (idle,) = children()
        idle.kill()  # as the kernel does that runs out of memory
        idle.wait()
        assert isinstance(extraction.extract(task("second")), Article)
        (busy,) = children()
        busy.send_signal(signal.SIGSTOP)
        killed = kill_in_hand(monkeypatch, 1)
        assert isinstance(extraction.extract(task("third")), Article)
    assert killed == [busy]


def warm_child(extraction: ExtractionPool, seconds: float) -> psutil.Process:
    """A child that has loaded what it needs, with so many seconds for each page from now on."""
    extraction.extract(task("first"))
    (idle,) = extraction._idle
    idle.seconds = seconds
    return psutil.Process(idle.process.pid)


def test_a_child_that_others_hold_up_has_its_seconds_of_work() -> None:
    with ExtractionPool(1, 20, 512) as extraction:
        child = warm_child(extraction, seconds=2.0)
        child.send_signal(signal.SIGSTOP)
        resume = threading.Timer(2.6, lambda: child.send_signal(signal.SIGCONT))
        resume.start()
        outcome = extraction.extract(task("second"))
        resume.join()
    assert isinstance(outcome, Article)


def test_no_page_is_waited_for_for_ever() -> None:
    with ExtractionPool(1, 20, 512) as extraction:
        child = warm_child(extraction, seconds=0.5)
        child.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        outcome = extraction.extract(task("second"))
        assert 1.0 <= time.monotonic() - began < 20
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.EXTRACTION_TIMEOUT


def test_tasks_are_drawn_only_as_needed() -> None:
    drawn = 0

    def tasks() -> Iterator[PageTask]:
        nonlocal drawn
        for at in range(1_000):
            drawn += 1
            yield task(str(at))

    with ExtractionPool(2, 20, 512) as extraction:
        results = extraction.map(tasks())
        next(results)
        assert drawn <= 5
        results.close()  # type: ignore[attr-defined]
    assert not children()


def test_no_child_outlives_a_parent_that_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from datetime import datetime, UTC\n"
        "from pipeline.extract.pool import ExtractionPool\n"
        "from pipeline.extract.task import PageTask\n"
        "pool = ExtractionPool(1, 20, 512).__enter__()\n"
        "pool.extract(PageTask('1', b'<html><body><p>x</p>', 'https://x.example', '', datetime.now(UTC)))\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush()\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    (child,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        psutil.wait_procs([child], timeout=0.2)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_child_that_cannot_start_is_an_error_not_a_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "PROGRAM", "raise SystemExit(3)")
    with ExtractionPool(1, 20, 512) as extraction, pytest.raises(WireError, match="cannot be started"):
        extraction.extract(task("1"))


def test_a_pool_outside_its_with_block_is_refused() -> None:
    with pytest.raises(RuntimeError):
        next(ExtractionPool(1, 20, 512).map([task("1")]))


def test_the_headline_survives_the_wire() -> None:
    with ExtractionPool(1, 20, 512) as extraction:
        outcome = extraction.extract(task("1"))
    assert isinstance(outcome, Article)
    assert (outcome.headline, outcome.body, outcome.published_at) == (HEADLINE, BODY, NOW)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "machine"),
        (OSError(errno.EIO, "Input/output error", "/lists/x"), "machine"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory"),
        (ValueError("a page's"), "error"),
    ],
)
def test_a_child_tells_the_machines_errors_from_the_pages(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(child, "extract_page", fail)
    asked, answers = io.BytesIO(), io.BytesIO()
    write_frame(asked, task_header(task("a")), task("a").payload)
    frame = read_frame(io.BytesIO(asked.getvalue()))
    assert frame is not None
    child.answer(frame, answers)
    told = read_frame(io.BytesIO(answers.getvalue()))
    assert told is not None
    assert told[0]["kind"] == kind


def test_what_the_machine_lacks_quarantines_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"kind": "machine", "detail": "too many open files in one process"}
    monkeypatch.setattr(child_process.Child, "ask", lambda *_: said)
    with ExtractionPool(1, 20, 512) as extraction, pytest.raises(WireError, match="/a: cannot be read now: too many"):
        extraction.extract(task("a"))
