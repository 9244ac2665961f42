"""The good articles: texts about invented events, with what a crawl must find of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
GOOD_LANGUAGES = ("ar", "en", "tr")


@dataclass(frozen=True)
class Text:
    """One text as its author wrote it."""

    slug: str
    language: str
    headline: str
    author: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@cache
def read_texts(language: str) -> dict[str, Text]:
    """The texts of texts/<language>.txt by slug: slug, headline, author, then a paragraph a line."""
    blocks = (TEXTS / f"{language}.txt").read_text("utf-8").strip().split("\n====\n")
    texts = {}
    for block in blocks:
        slug, headline, author, *paragraphs = block.split("\n")
        texts[slug] = Text(slug, language, headline, author, tuple(paragraphs))
    return texts


def good_texts() -> dict[str, Text]:
    """Every good article's text by slug."""
    return {slug: text for language in GOOD_LANGUAGES for slug, text in read_texts(language).items()}
