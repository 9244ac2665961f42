"""The project's own labels are sound, and credits found in their texts agree with them."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.credits.find import credited_agency, find_credits
from pipeline.credits.status import credit_status
from pipeline.evaluate import evaluate
from pipeline.evaluate.labels import read_labels
from pipeline.records import Article, CreditStatus, Link, Relation

FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def articles() -> dict[str, Article]:
    """The labelled articles as they would stand in the catalog."""
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (FOLDER / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    found = {}
    for row in rows:
        own = "anadolu" if row["outlet_id"].startswith("anadolu-") else None
        named = find_credits(byline=row["byline"], body=row["body"], own_agency_id=own)
        found[row["article_id"]] = Article(
            row["article_id"],
            row["outlet_id"],
            row["url"],
            row["body"],
            None,
            byline=row["byline"],
            language=row["language"],
            credits=named,
            agency_id=credited_agency(named, own),
            own_agency_id=own,
        )
    assert len(found) == len(rows)
    return found


def test_every_labelled_article_is_there_and_every_language_has_its_share() -> None:
    labels = read_labels(FOLDER)
    assert labels.article_ids() <= articles().keys()
    languages = Counter(article.language for article in articles().values())
    assert languages.keys() == {"ar", "en", "tr"}
    assert min(languages.values()) >= 20
    assert labels.pairs is not None
    assert len(labels.pairs) >= 60


def test_every_relation_and_credit_status_occurs() -> None:
    relations = read_labels(FOLDER).relations or ()
    assert {row.relation for row in relations} == {*Relation, None}
    assert {row.credit_status for row in relations} == {*CreditStatus, None}


CREDITED = [row for row in read_labels(FOLDER).relations or () if row.credit_status is not None]


@pytest.mark.parametrize("row", CREDITED, ids=lambda row: row.article_id)
def test_credit_status_as_labelled(row: Any) -> None:
    copy, origin = articles()[row.article_id], articles()[row.origin_article_id]
    assert origin.agency_id == "anadolu"
    assert credit_status(copy, origin.agency_id) is row.credit_status


def test_a_perfect_answer_scores_one() -> None:
    labels = read_labels(FOLDER)
    stories = {article_id: article_id for article_id in articles()}
    links = []
    for row in labels.relations or ():
        if row.relation is None:
            continue
        if row.relation.within_story:
            stories[row.article_id] = row.origin_article_id
        status = row.credit_status or CreditStatus.UNKNOWN
        links.append(
            Link("s", row.article_id, row.origin_article_id, row.relation, 1, 1, 1, None, status, (), "label", "label")
        )
    for label in labels.templates or ():
        stories[label.article_id] = label.story
    found = evaluate(labels, stories, links)
    assert found.missing_articles == 0
    assert found.pairs is not None
    assert found.neighbours is not None
    assert found.templates is not None
    assert found.relations is not None
    assert found.pairs.f1 == found.neighbours.f1 == found.templates.ari == 1.0
    assert found.relations.right_story == found.relations.rows
    assert all(count.f1 == 1.0 for count in found.relations.by_relation.values())
    assert found.relations.credit_right == found.relations.credit_labelled
