from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalog import search
from pipeline.catalog.engine import Connection, open_catalog, reading, sqlite_url, writing
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import list_stories
from pipeline.catalog.search import ensure_search, index_articles, is_capped, matching_articles
from pipeline.catalog.search_words import MAX_QUERY_WORDS, asked_words, stored_words
from pipeline.catalog.tables import articles
from tests.pipeline.catalog.sample_catalog import build_catalog, fill

POSTGRES = pytest.param("postgresql", marks=pytest.mark.server)


@pytest.fixture(scope="module", params=["sqlite", POSTGRES])
def connection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("search")
    if request.param == "sqlite":
        engine = build_catalog(folder)
    else:
        engine = open_catalog(request.getfixturevalue("postgresql").new_database())
        with writing(engine) as opened:
            fill(opened)
    with writing(engine) as opened:
        yield opened
    engine.dispose()


def found(connection: Connection, asked: str) -> list[str]:
    return sorted(connection.execute(matching_articles(connection, asked)).scalars())


@pytest.mark.parametrize(
    "asked",
    [
        "جسر وادي الزيتون",  # as written
        "جِسْر وادى الزيتون",  # with marks, ya for alef maqsura
        "جســر الزيتون",  # stretched
        "الجسر زيتون",  # with and without the article
        "زيتو وادي جسر",  # the beginning of a word
        "جسر \u200f\u202eوادي\u200f الزيتون",  # invisible marks pasted along
    ],
)
def test_arabic_is_found_as_people_type_it(connection: Connection, asked: str) -> None:
    assert "bridge-origin" in found(connection, asked)
    assert "library-origin" not in found(connection, asked)


def test_attached_particles_do_not_hide_a_word(connection: Connection) -> None:
    # the text has «وأن البلدية» and «بلدية»; «ضفتي» with its preposition before it
    assert "bridge-origin" in found(connection, "البلدية")
    assert "bridge-origin" in found(connection, "بلدية")
    assert "follow-up" in found(connection, "افتتاح")  # the text has «افتتاحه»


def test_turkish_letters_fold_and_case_does_not_matter(connection: Connection) -> None:
    assert found(connection, "YESILADA ruzgar") == ["ferry"]


def test_every_word_is_asked_for(connection: Connection) -> None:
    assert found(connection, "harbour bridge") == []
    assert found(connection, "harbour library") == ["library-copy", "library-origin"]


def test_bylines_are_searched_too(connection: Connection) -> None:
    assert found(connection, "سعاد الغزال") == ["bridge-edited"]


@pytest.mark.parametrize("asked", ["", "   ", "«»!?…", "\u202e", "'\"*:()", "\0"])
def test_nothing_asked_finds_nothing(connection: Connection, asked: str) -> None:
    assert found(connection, asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        '" OR 1=1 --',
        "harbour* NOT library",
        "NEAR(harbour library)",
        "words : harbour",
        "{harbour}^2",
        "a & !b | (c",
        "'; DROP TABLE articles; --",
    ],
)
def test_the_index_own_language_is_only_words(connection: Connection, asked: str) -> None:
    assert isinstance(found(connection, asked), list)
    assert connection.execute(articles.select().limit(1)).first() is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=st.text(max_size=60))
def test_no_text_breaks_a_search(connection: Connection, asked: str) -> None:
    assert isinstance(found(connection, asked), list)


def test_what_did_not_change_is_not_indexed_again(connection: Connection) -> None:
    assert index_articles(connection, ["ferry", "digest", "no such article"]) == 0


def test_a_changed_article_is_found_by_its_new_words_only(connection: Connection) -> None:
    where = articles.c.article_id == "digest"
    old = connection.execute(articles.select().where(where)).mappings().one()["body"]
    connection.execute(articles.update().where(where).values(body="Kestrel feathers everywhere."))
    assert index_articles(connection, ["digest"]) == 1
    assert found(connection, "kestrel") == ["digest"]
    assert "digest" not in found(connection, "الأمطار")
    connection.execute(articles.update().where(where).values(body=old))
    index_articles(connection, ["digest"])
    assert found(connection, "kestrel") == []
    assert "digest" in found(connection, "الأمطار")


def test_stories_are_found_by_any_of_their_articles(connection: Connection) -> None:
    stories = list_stories(connection, StoryFilter(search="سبعة أعوام حكاية")).stories
    assert [one.story_id for one in stories] == ["st-bridge"]  # a copy's headline


def test_too_common_words_are_bounded_and_say_so(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_MATCHES", 3)
    assert 0 < len(found(connection, "جسر")) <= 3  # postings of replaced documents count, too
    assert is_capped(connection, "جسر")
    assert list_stories(connection, StoryFilter(search="جسر")).search_capped
    assert not is_capped(connection, "feribot")


def test_the_index_is_made_once(connection: Connection) -> None:
    ensure_search(connection)
    ensure_search(connection)
    assert found(connection, "feribot") == ["ferry"]


def test_a_catalog_without_an_index_finds_nothing(tmp_path: Path) -> None:
    engine = open_catalog(sqlite_url(tmp_path))
    with reading(engine) as opened:
        assert found(opened, "anything") == []
        assert not is_capped(opened, "anything")
    engine.dispose()


def test_words_of_a_search_are_bounded() -> None:
    assert len(asked_words(" ".join(f"w{number}" for number in range(500)))) == MAX_QUERY_WORDS
    assert asked_words("x" * 10_000)[0][0] == "x" * 60


def test_stored_words_hold_each_word_and_its_stem() -> None:
    assert stored_words("والمدينة") == {"والمدينه", "مدينه"}
    assert stored_words("لو كان") == {"لو", "كان"}  # too short to be a particle and a word
