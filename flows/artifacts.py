"""Artifacts: what a person wants to read about a run, on its page in Prefect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any
from urllib.parse import quote

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.health_stage import OutletHealth
from flows.ledger import RunReport, StageReport
from flows.prefect_environment import pages_url
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.run_figures import RunStory, rejected_pages, run_stories

STORIES_SHOWN = 15
HEADLINE_LENGTH = 60


def publish_artifacts(workspace: Workspace, report: RunReport, health: Sequence[OutletHealth]) -> None:
    """A table of the outlets, a page on what came, links to the release and the inspection pages."""
    pages = pages_url(workspace.settings)
    with reading(workspace.engine) as connection:
        total, stories = run_stories(connection, report.run_id, STORIES_SHOWN)
        refused = {
            one.outlet_id: rejected_pages(connection, report.run_id, one.outlet_id, "extract")
            for one in report.stages
            if one.stage == "crawl"
        }
    rows = outlet_rows(report.stages, health, refused)
    if rows:
        create_table_artifact(key="outlets", table=rows, description=f"What each outlet gave in run {report.run_id}.")
    create_markdown_artifact(
        key="run",
        markdown=run_page(report, health, total, stories, pages),
        description=f"Run {report.run_id}: {report.state}",
    )
    create_link_artifact(
        key="inspection",
        link=f"{pages}/run?id={quote(report.run_id)}",
        link_text=f"run {report.run_id} in the inspection pages",
        description="They answer as long as `wirecopy serve` (or `wirecopy web`) runs.",
    )


def outlet_rows(
    stages: Sequence[StageReport], health: Sequence[OutletHealth], refused: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    """A row per crawled outlet: found, fetched, kept, rejected by reason, bytes, time, state."""
    by_outlet = {one.outlet_id: one for one in health}
    rows = []
    for one in stages:
        if one.stage != "crawl" or not one.outlet_id:
            continue
        seen = by_outlet.get(one.outlet_id)
        reasons = dict(_mapping(one.counts.get("rejected")))
        for reason, pages in refused.get(one.outlet_id, {}).items():
            reasons[reason] = reasons.get(reason, 0) + pages
        rows.append(
            {
                "outlet": one.outlet_id,
                "state": "alarm" if seen and seen.alarms else one.state,
                "found": one.counts.get("found", 0),
                "fetched": one.counts.get("fetched", 0),
                "not modified": one.counts.get("not_modified", 0),
                "kept": seen.figures.articles if seen else 0,
                "rejected": ", ".join(f"{reason} {pages}" for reason, pages in sorted(reasons.items())),
                "bytes": one.counts.get("bytes", 0),
                "seconds": one.counts.get("seconds", 0),
                "message": "; ".join(alarm.message for alarm in seen.alarms)
                if seen and seen.alarms
                else one.message or "",
            }
        )
    return rows


def run_page(
    report: RunReport, health: Sequence[OutletHealth], total: int, stories: Sequence[RunStory], pages: str
) -> str:
    """The run in Markdown: alarms first, then stories with the widest spread, then the release."""
    lines = [f"# Run {report.run_id}: {report.state}", ""]
    for one in health:
        lines += [f"- **{one.outlet_id}**: {plain(alarm.message)}" for alarm in one.alarms]
    for stage in report.stages:
        if stage.state in ("failed", "skipped", "interrupted"):
            what = f"{stage.stage} {stage.outlet_id}".strip()
            lines.append(f"- **{what} {stage.state}**: {plain(stage.message or '')}")
    lines += ["", *_story_lines(total, stories, pages), "", *_stage_lines(report.stages, pages)]
    return "\n".join(lines)


def _story_lines(total: int, stories: Sequence[RunStory], pages: str) -> list[str]:
    if not total:
        return ["Nothing new came in this run."]
    fresh = sum(one.is_new for one in stories)
    more = "" if total <= len(stories) else f"; the {len(stories)} in the most outlets"
    lines = [
        f"## {total:,} stories new or added to{more}",
        "",
        f"{fresh} of the {len(stories)} below begin with this run.",
        "",
    ]
    lines += ["| story | agency | outlets | articles |", "|---|---|---:|---:|"]
    for one in stories:
        title = plain(shorten(one.headline or one.story_id, HEADLINE_LENGTH, placeholder="…"))
        link = f"[{title}]({pages}/story?id={quote(one.story_id)})"
        lines.append(f"| {link} | {plain(one.agency_id or '')} | {one.outlet_count} | {one.article_count} |")
    return lines


def _stage_lines(stages: Sequence[StageReport], pages: str) -> list[str]:
    lines = ["## Stages", "", "| stage | state | figures |", "|---|---|---|"]
    lines += [f"| {one.stage} | {one.state} | {plain(figures(one.counts))} |" for one in stages if not one.outlet_id]
    release = next((one.counts.get("version") for one in stages if one.stage == "publish"), None)
    if release:
        lines += ["", f"Release `{release}`: [releases]({pages}/releases), [stories]({pages}/stories)"]
    return lines


def figures(counts: Mapping[str, Any]) -> str:
    """A stage's counts in one line."""
    shown = []
    for key, value in counts.items():
        if isinstance(value, Mapping):
            shown += [f"{name} {number}" for name, number in sorted(value.items())]
        else:
            shown.append(f"{key} {value:,}" if isinstance(value, int) else f"{key} {value}")
    return ", ".join(shown)


def _mapping(value: object) -> Mapping[str, int]:
    return value if isinstance(value, Mapping) else {}


def plain(text: str) -> str:
    """Text from the outside, so that it can do nothing in Markdown or HTML but be read."""
    safe = "".join(f"&#{ord(one)};" if one in "\\`*_[]<>|#!&~" else one for one in text)
    return " ".join(safe.split())
