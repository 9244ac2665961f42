"""The text of an article as readers see it: paragraphs in order, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from pipeline.extract.blocks import PROSE, Block
from pipeline.extract.byline import dateline_in, find_byline, find_byline_behind
from pipeline.extract.choose import (
    ENOUGH,
    add_first_heading,
    add_lead,
    add_lists,
    coverage,
    fill_gaps,
    heed_statement,
    is_teaser,
    letters,
    main_prose,
)
from pipeline.extract.date_lines import date_lines
from pipeline.extract.datelines import (
    find_dateline,
    is_dateline_only,
    is_sign_off,
    labels_source,
    names_source,
    places_agency,
)
from pipeline.extract.notices import carries_date, is_notice
from pipeline.extract.related import cut_lists, drop_related, setting
from pipeline.extract.roles import Role
from pipeline.extract.selectors import select
from pipeline.extract.split import Blocks, split_blocks
from pipeline.extract.trim import Known, is_furniture, is_headline, trim
from pipeline.extract.votes import hide, vote
from pipeline.extract.wording import words_of

NO_TEXT = ("script", "style", "noscript", "svg", "template", "iframe", "select", "button", "input", "link", "meta")
CLEARLY_MORE = 0.05
LOST = 0.4  # share of the page's prose
UNDER_HEADLINE = 25  # blocks between headline and text
LONGEST_DATELINE = 90  # letters that may stand before the words of an excerpt
SAME_LINE = 30  # letters; a lead and the first paragraph may say the same
LONGEST_CAPTION, MOST_CAPTIONS = 500, 20
AROUND = 8  # blocks
PLAIN_WORDS = re.compile(r"[\u0620-\u064a ]+")  # what may as well introduce a quotation
SIGN_OFF_REACH = 3  # blocks after the text
LAST_PARAGRAPHS = 2  # that a source line may stand behind: a site's own line may follow it
LONGEST_VALUE = 60  # letters


@dataclass(frozen=True, slots=True)
class Text:
    """What was read of the text itself."""

    lines: tuple[str, ...]
    byline: str | None
    dateline: str | None
    captions: tuple[str, ...]
    letters_on_page: int  # of all blocks, junk included
    linked_on_page: int  # of those, letters in links
    selector_missed: bool
    above: tuple[tuple[str, ...], ...]  # lines where a date may stand: under the headline, above it, behind the text
    span: tuple[HtmlElement | None, HtmlElement | None]  # the elements of the headline and of the text's last line
    around: tuple[str, ...]  # what stands right after the text, where a wall speaks
    ends_page: bool  # nothing stands after the text
    teaser_share: float  # of the text's blocks, those right under a linked title of their own
    linked_share: float  # of the text's letters, those in links
    from_script: bool = False  # the page shows less; the lines were read of its scripts


def read_text(
    tree: HtmlElement,
    headlines: tuple[str, ...],
    statement: str,
    selector: str | None,
    byline: str | None,
    sites: tuple[str, ...] = (),
) -> Text:
    """Find the article's text. The tree loses what is no text. `statement` is JSON-LD's articleBody.

    `sites`: the names that the site gives itself.
    """
    titles = [words_of(text) for text in dict.fromkeys(headlines)]
    page = split_blocks(tree)
    blocks = page.blocks
    drop_no_text(tree, page)
    hide(page.lists)
    kept = _selected(tree, blocks, selector)
    missed = bool(selector) and kept is None
    if kept is None:
        kept = add_lists(fill_gaps(_voted(tree, blocks, titles), blocks), blocks)
        kept = heed_statement(kept, blocks, statement)
        kept = drop_related(kept, blocks, _headline_at(blocks, _middle(kept, blocks), titles))
        kept = add_first_heading(add_lead(cut_lists(kept, blocks), blocks), blocks)
    kept = _with_sign_off(kept, blocks)
    first = next((at for at, keep in enumerate(kept) if keep and _is_text(blocks[at], titles)), 0)
    top = _headline_at(blocks, first, titles)
    printed = find_byline(blocks, first, top, sites)
    byline = byline or printed.byline or find_byline_behind(blocks, _last(kept))
    chosen = trim([block for block, keep in zip(blocks, kept, strict=True) if keep], Known(headlines, byline))
    dateline, chosen = _take_dateline(chosen)
    end = next((at + 1 for at in range(len(blocks) - 1, -1, -1) if chosen and blocks[at] is chosen[-1]), 0)
    return Text(
        lines=tuple(_once(chosen)),
        byline=byline,
        dateline=dateline or dateline_in(byline) or printed.dateline,
        captions=_captions(blocks),
        letters_on_page=sum(len(block.text) for block in blocks),
        linked_on_page=sum(block.linked for block in blocks),
        selector_missed=missed,
        above=tuple(date_lines(blocks, kept, first, top)),
        span=(blocks[top].element if top >= 0 else None, chosen[-1].element if chosen else None),
        around=tuple(block.text for block in blocks[end : end + AROUND]),
        ends_page=_last(kept) >= len(blocks) - 1,
        teaser_share=_teaser_share(kept, blocks),
        linked_share=sum(block.linked for block in chosen) / max(1, sum(len(block.text) for block in chosen)),
    )


def _voted(tree: HtmlElement, blocks: list[Block], titles: list[list[str]]) -> list[bool]:
    """trafilatura's precise opinion, and its balanced one only where the page's prose speaks against the first."""
    prose = main_prose(blocks)
    precise = vote(tree, blocks, precise=True)
    covered = coverage(precise, prose, blocks)
    if covered >= ENOUGH:
        return precise
    balanced = vote(tree, blocks, precise=False)
    if coverage(balanced, prose, blocks) > covered + CLEARLY_MORE:
        return balanced
    if covered < LOST and _stands_above(prose, precise, blocks, titles):
        return [at in prose for at in range(len(blocks))]
    return precise


def _stands_above(prose: set[int], kept: list[bool], blocks: list[Block], titles: list[list[str]]) -> bool:
    """Whether the page's prose begins under the headline, and above everything that was found."""
    if not prose or not any(keep and blocks[at].is_prose for at, keep in enumerate(kept)):
        return bool(prose)
    first, found = min(prose), next(at for at, keep in enumerate(kept) if keep and blocks[at].is_prose)
    top = _headline_at(blocks, first, titles)
    return first < found and 0 <= first - top <= UNDER_HEADLINE and top >= 0


