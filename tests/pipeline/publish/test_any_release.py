"""Texts and ids of any kind come back from a release as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish.reading import check_release, read_release
from pipeline.publish.release import Content, write_tables
from pipeline.publish.rows import ReleaseArticle
from pipeline.records import Link, Story
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, LINKS, STORIES


@st.composite
def contents(draw: st.DrawFn) -> tuple[list[ReleaseArticle], list[Story], list[Link]]:
    """Stories of any texts and ids, with links inside them."""
    names = draw(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=8, unique=True))
    clean = {name.encode("utf-8", "replace").decode() for name in names}
    names = sorted(clean)
    texts = st.text(max_size=60)
    articles, links = [], []
    for name in names:
        record = replace(ARTICLES[0].article, article_id=name, body=draw(texts), headline=draw(texts | st.none()))
        articles.append(ReleaseArticle(record, "story"))
        if name != names[0]:
            share = draw(st.floats(0, 1))
            links.append(
                replace(LINKS[0], story_id="story", article_id=name, origin_article_id=names[0], jaccard=share)
            )
    story = replace(STORIES[0], story_id="story", origin_article_id=names[0], member_ids=tuple(names), outlet_count=1)
    return articles, [story], links


@settings(max_examples=25, deadline=None)
@given(made=contents(), shuffle=st.randoms(use_true_random=False))
def test_any_content_comes_back_as_it_went_in(
    made: tuple[list[ReleaseArticle], list[Story], list[Link]], shuffle: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    articles, stories, links = made
    shuffled = list(articles)
    shuffle.shuffle(shuffled)
    out = tmp_path_factory.mktemp("any")
    write_tables(out, Content(shuffled, stories, links), version="v", published_at=datetime.now(UTC))
    release = read_release(Storage(out))
    bodies = {row["article_id"]: row["body"] for row in release.rows("articles")}
    assert bodies == {one.article.article_id: one.article.body.encode("utf-8", "replace").decode() for one in articles}
    assert check_release(Storage(out)) == []
