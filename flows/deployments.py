"""Deployments: one per configured outlet, one for the pass over all, one for backfills; made from the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows.backfill_flow import backfill
from flows.parameters import with_outlets
from flows.passes import one_outlet, whole_pass
from flows.workspace import Workspace
from pipeline.errors import ConfigError
from pipeline.outlets import Outlet

TAG = "wirecopy"
ONE_RUN = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
ALL = "all"  # the pass's deployment: pass/all
ANY = "any"  # the backfill's: backfill/any


def outlet_deployment_name(outlet_id: str) -> str:
    """flow/deployment, as `prefect deployment run` takes it."""
    return f"{one_outlet.name}/{outlet_id}"


def build_deployments(workspace: Workspace) -> list[RunnerDeployment]:
    """Every deployment of an installation. Raises ConfigError for a schedule that cron does not know."""
    outlet_ids = sorted(workspace.outlets)
    everything = _deployment(
        whole_pass,
        ALL,
        schedule=_cron(
            workspace.config_dir / "settings.yml", "serve.schedule", workspace.settings.serve.schedule, "UTC"
        ),
        parameters={"options": {}},
        outlet_ids=outlet_ids,
        # A pass that outlasts its schedule: the next one is cancelled before it costs a process.
        only_one=True,
    )
    past = _deployment(backfill, ANY, schedule=None, parameters={}, outlet_ids=outlet_ids)
    return [everything, past, *(_of_outlet(workspace, one) for one in workspace.outlets.values())]


def _of_outlet(workspace: Workspace, outlet: Outlet) -> RunnerDeployment:
    path = workspace.config_dir / "outlets" / f"{outlet.id}.yml"
    schedule = outlet.schedule if outlet.status == "live" else None
    return _deployment(
        one_outlet,
        outlet.id,
        schedule=_cron(path, "schedule", schedule, outlet.time_zone),
        parameters={"outlet": outlet.id, "options": {}},
        outlet_ids=[outlet.id],
        tags=[outlet.language, outlet.status],
        description=f"{outlet.name}: {one_outlet.description}",
    )


def _deployment(
    flow: Flow[..., Any],
    name: str,
    *,
    schedule: Schedule | None,
    parameters: dict[str, Any],
    outlet_ids: list[str],
    tags: Sequence[str] = (),
    description: str | None = None,
    only_one: bool = False,
) -> RunnerDeployment:
    made = flow.to_deployment(
        name=name,
        schedule=schedule,
        parameters=parameters,
        description=description or flow.description,
        tags=[TAG, *tags],
        enforce_parameter_schema=True,
        concurrency_limit=ONE_RUN if only_one else None,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # noqa: S101  to_deployment returns a coroutine inside an event loop only
    schema = made._parameter_openapi_schema
    made._parameter_openapi_schema = type(schema).model_validate(with_outlets(schema.model_dump(), outlet_ids))
    # Said, not left out: a deployment that a work pool ran before is taken back.
    made.work_pool_name = None
    made.work_queue_name = None
    return made


def _cron(path: Path, key: str, cron: str | None, time_zone: str) -> Schedule | None:
    if cron is None:
        return None
    try:
        CronSchedule(cron=cron, timezone=time_zone)
    except ValidationError as error:
        raise ConfigError(path, key, cron, 'a cron expression such as "*/15 * * * *"') from error
    return Schedule(cron=cron, timezone=time_zone)


async def drop_stale(client: PrefectClient, workspace: Workspace) -> list[str]:
    """Delete deployments of outlets that are no longer configured; their runs stay."""
    dropped = []
    for one in await client.read_deployments():
        flow_name = (await client.read_flow(one.flow_id)).name
        if TAG in one.tags and flow_name == one_outlet.name and one.name not in workspace.outlets:
            await client.delete_deployment(one.id)
            dropped.append(one.name)
    return dropped
