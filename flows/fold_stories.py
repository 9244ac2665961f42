"""The last step of a large fold: the stories that begin in a partition, and the links of its articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from flows.fold_steps import Ints, LargeFold, once, verified_pairs
from pipeline.dedupe.corpus import Corpus
from pipeline.dedupe.links import link_stories
from pipeline.dedupe.partitions import read_records, replacing, write_records
from pipeline.dedupe.report_text import report_text
from pipeline.dedupe.stories import make_story, name_stories
from pipeline.publish.chunks import write_chunk
from pipeline.publish.rows import ReleaseArticle, Row, article_rows, copy_rows, story_rows
from pipeline.publish.schema import ARTICLES, COPIES, STORIES, TableShape
from pipeline.records import Article, Link, Story

NAMES = "names"  # one partition: by the place of a story's first article its id, where ids are given


class Told(NamedTuple):
    """What a partition comes to: its articles with their stories, the stories that begin in it, its articles' links."""

    articles: list[ReleaseArticle]
    stories: list[Story]
    links: list[Link]


@once("rows-copies", "arrow")
def tell_stories(fold: LargeFold, number: int, parts: Sequence[int], with_text: bool) -> None:
    """Write rows of the three tables of a release. parts: those that hold the pairs of this partition."""
    told = _tell(fold, number, parts)
    _write_rows(fold, number, ARTICLES, article_rows(told.articles, with_text=with_text))
    _write_rows(fold, number, STORIES, story_rows(told.stories))
    _write_rows(fold, number, COPIES, copy_rows(told.links))


@once("links")
def keep_stories(fold: LargeFold, number: int, parts: Sequence[int]) -> None:
    """Write stories and links as records, for the catalog; stories have the names that were given to them."""
    told = _tell(fold, number, parts)
    write_records(fold.path("told", number), told.stories)
    write_records(fold.path("links", number), told.links)


def _tell(fold: LargeFold, number: int, parts: Sequence[int]) -> Told:
    story_at, is_digest = fold.array("stories"), fold.array("digests")
    first = number * fold.partition
    last = min(first + fold.partition, len(story_at))
    pairs, ends = verified_pairs(fold, parts, lambda ends: np.any((ends >= first) & (ends < last), 1))
    around = np.union1d(np.arange(first, last), ends)
    members = np.flatnonzero(np.isin(story_at, np.unique(story_at[around])))
    articles = _articles_at(fold, members)
    stories = _stories(fold, [articles[place] for place in members.tolist()], story_at[members])
    wanted = [articles[place].article_id for place in range(first, last)]
    digests = {articles[place].article_id for place in around[is_digest[around] != 0].tolist()}
    several = [at for at, one in stories.items() if len(one.member_ids) > 1]
    compared = np.union1d(ends, members[np.isin(story_at[members], several)])  # others have no links
    links = link_stories(stories.values(), pairs, digests, _corpus(fold, compared, articles), set(wanted))
    mine = [
        ReleaseArticle(articles[place], stories[at].story_id)
        for place, at in enumerate(story_at[first:last].tolist(), first)
    ]
    return Told(mine, [one for at, one in stories.items() if first <= at < last], links)


def _write_rows(fold: LargeFold, number: int, table: TableShape, rows: Iterable[Row]) -> None:
    with replacing(fold.path(f"rows-{table.name}", number, "arrow")) as unfinished:
        write_chunk(rows, table, unfinished)


def _articles_at(fold: LargeFold, places: Ints) -> Mapping[int, Article]:
    found = (
        one
        for part, rows in fold.by_partition(places)
        for one in read_records(fold.path("articles", part), Article, rows.tolist())
    )
    return dict(zip(places.tolist(), found, strict=True))


def _stories(fold: LargeFold, members: Sequence[Article], story_of: Ints) -> dict[int, Story]:
    """By the place of each story's first article."""
    groups: dict[int, list[Article]] = {}
    for one, at in zip(members, story_of.tolist(), strict=True):
        groups.setdefault(at, []).append(one)
    given = fold.path(NAMES, 0)
    if given.exists():
        names = list(read_records(given, str, sorted(groups)))
        return {at: make_story(name, groups[at]) for at, name in zip(sorted(groups), names, strict=True)}
    names = name_stories(list(groups.values()), {})
    return {at: make_story(name, some) for (at, some), name in zip(groups.items(), names, strict=True)}


def _corpus(fold: LargeFold, places: Ints, articles: Mapping[int, Article]) -> Corpus:
    known = fold.texts_at(places)
    some = [articles[place] for place in places.tolist()]
    bodies = [report_text(one, fold.boilerplate.get(one.outlet_id, frozenset())) for one in some]
    return Corpus(
        dict(zip(known.ids, some, strict=True)), {one: at for at, one in enumerate(known.ids)}, known.bodies, bodies
    )
