"""trafilatura's opinion of which blocks are the article."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipeline.extract.blocks import JOINER, Block
from pipeline.extract.wording import WORD

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each short page as an error
AGREED = 0.6  # share of a block's word triples that must stand in trafilatura's text
FEWEST_COMPARED = 4  # words; shorter blocks must be a line of trafilatura's text
MARKUP = 40  # letters that trafilatura may add to a line
UNSEEN = "data-left-out"


def hide(elements: Iterable[HtmlElement]) -> None:
    """Mark elements of a tree that trafilatura is not to look at; all others see them."""
    for element in elements:
        element.set(UNSEEN, "")


def vote(tree: HtmlElement, blocks: list[Block], precise: bool) -> list[bool]:
    """For each block whether trafilatura keeps it. trafilatura works on a copy of the tree."""
    found = bare_extraction(tree, options=_options(precise), prune_xpath=f".//*[@{UNSEEN}]")
    text = JOINER.sub("", found.text or "") if found is not None and not isinstance(found, dict) else ""
    words = WORD.findall(text)
    triples = set(zip(words, words[1:], words[2:], strict=False))
    longest = MARKUP + max((len(block.text) for block in blocks if len(block.words) < FEWEST_COMPARED), default=0)
    cells = (cell for line in text.splitlines() for cell in {line, *line.split("|")} if len(cell) <= longest)
    lines = {" ".join(WORD.findall(cell)) for cell in cells}
    return [block.junk is None and _stands_in(block.words, triples, lines) for block in blocks]


@cache
def _options(precise: bool) -> Extractor:
    """Made once: trafilatura reads its configuration anew for each.

    Its rescues by readability and jusText are for the balanced opinion, asked where the precise one falls short. With
    scripts in the tree it would take the first thing that looks like a body, on Anadolu's pages the lede.
    """
    return Extractor(comments=False, precision=precise, fast=precise, output_format="python")


def share_of(words: list[str], triples: set[tuple[str, str, str]]) -> float:
    """Share of a block's word triples that are among `triples`, 0 to 1. At least three words."""
    return sum(map(triples.__contains__, zip(words, words[1:], words[2:], strict=False))) / max(1, len(words) - 2)


def _stands_in(words: list[str], triples: set[tuple[str, str, str]], lines: set[str]) -> bool:
    if len(words) < FEWEST_COMPARED:
        return " ".join(words) in lines
    return share_of(words, triples) >= AGREED
