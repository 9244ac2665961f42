"""Bodies as releases have them: without the boilerplate that was learned of their outlets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.dedupe.boilerplate import without_boilerplate
from pipeline.publish.kept_text import KeptText, Stretches, keep_text, move_span
from pipeline.records import Article, CreditKind, Link

# What names an agency without crediting it goes with the line it stands in; a credit keeps its line.
_NO_CREDIT = frozenset({CreditKind.BOILERPLATE, CreditKind.MENTION, CreditKind.SELF_REFERENCE})


class ReleaseTexts:
    """Articles and then their links, as a release has them.

    keys: by outlet the keys of the lines in force. Bodies that were read from articles files stay as they were given.
    """

    def __init__(self, keys: Mapping[str, frozenset[str]]) -> None:
        self._keys = keys
        self._kept: dict[str, Stretches] = {}

    def article(self, article: Article) -> Article:
        """The article with the body that is released."""
        kept = kept_text(article, self._keys.get(article.outlet_id, frozenset()))
        if kept is None:
            return article
        self._kept[article.article_id] = kept.stretches
        return replace(article, body=kept.text)

    def link(self, link: Link) -> Link:
        """The link with spans of the bodies that are released; both articles were asked for before."""
        copy, origin = self._kept.get(link.article_id), self._kept.get(link.origin_article_id)
        if copy is None and origin is None:
            return link
        moved = (move_span(span, copy, origin) for span in link.spans)
        return replace(link, spans=tuple(filter(None, moved)))


def kept_text(article: Article, keys: frozenset[str]) -> KeptText | None:
    """What a release has of the body; None where that is all of it. keys: of its outlet's lines in force."""
    return keep_text(article.body, _blanked(article, keys)) if article.capture_id is not None else None


def _blanked(article: Article, keys: frozenset[str]) -> str:
    blanked = without_boilerplate(article.headline, article.body, keys)
    if blanked == article.body:
        return blanked
    printed = [one.text for one in article.credits if one.kind not in _NO_CREDIT]
    lines = zip(article.body.split("\n"), blanked.split("\n"), strict=True)
    return "\n".join(line if any(text in line for text in printed) else left for line, left in lines)
