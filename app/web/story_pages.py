"""Stories, one story, two articles compared, one article."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from app.web.params import Id, OneCredit, OnePage, OneRelation, Order, Since, Text, Until, Version
from app.web.twins import add_twins, offered_choices
from flows.article_view import view_article
from pipeline.catalog.queries.article import ArticleView
from pipeline.catalog.queries.comparison import ComparisonView, compare_articles
from pipeline.catalog.queries.story import StoryView, read_story
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryList, StoryOrder, list_stories

router = APIRouter()
Found = partial[Any]


def wanted_stories(
    search: Text = None,
    agency: Text = None,
    outlet: Text = None,
    language: Text = None,
    since: Since = None,
    until: Until = None,
    relation: OneRelation = None,
    credit: OneCredit = None,
    singles: Annotated[bool, Query(alias="all", description="Also reports that nobody copied.")] = False,
) -> StoryFilter:
    """What is asked of the list of stories."""
    return StoryFilter(
        search, agency, outlet, language, since, until, relation, credit, min_articles=1 if singles else 2
    )


Wanted = Annotated[StoryFilter, Depends(wanted_stories)]


def stories(wanted: Wanted, page: OnePage, order: Order = StoryOrder.NEWEST) -> Found:
    """The list of stories."""
    return partial(list_stories, wanted=wanted, order=order, page=page)


def story(id: Id) -> Found:  # noqa: A002 - the parameter's name in the address
    """One story."""
    return partial(read_story, story_id=id)


def article(id: Id) -> Found:  # noqa: A002
    """One article."""
    return partial(view_article, article_id=id)


def compare(a: Id, b: Id, av: Version = None, bv: Version = None) -> Found:
    """Two articles, or two versions of one."""
    return partial(compare_articles, left_id=a, right_id=b, left_version=av, right_version=bv)


add_twins(
    router, "/stories", "stories.html", stories, StoryList, "Stories: searched, filtered, ordered",
    also="/", extra=offered_choices,
)  # fmt: skip
add_twins(router, "/story", "story.html", story, StoryView, "One story: its origin, its copies, what links across")
add_twins(router, "/article", "article.html", article, ArticleView, "One article: fields, versions, captures, links")
add_twins(router, "/compare", "compare.html", compare, ComparisonView, "Two articles side by side, word by word")
