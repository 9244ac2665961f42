"""One pass over a page: its blocks in document order, and the boxes that hold no text of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block, names_on
from pipeline.extract.roles import Role, role_of
from pipeline.extract.wording import clean, names

INLINE = names(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr label nobr o:p blink
    """
)
SKIPPED = names(
    """
    script style noscript template svg math head title iframe object embed canvas audio video select option
    button textarea input map area link meta dialog progress datalist frameset
    """
)
NOTED = frozenset({"figure", "table", "li", "blockquote"})
CELLS = frozenset({"td", "th"})  # empty ones keep the others in their columns
TELLING = ("a", "time")  # without a word, too: links among a text, a date
FEWEST_IN_LIST, LINKED = 3, 0.5  # blocks; share of the letters
MOST_BLOCKS = 20_000
# Where two words of different parts of a line meet without a space between.
# At a mere change of style only figures are parted: some editors style the halves of a word.
SEAM = re.compile("(?<=\\w)[\x01\x02]*\x01[\x01\x02]*(?=\\w)|(?<=\\d)\x02+(?=\\w)|(?<=[^\\W\\d])\x02+(?=\\d)")


@dataclass(slots=True)
class _Place:
    """What the elements around the walk say of the text in them; most share their parent's."""

    inside: str = ""
    role: Role = Role.TEXT
    junk: tuple[HtmlElement, ...] = ()  # outermost first
    mark: HtmlElement | None = None


@dataclass(slots=True)
class _Walk:
    """One pass over the tree. The parser bounds its depth, so recursion is safe."""

    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    pieces: list[tuple[str, str]] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    last_prose: int = -1  # index of the last block of running text
    hollow: list[HtmlElement] = field(default_factory=list)  # the outermost elements without a block in them
    lists: list[HtmlElement] = field(default_factory=list)  # the outermost elements that are lists of links

    def close(self, owner: HtmlElement, place: _Place) -> None:
        parts = self.parts
        if parts:
            text = "".join(parts)
            parts.clear()
            if not text.isspace() and (text := clean(_without_seams(text))):
                block = Block(text, owner, self.linked, place.inside, place.role, place.junk, place.mark)
                block.pieces, block.links = tuple(self.pieces), self.links
                if block.is_prose:
                    self.last_prose = len(self.blocks)
                self.blocks.append(block)
            self.linked = 0
            self.pieces.clear()
        self.links = 0

    def visit(self, element: HtmlElement, owner: HtmlElement, place: _Place, in_link: bool) -> None:
        """Everything in an element. The hottest loop of reading a page: what it asks of lxml, it asks once."""
        parts, text = self.parts, element.text
        if text:
            parts.append(text)
            if in_link:
                self.linked += len(text.strip())
        touched = False  # by an inline element right before
        for child in element:
            tag, tail = child.tag, child.tail
            is_inline = tag in INLINE
            if is_inline:
                self.inline(child, tag, owner, place, in_link, touched)
            elif tag in SKIPPED or not isinstance(tag, str):
                parts.append(" ")
            else:
                self.close(owner, place)
                if tag != "br":
                    self.enter(child, tag, place, in_link)
                if len(self.blocks) > MOST_BLOCKS:
                    return
            if tail:
                parts.append(tail)
                if in_link:
                    self.linked += len(tail.strip())
                touched = is_inline and tail.isspace()
            else:
                touched = is_inline

    def enter(self, child: HtmlElement, tag: str, place: _Place, in_link: bool) -> None:
        """An element whose text stands in blocks of its own."""
        role, within = role_of(child, tag, child.keys()), place
        if role is Role.JUNK:
            within = _Place(place.inside, place.role, (*place.junk, child), place.mark)
        elif role is not Role.TEXT:
            within = _Place(place.inside, role, place.junk, child)
        elif place.role is Role.HEADLINE:
            within = _Place(place.inside, Role.TEXT, place.junk)
        if tag in NOTED:
            within = _Place(tag, within.role, within.junk, within.mark)
        blocks, hollow, lists = len(self.blocks), len(self.hollow), len(self.lists)
        self.visit(child, child, within, in_link)
        self.close(child, within)
        if len(self.blocks) == blocks:
            if tag not in CELLS and place.inside != "figure":
                self.hollow[hollow:] = [child]
        elif self.last_prose < blocks and _is_list_of_links(self.blocks[blocks:]):
            self.lists[lists:] = [child]

    def inline(
        self, child: HtmlElement, tag: str, owner: HtmlElement, place: _Place, in_link: bool, touched: bool
    ) -> None:
        is_link = tag == "a"
        stated = child.keys()
        role = role_of(child, tag, stated) if stated else Role.TEXT
        if role in (Role.JUNK, Role.CAPTION) and role is not place.role and not place.junk:
            # A label inside a line of text: a block of its own, so that it can be left out.
            self.close(owner, place)
            self.enter(child, tag, place, in_link or is_link)
            return
        self.links += is_link
        if touched:
            self.parts.append("\x02")
        if role is Role.META or (place.role is Role.META and stated):
            self.piece(child, owner, place, in_link)
        else:
            self.visit(child, owner, place, in_link or is_link)

    def piece(self, child: HtmlElement, owner: HtmlElement, place: _Place, in_link: bool) -> None:
        """Name, date and source share a line, set apart by style alone."""
        self.parts.append("\x01")
        start, blocks, within = len(self.parts), len(self.blocks), len(self.pieces)
        self.visit(child, owner, place, in_link or child.tag == "a")
        if blocks == len(self.blocks) and within == len(self.pieces):  # the innermost names say most
            self.pieces.append((clean(_without_seams("".join(self.parts[start:]))), names_on(child)))
        self.parts.append("\x01")


def walk_over(tree: HtmlElement) -> tuple[list[Block], list[HtmlElement], list[HtmlElement]]:
    """Every block of the tree in document order; the outermost elements that tell nothing at all; the lists of links.

    The elements are half of what a page is made of. Whoever looks for text without them has so much less to do and to
    mistake: trafilatura takes a list of links for text where its names say nothing.
    """
    walk = _Walk()
    walk.visit(tree, tree, _Place(), False)
    walk.close(tree, _Place())
    return walk.blocks, [one for one in walk.hollow if next(one.iter(*TELLING), None) is None], walk.lists


def _is_list_of_links(blocks: list[Block]) -> bool:
    """Several lines, and at least half of the letters in links: a menu, cards, tags."""
    return len(blocks) >= FEWEST_IN_LIST and sum(block.linked for block in blocks) >= LINKED * sum(
        len(block.text) for block in blocks
    )


def _without_seams(text: str) -> str:
    """Inline parts that are set apart by style alone are words of their own."""
    return SEAM.sub(" ", text) if "\x01" in text or "\x02" in text else text
