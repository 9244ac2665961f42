"""A reader's way from the stories to a comparison, in both directions of text, on every kind of screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ADDRESSES = [
    "/stories", "/stories?all=1&search=جسر", "/story?id=st-bridge", "/story?id=st-hostile",
    "/article?id=bridge-edited", "/article?id=library-copy", "/compare?a=bridge-origin&b=bridge-long",
    "/compare?a=library-origin&b=library-copy", "/outlets", "/outlet?id=madina", "/agencies", "/agency?id=nakheel",
    "/matrix", "/latency", "/volumes", "/runs", "/run?id=run-1", "/rejected", "/releases", "/api",
    "/capture?id=cap-madina-45", "/nothing",
]  # fmt: skip


def keep_picture(page: Page, name: str) -> None:
    """A screenshot, where WIRECOPY_SCREENSHOTS names a folder."""
    folder = os.environ.get("WIRECOPY_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("address_of", ADDRESSES)
def test_no_page_violates_a_rule_of_access_or_runs_off_the_screen(page: Page, address_of: str) -> None:
    page.goto(address_of)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room


def test_a_reader_finds_who_copied_an_arabic_report_in_three_clicks(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="افتتاح جسر وادي الزيتون في مرسى النخيل").first.click()
    expect(page.get_by_role("heading", name="Who ran it")).to_be_visible()
    for outlet in ("صحيفة الشاطئ", "أخبار المدينة", "Ada Gazetesi", "Harbour Post"):
        expect(page.get_by_role("link", name=outlet).first).to_be_visible()
    keep_picture(page, "story")
    page.get_by_role("link", name="compare with أخبار المدينة").first.click()
    expect(page.locator("mark", has_text="خمس")).to_be_visible()
    cell = page.locator("tr.text td").first
    assert cell.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert cell.evaluate("node => getComputedStyle(node).textAlign") in ("start", "right")
    keep_picture(page, "compare")


def test_an_english_comparison_reads_from_left_to_right(page: Page) -> None:
    page.goto("/story?id=st-library")
    page.get_by_role("link", name="compare with Harbour Post").click()
    expect(page.locator("ins", has_text="Neighbours brought cake.")).to_be_visible()
    assert page.locator("tr.text td").first.evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_what_stayed_is_hidden_without_a_script(page: Page) -> None:
    page.goto("/compare?a=bridge-origin&b=bridge-long")
    rows = page.locator("tr.text:visible")
    assert rows.count() == 6
    box = page.get_by_role("checkbox", name="Only what changed")
    box.focus()
    page.keyboard.press("Space")
    assert rows.count() == 2
    expect(page.locator("ins").first).to_be_visible()
    box.uncheck()
    assert rows.count() == 6


def test_the_timeline_names_the_outlets_in_the_order_of_their_time(page: Page) -> None:
    page.goto("/story?id=st-bridge")
    names = page.locator("figure.timeline text.name")
    assert names.all_text_contents()[0] == "وكالة النخيل للأنباء"
    left = [box["x"] for mark in page.locator("figure.timeline circle").all() if (box := mark.bounding_box())]
    assert left == sorted(left)
    room = page.evaluate("window.innerWidth")
    for name in names.all():
        box = name.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= room
    size = names.first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 12  # letters keep their size on a phone


def test_a_search_shows_where_its_words_stand(page: Page) -> None:
    page.goto("/stories?search=الدرويش")
    expect(page.locator(".found mark", has_text="الدرويش")).to_be_visible()


def test_every_page_is_read_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("library")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Easterly reopens its harbour library").first.click()
    page.get_by_role("link", name="compare with Harbour Post").click()
    expect(page.locator("ins", has_text="Neighbours brought cake.")).to_be_visible()
    context.close()


def test_arabic_is_searched_as_people_type_it(page: Page) -> None:
    page.goto("/stories")
    box = page.get_by_role("searchbox")
    box.fill("الجسر وادى زيتون")
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 story")
    assert page.get_by_role("searchbox").input_value() == "الجسر وادى زيتون"


def test_arabic_letters_come_in_the_bundled_type(page: Page) -> None:
    page.goto("/article?id=bridge-origin")
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)")
    assert any("Wirecopy Naskh" in one for one in loaded)


def test_the_keyboard_reaches_content_and_shows_where_it_is(page: Page) -> None:
    page.goto("/stories")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    outline = page.get_by_role("searchbox").evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"


def test_a_hostile_headline_runs_nothing(page: Page) -> None:
    page.goto("/stories?all=1")
    page.get_by_role("link", name="<script>alert(1)</script>").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
    assert page.locator("script").count() == 0
