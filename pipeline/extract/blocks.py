"""A page as blocks: the runs of text between block elements and line breaks, in order, each with what it is made of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from lxml.html import HtmlElement

from pipeline.extract.notices import carries_date
from pipeline.extract.roles import Role, is_hidden, is_junk_by_name, role_of
from pipeline.extract.wording import WORD, clean, names

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
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNFOLDS = frozenset({"button", "a", "label"})
CELLS = frozenset({"td", "th"})  # empty ones keep the others in their columns
TELLING = ("a", "time")  # without a word, too: links among a text, a date
PICTURES = ("img", "picture", "amp-img")
CAPTION_REACH, LONGEST_CAPTION = 3, 150  # elements around a line, letters
MOST_BLOCKS = 20_000
JOINER = re.compile("[\u200c\u200d]")
# Where two words of different parts of a line meet without a space between.
# At a mere change of style only figures are parted: some editors style the halves of a word.
SEAM = re.compile("(?<=\\w)[\x01\x02]*\x01[\x01\x02]*(?=\\w)|(?<=\\d)\x02+(?=\\w)|(?<=[^\\W\\d])\x02+(?=\\d)")
# A run of this many letters is prose rather than a label (in scripts without spaces words say nothing).
PROSE = 60
FEWEST_LETTERS = 0.4  # share of a prose's characters that belong to words
# An element called junk that holds this share of the page's prose is the article itself.
TOO_MUCH_FOR_JUNK = 0.25
TOO_MUCH_FOR_HIDDEN = 0.7  # hidden twins of the text are common, wholly hidden articles are not
# An element that holds more than this is not what its names say.
MOST_LETTERS = {Role.META: 300, Role.CAPTION: 700, Role.HEADLINE: 500, Role.LEAD: 1_500}


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


@dataclass(slots=True)
class _Place:
    """Where the walk stands."""

    owner: HtmlElement
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
    hollow: list[HtmlElement] = field(default_factory=list)  # the outermost elements without a block in them

    def close(self, place: _Place) -> None:
        parts = self.parts
        if parts:
            text = "".join(parts)
            parts.clear()
            if not text.isspace() and (text := clean(_without_seams(text))):
                block = Block(text, place.owner, self.linked, place.inside, place.role, place.junk, place.mark)
                block.pieces, block.links = tuple(self.pieces), self.links
                self.blocks.append(block)
            self.linked = 0
            self.pieces.clear()
        self.links = 0

    def visit(self, element: HtmlElement, place: _Place, in_link: bool) -> None:
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
                self.inline(child, tag, place, in_link, touched)
            elif tag in SKIPPED or not isinstance(tag, str):
                parts.append(" ")
            else:
                self.close(place)
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
        role, mark, junk = role_of(child), child, place.junk
        if role is Role.TEXT:
            role, mark = (place.role, place.mark) if place.role is not Role.HEADLINE else (Role.TEXT, None)
        elif role is Role.JUNK:
            junk, role, mark = (*junk, child), place.role, place.mark
        within = _Place(child, tag if tag in NOTED else place.inside, role, junk, mark)
        blocks, hollow = len(self.blocks), len(self.hollow)
        self.visit(child, within, in_link)
        self.close(within)
        if len(self.blocks) == blocks and tag not in CELLS and place.inside != "figure":
            self.hollow[hollow:] = [child]

    def inline(self, child: HtmlElement, tag: str, place: _Place, in_link: bool, touched: bool) -> None:
        is_link = tag == "a"
        stated = child.keys()
        role = role_of(child) if stated else Role.TEXT
        if role in (Role.JUNK, Role.CAPTION) and role is not place.role and not place.junk:
            # A label inside a line of text: a block of its own, so that it can be left out.
            self.close(place)
            self.enter(child, tag, place, in_link or is_link)
            return
        self.links += is_link
        if touched:
            self.parts.append("\x02")
        if role is Role.META or (place.role is Role.META and stated):
            self.piece(child, place, in_link)
        else:
            self.visit(child, place, in_link or is_link)

    def piece(self, child: HtmlElement, place: _Place, in_link: bool) -> None:
        """Name, date and source share a line, set apart by style alone."""
        self.parts.append("\x01")
        start, blocks, within = len(self.parts), len(self.blocks), len(self.pieces)
        self.visit(child, place, in_link or child.tag == "a")
        if blocks == len(self.blocks) and within == len(self.pieces):  # the innermost names say most
            self.pieces.append((clean(_without_seams("".join(self.parts[start:]))), names_on(child)))
        self.parts.append("\x01")


def _without_seams(text: str) -> str:
    """Inline parts that are set apart by style alone are words of their own."""
    return SEAM.sub(" ", text) if "\x01" in text or "\x02" in text else text


def split_blocks(tree: HtmlElement) -> tuple[list[Block], list[HtmlElement]]:
    """Every block of the tree in document order, junk marked; and what can be left out, for it tells nothing at all.

    That is a third of what a page is made of, and everything that looks at the tree after has so much less to do.
    """
    walk = _Walk()
    place = _Place(tree)
    walk.visit(tree, place, False)
    walk.close(place)
    _acquit(walk.blocks)
    _mark_captions(walk.blocks)
    return walk.blocks, [one for one in walk.hollow if next(one.iter(*TELLING), None) is None]


def names_on(element: HtmlElement) -> str:
    """The names that an element's attributes give it."""
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "rel"))


