"""A page as blocks, and what of its tree holds no text of an article."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement, fromstring

from pipeline.extract.split import split_blocks
from tests.pipeline.extract.pages import BODY, LINES, article, page

TEXT = "".join(f"<div>{line}</div>" for line in LINES)
TITLES = ("سيول تقطع الطريق بين الواحة والساحل", "مزاد للإبل في الوادي يسجل أرقاما", "افتتاح مرصد على تلة المدينة")


def links(*dates: str) -> str:
    """Linked titles, with what stands beside them."""
    each = [f"<div><a href='/{at}'>{title}</a></div>" for at, title in enumerate(TITLES)]
    return "".join(title + "".join(f"<div>{date}</div>" for date in dates) for title in each)


def left_out(markup: str) -> list[str | None]:
    """Ids of the elements that are left out."""
    tree: HtmlElement = fromstring(f"<html><body>{markup}</body></html>")
    page = split_blocks(tree)
    return [element.get("id") for element in (*page.hollow, *page.lists)]


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        pytest.param(links(), True, id="titles"),
        pytest.param(links("3 مايو", "رياضة"), True, id="titles with date and section"),
        pytest.param(f"<ul><li>{links()}</li></ul><p>{TITLES[0]}</p>", True, id="some of it is no link"),
        pytest.param("".join(f"<p>{title}</p>" for title in TITLES), False, id="no links"),
        pytest.param(links() + f"<p>{LINES[0]}</p>", False, id="running text among them"),
        pytest.param(f"<p><a href='/1'>{TITLES[0]}</a></p><p>3 مايو</p>", False, id="a title and its date"),
        pytest.param("<div></div><p> </p>", True, id="nothing"),
        pytest.param("<div><a href='/1'></a></div>", False, id="a link without a word"),
        pytest.param("<div><time datetime='2026-05-03'></time></div>", False, id="a date for machines"),
    ],
)
def test_lists_of_links_and_empty_boxes_are_left_out(inner: str, wanted: bool) -> None:
    assert ("box" in left_out(f"{TEXT}<div id='box'>{inner}</div>")) is wanted


def test_of_lists_in_lists_the_outermost_is_left_out() -> None:
    assert left_out(f"{TEXT}<div id='outer'><ul id='inner'><li>{links()}</li></ul></div>") == ["outer"]


def test_lists_of_links_stay_where_nothing_else_stands() -> None:
    assert left_out(f"<div id='box'>{links()}</div>") == []


def test_a_list_of_links_inside_a_text_whose_boxes_have_no_names() -> None:
    text = [f"<div>{line}</div>" for line in LINES]
    text.insert(2, f"<div>{links('3 مايو', 'رياضة')}</div>")
    assert article(page(inner=f"<div>{''.join(text)}</div><div>{links('3 مايو')}</div>")).body == BODY
