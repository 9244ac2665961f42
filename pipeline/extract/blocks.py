"""A block: one run of a page's text between block elements and line breaks, with what it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipeline.extract.roles import Role
from pipeline.extract.wording import WORD

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
JOINER = re.compile("[\u200c\u200d]")
# A run of this many letters is prose rather than a label (in scripts without spaces words say nothing).
PROSE = 60
FEWEST_LETTERS = 0.4  # share of a prose's characters that belong to words


@dataclass(slots=True)
class Block:
    """One run of text. `element` is the block element it stands in; `linked` counts the letters inside links."""

    text: str
    element: HtmlElement
    linked: int
    inside: str  # nearest of: figure, table, li, blockquote
    role: Role
    junk_chain: tuple[HtmlElement, ...]  # the elements around it whose names say junk, outermost first
    mark: HtmlElement | None  # the element whose names gave the role
    pieces: tuple[tuple[str, str], ...] = ()  # its inline parts that have names: text, names of the element
    links: int = 0  # how many
    junk: HtmlElement | None = None  # the outermost of junk_chain that is junk indeed
    is_prose: bool = field(init=False)  # long enough and free enough of links to be running text
    _words: list[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.is_prose = (
            len(self.text) >= PROSE
            and self.link_share < 0.5
            and sum(map(len, self.words)) >= FEWEST_LETTERS * len(self.text)
        )

    @property
    def words(self) -> list[str]:
        """Its words as they are written."""
        if self._words is None:
            self._words = WORD.findall(self.text if self.text.isascii() else JOINER.sub("", self.text))
        return self._words

    @property
    def tag(self) -> str:
        """Tag of the element it stands in."""
        return str(self.element.tag)

    @property
    def link_share(self) -> float:
        """Share of the text that is links, 0 to 1."""
        return min(1.0, self.linked / max(1, len(self.text)))


def names_on(element: HtmlElement) -> str:
    """The names that an element's attributes give it."""
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "rel"))


def dress(block: Block) -> tuple[str, str]:
    """What siblings of one kind share: tag and class."""
    return block.tag, block.element.get("class") or ""
