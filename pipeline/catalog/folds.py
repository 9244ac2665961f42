"""What an increment of folding reads from the catalog and writes back; each write is one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.sql import ColumnElement

from pipeline.catalog.rows import article_of, link_row, story_of, story_row
from pipeline.catalog.search import index_articles
from pipeline.catalog.tables import articles, links, pairs, signatures, stories, story_changes
from pipeline.catalog.upsert import upsert
from pipeline.published_between import Between, published_between
from pipeline.records import Article, Fold, Signature, Story
from pipeline.settings import Dedupe

# Ids named in one statement; SQLite binds at most 32,766 values.
IDS_AT_ONCE = 10_000


def fresh_articles(connection: Connection) -> list[Article]:
    """Articles that are new or changed since the last fold."""
    query = select(articles).where(articles.c.folded_at.is_(None)).order_by(articles.c.article_id)
    return [article_of(row) for row in connection.execute(query).mappings()]


def articles_by_id(connection: Connection, article_ids: Iterable[str]) -> list[Article]:
    """Those articles, with their bodies and credits."""
    found: list[Article] = []
    for some in _batches(article_ids):
        query = select(articles).where(articles.c.article_id.in_(some))
        found += [article_of(row) for row in connection.execute(query).mappings()]
    return found


def pairs_of(connection: Connection, article_ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The evidence of stored pairs that hold any of these articles."""
    for some in _batches(article_ids):
        for side in (pairs.c.left_id, pairs.c.right_id):
            yield from connection.execute(select(pairs.c.evidence).where(side.in_(some))).scalars()


def stories_of(connection: Connection, article_ids: Iterable[str]) -> list[Story]:
    """The stories of those articles, each with the ids of all its articles."""
    found: dict[str, Any] = {}
    for some in _batches(article_ids):
        wanted = select(articles.c.story_id).where(articles.c.article_id.in_(some))
        query = select(stories).where(stories.c.story_id.in_(wanted))
        found.update((row["story_id"], row) for row in connection.execute(query).mappings())
    members: dict[str, list[str]] = defaultdict(list)
    for some in _batches(found):
        query = select(articles.c.story_id, articles.c.article_id).where(articles.c.story_id.in_(some))
        for story_id, article_id in connection.execute(query.order_by(articles.c.article_id)):
            members[story_id].append(article_id)
    return [story_of(row, tuple(members[story_id])) for story_id, row in found.items()]


def pages_of(connection: Connection, article_ids: Iterable[str]) -> Iterator[Any]:
    """Of each of those articles what tells the kind of its page: article_id, own_agency_id and headline."""
    for some in _batches(article_ids):
        query = select(articles.c.article_id, articles.c.own_agency_id, articles.c.headline)
        yield from connection.execute(query.where(articles.c.article_id.in_(some)))


def window_of(
    connection: Connection, fresh: Sequence[Article], settings: Dedupe
) -> tuple[list[Signature], dict[str, Between | None]]:
    """Signatures and times of every article that a fresh one may be a copy of, the fresh ones among them."""
    query = select(signatures, articles.c.published_at, articles.c.fetched_at).join(
        articles, articles.c.article_id == signatures.c.article_id
    )
    times = [published_between(one, settings.undated_days) for one in fresh]
    known = [time for time in times if time is not None]
    if len(known) == len(times) and known:
        reach = timedelta(days=settings.window_days)
        last = max(time.latest for time in known) + reach
        later = last + timedelta(days=settings.undated_days)
        inside = articles.c.window_at.between(min(time.earliest for time in known) - reach, last)
        undated = and_(articles.c.published_at.is_(None), articles.c.window_at.between(last, later))
        query = query.where(or_(inside, undated, articles.c.window_at.is_(None)))
    found: list[Signature] = []
    moments: dict[str, Between | None] = {}
    for row in connection.execute(query):
        found.append(Signature(row.article_id, row.scheme, row.permutations, row.values))
        moments[row.article_id] = published_between(row, settings.undated_days)
    return found, moments


def forget_changed(connection: Connection, schemes: tuple[str, int] | None = None) -> None:
    """Drop the signature and pairs of articles that changed; the partners of those pairs are fresh then too.

    With schemes, signatures of another scheme or length are dropped as well.
    """
    unfolded = select(articles.c.article_id).where(articles.c.folded_at.is_(None))
    stale: list[ColumnElement[bool]] = [signatures.c.article_id.in_(unfolded)]
    if schemes is not None:
        # Both sides of what is wanted, as an index finds them; it cannot find what differs.
        scheme, permutations = signatures.c.scheme, signatures.c.permutations
        same = scheme == schemes[0]
        stale += [scheme < schemes[0], scheme > schemes[0]]
        stale += [and_(same, permutations < schemes[1]), and_(same, permutations > schemes[1])]
    changed: set[str] = set()
    for which in stale:
        changed.update(connection.execute(select(signatures.c.article_id).where(which)).scalars())
    for some in _batches(changed):
        for mine, other in ((pairs.c.left_id, pairs.c.right_id), (pairs.c.right_id, pairs.c.left_id)):
            _mark_fresh(connection, other, mine, some)
            connection.execute(delete(pairs).where(mine.in_(some)))
        connection.execute(update(articles).where(articles.c.article_id.in_(some)).values(folded_at=None))
        connection.execute(delete(signatures).where(signatures.c.article_id.in_(some)))


