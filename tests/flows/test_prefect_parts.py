"""What imports Prefect and needs no server: run pages, deployments, automations. In a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.prefect_environment import KEEP_EVENTS_DAYS, KEEP_RUNS_DAYS, server_environment

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys
from pathlib import Path
from uuid import UUID
from flows.artifacts import outlet_rows, plain, run_page
from flows.automations import build_automations
from flows.deployments import build_deployments
from flows.health import Alarm, Figures
from flows.health_stage import OutletHealth
from flows.ledger import RunReport, StageReport
from flows.workspace import open_workspace
from pipeline.catalog.queries.run_figures import RunStory
from pipeline.errors import ConfigError

stages = (
    StageReport("crawl", "alpha", "done", {"found": 3, "fetched": 2, "bytes": 10, "rejected": {"gone": 1}}),
    StageReport("crawl", "beta", "failed", {}, "no <b>answer</b> [here](http://evil.example)"),
    StageReport("publish", "", "done", {"version": "20260301T000000Z", "articles": 2}),
)
health = [OutletHealth("alpha", Figures(articles=2), (Alarm("dates", "100% undated"),))]
long = "A headline that goes on for so many words that no table could ever show it whole"
stories = [RunStory("s1", "رياح | <script>", "anadolu", 4, 3, True), RunStory("s2", long, None, 1, 1, True)]
report = RunReport("r1", "done", stages)
folder = Path(sys.argv[1])
(folder / "outlets").mkdir()
outlet = {"id": "alpha", "name": "A", "language": "ar", "time_zone": "Asia/Amman", "schedule": "*/15 * * * *",
          "discover": {"feeds": ["http://a.example/rss"]}}
(folder / "outlets" / "alpha.yml").write_text(json.dumps(outlet))
(folder / "outlets" / "beta.yml").write_text(json.dumps({**outlet, "id": "beta", "status": "paused"}))
made = build_deployments(open_workspace(folder, folder))
(folder / "outlets" / "alpha.yml").write_text(json.dumps({**outlet, "schedule": "99 * * * *"}))
try:
    build_deployments(open_workspace(folder, folder))
    refused = None
except ConfigError as error:
    refused = str(error)
import logging
from flows.attempts import StageFailed
from flows.run_log import OneLine
def traceback_is_kept(error):
    try:
        raise error
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "x", (), sys.exc_info())
    return OneLine().filter(record) and record.exc_info is not None
import asyncio
from prefect.runner import Runner
from flows.runner import _run
from flows.server import ServerError
try:
    asyncio.run(_run(Runner(), asyncio.Event(), lambda: True))
    gone = None
except ServerError as error:
    gone = str(error)
from prefect.settings import get_current_settings
server = get_current_settings().server
kept = server.services.db_vacuum
print(json.dumps({
    "kept": [kept.retention_period.days, server.events.retention_period.days, sorted(kept.enabled_vacuum_types)],
    "tracebacks": [traceback_is_kept(one) for one in (StageFailed(stages[1], False), ValueError("a mistake"))],
    "rows": outlet_rows(stages, health, {"alpha": {"too_short": 4}}),
    "page": run_page(report, health, 20, stories, "http://pages"),
    "plain": plain("a | b\\n<i>"),
    "deployments": [
        {"name": one.full_name, "entrypoint": one.entrypoint, "schedules": [
            {"cron": s.schedule.cron, "zone": s.schedule.timezone} for s in one.schedules],
         "schema": one._parameter_openapi_schema.model_dump(mode="json")} for one in made],
    "refused": refused,
    "gone": gone,
    "automations": [[one.model_dump(mode="json") for one in build_automations(which)]
                    for which in (None, UUID(int=1))],
}))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("config")
    (folder / "agencies.yml").write_bytes((ROOT / "config" / "agencies.yml").read_bytes())
    others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment = {
        **others,
        **server_environment(folder / "prefect", 4299),
        "PYTHONPATH": str(ROOT),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",  # nobody is there
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_serve_ends_with_its_server(made: dict[str, Any]) -> None:
    assert "the Prefect server has ended" in made["gone"]


def test_the_server_s_database_keeps_a_week(made: dict[str, Any]) -> None:
    assert made["kept"] == [KEEP_RUNS_DAYS, KEEP_EVENTS_DAYS, ["events", "flow_runs", "orphans"]]


def test_a_row_per_outlet_says_what_it_gave(made: dict[str, Any]) -> None:
    first, second = made["rows"]
    assert (first["outlet"], first["state"], first["kept"]) == ("alpha", "alarm", 2)
    assert first["rejected"] == "gone 1, too_short 4"
    assert (second["outlet"], second["state"]) == ("beta", "failed")


def test_the_run_page_links_and_text_from_outside_stays_text(made: dict[str, Any]) -> None:
    page = made["page"]
    assert "http://pages/story?id=s1" in page
    assert "http://pages/releases" in page
    assert "<script>" not in page
    assert "[A headline that goes on for so many words that no table…](" in page
    assert "](http://evil.example)" not in page
    assert made["plain"] == "a &#124; b &#60;i&#62;"


def test_deployments_follow_the_configuration(made: dict[str, Any]) -> None:
    deployments = {one["name"]: one for one in made["deployments"]}
    assert set(deployments) == {"pass/all", "backfill/any", "outlet/alpha", "outlet/beta"}
    assert deployments["outlet/alpha"]["schedules"] == [{"cron": "*/15 * * * *", "zone": "Asia/Amman"}]
    assert deployments["outlet/beta"]["schedules"] == []
    assert deployments["pass/all"]["schedules"] == []
    assert deployments["outlet/alpha"]["schema"]["properties"]["outlet"]["enum"] == ["alpha"]
    assert "alpha.yml: schedule: '99 * * * *'" in made["refused"]


def test_automations_with_and_without_a_webhook(made: dict[str, Any]) -> None:
    without, with_webhook = made["automations"]
    assert [one["actions"][0]["type"] for one in without] == ["change-flow-run-state"] * 2
    assert [one["actions"][0]["type"] for one in with_webhook] == ["change-flow-run-state"] * 2 + ["call-webhook"]


def test_a_run_is_crashed_that_goes_silent_or_never_begins_and_no_other(made: dict[str, Any]) -> None:
    silent, stuck = (one["trigger"] for one in made["automations"][0])
    assert silent["after"] == ["prefect.flow-run.heartbeat"]
    assert set(stuck["after"]) == {
        f"prefect.flow-run.{one}" for one in ("Pending", "Submitting", "InfrastructurePending")
    }
    for trigger in (silent, stuck):
        assert trigger["posture"] == "Proactive"
        assert {"prefect.flow-run.Completed", "prefect.flow-run.Cancelled"} < set(trigger["expect"])
    assert "prefect.flow-run.Running" in stuck["expect"]
    assert not set(stuck["after"]) & set(stuck["expect"])


def test_only_an_unexpected_error_keeps_its_traceback_in_the_log(made: dict[str, Any]) -> None:
    assert made["tracebacks"] == [False, True]


def test_prefect_yaml_names_flows_that_exist(made: dict[str, Any]) -> None:
    content = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    served = {one["entrypoint"] for one in made["deployments"]}
    named = {one["entrypoint"].replace("/", ".").replace(".py:", ".") for one in content["deployments"]}
    assert named == served
