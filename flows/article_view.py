"""An article for its reader, with what releases leave out of its text."""

from __future__ import annotations

from dataclasses import replace

from flows.release_texts import kept_text
from pipeline.catalog.boilerplate import active_keys
from pipeline.catalog.engine import Connection
from pipeline.catalog.queries.article import ArticleView, read_article


def view_article(connection: Connection, article_id: str) -> ArticleView | None:
    """The article of that id, or of the one id that begins so; None where there is none."""
    view = read_article(connection, article_id)
    if view is None:
        return None
    article = view.article
    kept = kept_text(article, active_keys(connection).get(article.outlet_id, frozenset()))
    return view if kept is None else replace(view, left_out=kept.left_out(len(article.body)))
