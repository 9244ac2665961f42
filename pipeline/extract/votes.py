"""trafilatura's opinion of which blocks are the article."""

from __future__ import annotations

import logging

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from pipeline.extract.blocks import JOINER, Block
from pipeline.extract.wording import WORD

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each short page as an error
AGREED = 0.6  # share of a block's word triples that must stand in trafilatura's text


def vote(tree: HtmlElement, blocks: list[Block], precise: bool) -> list[bool]:
    """For each block whether trafilatura keeps it. trafilatura works on a copy of the tree."""
    # Its rescues by readability and jusText are for the balanced opinion, which is asked where the precise one falls
    # short. With scripts in the tree it would take the first thing that looks like a body, on Anadolu's pages the lede.
    found = bare_extraction(tree, include_comments=False, favor_precision=precise, fast=precise, with_metadata=False)
    text = JOINER.sub("", found.text or "") if found is not None and not isinstance(found, dict) else ""
    words = WORD.findall(text)
    triples = set(zip(words, words[1:], words[2:], strict=False))
    lines = {" ".join(WORD.findall(cell)) for line in text.splitlines() for cell in {line, *line.split("|")}}
    return [block.junk is None and _stands_in(block.words, triples, lines) for block in blocks]


def share_of(words: list[str], triples: set[tuple[str, str, str]]) -> float:
    """Share of a block's word triples that are among `triples`, 0 to 1. At least three words."""
    return sum(map(triples.__contains__, zip(words, words[1:], words[2:], strict=False))) / max(1, len(words) - 2)


def _stands_in(words: list[str], triples: set[tuple[str, str, str]], lines: set[str]) -> bool:
    if len(words) < 4:
        return " ".join(words) in lines
    return share_of(words, triples) >= AGREED
