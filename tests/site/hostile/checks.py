"""The checks that cases are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from tests.site.hostile.articles import Text
from tests.site.hostile.case import Case
from tests.site.hostile.evidence import Evidence, Row, as_time, token_f1

WHOLE = 0.98  # token F1 from which a body counts as the whole text
ANY_DATE = "any"


@dataclass(frozen=True)
class Stored:
    """One article, whole, in both runs, with the headline and date the page states."""

    text: Text | None = None
    published: datetime | str | None = ANY_DATE  # None: no date may be stored
    headline: bool = False
    least: float = WHOLE
    runs: tuple[int, ...] = (1, 2)

    def fault(self, case: Case, evidence: Evidence) -> str:
        for run in self.runs:
            rows = evidence.articles(case.outlet, case.marks, run)
            if len(rows) != 1:
                reasons = sorted(evidence.reasons(case.outlet, case.marks))
                visits = len(evidence.asked(case.marks, run))
                return f"run {run}: {len(rows)} articles for it, not one (asked {visits} times, reasons {reasons})"
            if fault := self._fault_in(rows[0]):
                return f"run {run}: {fault}"
        return ""

    def _fault_in(self, row: Row) -> str:
        if self.text is None:
            return ""
        score = token_f1(self.text.body, row["body"])
        if score < self.least:
            return f"body has token F1 {score:.3f}, below {self.least}: {row['body'][:60]!r}..."
        if self.headline and " ".join((row["headline"] or "").split()) != self.text.headline:
            return f"headline {row['headline']!r}, not {self.text.headline!r}"
        return self._date_fault(as_time(row["published_at"]))

    def _date_fault(self, found: datetime | None) -> str:
        if self.published == ANY_DATE or found == self.published:
            return ""
        if isinstance(self.published, datetime) and found and abs(found - self.published) < timedelta(minutes=1):
            return ""
        return f"published_at {found}, not {self.published}"


@dataclass(frozen=True)
class Refused:
    """No article, and the catalog says why with one of reasons (any, where none are named)."""

    reasons: frozenset[str] = frozenset()

    def fault(self, case: Case, evidence: Evidence) -> str:
        rows = [row for run in evidence.snapshots for row in evidence.articles(case.outlet, case.marks, run)]
        if rows:
            return f"stored as an article of {rows[0]['word_count']} words: {rows[0]['body'][:60]!r}"
        found = evidence.reasons(case.outlet, case.marks)
        if not found:
            visits = len(evidence.asked(case.marks))
            return f"refused without a reason (asked {visits} times); expected {self._wanted()}"
        if self.reasons and not found & self.reasons:
            return f"refused for {sorted(found)}; expected {self._wanted()}"
        return ""

    def _wanted(self) -> str:
        return " or ".join(sorted(self.reasons)) or "any reason"


def refused(*reasons: str) -> Refused:
    """Refused with these reasons."""
    return Refused(frozenset(reasons))


@dataclass(frozen=True)
class Flagged:
    """Stored with one of flags: marked as not whole, so that nobody takes it for the whole article."""

    flags: frozenset[str]

    def fault(self, case: Case, evidence: Evidence) -> str:
        for row in evidence.articles(case.outlet, case.marks):
            flags = set(json.loads(row["flags"]) if isinstance(row["flags"], str) else row["flags"])
            if not flags & self.flags:
                return f"half a page stored with flags {sorted(flags)}; expected one of {sorted(self.flags)}"
        return "" if evidence.articles(case.outlet, case.marks) else "no article"


@dataclass(frozen=True)
class Either:
    """One of several outcomes that are all right."""

    outcomes: tuple[Stored | Refused | Flagged, ...]

    def fault(self, case: Case, evidence: Evidence) -> str:
        faults = [outcome.fault(case, evidence) for outcome in self.outcomes]
        return "" if "" in faults else "; or ".join(faults)


def either(*outcomes: Stored | Refused | Flagged) -> Either:
    """Any of outcomes."""
    return Either(outcomes)


@dataclass(frozen=True)
class NeverAsked:
    """No listener saw a request for it."""

    marks: tuple[str, ...] = ()

    def fault(self, case: Case, evidence: Evidence) -> str:
        visits = evidence.asked(self.marks or case.marks)
        return f"{visits[0].listener} was asked for {visits[0].target}" if visits else ""


@dataclass(frozen=True)
class AskedAtMost:
    """No more than so many requests in each run."""

    times: int
    marks: tuple[str, ...] = ()

    def fault(self, case: Case, evidence: Evidence) -> str:
        for run in sorted(evidence.snapshots):
            count = len(evidence.asked(self.marks or case.marks, run))
            if count > self.times:
                return f"run {run}: asked {count} times, at most {self.times} are fair"
        return ""


@dataclass(frozen=True)
class AskedAtLeast:
    """A request must have come, so that the case was met at all."""

    times: int = 1

    def fault(self, case: Case, evidence: Evidence) -> str:
        count = len(evidence.asked(case.marks, 1))
        return "" if count >= self.times else f"run 1: asked {count} times, expected {self.times}"


@dataclass(frozen=True)
class Waited:
    """At least so many seconds between one request and the next in the same run."""

    seconds: float
    listener: str | None = None  # all requests to this listener instead of the case's own

    def fault(self, case: Case, evidence: Evidence) -> str:
        chosen = [one for one in evidence.sent if one.listener == self.listener and one.path != "/robots.txt"]
        visits = sorted(chosen if self.listener else evidence.asked(case.marks), key=lambda visit: visit.at)
        pairs = [(one, two) for one, two in pairwise(visits) if one.phase == two.phase]
        gaps = [two.at - one.at for one, two in pairs]
        if not gaps:
            return "never asked twice in a run, so no wait was seen"
        return "" if min(gaps) >= self.seconds else f"waited {min(gaps):.2f} s, asked for {self.seconds} s"


@dataclass(frozen=True)
class ListenerAskedAtMost:
    """No more than so many requests to one listener in each run, whatever they ask for."""

    listener: str
    times: int

    def fault(self, case: Case, evidence: Evidence) -> str:
        for run in sorted(evidence.snapshots):
            count = sum(1 for visit in evidence.sent if visit.listener == self.listener and visit.phase == run)
            if count > self.times:
                return f"run {run}: {self.listener} got {count} requests, at most {self.times} are fair"
        return ""


@dataclass(frozen=True)
class HeaderNeverSent:
    """No request to any listener carried this header."""

    header: str

    def fault(self, case: Case, evidence: Evidence) -> str:
        guilty = [visit for visit in evidence.visits if self.header in visit.headers]
        return f"{guilty[0].target} was asked for with {self.header}" if guilty else ""


@dataclass(frozen=True)
class Absent:
    """This text stands nowhere in the catalog."""

    text: str

    def fault(self, case: Case, evidence: Evidence) -> str:
        place = evidence.snapshots[max(evidence.snapshots)].holds(self.text)
        return f"{self.text!r} stands in {place}" if place else ""


@dataclass(frozen=True)
class Answered:
    """In this run, a request for the case got this status."""

    status: int
    run: int

    def fault(self, case: Case, evidence: Evidence) -> str:
        found = [visit.status for visit in evidence.asked(case.marks, self.run)]
        return "" if self.status in found else f"run {self.run}: answers {found}, none {self.status}"


@dataclass(frozen=True)
class Versions:
    """The article ends at this version, and the texts before it are kept."""

    latest: int
    earlier: tuple[Text, ...] = field(default=())

    def fault(self, case: Case, evidence: Evidence) -> str:
        rows = evidence.articles(case.outlet, case.marks)
        if len(rows) != 1 or rows[0]["version"] != self.latest:
            return f"versions {[row['version'] for row in rows]}, not [{self.latest}]"
        kept = evidence.snapshots[2].tables["article_versions"]
        bodies = [row["body"] for row in kept if row["article_id"] == rows[0]["article_id"]]
        for text in self.earlier:
            if not any(token_f1(text.body, body) >= WHOLE for body in bodies):
                return "the text of an earlier version is lost"
        return ""
