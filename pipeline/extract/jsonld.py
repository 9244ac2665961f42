"""JSON-LD of a page: every node, and the one that describes the article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.extract.wording import names, same_words

Node = dict[str, Any]
# schema.org types of a page that is an article.
ARTICLE_TYPES = names(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle"
    " ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle TechArticle ScholarlyArticle"
    " BlogPosting LiveBlogPosting SocialMediaPosting Report ClaimReview MedicalScholarlyArticle Review"
)
WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
TRAILING_COMMA = re.compile(r",\s*([}\]])")
DEEPEST = 12
MOST_NODES = 2_000


def read_nodes(scripts: Sequence[str]) -> list[Node]:
    """Every JSON object in the scripts that has a type, outermost first. Broken JSON is left out."""
    nodes: list[Node] = []
    for script in scripts[:50]:
        for node in _walk(_load(script), 0):
            nodes.append(node)
            if len(nodes) >= MOST_NODES:
                return nodes
    return nodes


def article_node(nodes: list[Node], title: str | None) -> Node:
    """The node that describes this page's article; an empty one where there is none."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    if not articles:
        return {}

    def fitness(node: Node) -> tuple[bool, bool, bool]:
        headline = text_of(node.get("headline")) or text_of(node.get("name"))
        return (
            bool(title and headline and same_words(headline, title)),
            "datePublished" in node,
            "mainEntityOfPage" in node or "articleBody" in node,
        )

    return max(articles, key=fitness)  # the first of equals


def types_of(node: Node) -> frozenset[str]:
    """The node's types without their schema.org address."""
    kinds = node.get("@type", ())
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str))


def text_of(value: Any) -> str | None:
    """A string, the first string of a list, or the name of an object."""
    if isinstance(value, list) and value:
        return text_of(value[0])
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    return value.strip() or None if isinstance(value, str) else None


def names_of(value: Any) -> list[str]:
    """The names in an author or sourceOrganization property."""
    values = value if isinstance(value, list) else [value]
    found = (text_of(one) for one in values[:20])
    return [name for name in found if name]


def _load(script: str) -> Any:
    text = WRAPPER.sub("", script.strip()).strip().rstrip(";")
    for attempt in (text, TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value[:500]:
            yield from _walk(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for one in value.values():
            if isinstance(one, list | dict):
                yield from _walk(one, depth + 1)
