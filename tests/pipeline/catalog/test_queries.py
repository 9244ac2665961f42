from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog.engine import Connection, open_catalog, open_readonly, reading, sqlite_url, writing
from pipeline.catalog.queries.article import read_article, read_version
from pipeline.catalog.queries.choices import story_choices
from pipeline.catalog.queries.comparison import compare_articles
from pipeline.catalog.queries.latency import latencies
from pipeline.catalog.queries.lookup import resolve_article, resolve_story
from pipeline.catalog.queries.matrix import reuse_matrix
from pipeline.catalog.queries.overview import agencies_overview, outlets_overview
from pipeline.catalog.queries.paging import MAX_NUMBER, MAX_SIZE, Paging, page_of
from pipeline.catalog.queries.profiles import agency_profile, outlet_profile
from pipeline.catalog.queries.rejections import list_rejections
from pipeline.catalog.queries.releases import list_releases, read_release
from pipeline.catalog.queries.runs import list_runs, read_run
from pipeline.catalog.queries.state import catalog_state
from pipeline.catalog.queries.story import read_story
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryOrder, list_stories
from pipeline.catalog.queries.volumes import volumes
from pipeline.catalog.tables import outlets
from tests.catalogs import sqlite_only
from tests.pipeline.catalog.sample_catalog import START, build_catalog, fill


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("catalog")
    if request.param == "sqlite":
        build_catalog(folder).dispose()
        return sqlite_url(folder)
    found = str(request.getfixturevalue("postgresql").new_database())
    engine = open_catalog(found)
    with writing(engine) as opened:
        fill(opened)
    engine.dispose()
    return found


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    engine = open_readonly(url)
    with reading(engine) as opened:
        yield opened
    engine.dispose()


def ids(connection: Connection, order: StoryOrder = StoryOrder.NEWEST, **wanted: Any) -> list[str]:
    return [one.story_id for one in list_stories(connection, StoryFilter(**wanted), order).stories]


def test_the_newest_come_first_and_undated_ones_last(connection: Connection) -> None:
    assert ids(connection) == ["st-follow-up", "st-digest", "st-hostile", "st-library", "st-bridge", "st-ferry"]


def test_the_widest_spread_comes_first(connection: Connection) -> None:
    assert ids(connection, StoryOrder.WIDEST)[:2] == ["st-bridge", "st-library"]


def test_the_fastest_make_most_copies_per_time(connection: Connection) -> None:
    # one copy in 70 minutes against four in 25 hours
    assert ids(connection, StoryOrder.FASTEST)[:2] == ["st-library", "st-bridge"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"agency": "nakheel"}, ["st-bridge"]),
        ({"outlet": "harbour-post"}, ["st-library", "st-bridge"]),
        ({"language": "en"}, ["st-library"]),
        ({"relation": "digest_member"}, ["st-bridge"]),
        ({"credit": "credited_generic"}, ["st-bridge"]),
        ({"credit": "uncredited", "relation": "near_copy", "language": "en"}, ["st-library"]),
        ({"min_articles": 2}, ["st-library", "st-bridge"]),
        ({"min_outlets": 3}, ["st-bridge"]),
        ({"since": START + timedelta(days=1)}, ["st-follow-up"]),
        ({"until": START + timedelta(minutes=30)}, ["st-bridge"]),
        ({"agency": "nobody"}, []),
    ],
)
def test_filters(connection: Connection, wanted: dict[str, Any], expected: list[str]) -> None:
    assert ids(connection, **wanted) == expected


def test_pages_follow_each_other_and_keep_the_total(connection: Connection) -> None:
    first = list_stories(connection, StoryFilter(), page=Paging(1, 4))
    second = list_stories(connection, StoryFilter(), page=Paging(2, 4))
    assert (first.total, second.total) == (6, 6)
    assert [one.story_id for one in (*first.stories, *second.stories)] == ids(connection)


def test_a_row_counts_its_copies_by_credit_and_not_the_updates(connection: Connection) -> None:
    (row,) = list_stories(connection, StoryFilter(agency="nakheel")).stories
    assert row.credit == {"credited": 1, "credited_generic": 1, "uncredited": 1, "unknown": 1}
    assert row.relations["update_of"] == 1
    assert row.spread_seconds == 1500 * 60
    assert row.origin_outlet.name == "وكالة النخيل للأنباء"


def test_page_numbers_from_outside_are_clamped() -> None:
    assert page_of(-3, 10**9) == Paging(1, MAX_SIZE)
    assert page_of(10**9, 0) == Paging(MAX_NUMBER, 1)


