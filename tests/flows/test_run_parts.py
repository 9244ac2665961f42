"""What flows are made of, without a server: tries, turns, parameters, run pages, the health stage, backfill."""

from __future__ import annotations

import asyncio
import errno
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from rich.console import Console
from starlette.testclient import TestClient

from app.cli.show.runs import show_run_report, show_runs
from app.web.application import create_app
from flows.attempts import StageFailed, TriedRun, passes_by_itself
from flows.backfill import deep_limits, is_worth_folding, warc_files
from flows.health import Alarm, Figures
from flows.health_stage import OutletHealth, known_checks
from flows.keeping import LEASE_SECONDS
from flows.ledger import ALARM, StageReport, begin_run, process_name, run_message, run_state
from flows.parameters import BackfillOptions, OutletOptions, PassOptions, with_outlets
from flows.turns import turn
from flows.workspace import Workspace
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.queries.runs import read_run
from pipeline.catalog.runs import PROCESS_GONE, record_stage, start_run
from pipeline.errors import CatalogError, CrawlError, InputError, LeaseHeld, StorageError, StorageMissing
from pipeline.settings import Settings


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, tmp_path / "data", Settings(), {})


def crawl_report(state: str = "failed", message: str = "", **counts: Any) -> StageReport:
    return StageReport("crawl", "alpha", state, counts, message)


