"""Story records from groups of articles; ids that live on while a story grows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.dedupe.origin import Ordered, Origin, choose_origin, order_of
from pipeline.records import Article, Story, StoryChange


def new_story_id(first: Ordered) -> str:
    """The id of a story that is new: from its first member, so that a fold from scratch gives the same."""
    return "s" + hashlib.sha256(first.article_id.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def name_stories(groups: Sequence[Sequence[Ordered]], previous: Mapping[str, str]) -> list[str]:
    """An id per group. previous: article id to story id as known so far.

    An id stays with the group that has most of its articles; of equal ones with that of the first article. A group that
    gets none of the ids of its articles, or several, takes the one that most of its articles had.
    """
    claims = [
        (-count, order_of(min(group, key=order_of)), story_id, place)
        for place, group in enumerate(groups)
        for story_id, count in Counter(previous[one.article_id] for one in group if one.article_id in previous).items()
    ]
    named: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, story_id, place in sorted(claims):
        if place not in named and story_id not in taken:
            named[place] = story_id
            taken.add(story_id)
    taken.update(previous.values())
    for place, group in enumerate(groups):
        if place not in named:
            named[place] = _free_id(group, taken)
            taken.add(named[place])
    return [named[place] for place in range(len(groups))]


def find_changes(
    groups: Sequence[Sequence[Ordered]], names: Sequence[str], previous: Mapping[str, str], changed_at: datetime | None
) -> list[StoryChange]:
    """What became of earlier stories: merged into another, or split because members went elsewhere."""
    if changed_at is None:
        return []
    now = {one.article_id: name for group, name in zip(groups, names, strict=True) for one in group}
    alive = set(names)
    moves = {(before, now[article]) for article, before in previous.items() if article in now}
    return [
        StoryChange(before, after, "split" if before in alive else "merged", changed_at)
        for before, after in sorted(moves)
        if before != after
    ]


def make_story(story_id: str, members: Sequence[Article]) -> Story:
    """The record of a story."""
    ordered = sorted(members, key=order_of) if len(members) > 1 else members
    origin: Origin = choose_origin(ordered)
    first = next(one for one in ordered if one.article_id == origin.article_id)
    stated = [one.published_at for one in ordered if one.published_at is not None]
    return Story(
        story_id=story_id,
        origin_article_id=origin.article_id,
        origin_known=origin.known,
        origin_reason=origin.reason,
        agency_id=origin.agency_id,
        headline=first.headline,
        language=first.language,
        first_published_at=min(stated, default=None),
        last_published_at=max(stated, default=None),
        member_ids=tuple(one.article_id for one in ordered),
        outlet_count=len({one.outlet_id for one in ordered}),
    )


def _free_id(group: Sequence[Ordered], taken: set[str]) -> str:
    """From the first member; where an older story bears that id, from the next."""
    for one in sorted(group, key=order_of):
        if (story_id := new_story_id(one)) not in taken:
            return story_id
    return new_story_id(min(group, key=order_of)) + "x"
