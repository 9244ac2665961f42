"""A page as blocks, each judged by what it holds where the names around it say otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from pipeline.extract.blocks import PROSE, Block
from pipeline.extract.choose import is_teaser
from pipeline.extract.notices import carries_date
from pipeline.extract.roles import Role, is_hidden, is_junk_by_name
from pipeline.extract.walk import walk_over
from pipeline.extract.wording import clean

UNFOLDS = frozenset({"button", "a", "label"})
PICTURES = ("img", "picture", "amp-img")
CAPTION_REACH, LONGEST_CAPTION = 3, 150  # elements around a line, letters
FEWEST_TEASERS = 2
# An element called junk that holds this share of the page's prose is the article itself.
TOO_MUCH_FOR_JUNK = 0.25
TOO_MUCH_FOR_HIDDEN = 0.7  # hidden twins of the text are common, wholly hidden articles are not
# An element that holds more than this is not what its names say.
MOST_LETTERS = {Role.META: 300, Role.CAPTION: 700, Role.HEADLINE: 500, Role.LEAD: 1_500}


@dataclass(frozen=True, slots=True)
class Blocks:
    """A page in blocks, and which elements hold no text of an article."""

    blocks: list[Block]  # in document order, junk marked
    hollow: list[HtmlElement]  # tell nothing at all
    lists: list[HtmlElement]  # lists of links beside running text; where there is none, they are what the page says


def split_blocks(tree: HtmlElement) -> Blocks:
    """Every block of a tree, and what can be left out of it."""
    blocks, hollow, lists = walk_over(tree)
    _acquit(blocks)
    _mark_captions(blocks)
    has_prose = any(block.is_prose and block.junk is None for block in blocks)
    return Blocks(blocks, hollow, lists if has_prose else [])


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
    """Letters of prose in elements called junk, by their names, and in all.

    Teasers do not speak for such an element: beside a brief, those of a related list are most of what there is to read.
    """
    prose: defaultdict[str, int] = defaultdict(int)
    teasers: defaultdict[str, list[int]] = defaultdict(list)
    total = 0
    for at, block in enumerate(blocks):
        if block.is_prose:
            total += len(block.text)
            teases = bool(block.junk_chain) and is_teaser(blocks, at)
            for name in {_names(one) for one in block.junk_chain}:
                prose[name] += len(block.text)
                if teases:
                    teasers[name].append(len(block.text))
    for name, lengths in teasers.items():
        if len(lengths) >= FEWEST_TEASERS:
            prose[name] -= sum(lengths)
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
