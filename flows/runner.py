"""The runner: registers deployments and automations, starts flow runs as processes, stops them when told."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from rich.console import Console

from flows.automations import install_automations
from flows.deployments import ALL, build_deployments, drop_stale, outlet_deployment_name
from flows.ledger import now
from flows.passes import whole_pass
from flows.repair import end_dead_runs, end_missed_runs
from flows.server import HasEnded, ServerError
from flows.workspace import Workspace

SIGNALS = (signal.SIGINT, signal.SIGTERM)
LOOK_EVERY = 0.1
SERVER_EVERY = 1.0
# Its runs are cancelled by then.
STOP_SECONDS = 3.0
T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are that `serve` needs or names."""

    api: str
    pages: str
    webhook: str | None


def run_until_stopped(
    workspace: Workspace, addresses: Addresses, has_ended: HasEnded, poll_seconds: float, console: Console
) -> None:
    """Serve an installation's deployments; has_ended: whether the server is gone for good.

    Raises ConfigError before anything is registered, ServerError where the server has ended.
    """
    deployments = build_deployments(workspace)
    asyncio.run(_serve(workspace, deployments, addresses, has_ended, poll_seconds, console))


async def _serve(
    workspace: Workspace,
    deployments: Sequence[RunnerDeployment],
    addresses: Addresses,
    has_ended: HasEnded,
    poll_seconds: float,
    console: Console,
) -> None:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    runner = Runner(
        name="wirecopy",
        query_seconds=poll_seconds,
        limit=workspace.settings.serve.runs_at_once,
        pause_on_shutdown=False,  # schedules that pause with `serve` would stay paused after a crash
    )
    with console.status("registering deployments ..."):
        said = await _unless_stopped(stop, _register(runner, workspace, deployments, addresses))
    if said is not None:
        for line in said:
            console.print(line, markup=False, soft_wrap=True)
        await _run(runner, stop, has_ended)
    console.print("stopped", markup=False)


async def _register(
    runner: Runner, workspace: Workspace, deployments: Sequence[RunnerDeployment], addresses: Addresses
) -> list[str]:
    """Bring the server up to date; what there is to say about it."""
    ids = [await runner.aadd_deployment(one) for one in deployments]
    async with get_client() as client:
        dropped = await drop_stale(client, workspace)
        ended = await end_dead_runs(client, ids)
        missed = await end_missed_runs(client, list(zip(ids, deployments, strict=True)), now())
        automations = await install_automations(client, addresses.webhook)
    said = [f"outlet {name} is no longer configured: its deployment is gone" for name in dropped]
    if ended:
        said.append(f"{ended} runs of an earlier serve had no process any more: marked as crashed")
    if missed:
        said.append(f"{missed} scheduled runs were missed: the newest of each schedule stands for them")
    return [*said, *_where(workspace, addresses, len(automations))]


async def _run(runner: Runner, stop: asyncio.Event, has_ended: HasEnded) -> None:
    held = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    running = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # in its first step the runner puts its own answer in place, which ends without cleaning up
    _stop_on_signals(stop)
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    while not runner.started and not running.done():
        await asyncio.sleep(LOOK_EVERY)
    waiting = asyncio.create_task(stop.wait())
    while not (running.done() or waiting.done() or has_ended()):
        await asyncio.wait({running, waiting}, timeout=SERVER_EVERY, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if has_ended() and not stop.is_set():
        running.cancel()
        raise ServerError("the Prefect server has ended; `wirecopy serve` again goes on from here")
    if not running.done():
        await runner.astop()
        await asyncio.wait({running}, timeout=STOP_SECONDS)
        running.cancel()  # one that was stopped before its first look goes on looking
    with suppress(asyncio.CancelledError):
        await running


async def _unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work comes to; None where it was stopped before."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        return None
    return working.result()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for one in SIGNALS:
        loop.add_signal_handler(one, stop.set)


def _where(workspace: Workspace, addresses: Addresses, automations: int) -> list[str]:
    scheduled = [one.id for one in workspace.outlets.values() if one.schedule and one.status == "live"]
    example = next(iter(workspace.outlets), "OUTLET")
    every = workspace.settings.serve.schedule
    launcher = "./wirecopy" if (ROOT / "wirecopy").is_file() else "wirecopy"
    prefect = Path(sys.executable).with_name("prefect")  # of this environment, which a shell need not have on its path
    lines = (
        ("Prefect", addresses.api.removesuffix("/api")),
        ("what came of it", addresses.pages),
        ("pass over all outlets", f"{whole_pass.name}/{ALL}, " + (f'schedule "{every}"' if every else "by hand")),
        ("outlets", f"{len(workspace.outlets)}, {len(scheduled)} of them on a schedule"),
        ("by hand", f"{launcher} --data {workspace.data_dir} trigger {example} --watch"),
        ("", f"PREFECT_API_URL={addresses.api} {prefect} deployment run '{outlet_deployment_name(example)}'"),
        (
            "alarms",
            f"{automations} automations, "
            + ("posted to the webhook" if addresses.webhook else "no webhook configured"),
        ),
    )
    return [*(f"{label:22} {text}" for label, text in lines), "serving; Ctrl-C stops everything"]
