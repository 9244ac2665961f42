"""`wirecopy serve`: a local Prefect server where none is configured, the deployments, and a runner, until stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from flows.parentage import PARENT_VARIABLE
from flows.prefect_environment import (
    PAGES_VARIABLE,
    POLL_SECONDS,
    alert_webhook,
    apply,
    configured_server,
    prefect_home,
    quiet_environment,
)
from flows.server import HasEnded, ServerError, answers, local_server, only_one
from flows.workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[1]


# Shows the inspection pages beside the server of that address while the block lasts; gives their own address.
Pages = Callable[[Workspace, str], AbstractContextManager[str]]


def serve_deployments(config_dir: Path, data_dir: Path, console: Console, pages: Pages) -> None:
    """Serve the schedules until SIGINT or SIGTERM, then leave no process behind.

    Raises ConfigError, UsageError where another `serve` has the data folder, ServerError.
    """
    workspace = open_workspace(config_dir.resolve(), data_dir.resolve())
    webhook = alert_webhook(workspace.settings)
    configured = configured_server()
    with (
        _stopping_in_order(console),
        _server(configured, data_dir, workspace.settings.serve.port, console) as (api_url, has_ended),
        pages(workspace, api_url.removesuffix("/api")) as pages_url,
    ):
        _prepare_environment(config_dir, data_dir, api_url, is_local=configured is None)
        os.environ[PAGES_VARIABLE] = pages_url
        from flows.runner import Addresses, run_until_stopped  # imports Prefect, which reads the environment once

        run_until_stopped(workspace, Addresses(api_url, pages_url, webhook), has_ended, POLL_SECONDS, console)


class _Told(SystemExit):
    """A signal while things start. A KeyboardInterrupt that passes an import can end Python with a signal."""


@contextmanager
def _stopping_in_order(console: Console) -> Iterator[None]:
    """A signal while things start stops what was started."""
    before = {one: signal.signal(one, _tell) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except _Told:
        console.print("stopped", markup=False)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(_signal: int, _frame: FrameType | None) -> None:
    raise _Told


@contextmanager
def _server(
    configured: str | None, data_dir: Path, port: int | None, console: Console
) -> Iterator[tuple[str, HasEnded]]:
    if configured is None:
        with local_server(data_dir, port, console) as started:
            yield started
        return
    if not answers(configured):
        raise ServerError(f"no Prefect server answers at {configured} (PREFECT_API_URL)")
    with only_one(data_dir):
        yield configured, lambda: False  # it may come back, and is waited for


def _prepare_environment(config_dir: Path, data_dir: Path, api_url: str, is_local: bool) -> None:
    """What this process and the flow runs it starts read."""
    apply(quiet_environment())
    if is_local:  # a configured server's key or password may stand in a profile of the user's own home
        apply({"PREFECT_HOME": str(prefect_home(data_dir))})
    os.environ["PREFECT_API_URL"] = api_url
    os.environ["WIRECOPY_CONFIG"] = str(config_dir.resolve())
    os.environ["WIRECOPY_DATA"] = str(data_dir.resolve())
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
