"""Events: what a run tells the world. Automations, and whoever listens on the server, act on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import FlowRun
from prefect.events import emit_event

from flows.health_stage import OutletHealth
from flows.ledger import RunReport, StageReport
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.run_figures import failed_before

HEALTH_ALARM = "wirecopy.health.alarm"
CRAWL_FAILED = "wirecopy.crawl.failed"
STAGE_FAILED = "wirecopy.stage.failed"
RELEASE_REFUSED = "wirecopy.release.refused"
RELEASE_PUBLISHED = "wirecopy.release.published"
RUN_ENDED = "wirecopy.run.ended"


def outlet_resource(outlet_id: str) -> dict[str, str]:
    """What an event about an outlet concerns."""
    return {"prefect.resource.id": f"wirecopy.outlet.{outlet_id}", "prefect.resource.name": outlet_id}


def dataset_resource() -> dict[str, str]:
    """What an event about stages over all outlets concerns."""
    return {"prefect.resource.id": "wirecopy.dataset", "prefect.resource.name": "dataset"}


def tell_end(flow: Any, flow_run: FlowRun, state: Any) -> None:
    """A flow's hook: the run is over.

    Prefect's own word on a scheduled run stays in its queue for a quarter of an hour: it is sorted behind the event of
    the run's making, which no scheduler sends.
    """
    emit_event(RUN_ENDED, resource={"prefect.resource.id": f"prefect.flow-run.{flow_run.id}"})


def tell_alarms(run_id: str, health: Sequence[OutletHealth]) -> None:
    """An event per alarm that the run before did not have."""
    for one in health:
        for alarm in one.fresh_alarms:
            emit_event(
                HEALTH_ALARM,
                resource=outlet_resource(one.outlet_id),
                payload={"run_id": run_id, "check": alarm.check, "text": f"{one.outlet_id}: {alarm.message}"},
            )


def emit_stage_events(workspace: Workspace, report: RunReport) -> None:
    """Events for stages that failed and did not in the run before, and for a new release."""
    for one in report.stages:
        if one.state == "failed":
            with reading(workspace.engine) as connection:
                is_known = failed_before(connection, report.run_id, one.stage, one.outlet_id)
            if not is_known:
                _emit_failure(report.run_id, one)
        elif one.stage == "publish" and one.counts.get("new_release") == "yes":
            payload = {"run_id": report.run_id, "version": str(one.counts.get("version"))}
            emit_event(RELEASE_PUBLISHED, resource=dataset_resource(), payload=payload)


def _emit_failure(run_id: str, stage: StageReport) -> None:
    name = {"crawl": CRAWL_FAILED, "publish": RELEASE_REFUSED}.get(stage.stage, STAGE_FAILED)
    what = f"{stage.stage} {stage.outlet_id}".strip()
    emit_event(
        name,
        resource=outlet_resource(stage.outlet_id) if stage.outlet_id else dataset_resource(),
        payload={"run_id": run_id, "check": stage.stage, "text": f"{what} failed: {stage.message or ''}"},
    )
