from __future__ import annotations

import pytest

from pipeline.catalog.queries.origin_words import explain_origin


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("agency_page agency=spa credited_by=9", "it stands on the agency's own site; 9 copies credit spa"),
        ("agency_page agency=spa credited_by=1", "it stands on the agency's own site; 1 copy credits spa"),
        ("agency_page agency=spa credited_by=0", "it stands on the agency's own site"),
        (
            "earliest_published agency=wam credited_by=2 of=8",
            "it was published first of those that were crawled; 2 of 8 articles credit wam",
        ),
        ("only_article", "it is the only article"),
        ("words of another version", "words of another version"),
        ("", ""),
    ],
)
def test_a_reason_reads_as_a_sentence(reason: str, said: str) -> None:
    assert explain_origin(reason) == said