def forget_everything(connection: Connection) -> None:
    """Make all articles fresh again; stories keep their ids."""
    connection.execute(update(articles).values(folded_at=None))


def forget_texts_with(
    connection: Connection, outlet_id: str, holds: Callable[[str | None, str], bool], settings: Dedupe
) -> None:
    """Make those of an outlet's articles fresh again that hold something, as far as new ones reach back.

    holds is asked with headline and body.
    What is older is compared with nothing new, and keeps what it came to.
    """
    new = and_(articles.c.outlet_id == outlet_id, articles.c.folded_at.is_(None))
    rows = connection.execute(select(articles.c.published_at, articles.c.fetched_at).where(new))
    times = [published_between(one, settings.undated_days) for one in rows]
    query = select(articles.c.article_id, articles.c.headline, articles.c.body)
    query = query.where(articles.c.outlet_id == outlet_id, articles.c.folded_at.is_not(None))
    known = [time for time in times if time is not None]
    if len(known) == len(times) and known:
        since = min(time.earliest for time in known) - timedelta(days=settings.window_days)
        query = query.where(or_(articles.c.window_at >= since, articles.c.window_at.is_(None)))
    held = [article_id for article_id, headline, body in connection.execute(query) if holds(headline, body)]
    for some in _batches(held):
        connection.execute(update(articles).where(articles.c.article_id.in_(some)).values(folded_at=None))


def store_signatures(connection: Connection, records: Sequence[Signature]) -> None:
    """Keep signatures, so that later increments need not read the texts."""
    rows = [
        {"article_id": o.article_id, "scheme": o.scheme, "permutations": o.permutations, "values": o.values}
        for o in records
    ]
    upsert(connection, signatures, rows)


def write_increment(
    connection: Connection,
    regrouped: frozenset[str],
    relinked: frozenset[str],
    found: Sequence[tuple[str, str, Mapping[str, Any]]],
    outcome: Fold,
    versions: Mapping[str, int],
    now: datetime,
) -> None:
    """Store pairs (left, right, evidence), and replace the stories of regrouped and the links of relinked articles.

    versions: of the articles that were folded, as they were read; one that changed meanwhile is left for the next fold.
    """
    rows = [{"left_id": left, "right_id": right, "evidence": dict(evidence)} for left, right, evidence in found]
    upsert(connection, pairs, rows)
    before = _story_ids(connection, regrouped)
    for some in _batches(relinked):
        connection.execute(delete(links).where(links.c.article_id.in_(some)))
    for some in _batches(set(before.values())):
        connection.execute(delete(stories).where(stories.c.story_id.in_(some)))
    upsert(connection, stories, [story_row(one) for one in outcome.stories])
    upsert(connection, links, [link_row(one) for one in outcome.links])
    fresh = _assign(connection, outcome, before, versions, now)
    changes = [
        {"story_id": c.story_id, "into_story_id": c.into_story_id, "kind": c.kind, "changed_at": c.changed_at}
        for c in outcome.changes
    ]
    upsert(connection, story_changes, changes)
    index_articles(connection, fresh)


def adopt_stories(connection: Connection, made: Sequence[Story]) -> None:
    """Store stories that were known before their articles are folded; what the fold makes of them bears their ids."""
    upsert(connection, stories, [story_row(one) for one in made])
    _give_stories(connection, made, {})


def _story_ids(connection: Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """article_id to story_id where it has one."""
    found: dict[str, str] = {}
    for some in _batches(article_ids):
        query = select(articles.c.article_id, articles.c.story_id)
        query = query.where(articles.c.article_id.in_(some), articles.c.story_id.is_not(None))
        found.update(row._tuple() for row in connection.execute(query))
    return found


def _assign(
    connection: Connection, outcome: Fold, before: Mapping[str, str], versions: Mapping[str, int], now: datetime
) -> list[str]:
    """Give articles their stories, where that is another one than before; returns those that were fresh."""
    fresh = list(connection.execute(select(articles.c.article_id).where(articles.c.folded_at.is_(None))).scalars())
    _give_stories(connection, outcome.stories, before)
    read = [
        {"an_article": member, "its_version": versions[member], "at": now}
        for one in outcome.stories
        for member in one.member_ids
        if member in versions
    ]
    if read:
        same = and_(articles.c.article_id == bindparam("an_article"), articles.c.version == bindparam("its_version"))
        connection.execute(update(articles).where(same).values(folded_at=bindparam("at")), read)
    return sorted(fresh)


def _give_stories(connection: Connection, made: Iterable[Story], before: Mapping[str, str]) -> None:
    rows = [
        {"an_article": member, "a_story": one.story_id}
        for one in made
        for member in one.member_ids
        if before.get(member) != one.story_id
    ]
    if rows:
        statement = update(articles).where(articles.c.article_id == bindparam("an_article"))
        connection.execute(statement.values(story_id=bindparam("a_story")), rows)


def _mark_fresh(connection: Connection, other: Column[Any], mine: Column[Any], some: Sequence[str]) -> None:
    partners = select(other).where(mine.in_(some))
    connection.execute(update(articles).where(articles.c.article_id.in_(partners)).values(folded_at=None))


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_AT_ONCE):
        yield ordered[start : start + IDS_AT_ONCE]
