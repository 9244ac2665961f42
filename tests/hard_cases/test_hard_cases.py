"""Every row of the list of hard cases that folding and credits decide, through reading, naming agencies and folding.

Rows that others decide: 24 (withdrawn pages: tests/flows), 42 (pages without text: tests/pipeline/extract), 43 (one
page at several addresses: tests/pipeline/test_urls.py). Open: 18 and 19, translations are not linked, only never taken
for copies; 44, a copy of a copy is linked to the report and not to the copy; 21, the time of a live blog's entry is
unknown; 22 has its caption cases among the credits' tests, as articles files hold no captions.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.naming import name_agencies
from pipeline.agencies import bundled_agencies
from pipeline.dedupe.fold import fold
from pipeline.inputs.articles_file import read_articles
from pipeline.records import Article, Fold, Link
from pipeline.settings import Dedupe
from tests.hard_cases import copies, lookalikes
from tests.hard_cases.desk import Case

CASES = sorted([*copies.cases(), *lookalikes.cases()], key=lambda case: (case.row, case.language))
ELSEWHERE = {24, 42, 43}


def fold_case(case: Case, folder: Path) -> tuple[Fold, dict[str, Article]]:
    path = folder / "articles.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in case.articles), "utf-8")
    read = read_articles([path], read_at=datetime(2026, 1, 1, tzinfo=UTC))
    articles = [name_agencies(one, bundled_agencies(), {}) for one in read if isinstance(one, Article)]
    assert len(articles) == len(case.articles)
    return fold(articles, Dedupe()), {one.article_id: one for one in articles}


def test_every_row_has_a_case() -> None:
    assert {case.row for case in CASES} | ELSEWHERE == set(range(1, 46))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_answer(case: Case, tmp_path: Path) -> None:
    outcome, articles = fold_case(case, tmp_path)
    story_of = {member: story for story in outcome.stories for member in story.member_ids}
    link_of = {(link.article_id, link.origin_article_id): link for link in outcome.links}
    for some in case.together:
        assert len({story_of[one].story_id for one in some}) == 1
    assert len({story_of[one].story_id for one in case.apart}) == len(case.apart)
    for copy_id, origin_id, relation, status in case.links:
        link = link_of.get((copy_id, origin_id))
        assert link is not None, list(link_of)
        assert not relation or link.relation.value in relation.split("|"), link.reason
        assert not status or link.credit_status.value == status
        check_spans(link, articles)
    for pair in case.none:
        assert pair not in link_of, link_of[pair].reason
    if case.origin is not None:
        story = story_of[case.origin[0]]
        assert (story.origin_article_id, story.agency_id, story.origin_known) == case.origin
    check_figures(case, outcome)


def check_spans(link: Link, articles: dict[str, Article]) -> None:
    copy_body, origin_body = articles[link.article_id].body, articles[link.origin_article_id].body
    assert link.spans
    for span in link.spans:
        assert copy_body[span.copy_start : span.copy_end].strip()
        assert origin_body[span.origin_start : span.origin_end].strip()


def check_figures(case: Case, outcome: Fold) -> None:
    for link in outcome.links:
        if link.article_id in case.coverage:
            low, high, origin_low, origin_high = case.coverage[link.article_id]
            assert low <= link.copy_coverage <= high
            assert origin_low <= link.origin_coverage <= origin_high
        if link.article_id in case.late:
            assert link.latency_seconds == case.late[link.article_id]
