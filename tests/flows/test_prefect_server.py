"""Served for real: schedules, triggers by hand, bad parameters, cancelling, killing, alarms, artifacts, clean ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import pytest

from tests.flows.loopback import FEW_PAGES
from tests.flows.prefect_harness import DAILY, FEW, SLOW, Served, serving, wait_for

pytestmark = [pytest.mark.server, pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


def first_pass(served: Served) -> str:
    """The id of the first scheduled pass, ended; later ones are switched off, as a person would on the page."""

    def done() -> str | None:
        ended = [one for one in served.runs("pass") if one["state_type"] in ("COMPLETED", "FAILED", "CRASHED")]
        return str(ended[-1]["id"]) if ended else None

    run_id = wait_for("the first scheduled pass", done)
    served.pause("pass/all")
    under_way = ("PENDING", "RUNNING")
    wait_for("a pass under way", lambda: not any(one["state_type"] in under_way for one in served.runs("pass")))
    served.switch_slow("live")
    return run_id


def test_the_first_scheduled_pass_publishes_and_explains_itself(served: Served) -> None:
    run_id = first_pass(served)
    printed = served.log.read_text(encoding="utf-8")
    assert Path(next(word for word in printed.split() if word.endswith("/prefect"))).is_file()  # the command it names
    run = served.get(f"flow_runs/{run_id}")
    assert (run["state_type"], run["auto_scheduled"]) == ("COMPLETED", True)

    latest = json.loads((served.data / "releases" / "latest.json").read_text(encoding="utf-8"))
    assert (served.data / "releases" / latest["version"] / "stories.parquet").is_file()

    body = {"artifacts": {"flow_run_id": {"any_": [run_id]}}}
    artifacts = {one["key"]: one for one in served.post("artifacts/filter", body)}
    rows = {row["outlet"]: row for row in json.loads(artifacts["outlets"]["data"])}
    assert set(rows) == {"anadolu-tr", "marmara-postasi"}
    assert rows["anadolu-tr"]["fetched"] > 0
    assert rows["anadolu-tr"]["kept"] > 0
    assert latest["version"] in artifacts["run"]["data"]
    assert "stories new or added to" in artifacts["run"]["data"]

    links = {link for one in artifacts.values() for link in re.findall(r"\((http[^)]+)\)", str(one["data"]))}
    assert {urlsplit(link).path for link in links} == {"/run", "/releases", "/stories", "/story"}
    assert {httpx.get(link, timeout=60).status_code for link in links} == {200}

    ledger = [one for one in served.ledger() if one["command"] == "pass" and one["stages"]][-1]
    assert (ledger["trigger"], ledger["state"]) == ("schedule", "done")
    assert ledger["run_id"] in artifacts["inspection"]["data"]
    report = json.loads(served.command("run-report", ledger["run_id"], "--json").stdout)
    counted = {one["outlet_id"]: one["counts"] for one in report["stages"] if one["stage"] == "crawl"}
    assert counted["anadolu-tr"]["fetched"] == rows["anadolu-tr"]["fetched"]
    assert {one["outlet_id"] for one in report["stages"] if one["stage"] == "health"} == set(rows)

    def lines() -> list[str] | None:
        logs = served.post("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "limit": 200})
        said = [str(one["message"]) for one in logs]
        return said if any(line.startswith("publish done") for line in said) else None

    said = wait_for("the run's log", lines)
    assert any(ledger["run_id"] in line for line in said)
    assert "crawl anadolu-tr: Spider closed (finished)" in said  # Scrapy's
    assert any(line.startswith("crawl anadolu-tr done: found ") for line in said)
    assert any(line.startswith("extract done: ") for line in said)


def test_a_trigger_by_command_runs_to_the_end(served: Served) -> None:
    first_pass(served)
    done = served.command("trigger", "anadolu-tr", "--max-pages", "3", "--watch")
    assert done.returncode == 0, done.stderr
    assert "Completed" in done.stdout


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"outlet": "anadolu-tr", "options": {"max_pages": -3}}, "-3 is less than the minimum of 1"),
        ({"outlet": "anadolu-tr", "options": {"pages": 3}}, "pages"),
        ({"outlet": "nobody", "options": {}}, "nobody"),
    ],
)
def test_bad_parameters_are_refused_with_their_reason(served: Served, parameters: object, said: str) -> None:
    deployment = served.get("deployments/name/outlet/anadolu-tr")
    url = f"{served.api}/deployments/{deployment['id']}/create_flow_run"
    answer = httpx.post(url, json={"parameters": parameters}, timeout=60)
    assert answer.status_code in (409, 422)
    assert said in answer.text


def test_an_alarm_reaches_the_webhook_and_one_that_was_answered_badly_holds_up_no_other(served: Served) -> None:
    received = served.webhook.received  # type: ignore[attr-defined]
    for check in ("500", "302", "rejections"):
        event = {
            "id": str(uuid4()),
            "occurred": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "event": "wirecopy.health.alarm",
            "resource": {"prefect.resource.id": "wirecopy.outlet.anadolu-tr"},
            "payload": {"run_id": "r1", "check": check, "text": 'anadolu-tr: 90% "rejected" {{ 7 * 7 }}'},
        }
        served.post("events", [event])

        def arrived(check: str = check) -> dict[str, str] | None:
            return next((one for one in received if (one["run_id"], one["check"]) == ("r1", check)), None)

        alarm = wait_for("the webhook", arrived)
        assert alarm["text"] == 'wirecopy: anadolu-tr: 90% "rejected" {{ 7 * 7 }}'


def test_a_second_run_is_skipped_and_cancelling_ends_the_crawl_in_ten_seconds(served: Served) -> None:
    first_pass(served)
    first = served.run_outlet(SLOW)
    child = wait_for("the crawl's process", served.crawl_child)
    second = served.wait_for_end(served.run_outlet(SLOW))
    assert (second["type"], second["name"]) == ("COMPLETED", "Skipped")
    assert served.state(first)["type"] == "RUNNING"

    asked = time.monotonic()
    served.post(f"flow_runs/{first}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": False})
    wait_for("the crawl's process to end", lambda: not child.is_running() or child.status() == "zombie")
    assert time.monotonic() - asked < 10
    assert served.wait_for_end(first)["type"] == "CANCELLED"
    cancelled = next(one for one in served.ledger() if one["command"] == "outlet" and one["stages"])
    assert cancelled["state"] == "interrupted"


def test_a_killed_run_is_crashed_and_the_next_one_goes_on(served: Served) -> None:
    first_pass(served)
    killed = served.run_outlet(SLOW)
    child = wait_for("the crawl's process", served.crawl_child)
    process = wait_for("the flow's process", served.flow_process)
    os.kill(process.pid, signal.SIGKILL)
    assert served.wait_for_end(killed)["type"] == "CRASHED"
    wait_for("the crawl's process to end", lambda: not child.is_running() or child.status() == "zombie")

    after = served.wait_for_end(served.run_outlet(SLOW, max_pages=2))
    assert after["type"] == "COMPLETED", after
    states = [one["state"] for one in served.ledger() if one["command"] == "outlet" and one["stages"]]
    assert states[:2] == ["done", "interrupted"]


def test_a_broken_outlet_file_and_a_refused_release_are_told_and_stop_nothing_else(served: Served) -> None:
    first_pass(served)
    latest = served.data / "releases" / "latest.json"
    before = latest.read_bytes()
    manifest = served.data / "releases" / json.loads(before)["version"] / "manifest.json"
    kept = manifest.read_text(encoding="utf-8")
    grown = json.loads(kept)
    grown["files"]["articles.parquet"]["rows"] *= 10  # as if the last release had held more
    broken = served.config / "outlets" / "halved.yml"
    broken.write_text("id: halved\nname: Halved\nlanguage: [en", encoding="utf-8")
    manifest.write_text(json.dumps(grown), encoding="utf-8")
    try:
        run_id = served.run("pass/all", {"options": {"outlets": [DAILY, FEW], "max_pages": 1}})
        state = served.wait_for_end(run_id)
    finally:
        manifest.write_text(kept, encoding="utf-8")
        broken.unlink()
    assert state["type"] == "FAILED"
    assert "halved.yml" in state["message"]
    assert "the release was not published" in state["message"]
    assert latest.read_bytes() == before
    body = {"artifacts": {"flow_run_id": {"any_": [run_id]}, "key": {"any_": ["run"]}}}
    (page,) = served.post("artifacts/filter", body)
    assert "publish failed" in page["data"]
    received = served.webhook.received  # type: ignore[attr-defined]
    for event in ("wirecopy.crawl.failed", "wirecopy.release.refused"):
        wait_for(event, lambda event=event: any(one["event"] == event for one in received))  # type: ignore[misc]
    ended = {one["stage"]: one["state"] for one in json.loads(served.command("run-report", "--json").stdout)["stages"]}
    assert (ended["extract"], ended["dedupe"], ended["publish"]) == ("done", "done", "failed")


def test_a_backfill_killed_in_the_middle_goes_on_and_shows_how_far_it_is(served: Served) -> None:
    first_pass(served)
    parameters = {"options": {"outlet": FEW, "since": "2026-01-01"}}

    def pages() -> list[str]:
        return [one for one in served.slow.received if len(one) == len("/n/1000")]  # type: ignore[attr-defined]

    killed = served.run("backfill/any", parameters)
    wait_for("some pages", lambda: len(pages()) > 3)
    os.kill(wait_for("the flow's process", served.flow_process).pid, signal.SIGKILL)
    assert served.wait_for_end(killed)["type"] == "CRASHED"
    assert len(set(pages())) < FEW_PAGES
    again = served.run("backfill/any", parameters)
    assert served.wait_for_end(again)["type"] == "COMPLETED"
    assert len(set(pages())) == FEW_PAGES
    body = {"artifacts": {"flow_run_id": {"any_": [again]}, "key": {"any_": ["progress-crawl"]}}}
    (progress,) = served.post("artifacts/filter", body)
    assert progress["data"] == 100
    assert [one["state"] for one in served.ledger() if one["command"] == "backfill"] == ["done", "interrupted"]


def test_nothing_is_left_after_a_kill_nor_after_a_stop(served: Served) -> None:
    first_pass(served)
    running = served.run_outlet(SLOW)
    wait_for("the crawl's process", served.crawl_child)
    served.process.send_signal(signal.SIGSTOP)  # its server goes on and takes what a schedule makes
    served.miss(f"outlet/{DAILY}", days=12)
    served.switch_slow("paused")
    assert served.end(signal.SIGKILL) == []

    served.start()
    assert served.state(running)["type"] == "CRASHED"
    caught_up, *missed = served.runs_of(f"outlet/{DAILY}")
    assert served.wait_for_end(caught_up["id"])["type"] == "COMPLETED"
    assert len(missed) == 11
    assert {one["state_type"] for one in missed} == {"CANCELLED"}
    assert served.end(signal.SIGTERM) == []
    assert not Path(served.data / "prefect" / "server.json").exists()
    assert served.command("trigger", "anadolu-tr").returncode == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_things_start_ends_them_in_order(how: signal.Signals, served: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli.main", "--data", str(tmp_path / "data"), "serve"]
    process = subprocess.Popen(command, env=served.environment, stderr=subprocess.PIPE, text=True)

    def server() -> psutil.Process | None:
        children = psutil.Process(process.pid).children()
        return next((one for one in children if "flows.server_child" in one.cmdline()), None)

    started = wait_for("its Prefect server's process", server)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.splitlines()[-1]) == (0, "stopped")
    assert not started.is_running()
    assert not (tmp_path / "data" / "prefect" / "server.json").exists()