def _selected(tree: HtmlElement, blocks: list[Block], selector: str | None) -> list[bool] | None:
    """The blocks inside the outlet's own body selector; None where it finds no text."""
    inside = {id(inner) for element in select(tree, selector) for inner in element.iter()}
    kept = [id(block.element) in inside and block.junk is None for block in blocks]
    return kept if any(keep and block.is_prose for keep, block in zip(kept, blocks, strict=True)) else None


def _with_sign_off(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """Closing lines that name place and agency stand right after the text; extractors lose them for being short."""
    wanted = list(kept)
    prose = [at for at, keep in enumerate(kept) if keep and blocks[at].is_prose]
    text = list(islice((at for at in reversed(prose) if not is_notice(blocks[at].text)), LAST_PARAGRAPHS))
    ends = {_last(kept), *prose[-1:], *text[:1]}
    ends.add(next((at for at in range(_last(kept), -1, -1) if kept[at] and _may_end(blocks[at])), -1))
    for at in _sources(text, blocks):
        wanted[at] = True
    for last in ends - {-1}:
        parents = (blocks[last].element, blocks[last].element.getparent())
        outer = parents[1].getparent() if parents[1] is not None else None
        usual = setting(blocks[last])
        for at in range(last + 1, min(last + 1 + SIGN_OFF_REACH, len(blocks))):
            block = blocks[at]
            near = block.element in parents or block.element.getparent() in parents or setting(block) == usual
            near = near or (block.element.getparent() is outer and at == last + 1 and places_agency(block.text))
            if block.junk is not None or is_furniture(block) or not is_sign_off(block.text):
                break
            if not (near or names_source(block.text)):
                break
            wanted[at] = True
    return wanted


def _may_end(block: Block) -> bool:
    """Whether a text may end there: its last paragraph may be short, and stand before a copyright line."""
    return not is_furniture(block) and not is_notice(block.text)


def _sources(paragraphs: list[int], blocks: list[Block]) -> Iterator[int]:
    """Lines that say which agency a text is from, right behind one of its last paragraphs, in whatever element."""
    for behind in paragraphs:
        near = [at for at in range(behind + 1, behind + 1 + SIGN_OFF_REACH) if at < len(blocks)]
        for at in near:
            if blocks[at].junk is not None or blocks[at].role is Role.CAPTION:
                break
            if names_source(blocks[at].text):
                yield at
            elif labels_source(blocks[at].text) and _is_value(blocks, at + 1):
                yield from (at, at + 1)


def _is_value(blocks: list[Block], at: int) -> bool:
    """Whether a block is the value of the label before it: its sibling, short, and no sentence."""
    if at >= len(blocks) or blocks[at].junk is not None or len(blocks[at].text) > LONGEST_VALUE:
        return False
    beside = blocks[at].element.getparent() is blocks[at - 1].element.getparent()
    return beside and not blocks[at].text.endswith(".") and not is_furniture(blocks[at])


def _take_dateline(chosen: list[Block]) -> tuple[str | None, list[Block]]:
    """The dateline of the first paragraph; a line that is nothing but a dateline above the text leaves the text."""
    for at, block in enumerate(chosen[:3]):
        loose = block.role is Role.LEAD and "/" not in block.text  # a standfirst may hold a dash
        if is_dateline_only(block.text) and not loose and len(chosen) > at + 1:
            return block.text, chosen[:at] + chosen[at + 1 :]
        dateline = find_dateline(block.text)
        if dateline and not (at and chosen[at - 1].is_prose and PLAIN_WORDS.fullmatch(dateline)):
            return dateline, chosen
    return None, chosen


def _captions(blocks: list[Block]) -> tuple[str, ...]:
    """What stands under pictures, each once; a photo's agency is named there."""
    found = (
        block.text
        for block in blocks
        if block.junk is None and (block.role is Role.CAPTION or block.inside == "figure")
    )
    return tuple(dict.fromkeys(text[:LONGEST_CAPTION] for text in found if len(text) > 2))[:MOST_CAPTIONS]


def _last(kept: list[bool]) -> int:
    return max((at for at, keep in enumerate(kept) if keep), default=-1)


def _teaser_share(kept: list[bool], blocks: list[Block]) -> float:
    prose = [at for at, keep in enumerate(kept) if keep and blocks[at].is_prose]
    under = sum(is_teaser(blocks, at) for at in prose)
    return under / len(prose) if len(prose) > 1 else 0.0


def _once(chosen: list[Block]) -> Iterator[str]:
    """The lines, a long one only once (pages hold twins of their text for other screens), a lead's words only once."""
    seen: set[str] = set()
    chosen = [block for at, block in enumerate(chosen) if at >= 2 or not _is_excerpt(block.text, chosen[at + 1 : 5])]
    lead = {block.text for block in chosen[:3] if len(block.text) >= SAME_LINE}
    for block in chosen:
        if block.text not in seen or (len(block.text) < 2 * PROSE and block.text not in lead):
            yield block.text
        seen.add(block.text)


def _is_excerpt(line: str, later: list[Block]) -> bool:
    """The beginning of a paragraph below, cut where it was long enough."""
    start = line.rstrip(" .…")
    return len(start) >= SAME_LINE and any(0 <= one.text.find(start) <= LONGEST_DATELINE for one in later)


def _headline_at(blocks: list[Block], first: int, titles: list[list[str]]) -> int:
    """Index of the headline as printed nearest above the text, -1 where none is."""
    return next((at for at in range(first - 1, -1, -1) if _is_title(blocks[at], titles)), -1)


def _is_title(block: Block, titles: list[list[str]]) -> bool:
    return block.role is Role.HEADLINE or is_headline(block, titles)


def _is_text(block: Block, titles: list[list[str]]) -> bool:
    is_text = block.is_prose and block.role in (Role.TEXT, Role.LEAD)
    return is_text and not is_headline(block, titles) and not carries_date(block.text)


def _middle(kept: list[bool], blocks: list[Block]) -> int:
    """Index of the block where half of the kept letters stand before."""
    left = letters(kept, blocks) / 2
    for at, (block, keep) in enumerate(zip(blocks, kept, strict=True)):
        left -= len(block.text) if keep else 0
        if left < 0:
            return at
    return 0


def drop_no_text(tree: HtmlElement, page: Blocks) -> None:
    """Take out of the tree what nobody reads as text, what is called junk, and what holds nothing."""
    strip_elements(tree, *NO_TEXT, with_tail=False)
    junk = {id(block.junk): block.junk for block in page.blocks if block.junk is not None}
    for element in (*page.hollow, *junk.values()):
        if element.getparent() is not None:
            element.drop_tree()