@pytest.mark.parametrize(
    ("report", "error", "expected"),
    [
        (crawl_report(rejected={"unreachable": 3}), CrawlError("x"), True),
        (crawl_report(rejected={"unreachable": 3, "too_slow": 1}), CrawlError("x"), True),
        (crawl_report(rejected={"unreachable": 3, "bad_feed": 1}), CrawlError("x"), False),
        (crawl_report(rejected={"busy": 1}), CrawlError("x"), False),
        (crawl_report(rejected={}), CrawlError("x"), False),
        (crawl_report(message="the crawl's process ended with signal 9"), CrawlError("x"), True),
        (crawl_report("interrupted", rejected={"unreachable": 1}), CrawlError("x"), False),
        (StageReport("extract", "", "failed"), CatalogError("locked"), True),
        (StageReport("publish", "", "failed"), StorageError("no answer"), True),
        (StageReport("publish", "", "failed"), StorageMissing("no bucket"), False),
        (StageReport("dedupe", "", "failed"), ValueError("a mistake"), False),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(report: StageReport, error: Exception, expected: bool) -> None:
    assert passes_by_itself(report, error) is expected


def test_a_stage_tried_again_keeps_its_last_report(workspace: Workspace) -> None:
    def fail() -> dict[str, Any]:
        raise CatalogError("locked")

    with begin_run(workspace, "pass") as begun:
        run = TriedRun.of(begun, threading.Event())
        with pytest.raises(StageFailed) as failed:
            run.checked(run.stage("crawl", "alpha", fail))
        assert failed.value.is_passing
        run.checked(run.stage("crawl", "alpha", lambda: {"found": 1}))
        assert [one.state for one in begun.reports] == ["done"]


def test_a_stage_that_fails_while_the_run_is_stopped_was_interrupted(workspace: Workspace) -> None:
    stopping = threading.Event()

    def stopped() -> dict[str, Any]:
        stopping.set()
        raise CrawlError("stopped")

    with begin_run(workspace, "pass") as begun:
        TriedRun.of(begun, stopping).stage("crawl", "alpha", stopped)
    with reading(workspace.engine) as connection:
        found = read_run(connection, begun.run_id)
    assert found is not None
    assert [one.state for one in found.stages] == ["interrupted"]


def test_alarms_come_first_in_a_run_s_message_and_never_hide_that_every_crawl_failed() -> None:
    failed = crawl_report(message="no answer")
    alarm = StageReport("health", "alpha", ALARM, {}, "the crawl failed, run 2 in a row")
    assert run_message([failed, alarm]) == "alpha: the crawl failed, run 2 in a row; crawl alpha failed: no answer"
    assert run_message([crawl_report("done")]) is None
    assert run_state([failed, alarm]) == "failed"
    assert run_state([crawl_report("done"), alarm]) == "done"


def test_the_ledger_keeps_what_failed_as_the_run_s_message(workspace: Workspace) -> None:
    with begin_run(workspace, "run") as begun:
        begun.reports.append(crawl_report(message="no answer"))
    with reading(workspace.engine) as connection:
        found = read_run(connection, begun.run_id)
    assert found is not None
    assert (found.run.state, found.run.message) == ("failed", "crawl alpha failed: no answer")


def test_a_turn_is_given_to_one_and_waited_for_by_the_next(workspace: Workspace) -> None:
    order: list[str] = []
    taken = threading.Event()

    def first() -> None:
        with turn(workspace, "fold", "run-1"):
            taken.set()
            order.append("first")
            time.sleep(0.3)
            order.append("first ends")

    thread = threading.Thread(target=first)
    thread.start()
    assert taken.wait(10)
    with pytest.raises(LeaseHeld), turn(workspace, "fold", "run-2"):
        pass
    with turn(workspace, "fold", "run-2", wait_seconds=LEASE_SECONDS):
        order.append("second")
    thread.join()
    assert order == ["first", "first ends", "second"]


def test_somebody_who_waits_for_a_turn_can_be_stopped(workspace: Workspace) -> None:
    stopping = threading.Event()
    stopping.set()
    with turn(workspace, "fold", "run-1"):
        began = time.monotonic()
        with pytest.raises(LeaseHeld), turn(workspace, "fold", "run-2", 60, stopping):
            pass
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("model", "content"),
    [
        (PassOptions, {"max_pages": 0}),
        (PassOptions, {"outlets": ["Not An Id"]}),
        (PassOptions, {"pages": 1}),
        (OutletOptions, {"publish": "sometimes"}),
        (BackfillOptions, {"outlet": "alpha", "since": "last week"}),
        (BackfillOptions, {"outlet": "alpha"}),
    ],
)
def test_bad_parameters_are_refused(model: type[PassOptions], content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(content)


def test_the_form_offers_the_configured_outlets() -> None:
    schema = with_outlets(PassOptions.model_json_schema(), ["alpha", "beta"])
    assert schema["properties"]["outlets"]["items"]["enum"] == ["alpha", "beta"]
    assert "pattern" not in schema["properties"]["outlets"]["items"]


@pytest.mark.parametrize("model", [PassOptions, OutletOptions])
def test_a_number_in_the_form_says_its_bounds(model: type[PassOptions]) -> None:
    pages = model.model_json_schema()["properties"]["max_pages"]
    assert (pages["type"], pages["minimum"]) == ("integer", 1)
    assert "anyOf" not in pages
    assert model.model_validate({}).max_pages is None


def test_an_alarm_that_the_run_before_had_is_not_told_again() -> None:
    both = (Alarm("dates", "no dates"), Alarm("credits", "no credits"))
    health = OutletHealth("alpha", Figures(), both, frozenset({"dates"}))
    assert [one.check for one in health.fresh_alarms] == ["credits"]


@pytest.mark.parametrize(
    ("earlier", "known"),
    [
        ([], set()),
        ([{"pages": 4, "alarms": ["dates"]}], {"dates"}),
        ([{"pages": 4, "alarms": ["dates"]}, {"pages": 0, "alarms": []}, {}], {"dates"}),
        ([{"pages": 4, "alarms": ["dates"]}, {"pages": 3, "alarms": []}], set()),
        ([{"pages": 4, "alarms": ["dates"]}, {"failed": 1, "alarms": []}], set()),
        ([{"pages": 4}, {"pages": 0, "alarms": ["no_new_articles"]}], {"no_new_articles"}),
    ],
)
def test_a_run_without_pages_does_not_end_a_known_alarm(earlier: list[dict[str, Any]], known: set[str]) -> None:
    assert known_checks(earlier) == known


def test_a_backfill_raises_limits_and_never_what_one_page_may_cost() -> None:
    before, after = Settings().limits, deep_limits(Settings()).limits
    assert after.sitemap_requests > before.sitemap_requests
    assert after.crawl_seconds > before.crawl_seconds
    assert (after.page_bytes, after.page_seconds) == (before.page_bytes, before.page_seconds)


def test_folders_stand_for_the_warc_files_in_them(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    inside = tmp_path / "2026" / "a.warc.gz"
    inside.write_bytes(b"")
    assert warc_files([tmp_path, inside]) == [inside, inside]
    with pytest.raises(InputError, match="no WARC file"):
        warc_files([_empty(tmp_path)])
    with pytest.raises(InputError, match="no such"):
        warc_files([tmp_path / "nothing"])


def _empty(folder: Path) -> Path:
    empty = folder / "empty"
    empty.mkdir()
    return empty


def test_a_run_whose_process_is_gone_is_not_shown_as_running(workspace: Workspace) -> None:
    with begin_run(workspace, "pass") as begun:
        console = Console(file=StringIO(), width=200)
        (shown,) = show_runs(workspace.engine, console).runs
        assert (shown.run_id, shown.state) == (begun.run_id, "running")
    host, pid, _ = process_name().split(":")
    with writing(workspace.engine) as connection:
        start_run(connection, "29990101T000000-aaaaaa", "pass", "schedule", f"{host}:{pid}:1", datetime.now(UTC))
    newest, _before = show_runs(workspace.engine, console).runs
    assert (newest.state, newest.message) == ("interrupted", PROCESS_GONE)
    assert show_run_report(workspace.engine, console, newest.run_id).run.state == "interrupted"


def test_pages_do_not_show_a_dead_run_as_running(workspace: Workspace) -> None:
    host, pid, _ = process_name().split(":")
    at = datetime.now(UTC)
    with writing(workspace.engine) as connection:
        start_run(connection, "r1", "pass", "schedule", f"{host}:{pid}:1", at)
        record_stage(connection, "r1", "crawl", "alpha", "running", at, None, {}, None)
    pages = create_app(workspace.catalog_url, workspace.data_dir, port=8080)
    with TestClient(pages, base_url="http://127.0.0.1:8080") as client:
        listed, shown = client.get("/runs.json").json(), client.get("/run.json", params={"id": "r1"}).json()
        assert "under way" not in client.get("/runs").text
    assert (listed["running"], listed["runs"][0]["state"]) == (0, "interrupted")
    assert (shown["run"]["state"], shown["stages"][0]["state"]) == ("interrupted", "interrupted")


def test_a_stage_that_is_ended_for_its_time_limit_has_failed_and_is_not_tried_again(workspace: Workspace) -> None:
    def cancelled() -> dict[str, Any]:
        raise asyncio.CancelledError  # what Prefect's time limit raises in the middle of the work

    with begin_run(workspace, "pass") as begun:
        run = TriedRun.of(begun, threading.Event())
        with pytest.raises(StageFailed, match=r"14,400 seconds \(limits\.stage_seconds\)") as failed:
            run.checked(run.stage("dedupe", "", cancelled))
        assert not failed.value.is_passing
    with reading(workspace.engine) as connection:
        found = read_run(connection, begun.run_id)
    assert found is not None
    assert (found.run.state, [one.state for one in found.stages]) == ("failed", ["failed"])


def test_one_file_that_cannot_be_read_does_not_keep_a_backfill_from_folding() -> None:
    good, bad = StageReport("ingest", "a", "done"), StageReport("ingest", "b", "failed")
    assert is_worth_folding([bad, good])
    assert not is_worth_folding([bad])
    assert not is_worth_folding([good, replace(bad, state="interrupted")])


def test_times_of_the_ledger_are_aware(workspace: Workspace) -> None:
    with begin_run(workspace, "pass") as begun:
        pass
    with reading(workspace.engine) as connection:
        found = read_run(connection, begun.run_id)
    assert found is not None
    assert found.run.started_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "too many open files in one process"),
        (OSError(errno.ENFILE, "Too many open files in system", "/data/x"), "/data/x: too many open files on this"),
        (OSError(errno.EROFS, "Read-only file system", "/data/x"), "/data/x: the disk can only be read from"),
        (OSError(errno.EIO, "Input/output error"), "the disk fails"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_what_the_machine_lacks_fails_a_stage_in_one_line_and_the_next_run_goes_on(
    workspace: Workspace, error: Exception, said: str
) -> None:
    def body() -> dict[str, Any]:
        raise error

    with begin_run(workspace, "extract") as run:
        report = run.stage("extract", "", body)
        assert report.state == "failed"
        assert str(report.message).startswith(said)
        assert str(report.message).endswith("; the next run goes on from here")
        assert run.stage("extract", "", dict).state == "done"
    assert not (workspace.data_dir / "logs").exists()
    workspace.engine.dispose()


def test_an_error_that_may_be_the_programs_fault_is_kept_with_where_it_was(workspace: Workspace) -> None:
    def body() -> dict[str, Any]:
        raise OSError(errno.EBADF, "Bad file descriptor")

    with begin_run(workspace, "extract") as run:
        report = run.stage("extract", "", body)
    assert report.message == "unexpected OSError: [Errno 9] Bad file descriptor"
    assert "Bad file descriptor" in (workspace.data_dir / "logs" / f"{run.run_id}.log").read_text()
    workspace.engine.dispose()
