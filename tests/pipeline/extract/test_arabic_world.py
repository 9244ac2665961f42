"""Twelve invented Arabic sites, each page drawn with its own date, credit and furniture: what is right of them all."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from flows.naming import name_agencies
from pipeline.agencies import load_agencies
from pipeline.extract.page import extract_page
from pipeline.records import Article
from tests.site.arabic.printed import STYLES
from tests.site.arabic.world import FETCHED_AT, TEMPLATES, Sample, make_sample, read_date

PAGES = 10  # of each template
CONFIG = Path(__file__).parents[3] / "config"


@cache
def samples(template: str) -> list[tuple[Sample, Article]]:
    agencies = load_agencies(CONFIG)
    read = []
    for number in range(PAGES):
        sample = make_sample(template, number)
        article = extract_page(
            sample.payload,
            url=sample.url,
            content_type=sample.content_type,
            outlet=sample.outlet,
            hints=None,
            fetched_at=FETCHED_AT,
            truncated=None,
        )
        assert isinstance(article, Article), (sample.name, article)
        read.append((sample, name_agencies(article, agencies, {sample.outlet.id: sample.outlet})))
    return read


def token_f1(found: list[str], wanted: list[str]) -> float:
    ours, theirs = Counter(" ".join(found).split()), Counter(" ".join(wanted).split())
    return 2 * sum((ours & theirs).values()) / (sum(ours.values()) + sum(theirs.values()))


@pytest.mark.parametrize("template", TEMPLATES)
def test_body(template: str) -> None:
    scores = {}
    for sample, article in samples(template):
        # Whether the label that names the source belongs to the text is a matter of taste.
        found = [line for line in article.body.split("\n") if line != sample.source]
        scores[sample.name] = token_f1(found, [line for line in sample.body if line != sample.source])
    assert sum(scores.values()) / len(scores) >= 0.995, scores
    assert min(scores.values()) >= 0.97, scores


@pytest.mark.parametrize("template", TEMPLATES)
def test_headline(template: str) -> None:
    assert [article.headline for _, article in samples(template)] == [one.headline for one, _ in samples(template)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_day(template: str) -> None:
    for sample, article in samples(template):
        assert article.published_at is not None, sample.name
        zone = sample.outlet.zone
        assert article.published_at.astimezone(zone).date() == sample.published_at.astimezone(zone).date(), sample.name


@pytest.mark.parametrize("template", TEMPLATES)
def test_agency(template: str) -> None:
    for sample, article in samples(template):
        assert article.agency_id == sample.agency_id, (sample.name, article.byline, article.dateline)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_date_is_read_to_the_day(style: str) -> None:
    for month in range(1, 13):
        printed, expected = read_date(style, month)
        assert printed == expected, (style, month)


def test_paragraphs_come_in_order() -> None:
    for template in TEMPLATES:
        for sample, article in samples(template):
            lines = article.body.split("\n")
            spots = [lines.index(line) for line in sample.body if line in lines]
            assert spots == sorted(spots), sample.name
