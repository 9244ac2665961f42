"""Digests of two outlets: copies of one another, or made of the same reports."""

from __future__ import annotations

import pytest

from pipeline.dedupe.digest_copies import joinable
from pipeline.dedupe.verified import Verified

FIRST, SECOND = 0xFFFFFFFF00000000, 0x00000000FFFFFFFF


def holding(digest: str, report: str, mask: int, lead: float = 1.0) -> Verified:
    """Half of a digest is the beginning of a report."""
    return Verified(digest, report, -2.0, 0.1, 0.2, 0.0, 0.0, None, 0.5, 0.3, 0.5, lead, mask, mask, 30)


def both(cover: float = 1.0) -> Verified:
    """Two digests of which one lies in the other."""
    return Verified("d", "e", 3.0, 0.9, 0.2, 0.0, 0.0, None, cover, 0.6, 1.0, 1.0, FIRST | SECOND, FIRST | SECOND, 60)


@pytest.mark.parametrize(
    ("other", "are_copies"),
    [
        ([holding("e", "x", FIRST), holding("e", "y", SECOND)], True),
        ([holding("e", "x", SECOND), holding("e", "y", FIRST)], False),
        ([holding("e", "x", SECOND), holding("e", "y", SECOND)], True),
        ([holding("e", "x", SECOND), holding("e", "y", FIRST, lead=0.2)], True),
        ([], True),
    ],
    ids=["one order", "another order", "no order", "of one a phrase", "of other reports"],
)
def test_digests_of_the_same_reports_in_another_order_are_no_copies(other: list[Verified], are_copies: bool) -> None:
    mine = [holding("d", "x", FIRST), holding("d", "y", SECOND)]
    joined = joinable([*mine, *other, both()], {"d", "e"})
    assert joined == ([both()] if are_copies else [])
    assert joinable([*mine, *other, both()][::-1], {"e", "d"}) == joined


def test_what_joins_is_no_digest_or_lies_in_one() -> None:
    plain = holding("x", "y", FIRST)
    assert joinable([plain, holding("d", "x", FIRST)], {"d"}) == [plain]
    assert joinable([both(cover=0.8)], {"d", "e"}) == []
    assert joinable([both(cover=0.8)], set()) == [both(cover=0.8)]
