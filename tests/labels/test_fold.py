"""A fold of the labelled articles agrees with their labels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flows.naming import name_agencies
from pipeline.agencies import bundled_agencies
from pipeline.dedupe.fold import fold
from pipeline.evaluate import evaluate
from pipeline.inputs.articles_file import read_articles
from pipeline.records import Article
from pipeline.settings import Dedupe, Thresholds

FOLDER = Path(__file__).parent


def read() -> list[Article]:
    """The labelled articles; outlets anadolu-* are the agency's own sites."""
    found = read_articles([FOLDER / "articles.jsonl"], read_at=datetime(2026, 1, 1, tzinfo=UTC))
    named = [name_agencies(one, bundled_agencies(), {}) for one in found if isinstance(one, Article)]
    return [
        replace(one, own_agency_id="anadolu", agency_id="anadolu") if one.outlet_id.startswith("anadolu-") else one
        for one in named
    ]


def test_the_fold_agrees_with_the_labels() -> None:
    outcome = fold(read(), Dedupe())
    story_of = {member: story.story_id for story in outcome.stories for member in story.member_ids}
    found = evaluate(FOLDER, story_of, outcome.links)
    assert found.missing_articles == 0
    assert found.pairs is not None and found.pairs.f1 >= 0.99
    assert found.neighbours is not None and found.neighbours.f1 == 1.0
    assert found.templates is not None and found.templates.ari == 1.0
    relations = found.relations
    assert relations is not None
    assert relations.right_story == relations.rows
    # Not linked: next-day reports in Turkish that share one sentence of eight words.
    assert relations.right_relation >= relations.rows - 4
    assert relations.credit_right == relations.credit_labelled


def test_a_higher_threshold_merges_less_and_a_lower_one_more() -> None:
    counts = [len(fold(read(), Dedupe(thresholds=Thresholds(same_report=least))).stories) for least in (-3, 0, 4, 10)]
    assert counts == sorted(counts)
    assert len(set(counts)) == 4
