"""Fold articles into stories with links, all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from pipeline.dedupe.candidates import find_candidates
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.texts import Texts
from pipeline.records import Article, CreditStatus, Fold, Link, Relation, Story
from pipeline.settings import Dedupe

Progress = Callable[[int, int], None]


def fold(
    articles: Iterable[Article], settings: Dedupe, *, previous: object = None, progress: Progress | None = None
) -> Fold:
    """Stories and links of articles."""
    known = sorted(articles, key=lambda one: (str(one.published_at or one.fetched_at), one.article_id))
    texts = Texts(one.body for one in known)
    times = np.array([(t.timestamp() if (t := one.published_at or one.fetched_at) else np.nan) for one in known])
    pairs = find_candidates(
        sign(texts, settings.permutations), times, bands=settings.bands, window=settings.window_days * 86400
    )
    words = [set(texts[place].tolist()) for place in range(len(known))]
    into = list(range(len(known)))
    links: list[Link] = []
    for left, right in pairs.tolist():
        shared = len(words[left] & words[right])
        share = shared / min(len(words[left]), len(words[right]))
        if share < 0.8 or into[right] != right:
            continue
        into[right] = into[left]
        origin = known[into[left]]
        links.append(
            Link(origin.article_id, known[right].article_id, origin.article_id, Relation.NEAR_COPY, share, share, share,
                 None, CreditStatus.UNKNOWN, (), "first", "0")
        )  # fmt: skip
    members: dict[int, list[int]] = {}
    for place, first in enumerate(into):
        members.setdefault(first, []).append(place)
    if progress:
        progress(len(known), len(known))
    return Fold(
        tuple(
            Story(
                known[first].article_id, known[first].article_id, False, "earliest", known[first].agency_id,
                known[first].headline, known[first].language, known[first].published_at, known[first].published_at,
                tuple(known[one].article_id for one in places), len({known[one].outlet_id for one in places}),
            )  # fmt: skip
            for first, places in members.items()
        ),
        tuple(links),
    )
