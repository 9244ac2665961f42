"""`wirecopy trigger`: ask the running server for a crawl of one outlet, and watch it if wanted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from rich.console import Console

from flows.prefect_environment import apply, configured_server, prefect_home, quiet_environment, read_address
from flows.server import ServerError, answers
from flows.workspace import Workspace
from pipeline.errors import UsageError

LOOK_EVERY = 1.0
LOGS_AT_ONCE = 200


def trigger_crawl(workspace: Workspace, outlet: str, max_pages: int | None, watch: bool, console: Console) -> str:
    """Start a run of the outlet's deployment; returns its state, with watch its last one.

    Raises ServerError where no server answers, UsageError where the outlet has no deployment there.
    """
    configured = configured_server()
    url = configured or read_address(workspace.data_dir)
    if url is None:
        raise ServerError("no Prefect server is known here; start one: wirecopy serve")
    if not answers(url):
        raise ServerError(f"no Prefect server answers at {url}; start one: wirecopy serve")
    apply(quiet_environment())
    if configured is None:
        apply({"PREFECT_HOME": str(prefect_home(workspace.data_dir))})
    os.environ["PREFECT_API_URL"] = url
    options = {"publish": "always"} if max_pages is None else {"publish": "always", "max_pages": max_pages}
    return _start(outlet, options, url, watch, console)


def _start(outlet: str, options: dict[str, Any], url: str, watch: bool, console: Console) -> str:
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    from flows.deployments import outlet_deployment_name

    name = outlet_deployment_name(outlet)
    with _explaining(url), get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(name)
        except ObjectNotFound as error:
            raise UsageError(f"no deployment {name} at {url}; restart `wirecopy serve` after a new outlet") from error
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters={"outlet": outlet, "options": options}, tags=["by-hand"]
        )
        console.print(
            f"run {run.name}: {url.removesuffix('/api')}/runs/flow-run/{run.id}", markup=False, soft_wrap=True
        )
        if not watch:
            return run.state_type.value if run.state_type else "SCHEDULED"
        return _watch(client, run.id, console)


@contextmanager
def _explaining(url: str) -> Iterator[None]:
    """The server's refusals in one line. Raises UsageError where a value is at fault, else ServerError."""
    import httpx

    try:
        yield
    except httpx.HTTPStatusError as error:
        status, said = error.response.status_code, error.response.text
        with suppress(ValueError, KeyError, TypeError):
            said = str(error.response.json()["detail"])
        if status in (400, 409, 422):
            raise UsageError(said[:500]) from error
        key = "; does it want PREFECT_API_AUTH_STRING or PREFECT_API_KEY?" if status in (401, 403) else ""
        raise ServerError(f"the Prefect server at {url} answers with status {status}{key}") from error
    except httpx.TransportError as error:
        raise ServerError(f"the Prefect server at {url} went away ({type(error).__name__})") from error


def _watch(client: Any, run_id: UUID, console: Console) -> str:
    """Print the run's log until it ends. Interrupting this leaves the run alone."""
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
    from prefect.client.schemas.sorting import LogSort

    shown = 0
    only = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))
    while True:
        run = client.read_flow_run(run_id)
        is_over = run.state is not None and run.state.is_final()
        while logs := client.read_logs(only, limit=LOGS_AT_ONCE, offset=shown, sort=LogSort.TIMESTAMP_ASC):
            for one in logs:
                console.print(f"{one.timestamp:%H:%M:%S} {one.message}", markup=False, soft_wrap=True)
            shown += len(logs)
        if is_over:
            console.print(f"{run.state.name}: {run.state.message or ''}".rstrip(": "), markup=False, soft_wrap=True)
            return str(run.state.type.value)
        time.sleep(LOOK_EVERY)
