"""What a release has of a body, and where the spans of links lie in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.release_texts import ReleaseTexts
from pipeline.dedupe.boilerplate_lines import line_key
from pipeline.records import Article, Credit, CreditKind, CreditPosition, CreditStatus, Link, Relation, Span

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
REPORT = "افتتحت بلدية الواحة حديقة جديدة.\nوحضر الحفل عدد من الأهالي."
FOOT, TAG = "تصدر المدى كل صباح", "الواحة - الأناضول"
KEYS = {"mada": frozenset(map(line_key, (FOOT, TAG)))}
CREDIT = Credit("anadolu", CreditKind.CREDIT, CreditPosition.TAIL, TAG)


def article(body: str, *credits_: Credit, outlet: str = "mada", capture: str | None = "c1") -> Article:
    return Article(outlet, outlet, "", body, AT, capture_id=capture, credits=credits_)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (article(f"{FOOT}\n{REPORT}\n{FOOT}"), REPORT),
        (article(f"{REPORT}\n{TAG}\n{FOOT}", CREDIT), f"{REPORT}\n{TAG}"),
        (article(f"{REPORT}\n{TAG}", replace(CREDIT, kind=CreditKind.BOILERPLATE)), REPORT),
        (article(f"{REPORT}\n{FOOT}", capture=None), f"{REPORT}\n{FOOT}"),
        (article(f"{REPORT}\n{FOOT}", outlet="shams"), f"{REPORT}\n{FOOT}"),
        (article(FOOT), FOOT),
    ],
    ids=[
        "learned lines",
        "a credit stays",
        "an agency's footer goes",
        "given as it is",
        "of another outlet",
        "all of it",
    ],
)
def test_bodies_as_released(given: Article, left: str) -> None:
    assert ReleaseTexts(KEYS).article(given) == replace(given, body=left)


def test_spans_lie_in_the_bodies_that_are_released() -> None:
    copy, origin = article(f"{FOOT}\n{REPORT}"), article(REPORT, outlet="shams")
    first = len(FOOT) + 1
    spans = (Span(first, len(copy.body), 0, len(REPORT)), Span(0, len(FOOT), 0, 5))
    link = Link(
        "s1", "mada", "shams", Relation.NEAR_COPY, 1.0, 1.0, 1.0, 0, CreditStatus.UNCREDITED, spans, "near_copy", "m"
    )
    texts = ReleaseTexts(KEYS)
    assert texts.article(copy).body == texts.article(origin).body == REPORT
    assert texts.link(link).spans == (Span(0, len(REPORT), 0, len(REPORT)),), "the second was of what is left out"
    assert texts.link(replace(link, article_id="shams", spans=())) == replace(link, article_id="shams", spans=())
