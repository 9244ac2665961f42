"""What an earlier `serve` left on the server: runs that nobody runs any more, and runs that nobody was there for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.states import Cancelled, Crashed

MESSAGE = "its process ended with an earlier `wirecopy serve`; the next run goes on from there"
MISSED = "nobody served when this was due; the newest missed run of its schedule stands for all"
UNSCHEDULED = "nobody served when this was due, and its schedule is gone"
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


async def end_missed_runs(
    client: PrefectClient, deployments: Sequence[tuple[UUID, RunnerDeployment]], now: datetime
) -> int:
    """Cancel scheduled runs that are overdue, but for the newest of each schedule: one catches up with them all.

    A server makes up to a hundred runs ahead of every deployment; after a weekend down, all of them would start.
    """
    ended = 0
    for deployment_id, deployment in deployments:
        message = MISSED if deployment.schedules else UNSCHEDULED
        overdue = await _overdue(client, deployment_id, now)
        for run in overdue[1:] if deployment.schedules else overdue:
            await client.set_flow_run_state(run.id, Cancelled(message=message), force=True)
            ended += 1
    return ended


async def _overdue(client: PrefectClient, deployment_id: UUID, now: datetime) -> list[FlowRun]:
    found = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": now}),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=AT_ONCE,
    )
    return [one for one in found if one.auto_scheduled]