def test_a_story_shows_origin_copies_and_what_links_across(connection: Connection) -> None:
    story = read_story(connection, "st-bridge")
    assert story is not None
    assert story.origin is not None
    assert story.origin.article_id == "bridge-origin"
    assert story.members[0].article_id == "bridge-origin"
    assert [one.relation for one in story.copies] == ["exact_copy", "near_copy", "abridged_copy", "extended_copy"]
    assert {one.relation for one in story.reused_by} == {"digest_member", "follow_up"}
    assert {one.story_id for one in story.reused_by} == {"st-digest", "st-follow-up"}
    assert story.reuses == ()


def test_a_digest_shows_what_it_draws_on(connection: Connection) -> None:
    story = read_story(connection, "st-digest")
    assert story is not None
    assert [(one.relation, one.story_id) for one in story.reuses] == [("digest_member", "st-bridge")]


def test_ids_are_found_after_a_merge_and_by_their_beginning(connection: Connection) -> None:
    assert resolve_story(connection, "st-bridge-early") == "st-bridge"
    assert resolve_story(connection, "st-lib") == "st-library"
    assert resolve_story(connection, "st-") is None  # too short to mean one
    assert resolve_story(connection, "st-f") is None  # two begin so
    assert resolve_article(connection, "library-o") == "library-origin"
    assert resolve_article(connection, "nothing") is None


def test_an_article_has_its_versions_captures_links_and_rejected_siblings(connection: Connection) -> None:
    view = read_article(connection, "bridge-edited")
    assert view is not None
    assert [one.version for one in view.versions] == [2, 1]
    assert view.versions[0].headline_changed
    assert view.versions[0].changed_words == 2
    assert [one.capture_id for one in view.captures] == ["cap-madina-45"]
    assert [one.origin_article_id for one in view.draws_on] == ["bridge-origin"]
    assert [one.reason for one in view.rejected] == ["too_short"]
    assert view.story_id == "st-bridge"


def test_an_earlier_version_can_be_read(connection: Connection) -> None:
    first = read_version(connection, "bridge-edited", 1)
    assert first is not None
    assert first.headline == "مرسى النخيل تفتتح جسرا"
    assert read_version(connection, "bridge-edited", 9) is None
    assert read_version(connection, "nothing", None) is None


def test_a_comparison_aligns_headline_byline_and_body(connection: Connection) -> None:
    view = compare_articles(connection, "library-origin", "library-copy")
    assert view is not None
    assert view.link is not None
    assert (view.link.copy_id, view.link.origin_id) == ("library-copy", "library-origin")
    assert view.body.added_words == 3
    assert view.headline.equal_words == 0
    assert view.right.credits == ()


def test_the_link_is_found_from_either_side_and_absent_where_there_is_none(connection: Connection) -> None:
    swapped = compare_articles(connection, "library-copy", "library-origin")
    stranger = compare_articles(connection, "library-copy", "ferry")
    assert swapped is not None and swapped.link is not None
    assert stranger is not None and stranger.link is None
    assert compare_articles(connection, "library-copy", "nothing") is None


def test_the_matrix_counts_copies_by_credit(connection: Connection) -> None:
    matrix = reuse_matrix(connection)
    assert matrix.agencies == ("nakheel", "coastwire")
    by_outlet = {row.outlet.outlet_id: row for row in matrix.rows}
    shaati = by_outlet["shaati"].cells[0]
    assert (shaati.copies, shaati.credited, shaati.uncredited, shaati.share) == (1, 1, 0, 0.5)
    assert by_outlet["madina"].cells[0].uncredited == 1
    assert by_outlet["wire-ar"].cells[0].copies == 0  # an agency does not copy itself


def test_the_matrix_can_be_narrowed(connection: Connection) -> None:
    one = reuse_matrix(connection, outlet="harbour-post")
    assert [row.outlet.outlet_id for row in one.rows] == ["harbour-post"]
    assert reuse_matrix(connection, agency="coastwire").agencies == ("coastwire",)
    early = reuse_matrix(connection, until=START + timedelta(minutes=30))
    assert {row.outlet.outlet_id for row in early.rows} == {"wire-ar", "shaati"}


def test_every_article_of_an_outlet_is_original_copied_or_credited(connection: Connection) -> None:
    view = outlets_overview(connection)
    assert sum(one.articles for one in view.outlets) == 12
    for row in view.outlets:
        assert row.articles == row.original + row.copies + row.credit_only
    madina = next(one for one in view.outlets if one.outlet.outlet_id == "madina")
    assert (madina.copies, madina.partial, madina.rejected) == (1, 1, 2)
    assert (madina.uncredited, madina.unjudged, madina.uncredited_share) == (1, 0, 1.0)
    assert madina.originality == pytest.approx(2 / 3)


