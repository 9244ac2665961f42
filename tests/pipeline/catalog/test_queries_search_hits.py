from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from pipeline.catalog.engine import reading
from pipeline.catalog.queries.search_hits import WORDS_AFTER, WORDS_BEFORE, Passage, passage
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import list_stories
from pipeline.catalog.search_words import asked_words
from tests.pipeline.catalog.sample_catalog import build_catalog


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder: Path = tmp_path_factory.mktemp("hits")
    engine = build_catalog(folder)
    with reading(engine) as opened:
        yield opened
    engine.dispose()


def test_words_that_stand_in_the_text_only_are_shown_with_their_line(connection: Connection) -> None:
    (story,) = list_stories(connection, StoryFilter(search="الحافلات الدرويش")).stories
    assert story.found_in is not None
    assert story.found_in.article_id == "bridge-origin"  # the origin where it holds them
    assert [one.text for one in story.found_in.passages if one.found] == ["حافلات"]


def test_a_word_of_a_copy_alone_leads_to_the_copy(connection: Connection) -> None:
    (story,) = list_stories(connection, StoryFilter(search="فيضان")).stories
    assert story.found_in is not None
    assert (story.found_in.article_id, story.found_in.outlet.name) == ("bridge-long", "Harbour Post")


def test_words_of_the_headline_need_no_line(connection: Connection) -> None:
    for asked in ("افتتاح جسر", "وادى الزيتون"):
        stories = list_stories(connection, StoryFilter(search=asked, min_articles=2)).stories
        assert [one.found_in for one in stories] == [None]
    assert all(one.found_in is None for one in list_stories(connection, StoryFilter()).stories)


def test_a_passage_is_short_and_marks_every_word_asked_for() -> None:
    body = " ".join(f"w{n}" for n in range(40)) + " harbour keeper " + " ".join(f"v{n}" for n in range(40))
    made = passage(body, asked_words("keepe v3"))
    assert [one.text for one in made if one.found] == ["keeper", "v3"]
    assert sum(len(one.text.split()) for one in made) <= WORDS_BEFORE + WORDS_AFTER + 1


def test_a_word_that_the_text_lacks_gives_no_passage() -> None:
    assert passage("the harbour", asked_words("byline")) == ()


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_any_text_and_any_words(body: str, asked: str) -> None:
    words = asked_words(asked)
    if words:
        made = passage(body, words)
        assert all(isinstance(one, Passage) and one.text for one in made)
        assert not made or any(one.found for one in made)
