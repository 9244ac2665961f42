"""Further addresses of an article: the same page under a query string that nobody knows to mean nothing."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select

from pipeline.catalog.tables import articles, captures, urls
from pipeline.records import Article
from pipeline.urls import keyed_article_id, url_key

# Addresses of one path that are looked at: a page that calls itself by a new session in each link has no end.
MAX_ADDRESSES = 200


def known_as(connection: Connection, article: Article, place: str) -> str | None:
    """The id under which this page is stored already, where `place`, its address without the query, names one article.

    Two addresses are one article's where path, headline and text agree. Once told, it stays so when the text changes:
    the page was read before, and has no article of its own.
    """
    ids = {keyed_article_id(article.outlet_id, key) for key in _keys(connection, article.outlet_id, url_key(place))}
    if article.article_id in ids:
        ids.discard(article.article_id)
        own = select(articles.c.article_id).where(articles.c.article_id == article.article_id)
        if connection.execute(own).first() is not None:
            return None
    columns = (articles.c.article_id, articles.c.headline, articles.c.body)
    found = connection.execute(select(*columns).where(articles.c.article_id.in_(sorted(ids)))).all()
    if len(found) != 1:  # several: what the query says decides what is shown
        return None
    (other,) = found
    return str(other.article_id) if _is_same(other, article) or _was_read(connection, article) else None


def _keys(connection: Connection, outlet_id: str, place: str) -> list[str]:
    """Keys in the ledger of the place itself and of the place with any query."""
    query = (
        select(urls.c.url_key)
        .where(urls.c.outlet_id == outlet_id, urls.c.url_key >= f"{place}?", urls.c.url_key < f"{place}@")
        .limit(MAX_ADDRESSES)
    )
    return [place, *connection.execute(query).scalars()]


def _is_same(other: Row[tuple[str, str | None, str]], article: Article) -> bool:
    return (other.headline or "").split() == (article.headline or "").split() and (
        other.body.split() == article.body.split()
    )


def _was_read(connection: Connection, article: Article) -> bool:
    """An earlier answer from this very address became an article."""
    earlier = select(captures.c.capture_id).where(
        captures.c.outlet_id == article.outlet_id,
        captures.c.final_url == article.url,
        captures.c.extracted == "article",
        captures.c.capture_id != article.capture_id,
    )
    return connection.execute(earlier.limit(1)).first() is not None
