"""The grader: every case against what two runs left in the catalog and in the site's log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.site.hostile.case import Case, Result
from tests.site.hostile.checks import NeverAsked
from tests.site.hostile.evidence import Evidence, Row


def grade(cases: Iterable[Case], evidence: Evidence) -> list[Result]:
    """A result for each case, then those for the crawl as a whole."""
    results = [_grade_case(case, evidence) for case in cases]
    return [*results, *_grade_whole(evidence)]


def _grade_case(case: Case, evidence: Evidence) -> Result:
    faults = [check.fault(case, evidence) for check in case.checks]
    strayed = [visit for visit in evidence.asked(case.marks) if visit.listener in evidence.canaries]
    if strayed and not any(isinstance(check, NeverAsked) for check in case.checks):
        faults.append(f"{strayed[0].listener} was asked for {strayed[0].target}")
    why = "; ".join(fault for fault in faults if fault)
    return Result(case.id, case.kind, not why, why)


def _grade_whole(evidence: Evidence) -> list[Result]:
    first, second = (evidence.snapshots[run].tables for run in (1, 2))
    strayed = [visit for visit in evidence.visits if visit.listener in evidence.canaries]
    canary = ", ".join(sorted({f"{visit.listener} {visit.target}" for visit in strayed}))
    garbled = sorted({visit.listener for visit in evidence.sent if not visit.method})
    return [
        _whole("canary-quiet", f"connected to: {canary}" if strayed else ""),
        _whole("no-egress", f"connected to: {', '.join(evidence.egress)}" if evidence.egress else ""),
        _whole("only-http", f"something else than HTTP was sent to: {', '.join(garbled)}" if garbled else ""),
        _whole("no-doubles", _doubles(second["articles"])),
        _whole("second-run-adds-nothing", _added(first["articles"], second["articles"])),
        _whole("nothing-lost", _added(second["articles"], first["articles"])),
    ]


def _whole(case_id: str, why: str) -> Result:
    return Result(case_id, "whole", not why, why)


def _doubles(articles: list[Row]) -> str:
    seen = Counter((row["outlet_id"], row["body_sha256"]) for row in articles)
    urls = [row["url"] for row in articles if seen[row["outlet_id"], row["body_sha256"]] > 1]
    return f"the same text twice in one outlet: {', '.join(urls)}" if urls else ""


def _added(before: list[Row], after: list[Row]) -> str:
    known = {row["article_id"] for row in before}
    urls = [row["url"] for row in after if row["article_id"] not in known]
    return f"{len(urls)} articles more: {', '.join(urls[:5])}" if urls else ""


def report(results: list[Result]) -> str:
    """Counts by class, then every failed case with its reason."""
    kinds = Counter(result.kind for result in results)
    passed = Counter(result.kind for result in results if result.passed)
    lines = [f"{passed.total()} of {kinds.total()} cases passed"]
    lines += [f"  {kind}: {passed[kind]} of {count}" for kind, count in sorted(kinds.items())]
    lines += [f"FAILED {result.kind}/{result.case_id}: {result.why}" for result in results if not result.passed]
    return "\n".join(lines)
