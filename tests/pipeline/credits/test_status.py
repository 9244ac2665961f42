from __future__ import annotations

from typing import Any

import pytest

from pipeline.credits.status import credit_status, named_agencies
from pipeline.records import Article, Credit, CreditKind, CreditPosition, CreditStatus


def article(*named: Credit, **fields: Any) -> Article:
    return Article(
        article_id="x:1",
        outlet_id="x",
        url="https://x.example/1",
        body="نص",
        fetched_at=None,
        credits=named,
        **fields,
    )


def credit(agency_id: str | None, kind: CreditKind = CreditKind.CREDIT) -> Credit:
    return Credit(agency_id=agency_id, kind=kind, position=CreditPosition.BYLINE, text="...")


GENERIC = credit(None, CreditKind.GENERIC)


@pytest.mark.parametrize(
    ("copy", "status"),
    [
        (article(credit("anadolu")), CreditStatus.CREDITED),
        (article(credit("afp"), credit("anadolu")), CreditStatus.CREDITED),
        (article(agency_id="anadolu"), CreditStatus.CREDITED),
        (article(own_agency_id="anadolu"), CreditStatus.CREDITED),
        (article(GENERIC, byline="سبق - وكالات"), CreditStatus.CREDITED_GENERIC),
        (article(GENERIC, credit("afp")), CreditStatus.CREDITED_GENERIC),
        (article(credit("afp")), CreditStatus.CREDITED_OTHER),
        (article(own_agency_id="spa"), CreditStatus.CREDITED_OTHER),
        (article(byline="سامي الحداد"), CreditStatus.UNCREDITED),
        (article(byline=""), CreditStatus.UNCREDITED),
        (article(authors=("سامي الحداد",)), CreditStatus.UNCREDITED),
        (article(capture_id="c-1"), CreditStatus.UNCREDITED),
        (article(), CreditStatus.UNKNOWN),
        (article(credit("anadolu", CreditKind.MENTION)), CreditStatus.UNKNOWN),
        (article(credit("anadolu", CreditKind.MENTION), byline="سامي الحداد"), CreditStatus.UNCREDITED),
        (article(credit("anadolu", CreditKind.PHOTO), byline="سامي الحداد"), CreditStatus.UNCREDITED),
        (article(credit("anadolu", CreditKind.SELF_REFERENCE), byline="سامي الحداد"), CreditStatus.UNCREDITED),
        (article(credit("anadolu", CreditKind.BOILERPLATE), capture_id="c-1"), CreditStatus.UNCREDITED),
    ],
)
def test_status_towards_an_anadolu_report(copy: Article, status: CreditStatus) -> None:
    assert credit_status(copy, "anadolu") is status


@pytest.mark.parametrize("copy", [article(), article(credit("afp")), article(byline="x")])
def test_without_a_known_origin_agency_nothing_can_be_said(copy: Article) -> None:
    assert credit_status(copy, None) is CreditStatus.UNKNOWN


def test_a_credit_to_agencies_is_one_whosever_the_report_is() -> None:
    assert credit_status(article(GENERIC), None) is CreditStatus.CREDITED_GENERIC


def test_named_agencies_leave_out_what_is_no_credit() -> None:
    found = named_agencies(article(credit("afp"), credit("reuters", CreditKind.PHOTO), GENERIC, own_agency_id="spa"))
    assert found == {"afp", "spa"}
