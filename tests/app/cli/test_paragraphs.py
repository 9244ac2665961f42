"""A text in paragraphs, with what releases leave out of it told apart: alone, in the terminal and in the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from rich.console import Console
from starlette.testclient import TestClient

from app.cli.show import show_article
from app.cli.show.paragraphs import LEFT_OUT, paragraphs_of
from app.web.application import create_app
from flows.article_view import view_article
from pipeline.catalog.boilerplate import store_lines
from pipeline.catalog.engine import Engine, reading, sqlite_url, writing
from pipeline.dedupe.boilerplate_lines import line_key
from tests.pipeline.catalog.sample_catalog import FOLLOW_UP, START, build_catalog

REPORT, LINE = FOLLOW_UP.split("\n")


@pytest.mark.parametrize(
    ("body", "left_out", "paragraphs"),
    [
        ("", [], [[("", False)]]),
        ("one\ntwo", [], [[("one", False)], [("two", False)]]),
        ("one\ntwo", [(3, 7)], [[("one", False)], [("two", True)]]),
        ("one\n\ntwo", [(0, 4)], [[("one", True)], [("", False)], [("two", False)]]),
        ("one two", [(3, 7)], [[("one", False), (" two", True)]]),
        ("one two three", [(0, 4), (7, 13)], [[("one ", True), ("two", False), (" three", True)]]),
        ("one\ntwo\nthree", [(1, 9)], [[("o", False), ("ne", True)], [("two", True)], [("t", True), ("hree", False)]]),
    ],
    ids=["empty", "all kept", "a line", "a line and its break", "an end", "both ends", "across lines"],
)
def test_paragraphs_in_pieces(
    body: str, left_out: list[tuple[int, int]], paragraphs: list[list[tuple[str, bool]]]
) -> None:
    assert list(paragraphs_of(body, left_out)) == paragraphs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("left-out")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    """The sample, where the last paragraph of one article is a learned line of its outlet."""
    opened = build_catalog(folder)
    line = {"outlet_id": "madina", "line_key": line_key(LINE), "line": LINE, "pages": 30, "of_pages": 30}
    with writing(opened) as connection:
        store_lines(connection, ["madina"], [line], START)
    yield opened
    opened.dispose()


def test_a_view_tells_what_no_release_has(engine: Engine) -> None:
    with reading(engine) as connection:
        view, other = view_article(connection, "follow-up"), view_article(connection, "bridge-edited")
        assert view_article(connection, "nothing") is None
    assert view is not None
    assert other is not None
    assert [view.article.body[slice(*one)] for one in view.left_out] == [f"\n{LINE}"]
    assert other.left_out == ()


def test_the_terminal_says_what_is_left_out(engine: Engine) -> None:
    file = io.StringIO()
    show_article(engine, Console(file=file, width=160, force_terminal=True, highlight=False), "follow-up")
    dim = re.compile("\x1b\\[2m\u2068(.*)\u2069\x1b\\[0m")
    assert dim.findall(file.getvalue()) == [LINE]
    assert REPORT in file.getvalue()
    assert LEFT_OUT in file.getvalue()


def test_the_page_says_what_is_left_out(engine: Engine, folder: Path) -> None:
    with TestClient(create_app(sqlite_url(folder), folder, port=8080), base_url="http://127.0.0.1:8080") as client:
        tree: Any = html.fromstring(client.get("/article?id=follow-up").text)
        assert client.get("/article.json?id=follow-up").json()["left_out"] == [[len(REPORT), len(FOLLOW_UP)]]
        assert LEFT_OUT not in client.get("/article?id=bridge-edited").text
    assert [one.text for one in tree.xpath("//article//p/span[@class='left-out']")] == [LINE]
    assert [one.text_content() for one in tree.xpath("//article/p")] == [REPORT, LINE]
    assert LEFT_OUT in tree.xpath("string(//dl)")
