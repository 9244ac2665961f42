"""Health: each outlet's run against its own earlier runs; figures and alarms go into the run ledger."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Any

from flows.health import MEMORY, Alarm, Figures, Past, examine
from flows.ledger import ALARM, Run, StageReport, now
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.queries.run_figures import article_facts, earlier_counts, rejected_pages
from pipeline.catalog.runs import record_stage
from pipeline.errors import WireError
from pipeline.reasons import Reason

log = logging.getLogger("wirecopy")
STAGE = "health"
FEED_REASONS = (Reason.BAD_FEED.value, Reason.BAD_SITEMAP.value, Reason.BAD_SECTION.value)


@dataclass(frozen=True, slots=True)
class OutletHealth:
    """An outlet's figures in this run, its alarms, and which of them an earlier run had already."""

    outlet_id: str
    figures: Figures
    alarms: tuple[Alarm, ...]
    known_checks: frozenset[str] = frozenset()

    @property
    def fresh_alarms(self) -> tuple[Alarm, ...]:
        """Alarms that the run before did not have: only these are told to people, once."""
        return tuple(one for one in self.alarms if one.check not in self.known_checks)


def health_stage(run: Run, crawls: Sequence[StageReport]) -> list[OutletHealth]:
    """Check every outlet that was crawled in this run. A skipped or interrupted crawl says nothing.

    A check that cannot be made does not hold up what comes after it.
    """
    found = []
    for one in crawls:
        if one.state not in ("done", "failed"):
            continue
        try:
            found.append(_check(run, one))
        except WireError as error:
            log.warning("the health of %s could not be looked at: %s", one.outlet_id, error)
    return found


def _check(run: Run, crawl: StageReport) -> OutletHealth:
    moment = now()
    with reading(run.workspace.engine) as connection:
        rejected = rejected_pages(connection, run.run_id, crawl.outlet_id, "extract")
        rejected.pop(Reason.GONE.value, None)  # a page taken down says nothing about the template
        facts = article_facts(connection, run.run_id, crawl.outlet_id)
        rows = earlier_counts(connection, STAGE, crawl.outlet_id, moment, MEMORY)
    logs = [math.log(max(1, one.words)) for one in facts]
    refused = crawl.counts.get("rejected")
    figures = Figures(
        pages=len(facts) + sum(rejected.values()),
        articles=len(facts),
        rejected=sum(rejected.values()),
        dated=sum(one.is_dated for one in facts),
        credited=sum(one.is_credited for one in facts),
        words=round(median(one.words for one in facts)) if facts else 0,
        log_words=round(fmean(logs), 4) if logs else 0.0,
        log_spread=round(pstdev(logs), 4) if logs else 0.0,
        feed_errors=sum(refused.get(one, 0) for one in FEED_REASONS) if isinstance(refused, Mapping) else 0,
        failed=int(crawl.state == "failed"),
        seconds=_number(crawl.counts.get("seconds")),
    )
    alarms = tuple(examine(figures, [Past(at, Figures.from_counts(counts)) for at, counts in rows], moment))
    _record(run, crawl.outlet_id, moment, figures, alarms)
    if alarms:
        message = "; ".join(one.message for one in alarms)
        run.reports.append(StageReport(STAGE, crawl.outlet_id, ALARM, figures.as_counts(), message))
    return OutletHealth(crawl.outlet_id, figures, alarms, known_checks([counts for _, counts in rows]))


def known_checks(earlier: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The checks that spoke in the newest of the runs (the oldest first) that had anything to show.

    A night without pages between two runs with the same fault is no end of it.
    """
    for counts in reversed(earlier):
        if any(counts.get(one) for one in ("alarms", "pages", "failed", "feed_errors")):
            return frozenset(counts.get("alarms", ()))
    return frozenset()


def _record(run: Run, outlet_id: str, moment: Any, figures: Figures, alarms: Sequence[Alarm]) -> None:
    counts = {**figures.as_counts(), "alarms": [one.check for one in alarms]}
    state = ALARM if alarms else "done"
    message = "; ".join(one.message for one in alarms) or None
    with writing(run.workspace.engine) as connection:
        record_stage(connection, run.run_id, STAGE, outlet_id, state, moment, now(), counts, message)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