def test_uncredited_copies_are_a_share_of_those_that_can_be_judged(connection: Connection) -> None:
    for row in outlets_overview(connection).outlets:
        cells = [cell for line in reuse_matrix(connection, outlet=row.outlet.outlet_id).rows for cell in line.cells]
        assert row.uncredited == sum(cell.uncredited for cell in cells)
        assert row.uncredited + row.unjudged <= row.copies
        assert (row.uncredited_share is None) == (row.copies == row.unjudged)


@pytest.mark.parametrize(
    ("total", "size", "last"), [(0, 40, 1), (1, 40, 1), (40, 40, 1), (41, 40, 2), (10**9, 1, 1000)]
)
def test_the_last_page_is_the_last_that_holds_something(total: int, size: int, last: int) -> None:
    assert Paging(7, size).last_of(total) == last


def test_agencies_say_who_runs_them(connection: Connection) -> None:
    nakheel, coast = agencies_overview(connection).agencies
    assert (nakheel.agency_id, nakheel.copies, nakheel.credited, nakheel.outlets) == ("nakheel", 4, 1, 4)
    assert [one.outlet_id for one in coast.own_outlets] == ["coast-wire"]


def test_latencies_fall_into_steps(connection: Connection) -> None:
    view = latencies(connection)
    assert view.copies == 5
    assert sum(step.copies for step in view.steps) == 5
    assert view.quartiles is not None and view.quartiles[1] == 70 * 60
    assert latencies(connection, outlet="shaati").copies == 1
    assert latencies(connection, agency="coastwire").copies == 1
    assert latencies(connection, outlet="nobody").quartiles is None


def test_volumes_count_articles_and_copies_per_day(connection: Connection) -> None:
    days = volumes(connection).days
    assert [(one.day.isoformat(), one.articles, one.copies) for one in days] == [
        ("2026-03-02", 9, 4),
        ("2026-03-03", 3, 1),
    ]
    assert volumes(connection, outlet="shaati").days[0].articles == 1


def test_profiles_of_one_outlet_and_one_agency(connection: Connection) -> None:
    outlet = outlet_profile(connection, "madina")
    assert outlet is not None
    assert outlet.row.articles == 3
    assert [cell.agency_id for cell in outlet.agencies] == ["nakheel"]
    assert [one.story_id for one in outlet.stories.stories] == ["st-bridge"]
    agency = agency_profile(connection, "nakheel")
    assert agency is not None
    assert {one.outlet.outlet_id for one in agency.outlets} == {"shaati", "madina", "ada-gazetesi", "harbour-post"}
    assert outlet_profile(connection, "nobody") is None
    assert agency_profile(connection, "nobody") is None


def test_runs_and_their_stages(connection: Connection) -> None:
    found = list_runs(connection)
    assert [one.run_id for one in found.runs] == ["run-2", "run-1"]
    assert found.last_done_at == START + timedelta(minutes=6)
    run = read_run(connection, "run-1")
    assert run is not None
    assert {one.stage for one in run.stages} == {"crawl", "extract", "dedupe", "health"}
    assert [(one.outlet.outlet_id, one.alarm) for one in found.health] == [("madina", True), ("shaati", False)]
    assert sum(one.pages for one in run.rejected) == 3
    latest = read_run(connection, "latest")
    assert latest is not None and latest.run.run_id == "run-2"
    assert read_run(connection, "nothing") is None
    assert [one.run_id for one in list_runs(connection, state="failed").runs] == ["run-2"]


def test_rejections_by_outlet_and_reason(connection: Connection) -> None:
    assert list_rejections(connection).total == 3
    narrowed = list_rejections(connection, outlet="madina", reason="too_short")
    assert [one.url for one in narrowed.rejections] == ["https://madina.example/news/45"]
    assert narrowed.counts[0].explanation == "the text is too short to be an article"
    assert list_rejections(connection, quarantined=True).total == 0
    assert list_rejections(connection, run_id="run-2").total == 0


def test_releases(connection: Connection) -> None:
    assert [one.version for one in list_releases(connection).releases] == ["2026-03-02T0806"]
    assert read_release(connection, "2026-03-02T0806") is not None
    assert read_release(connection, "../etc") is None


def test_choices_of_the_filters(connection: Connection) -> None:
    choices = story_choices(connection)
    assert choices.agencies == ("coastwire", "nakheel")
    assert choices.languages == ("ar", "en", "tr")
    assert len(choices.outlets) == 6


@sqlite_only
def test_the_state_changes_with_every_write(tmp_path: Path) -> None:
    writer = build_catalog(tmp_path)
    reader = open_readonly(sqlite_url(tmp_path))
    before = catalog_state(reader)
    assert before == catalog_state(reader)
    with writing(writer) as connection:
        connection.execute(outlets.update().values(name="anew"))
    assert catalog_state(reader) != before
    writer.dispose()
    reader.dispose()
