"""A copy of a day without an hour counts as of its first moment: nothing says that it came hours before the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from pipeline.catalog.engine import Connection, writing
from pipeline.catalog.queries.comparison import compare_articles
from pipeline.catalog.queries.cross_links import article_links
from pipeline.catalog.queries.latency import latencies
from pipeline.catalog.queries.story import known_latencies, read_story
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryOrder, StoryRow, list_stories
from pipeline.catalog.tables import articles, links
from tests.pipeline.catalog.sample_catalog import build_catalog

HOURS_BEFORE = -9 * 3_600


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = build_catalog(tmp_path)
    with writing(engine) as connection:
        for article_id in ("bridge-exact", "bridge-long"):
            connection.execute(
                update(articles).where(articles.c.article_id == article_id).values(published_precision="day")
            )
        connection.execute(
            update(links).where(links.c.article_id == "bridge-exact").values(latency_seconds=HOURS_BEFORE)
        )
        yield connection
    engine.dispose()


def bridge(connection: Connection, order: StoryOrder = StoryOrder.NEWEST) -> StoryRow:
    found = list_stories(connection, StoryFilter(), order)
    return next(one for one in found.stories if one.story_id == "st-bridge")


def test_no_view_says_hours_of_a_day(connection: Connection) -> None:
    story = read_story(connection, "st-bridge")
    assert story is not None
    said = {one.article_id: one.latency_seconds for one in story.members}
    assert said["bridge-exact"] is None
    assert said["bridge-edited"] == 45 * 60
    assert known_latencies(story.members)["bridge-exact"] is None
    drawing, _ = article_links(connection, "bridge-exact")
    _, drawn = article_links(connection, "bridge-origin")
    assert [one.latency_seconds for one in drawing] == [None]
    assert {one.article_id: one.latency_seconds for one in drawn}["bridge-short"] == 200 * 60
    compared = compare_articles(connection, "bridge-origin", "bridge-exact")
    assert compared is not None
    assert compared.link is not None
    assert compared.link.latency_seconds is None


def test_figures_leave_it_out_and_count_it_as_not_known(connection: Connection) -> None:
    view = latencies(connection, agency="nakheel")
    assert view.steps[0].label == "before"
    assert view.steps[0].copies == 0
    assert (view.copies, view.unknown) == (2, 2)
    assert bridge(connection).spread_seconds == 200 * 60
    assert bridge(connection, StoryOrder.FASTEST).spread_seconds == 200 * 60


def test_a_day_that_the_report_states_says_no_hours_either(connection: Connection) -> None:
    connection.execute(
        update(articles).where(articles.c.article_id == "bridge-origin").values(published_precision="day")
    )
    assert latencies(connection, agency="nakheel").copies == 0
    assert bridge(connection).spread_seconds is None


def test_the_catalog_keeps_what_was_measured(connection: Connection) -> None:
    kept = select(links.c.latency_seconds).where(links.c.article_id == "bridge-exact")
    assert connection.execute(kept).scalar_one() == HOURS_BEFORE