def dress(block: Block) -> tuple[str, str]:
    """What siblings of one kind share: tag and class."""
    return block.tag, block.element.get("class") or ""


def _acquit(blocks: list[Block]) -> None:
    """Names mislead: an article box is called `share-area`, a whole page `post-meta`. What they hold decides."""
    prose, all_prose = _prose_in(blocks)
    held: defaultdict[int, int] = defaultdict(int)
    for block in blocks:
        held[id(block.mark)] += len(block.text)
    shown = {block.text for block in blocks if not block.junk_chain}
    is_junk: dict[HtmlElement, bool] = {}
    for block in blocks:
        for one in block.junk_chain:
            if one not in is_junk:
                most = TOO_MUCH_FOR_HIDDEN if is_hidden(one) else TOO_MUCH_FOR_JUNK
                is_junk[one] = prose[_names(one)] <= most * all_prose and not (is_hidden(one) and _goes_on(one, shown))
            if is_junk[one]:
                block.junk = one
                break
        if held[id(block.mark)] > MOST_LETTERS.get(block.role, 1_000_000):
            block.role = Role.TEXT


def _prose_in(blocks: list[Block]) -> tuple[Mapping[str, int], int]:
    """Letters of prose in elements called junk, by their names, and in all."""
    prose: defaultdict[str, int] = defaultdict(int)
    total = 0
    for block in blocks:
        if block.is_prose:
            total += len(block.text)
            for name in {_names(one) for one in block.junk_chain}:
                prose[name] += len(block.text)
    return prose, total


def _goes_on(hidden: HtmlElement, shown: set[str]) -> bool:
    """Whether a hidden element is the rest of a text that a button unfolds: paragraphs behind paragraphs, no twins."""
    before, behind = hidden.getprevious(), hidden.getnext()
    if before is None or before.tag != "p" or hidden.tag == "p" or is_junk_by_name(hidden):
        return False
    if behind is None or not (behind.tag in UNFOLDS or behind.find("button") is not None):
        return False
    lines = [clean(" ".join(one.itertext())) for one in hidden.iter("p")]
    return any(len(line) >= PROSE for line in lines) and not shown.intersection(lines)


def _mark_captions(blocks: list[Block]) -> None:
    """A short line that shares its box with a picture alone stands under that picture."""
    chains = [_boxes(block.element) for block in blocks]
    held = Counter(chain.from_iterable(chains))
    for block, boxes in zip(blocks, chains, strict=True):
        if block.role is not Role.TEXT or block.junk is not None or block.link_share > 0.5 or block.pieces:
            continue
        if len(block.text) > LONGEST_CAPTION or block.text.endswith((".", "!", "?", "؟", "”", "»", '"')):
            continue
        for box in boxes:
            if held[box] > 1 or box.tag in ("body", "article", "main"):
                break
            if next(box.iter(*PICTURES), None) is not None:
                block.role = Role.TEXT if carries_date(block.text) else Role.CAPTION
                break


def _boxes(element: HtmlElement) -> list[HtmlElement]:
    """An element and what is next around it, the innermost first."""
    boxes = [element]
    while len(boxes) <= CAPTION_REACH and (above := boxes[-1].getparent()) is not None:
        boxes.append(above)
    return boxes


def _names(element: HtmlElement) -> str:
    return f"{element.tag} {element.get('class') or element.get('id') or id(element)}"
