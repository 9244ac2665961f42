"""A block: one run of a page's text between block elements and line breaks, with what it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipeline.extract.roles import Role
from pipeline.extract.wording import WORD, clean

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
JOINER = re.compile("[\u200c\u200d]")
# A run of this many letters is prose rather than a label (in scripts without spaces words say nothing).
PROSE = 60
EDGES = "|-–—,،•·: "  # between the pieces of a line
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


def heads_first_part(blocks: list[Block], at: int) -> bool:
    """Whether a block is a heading above running text, and another of its kind and box follows above other text."""

    def heads(one: int) -> bool:
        return blocks[one].tag in HEADINGS and one + 1 < len(blocks) and blocks[one + 1].is_prose

    box, kind = blocks[at].element.getparent(), dress(blocks[at])
    later = (one for one in range(at + 2, len(blocks)) if dress(blocks[one]) == kind)
    return heads(at) and any(blocks[one].element.getparent() is box and heads(one) for one in later)


def pieces_of(block: Block) -> list[tuple[str, str]]:
    """The parts of a line, each with the names of the element it stands in."""
    if block.pieces:
        rest, parts = block.text, list(block.pieces)
        for text, _ in block.pieces:
            rest = rest.replace(text, "|", 1)
        parts += [(text, "") for text in rest.split("|")]
    elif "".join(block.text.split()) == "".join("".join(block.element.itertext()).split()):
        parts = [(block.element.text or "", "")]
        for child in block.element:
            if isinstance(child.tag, str):
                parts += [("".join(child.itertext()), names_on(child))]
            parts += [(child.tail or "", "")]
    else:
        return [(block.text, "")]
    lines = [(clean(text), names) for text, names in parts if clean(text).strip(EDGES)]
    return lines if len(lines) == 1 else [(text.strip(EDGES), names) for text, names in lines]
