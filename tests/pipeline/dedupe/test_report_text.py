"""What folding sees of a body: no credits where they stand alone, no footers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.dedupe.report_text import report_text
from pipeline.records import Article, Credit, CreditKind, CreditPosition

REPORT = "Yoğun sis sabah saatlerinde köprüyü kapattı.\nTrafik öğleye doğru açıldı."
FOOTER = (
    "Bu bölümde Anadolu Ajansı, İHA, DHA tarafından geçilen tüm haberler ajanslardan geldiği gibi yer almaktadır, "
    "sorumlusu onlardır."
)
TAG = "(AA)"


@pytest.mark.parametrize(
    ("body", "credit", "left"),
    [
        (f"{REPORT}\n{FOOTER}", Credit("anadolu", CreditKind.BOILERPLATE, CreditPosition.TAIL, FOOTER), REPORT),
        (FOOTER, Credit("anadolu", CreditKind.BOILERPLATE, CreditPosition.TAIL, FOOTER), ""),
        (f"{REPORT} {TAG}", Credit("anadolu", CreditKind.CREDIT, CreditPosition.TAIL, TAG), REPORT),
        (
            f"{TAG} {REPORT} {TAG}",
            Credit("anadolu", CreditKind.CREDIT, CreditPosition.DATELINE, TAG),
            f"{REPORT} {TAG}",
        ),
        (TAG, Credit("anadolu", CreditKind.CREDIT, CreditPosition.TAIL, TAG), TAG),
        (f"{REPORT} {TAG}", Credit("anadolu", CreditKind.MENTION, CreditPosition.TAIL, TAG), f"{REPORT} {TAG}"),
        (f"{REPORT} {TAG}", Credit("anadolu", CreditKind.CREDIT, CreditPosition.BYLINE, TAG), f"{REPORT} {TAG}"),
    ],
    ids=[
        "a footer longer than the report",
        "a footer alone",
        "a closing tag",
        "a dateline is the first",
        "a tag alone is all that the article says",
        "a mention is text",
        "a byline stands elsewhere",
    ],
)
def test_what_is_left_of_a_body(body: str, credit: Credit, left: str) -> None:
    seen = report_text(Article("a", "o", "", body, datetime(2026, 3, 1, tzinfo=UTC), credits=(credit,)), frozenset())
    assert len(seen) == len(body), "every other character keeps its place"
    assert seen.strip() == left
