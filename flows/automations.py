"""Automations: what the server does by itself on events. Kept here, installed by `serve`, the same at every start.

`python -m flows.automations` installs them for those who run work pools (prefect.yaml).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.types import SecretDict
from pydantic import SecretStr

from flows.events import CRAWL_FAILED, HEALTH_ALARM, RELEASE_REFUSED, RUN_ENDED, STAGE_FAILED
from flows.passes import workspace_from_environment
from flows.prefect_environment import HEARTBEAT_SECONDS, alert_webhook

PREFIX = "wirecopy: "
WEBHOOK_BLOCK = "wirecopy-alarms"
HEARTBEAT = "prefect.flow-run.heartbeat"
# Three heartbeats missed: the process, or its machine, is gone.
SILENCE = timedelta(seconds=3 * HEARTBEAT_SECONDS)
# What a runner or a worker says before a run's process is up. One that dies then leaves the run so for ever.
STARTING = ("Pending", "Submitting", "InfrastructurePending")
# Pulling an image takes minutes.
START_PATIENCE = timedelta(minutes=10)
ENDINGS = ("Completed", "Failed", "Cancelled", "Crashed")
# Slack, Mattermost and Google Chat read "text"; whoever reads more finds the parts beside it.
ALARM_BODY = """{
 "text": {{ ("wirecopy: " ~ event.payload.text) | tojson }},
 "event": {{ event.event | tojson }},
 "resource": {{ event.resource.id | tojson }},
 "check": {{ event.payload.check | tojson }},
 "run_id": {{ event.payload.run_id | tojson }},
 "occurred": {{ event.occurred | string | tojson }}
}"""


def build_automations(webhook_id: UUID | None) -> list[AutomationCore]:
    """Every automation; without a webhook, alarms are events and states only."""
    found = [dead_runs(), stuck_runs()]
    if webhook_id is not None:
        found.append(alarms(webhook_id))
    return found


def dead_runs() -> AutomationCore:
    """A run whose heartbeat stops without an end is marked as crashed, wherever it ran."""
    return _crashed_when_silent(
        "a run without heartbeat has crashed",
        {HEARTBEAT},
        {HEARTBEAT, RUN_ENDED, *map(_flow_run, ENDINGS)},
        SILENCE,
        "no heartbeat: its process is gone",
    )


def stuck_runs() -> AutomationCore:
    """A run that was taken and never begins is marked as crashed: who took it is gone."""
    return _crashed_when_silent(
        "a run that never begins has crashed",
        set(map(_flow_run, STARTING)),
        set(map(_flow_run, ("Running", "Scheduled", *ENDINGS))),
        START_PATIENCE,
        "taken and not begun: the worker or runner that took it is gone",
    )


def _flow_run(state: str) -> str:
    return f"prefect.flow-run.{state}"


def _crashed_when_silent(
    name: str, after: set[str], expect: set[str], within: timedelta, message: str
) -> AutomationCore:
    return AutomationCore(
        name=f"{PREFIX}{name}",
        description="Its process or machine is gone. The next run goes on from there.",
        trigger=EventTrigger(
            after=after,
            expect=expect,
            match=ResourceSpecification.model_validate({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=within,
        ),
        actions=[ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=message, force=False)],
    )


def alarms(webhook_id: UUID) -> AutomationCore:
    """Alarms, failed crawls and stages, and refused releases are posted to the webhook."""
    return AutomationCore(
        name=f"{PREFIX}alarms to the webhook",
        description="Health alarms, crawls and stages that failed, releases that were refused.",
        trigger=EventTrigger(
            expect={HEALTH_ALARM, CRAWL_FAILED, STAGE_FAILED, RELEASE_REFUSED},
            match=ResourceSpecification.model_validate({"prefect.resource.id": ["wirecopy.*"]}),
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[CallWebhook(block_document_id=webhook_id, payload=ALARM_BODY)],
    )


async def install_automations(client: PrefectClient, webhook: str | None) -> Sequence[str]:
    """Put this program's automations, and only these, on the server; returns their names."""
    webhook_id = await _save_webhook(webhook) if webhook else None
    wanted = build_automations(webhook_id)
    present = [one for one in await client.read_automations() if one.name.startswith(PREFIX)]
    for one in present:
        await client.delete_automation(one.id)
    for automation in wanted:
        await client.create_automation(automation)
    return [one.name for one in wanted]


async def _save_webhook(url: str) -> UUID:
    block = Webhook(url=SecretStr(url), headers=SecretDict({"content-type": "application/json"}))
    return await block.asave(WEBHOOK_BLOCK, overwrite=True)


async def main() -> None:
    """Install them on the configured server. Raises ConfigError, UsageError."""
    workspace = workspace_from_environment()
    async with get_client() as client:
        for name in await install_automations(client, alert_webhook(workspace.settings)):
            print(name)  # noqa: T201  a command


if __name__ == "__main__":
    asyncio.run(main())
