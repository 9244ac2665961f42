"""Which failures are worth another try: those that pass by themselves. A broken page or configuration is not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows.ledger import GOES_ON, Run, StageReport, now
from pipeline.errors import CatalogError, StorageError, StorageMissing, WireError
from pipeline.reasons import Reason

# What an outlet that is only out of reach for a moment shows. BUSY is not among them: it asked to be left alone.
PASSING = frozenset((Reason.UNREACHABLE.value, Reason.TOO_SLOW.value, Reason.TRUNCATED.value))
STOPPED = f"stopped; {GOES_ON}"
PROCESS_ENDED = "process ended with"  # in the message of a crawl whose process was killed (crawlers/crawl.py)


class StageOverran(WireError):
    """A stage took longer than it may."""


class StageFailed(Exception):
    """A stage failed; the run ledger has its report."""

    def __init__(self, report: StageReport, is_passing: bool) -> None:
        self.report, self.is_passing = report, is_passing
        what = f"{report.stage} {report.outlet_id}".strip()
        super().__init__(f"{what}: {report.message or report.state}")


@dataclass(slots=True)
class TriedRun(Run):
    """A run that remembers which error ended a stage, and keeps the last report of a stage tried again."""

    stopping: threading.Event = field(default_factory=threading.Event)
    errors: dict[tuple[str, str], BaseException] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run, stopping: threading.Event) -> TriedRun:
        """The same run in the ledger, with the same list of reports."""
        return cls(run.workspace, run.run_id, run.reports, stopping)

    def stage(self, stage: str, outlet_id: str, body: Callable[[], Mapping[str, Any]]) -> StageReport:
        """Do one stage, as Run does."""
        key = (stage, outlet_id)
        for earlier in [one for one in self.reports if (one.stage, one.outlet_id) == key]:
            self.reports.remove(earlier)
        self.errors.pop(key, None)

        def watched() -> Mapping[str, Any]:
            try:
                return body()
            except asyncio.CancelledError as error:  # Prefect's time limit; who cancels a run sends a signal
                self.errors[key] = error
                limit = self.workspace.settings.limits.stage_seconds
                raise StageOverran(f"ended after {limit:,.0f} seconds (limits.stage_seconds); {GOES_ON}") from error
            except BaseException as error:
                self.errors[key] = error
                raise

        started = now()
        report = Run.stage(self, stage, outlet_id, watched)
        if report.state == "failed" and self.stopping.is_set():
            self.reports.remove(report)
            report = replace(report, state="interrupted", message=STOPPED)
            self._record(report, started, now())
            self.reports.append(report)
        return report

    def checked(self, report: StageReport) -> StageReport:
        """The report of a stage that came to its end. Raises StageFailed."""
        if report.state in ("failed", "interrupted"):
            raise StageFailed(report, passes_by_itself(report, self.errors.get((report.stage, report.outlet_id))))
        return report


def passes_by_itself(report: StageReport, error: BaseException | None) -> bool:
    """Whether the same stage may well succeed in a minute."""
    if report.state != "failed" or isinstance(error, StorageMissing):
        return False
    if isinstance(error, CatalogError | StorageError):
        return True
    if report.stage != "crawl":
        return False
    if PROCESS_ENDED in (report.message or ""):
        return True
    rejected = report.counts.get("rejected")
    return isinstance(rejected, Mapping) and bool(rejected) and PASSING.issuperset(rejected)
