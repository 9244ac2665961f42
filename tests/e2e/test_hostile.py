"""The real command against the hostile site, twice: every case stood, every good article whole, memory bounded."""

from __future__ import annotations

import pytest

from tests.site.hostile.crawl_twice import Examination, examine
from tests.site.hostile.grade import grade, report

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

MOST_MEMORY = 512 * 1024 * 1024  # bytes resident, of any one process


@pytest.fixture(scope="module")
def examination(tmp_path_factory: pytest.TempPathFactory) -> Examination:
    return examine(tmp_path_factory.mktemp("hostile"))


def test_both_runs_end_in_order(examination: Examination) -> None:
    for run in examination.runs.values():
        assert run.returncode in (0, 1), run.stderr[-2_000:]  # 1: some outlets cannot be crawled at all
        assert "Traceback" not in run.stderr, run.stderr[-2_000:]


def test_every_case_passes(examination: Examination) -> None:
    results = grade(examination.board.cases, examination.evidence)
    assert all(result.passed for result in results), report(results)


def test_every_good_article_is_whole(examination: Examination) -> None:
    good = [case for case in examination.board.cases if case.kind == "good"]
    results = [result for result in grade(good, examination.evidence) if result.kind == "good"]
    assert len(results) == 21
    assert all(result.passed for result in results), report(results)


def test_no_process_grows_past_the_limit(examination: Examination) -> None:
    for run in examination.runs.values():
        size, line = run.largest
        assert 0 < size <= MOST_MEMORY, f"{size / 1e6:.0f} MB: {line}"


def test_no_canary_was_connected_to(examination: Examination) -> None:
    evidence = examination.evidence
    assert [visit for visit in evidence.visits if visit.listener in evidence.canaries] == []
    assert evidence.egress == ()


def test_the_second_run_only_brings_versions_of_what_changed(examination: Examination) -> None:
    first, second = (examination.evidence.snapshots[run].tables for run in (1, 2))
    assert {row["article_id"] for row in first["articles"]} == {row["article_id"] for row in second["articles"]}
    changed = {row["url"].rsplit("/", 1)[1] for row in second["articles"] if row["version"] > 1}
    assert changed == {"changed-in-feed", "changed-in-sitemap", "changed-silently"}


def test_nothing_is_written_outside_the_given_folders(examination: Examination) -> None:
    assert examination.left_over == ()
