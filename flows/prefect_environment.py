"""What Prefect reads from the environment; set before Prefect is imported, and what the user has set goes first.

Nothing here imports Prefect: it reads its settings once, at import.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

from pipeline.settings import Settings

FOLDER = "prefect"  # under the data folder: the local server's database and the file that says where it listens
ADDRESS_FILE = "server.json"
MAX_ADDRESS_BYTES = 10_000
# Prefect's own least; a run that was silent for three of them is taken for dead.
HEARTBEAT_SECONDS = 30
# A manual trigger should not wait; a poll is one small request to a server on the same machine.
POLL_SECONDS = 2
# The catalog has the history of runs; a run of twenty outlets is about a megabyte here.
KEEP_RUNS_DAYS = 7
KEEP_EVENTS_DAYS = 3
WEBHOOK_VARIABLE = "WIRECOPY_ALERT_WEBHOOK"
PAGES_VARIABLE = "WIRECOPY_PAGES_URL"  # set by `serve` for the runs it starts
USUAL_PAGES = "http://127.0.0.1:8080"  # `wirecopy web` without options


def quiet_environment() -> dict[str, str]:
    """Settings that hold with any server: nothing is sent home, the product's own log reaches the run's log."""
    return {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "wirecopy",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }


def server_environment(home: Path, port: int) -> dict[str, str]:
    """Settings of the local server, beside the quiet ones."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        # The page asks the address it is given, not the one it came from.
        "PREFECT_SERVER_UI_API_URL": api_url(port),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # On a busy machine SQLite's one writer keeps others waiting longer than the ten seconds that are the default.
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        # Runs made ahead of a schedule; all that a machine slept through start when it wakes.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "5",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_RUNS_DAYS * 86_400),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{KEEP_EVENTS_DAYS}D",
    }


def apply(settings: dict[str, str]) -> None:
    """Put settings into this process's environment, where the user has not set them."""
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def api_url(port: int) -> str:
    """The API of a server on this machine."""
    return f"http://127.0.0.1:{port}/api"


def prefect_home(data_dir: Path) -> Path:
    """Where the local server of a data folder keeps its things."""
    return data_dir.resolve() / FOLDER


def configured_server() -> str | None:
    """The API URL that the user configured: PREFECT_API_URL, else the active Prefect profile's."""
    given = os.environ.get("PREFECT_API_URL", "").strip()
    if given:
        return given
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
        active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
        found = profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    except (OSError, ValueError, AttributeError):
        return None
    return found if isinstance(found, str) and found else None


def alert_webhook(settings: Settings) -> str | None:
    """Where alarms are posted: the environment's word, else the settings'; None: nowhere."""
    return os.environ.get(WEBHOOK_VARIABLE, "").strip() or settings.serve.alert_webhook


def pages_url(settings: Settings) -> str:
    """Where the inspection pages are, for the links of a run."""
    found = settings.serve.pages_url or os.environ.get(PAGES_VARIABLE, "").strip() or USUAL_PAGES
    return found.rstrip("/")


def write_address(data_dir: Path, url: str) -> None:
    """Note where the local server listens, for `wirecopy trigger`."""
    path = prefect_home(data_dir) / ADDRESS_FILE
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps({"api_url": url, "pid": os.getpid()}) + "\n", encoding="utf-8")
    fresh.replace(path)


def read_address(data_dir: Path) -> str | None:
    """Where the local server of this data folder listened last; None where there was none."""
    path = prefect_home(data_dir) / ADDRESS_FILE
    try:
        if path.stat().st_size > MAX_ADDRESS_BYTES:
            return None
        found = json.loads(path.read_text(encoding="utf-8")).get("api_url")
    except (OSError, ValueError, AttributeError):
        return None
    return found if isinstance(found, str) else None


def drop_address(data_dir: Path) -> None:
    """The local server is gone."""
    (prefect_home(data_dir) / ADDRESS_FILE).unlink(missing_ok=True)
