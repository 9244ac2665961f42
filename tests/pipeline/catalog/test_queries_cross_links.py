from __future__ import annotations

from pipeline.catalog.queries.cross_links import CrossLink, by_story
from pipeline.catalog.queries.names import OutletName


def link(story: str | None, article: str, coverage: float, relation: str = "follow_up") -> CrossLink:
    return CrossLink(relation, article, "origin", story, None, None, None, OutletName("o", "O"), coverage, 0.1, None,
                     "unknown", "")  # fmt: skip


def test_links_to_one_story_are_one_row_with_the_strongest_in_front() -> None:
    found = by_story(
        [
            link("s1", "a", 0.2),
            link("s2", "b", 0.4),
            link("s1", "c", 0.9, "partial_reuse"),
            link("s1", "d", 0.3),
            link(None, "e", 0.1),
            link(None, "f", 0.1),
        ]
    )
    assert [(row.strongest.article_id, row.links) for row in found] == [("c", 3), ("b", 1), ("e", 1), ("f", 1)]
    assert found[0].relations == ("partial_reuse", "follow_up")


def test_no_links_are_no_rows() -> None:
    assert by_story([]) == ()
