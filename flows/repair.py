"""Runs that say they are running although nobody runs them: marked as crashed when `serve` starts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Crashed

MESSAGE = "its process ended with an earlier `wirecopy serve`; the next run goes on from there"
AT_ONCE = 200


async def end_dead_runs(client: PrefectClient, deployment_ids: Iterable[UUID]) -> int:
    """Mark runs of these deployments that were under way as crashed, or cancelled where that was asked for.

    Only for deployments that no other process serves: `serve` holds the lock of its data folder.
    """
    ended = 0
    while True:
        found = await _under_way(client, list(deployment_ids))
        for run in found:
            was_cancelling = run.state_type == StateType.CANCELLING
            state: State[None] = Cancelled(message=MESSAGE) if was_cancelling else Crashed(message=MESSAGE)
            await client.set_flow_run_state(run.id, state, force=True)
        ended += len(found)
        if len(found) < AT_ONCE:
            return ended


async def _under_way(client: PrefectClient, deployment_ids: list[UUID]) -> list[FlowRun]:
    if not deployment_ids:
        return []
    states = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=deployment_ids),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
        ),
        limit=AT_ONCE,
    )
