"""A real `wirecopy serve` with its Prefect server, on loopback outlets, for the tests of this package.

Everything is asked over HTTP, as a user's browser does, so that the test process itself never imports Prefect.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import yaml

from app.demo.server import DemoWorld
from flows.prefect_environment import read_address
from tests.crawl_processes import crawl_processes, words_of
from tests.flows.loopback import SLOW_PAGES, Receiver, SlowSite, listening

ROOT = Path(__file__).resolve().parents[2]
SLOW = "slow-times"
FEW = "slow-weekly"  # as slow, with few pages
DAILY = "marmara-postasi"  # on a schedule of its own, once a day
# Generous, for a busy machine; what is waited for comes much sooner on a quiet one.
PATIENCE = 240.0
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    """The first answer that is not None or False."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(0.25)
    raise AssertionError(f"waited {seconds:.0f} seconds for {what}")


class Served:
    """A running `wirecopy serve`."""

    def __init__(self, folder: Path, webhook: ThreadingHTTPServer, slow: ThreadingHTTPServer) -> None:
        self.folder, self.webhook, self.slow = folder, webhook, slow
        self.config, self.data = folder / "config", folder / "data"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "WIRECOPY_"))},
            "PYTHONPATH": str(ROOT),
            "WIRECOPY_CONFIG": str(self.config),
            "WIRECOPY_DATA": str(self.data),
            "WIRECOPY_ALERT_WEBHOOK": f"http://127.0.0.1:{webhook.server_address[1]}/alarms",
            "HOME": str(folder),
        }
        self.api = ""
        self.process: subprocess.Popen[bytes]

    def switch_slow(self, status: str) -> None:
        """Let the slow outlets be crawled, or not."""
        write_slow(self.config, self.slow.server_address[1], status)

    def start(self) -> None:
        """Start it and wait until it takes runs."""
        self.log = self.folder / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli.main", "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        def is_serving() -> bool:
            said = self.log.read_text(encoding="utf-8")
            assert self.process.poll() is None, said
            return "serving; Ctrl-C" in said

        wait_for("serve to start", is_serving)
        self.api = read_address(self.data) or ""

    def children(self) -> list[psutil.Process]:
        """Every process that came of it and lives."""
        try:
            return [one for one in psutil.Process(self.process.pid).children(recursive=True) if _lives(one)]
        except psutil.NoSuchProcess:
            return []

    def end(self, how: signal.Signals) -> list[psutil.Process]:
        """End it and return what is left of its processes; a crawl that was just starting first has to load."""
        children = self.children()
        self.process.send_signal(how)
        self.process.wait(60)
        _, left = psutil.wait_procs(children, timeout=60)
        return [one for one in left if _lives(one)]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A wirecopy command on the same folders."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli.main", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def post(self, path: str, body: Any, method: str = "POST") -> Any:
        """Ask the API to do something."""
        answer = self._ask(method, path, json=body)
        return answer.json() if answer.content else None

    def pause(self, deployment: str) -> None:
        """Switch a deployment's schedule off, as a person would on the page."""
        self.post(f"deployments/{self.get(f'deployments/name/{deployment}')['id']}", {"paused": True}, "PATCH")

    def get(self, path: str) -> Any:
        """Ask the API for something."""
        return self._ask("GET", path).json()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Again where its database was busy or a GET had no answer, as Prefect's own client does."""

        def ask() -> httpx.Response | None:
            try:
                answer = httpx.request(method, f"{self.api}/{path}", timeout=60, **options)
            except httpx.ReadTimeout:
                if method != "GET":
                    raise
                return None
            return None if answer.status_code == 503 else answer

        answer = wait_for(f"an answer to {path}", ask)
        answer.raise_for_status()
        return answer

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """The runs of a flow, the newest first."""
        body = {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_DESC", "limit": 100}
        found: list[dict[str, Any]] = self.post("flow_runs/filter", body)
        return found

    def runs_of(self, deployment: str) -> list[dict[str, Any]]:
        """The runs of a deployment that were due by now, the newest first."""
        body = {
            "deployments": {"id": {"any_": [self.get(f"deployments/name/{deployment}")["id"]]}},
            "flow_runs": {"expected_start_time": {"before_": datetime.now(UTC).isoformat()}},
            "sort": "EXPECTED_START_TIME_DESC",
        }
        found: list[dict[str, Any]] = self.post("flow_runs/filter", body)
        return found

    def miss(self, deployment: str, days: int) -> None:
        """Have the schedule make the runs of the last days, as a server does ahead of them."""
        now = datetime.now(UTC)
        window = {"start_time": (now - timedelta(days=days)).isoformat(), "end_time": now.isoformat()}
        body = {**window, "min_runs": days, "max_runs": days}
        self.post(f"deployments/{self.get(f'deployments/name/{deployment}')['id']}/schedule", body)

    def run_outlet(self, outlet: str, **options: Any) -> str:
        """Start a run by hand, as the page's form does."""
        return self.run(f"outlet/{outlet}", {"outlet": outlet, "options": options})

    def run(self, deployment_name: str, parameters: dict[str, Any]) -> str:
        """Start a run of a deployment by hand."""
        deployment = self.get(f"deployments/name/{deployment_name}")
        made = self.post(f"deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
        return str(made["id"])

    def state(self, run_id: str) -> dict[str, Any]:
        """A run's state."""
        found: dict[str, Any] = self.get(f"flow_runs/{run_id}")["state"]
        return found

    def wait_for_end(self, run_id: str) -> dict[str, Any]:
        """A run's last state."""
        endings = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")

        def ended() -> dict[str, Any] | None:
            state = self.state(run_id)
            return state if state["type"] in endings else None

        return wait_for(f"run {run_id} to end", ended)

    def crawl_child(self) -> psutil.Process | None:
        """The process of a crawl under way."""
        return next(iter(crawl_processes(psutil.Process(self.process.pid))), None)

    def flow_process(self) -> psutil.Process | None:
        """The process of a flow run under way."""
        return next((one for one in self.children() if "prefect.engine" in words_of(one)), None)

    def ledger(self) -> list[dict[str, Any]]:
        """The runs in the catalog, the newest first."""
        shown = json.loads(self.command("runs", "--json").stdout)
        found: list[dict[str, Any]] = shown["runs"]
        return found


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Demo outlets, a slow one and a webhook receiver; `serve` on them with a pass every minute."""
    with DemoWorld(datetime.now(UTC).replace(microsecond=0)).serve() as world, listening(SlowSite) as slow:
        world.write_config(folder / "config")
        for path in (folder / "config" / "outlets").glob("*.yml"):
            if path.stem not in ("anadolu-tr", "marmara-postasi"):
                path.unlink()
        _schedule(folder / "config" / "outlets" / f"{DAILY}.yml", "30 2 * * *")
        write_slow(folder / "config", slow.server_address[1], "paused")  # the scheduled pass leaves them out
        settings = yaml.safe_load((folder / "config" / "settings.yml").read_text(encoding="utf-8"))
        settings["serve"] = {"schedule": "* * * * *", "port": 0, "release_minutes": 0}
        (folder / "config" / "settings.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        with listening(Receiver) as webhook:
            served = Served(folder, webhook, slow)
            served.start()
            try:
                yield served
            finally:
                if served.process.poll() is None:
                    served.end(signal.SIGTERM)


def _schedule(path: Path, cron: str) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, "schedule": cron}, allow_unicode=True), encoding="utf-8")


def write_slow(config: Path, port: int, status: str) -> None:
    """The slow outlets, on no schedule."""
    for name, feed in ((SLOW, "feed.xml"), (FEW, "few.xml")):
        content = {
            "id": name,
            "name": "Slow Times",
            "language": "en",
            "time_zone": "UTC",
            "discover": {"feeds": [f"http://127.0.0.1:{port}/{feed}"], "article_urls": r"/n/\d+$"},
            "crawl": {"delay": 0.5, "concurrency": 1, "max_pages": SLOW_PAGES},
            "status": status,
        }
        (config / "outlets" / f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
