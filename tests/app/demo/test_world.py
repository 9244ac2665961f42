"""The texts and tables of the demo world: enough of everything, and nothing that contradicts itself."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from app.demo.expected import Expected, expected_articles, expected_rejections
from app.demo.pages import Page, build_pages
from app.demo.world import PageSpec, Report, load_world
from pipeline.reasons import Reason
from pipeline.records import CreditStatus, Relation
from tests.app.demo.conftest import NOW

WORLD = load_world()
PAGES = [page for some in build_pages(WORLD, NOW).values() for page in some]
EXPECTED = expected_articles(WORLD, NOW)


def _stories() -> dict[str, list[Expected]]:
    ordered = sorted(EXPECTED.values(), key=lambda one: one.story)
    return {key: list(some) for key, some in itertools.groupby(ordered, key=lambda one: one.story)}


def test_there_is_enough_of_everything() -> None:
    assert len(WORLD.reports) >= 18
    assert len(PAGES) >= 70
    assert len([site for site in WORLD.sites.values() if site.role == "outlet"]) >= 8
    by_language = {language: [p for p in PAGES if p.site.language == language] for language in ("ar", "en", "tr")}
    assert len(by_language["ar"]) > len(PAGES) / 2
    assert min(len(some) for some in by_language.values()) >= 10


def test_every_kind_of_announcement_is_there() -> None:
    used = {source for site in WORLD.sites.values() for source in site.sources}
    assert used == {"rss2", "rss1", "atom", "news_sitemap", "sitemap_index", "sections"}
    assert any(site.sources == ("sections",) for site in WORLD.sites.values())


@pytest.mark.parametrize("report", WORLD.reports.values(), ids=lambda report: report.key)
def test_a_report_has_the_length_of_wire_copy(report: Report) -> None:
    assert 150 <= len(report.body.split()) <= 450
    assert len(report.paragraphs) >= 7


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.site.id}-{page.made_from.id}")
def test_no_page_is_a_stub_or_keeps_a_mark(page: Page) -> None:
    text = " ".join(page.paragraphs)
    assert len(text.split()) >= 60
    assert not set("{}") & set(text + page.headline)


def test_pages_are_fresh_and_none_is_from_the_future() -> None:
    assert all(NOW - timedelta(days=2) <= page.published_at <= page.modified_at <= NOW for page in PAGES)


def test_a_copy_follows_its_report_within_a_day() -> None:
    published = {p.made_from.key: p.published_at for p in PAGES if isinstance(p.made_from, Report)}
    delays = [
        page.published_at - published[page.made_from.report]
        for page in PAGES
        if isinstance(page.made_from, PageSpec) and page.made_from.report
    ]
    assert len(delays) >= 40
    assert all(timedelta(0) < delay < timedelta(days=1) for delay in delays)


def test_paths_are_unique_and_ascii() -> None:
    assert len(EXPECTED) == len(PAGES)
    assert all(path.startswith("/") and path.isascii() and " " not in path for _, path in EXPECTED)


def test_what_is_expected_refers_to_pages_that_exist() -> None:
    for expected in EXPECTED.values():
        for link in expected.links:
            assert link.origin in EXPECTED
            assert link.origin != (expected.outlet_id, expected.path)


def test_links_inside_a_story_and_across_stories_agree_with_the_stories() -> None:
    for expected in EXPECTED.values():
        for link in expected.links:
            same_story = EXPECTED[link.origin].story == expected.story
            assert {relation.within_story for relation in link.relations} == {same_story}


def test_every_relation_and_credit_status_occurs() -> None:
    links = [link for expected in EXPECTED.values() for link in expected.links]
    assert {relation for link in links for relation in link.relations} == set(Relation)
    assert {one for link in links for one in link.credit_statuses} == set(CreditStatus)
    first = {link.credit_statuses[0] for link in links if link.credit_statuses}
    assert first == set(CreditStatus) - {CreditStatus.UNKNOWN}


def test_most_reports_were_run_and_some_texts_stand_alone() -> None:
    sizes = {key: len(some) for key, some in _stories().items()}
    assert sum(size >= 2 for size in sizes.values()) >= 20
    assert max(sizes.values()) >= 4
    assert sum(size == 1 for key, size in sizes.items() if ":" in key) >= 8


def test_templates_and_follow_ups_are_stories_of_their_own() -> None:
    stories = set(_stories())
    assert {
        "ar-weather-1",
        "ar-weather-2",
        "ar-cable-malta",
        "ar-cable-verde",
        "ar-floods",
        "ar-floods-day2",
    } <= stories


def test_the_same_moment_gives_the_same_world() -> None:
    again = [page for some in build_pages(WORLD, NOW).values() for page in some]
    assert again == PAGES


def test_the_correction_changes_one_page() -> None:
    later = [page for some in build_pages(WORLD, NOW, NOW + timedelta(minutes=1)).values() for page in some]
    changed = [(old, new) for old, new in zip(PAGES, later, strict=True) if old != new]
    assert len(changed) == 1
    old, new = changed[0]
    assert old.path == new.path
    assert old.published_at == new.published_at < new.modified_at
    assert "3 أشخاص" in old.headline
    assert "7 أشخاص" in new.headline
    assert not any("3 أشخاص" in paragraph for paragraph in new.paragraphs)


def test_rejections_name_known_reasons() -> None:
    rejections = expected_rejections(WORLD)
    assert len(rejections) >= 3
    assert {reason for one in rejections for reason in one.reasons} <= set(Reason)
