"""What a flow run may be asked for: typed models, which make the form in Prefect's pages and check what is typed in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

OUTLET_ID = r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"

OutletId = Annotated[
    str, Field(pattern=OUTLET_ID, max_length=100, title="Outlet", description="Id of a configured outlet.")
]
MOST_PAGES = 1_000_000


def _as_plain_number(schema: dict[str, Any]) -> None:
    """One number that may be left out: a choice of number or nothing only says "invalid"."""
    del schema["anyOf"], schema["default"]
    schema |= {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}


MaxPages = Annotated[
    int | None,
    Field(
        ge=1,
        le=MOST_PAGES,
        title="Most pages",
        description="Article pages fetched at most; empty: what the outlet says.",
        json_schema_extra=_as_plain_number,
    ),
]


class Options(BaseModel):
    """A block of parameters: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PassOptions(Options):
    """A pass over several outlets."""

    outlets: list[OutletId] = Field(
        default=[], max_length=1_000, title="Outlets", description="Only these outlets; empty: every live one."
    )
    max_pages: MaxPages = None
    publish: bool = Field(default=True, title="Publish", description="Whether to publish a release at the end.")


class OutletOptions(Options):
    """A run over one outlet."""

    max_pages: MaxPages = None
    publish: Literal["when_due", "always", "never"] = Field(
        default="when_due",
        title="Publish",
        description="when_due: by hand always, on a schedule once per serve.release_minutes.",
    )


class BackfillOptions(Options):
    """An outlet's past."""

    outlet: OutletId
    since: date = Field(title="Since", description="First day wanted.")
    files: list[str] = Field(
        default=[],
        max_length=10_000,
        title="WARC files",
        description="WARC files or folders on the machine that runs it, instead of the site.",
    )


def with_outlets(schema: dict[str, Any], outlet_ids: list[str]) -> dict[str, Any]:
    """A parameter schema whose outlet fields offer the configured outlets, and take nothing else."""
    offered: dict[str, Any] = _offer(schema, outlet_ids)
    return offered


def _offer(node: Any, outlet_ids: list[str]) -> Any:
    if isinstance(node, list):
        return [_offer(one, outlet_ids) for one in node]
    if not isinstance(node, dict):
        return node
    offered = {key: _offer(value, outlet_ids) for key, value in node.items()}
    if offered.get("pattern") == OUTLET_ID and outlet_ids:
        del offered["pattern"]
        offered["enum"] = outlet_ids
    return offered
