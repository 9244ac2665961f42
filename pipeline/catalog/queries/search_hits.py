"""Where the words of a search stand: a line of the text for stories whose headline does not hold them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.search import matching_articles
from pipeline.catalog.search_words import asked_words, word_forms
from pipeline.catalog.tables import articles
from pipeline.normalise import split_words

WORDS_BEFORE, WORDS_AFTER = 7, 14
# Bodies are read up to here; a match further down is shown without its line.
MAX_WORDS = 4_000
MAX_ARTICLES = 2_000
_WORD = re.compile(r"\S+")
Asked = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive words; found: they were asked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article of a story that holds the words, and the passage around the most telling of them."""

    article_id: str
    outlet: OutletName
    language: str | None
    passages: tuple[Passage, ...]


def search_hits(
    connection: Connection, search: str, headlines: Mapping[str, str | None], origins: Mapping[str, str]
) -> dict[str, SearchHit]:
    """story -> a hit, for those stories (given with headline and origin) whose headline lacks one of the words."""
    asked = asked_words(search)
    wanted = [story_id for story_id, headline in headlines.items() if not _holds(headline, asked)]
    if not asked or not wanted:
        return {}
    columns = articles.c
    found = connection.execute(
        select(columns.story_id, columns.article_id)
        .where(columns.story_id.in_(wanted), columns.article_id.in_(matching_articles(connection, search)))
        .order_by(columns.window_at.asc().nulls_last(), columns.article_id)
        .limit(MAX_ARTICLES)
    ).all()
    chosen: dict[str, str] = {}
    for story_id, article_id in found:
        if article_id == origins.get(story_id):
            chosen[story_id] = article_id
        else:
            chosen.setdefault(story_id, article_id)
    names = outlet_names(connection)
    rows = connection.execute(
        select(columns.story_id, columns.article_id, columns.outlet_id, columns.language, columns.body).where(
            columns.article_id.in_(chosen.values())
        )
    )
    return {
        row.story_id: SearchHit(row.article_id, names[row.outlet_id], row.language, passage(row.body, asked))
        for row in rows
    }


def passage(body: str, asked: Asked) -> tuple[Passage, ...]:
    """The words around the first place of the longest word asked for; nothing where only the byline holds it."""
    telling = max(asked, key=lambda group: len(group[0]))
    kept: list[str] = []
    place = None
    for number, match in enumerate(_WORD.finditer(body)):
        if number >= MAX_WORDS or (place is not None and number > place + WORDS_AFTER):
            break
        kept.append(match.group())
        if place is None and _is_one(match.group(), (telling,)):
            place = number
    if place is None:
        return ()
    words = kept[max(0, place - WORDS_BEFORE) :]
    passages: list[Passage] = []
    for word in words:
        hit = _is_one(word, asked)
        if passages and passages[-1].found == hit:
            passages[-1] = Passage(f"{passages[-1].text} {word}", hit)
        else:
            passages.append(Passage(word, hit))
    return tuple(passages)


@lru_cache(maxsize=65_536)  # a language's words recur
def _forms(printed: str) -> tuple[str, ...]:
    """What the words between two spaces are found by."""
    return tuple(form for part in split_words(printed) for form in word_forms(part))


def _is_one(printed: str, asked: Asked) -> bool:
    """The printed word is one of those asked for, or begins so."""
    forms = _forms(printed)
    return any(_counts_as(form, group) for form in forms for group in asked)


def _counts_as(form: str, group: tuple[str, ...]) -> bool:
    # One letter stands for itself; as a beginning it would be half the catalog.
    return form.startswith(group) if len(group[0]) > 1 else form in group


def _holds(text: str | None, asked: Asked) -> bool:
    forms = [form for printed in (text or "").split() for form in _forms(printed)]
    return all(any(_counts_as(form, group) for form in forms) for group in asked)
