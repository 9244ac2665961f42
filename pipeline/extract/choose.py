"""Which blocks are the article: trafilatura's two opinions, weighed against where the page's prose stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from lxml.html import HtmlElement

from pipeline.extract.blocks import HEADINGS, JOINER, Block, dress, heads_first_part
from pipeline.extract.roles import Role
from pipeline.extract.votes import share_of
from pipeline.extract.wording import WORD, containment

# Below this share of the main container's prose an opinion has lost text.
ENOUGH = 0.85
LINKED_TITLE = 0.8  # share of a line's letters that are a link
STATEMENT_WORDS = 60
LENGTHS = (0.6, 1.7)  # words of the statement to words of the page's text
AGREEMENT = 0.6  # containment of word 4-grams, both ways (measured: see benchmarks/bench_extract.py)
CERTAIN = 0.8
DEEPEST_BOX = 3
STOPS = (".", "!", "?", "؟", "۔", "。", ";", "؛")
LEAD_REACH = 25  # blocks above the text
LEAD_LETTERS = 30


def main_prose(blocks: list[Block]) -> set[int]:
    """Indexes of the prose in the container that holds most of it (after readability's scoring of parents)."""
    weight: Counter[int] = Counter()
    nodes: dict[int, HtmlElement] = {}
    prose = [
        at for at, block in enumerate(blocks) if block.is_prose and block.junk is None and block.inside != "figure"
    ]
    for at in prose:
        if is_teaser(blocks, at):
            continue
        element, share = blocks[at].element, 1.0
        own = element if blocks[at].tag in ("div", "section", "article", "td") else element.getparent()
        for _ in range(3):
            if own is None:
                break
            weight[id(own)] += int(len(blocks[at].text) * share)
            nodes[id(own)] = own
            own, share = own.getparent(), share * 0.7
    if not weight:
        return set()
    best = nodes[weight.most_common(1)[0][0]]
    inside = {id(element) for element in best.iter()}
    return {at for at in prose if id(blocks[at].element) in inside}


def is_teaser(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block stands right under a title that is a link; many such weigh more than an article, and are none."""
    return any(blocks[up].link_share > LINKED_TITLE and len(blocks[up].words) > 2 for up in range(max(0, at - 2), at))


def coverage(kept: list[bool], prose: set[int], blocks: list[Block]) -> float:
    """Share of the prose's letters that an opinion keeps, 0 to 1."""
    total = sum(len(blocks[at].text) for at in prose)
    return sum(len(blocks[at].text) for at in prose if kept[at]) / total if total else 1.0


def letters(kept: list[bool], blocks: list[Block]) -> int:
    """Letters that an opinion keeps."""
    return sum(len(block.text) for block, keep in zip(blocks, kept, strict=True) if keep)


def fill_gaps(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """What stands between two kept blocks, is their sibling and is dressed like one of them belongs to the text.

    So does a heading of no class or dressed like one that was kept, and what has boxes of its own, as the two have.
    """
    filled = list(kept)
    spots = [at for at, keep in enumerate(kept) if keep]
    headings = {dress(blocks[at]) for at in spots if blocks[at].tag in HEADINGS}
    for left, right in pairwise(spots):
        box = _box(blocks[left], blocks[right]) if right - left > 1 else None
        if box is None:
            continue
        dresses = {dress(blocks[left]), dress(blocks[right])} | headings
        for at in range(left + 1, right):
            block = blocks[at]
            fits = dress(block) in dresses or (block.tag in HEADINGS and not dress(block)[1])
            if fits and _box(blocks[left], block) is box and _is_running_text(block):
                filled[at] = True
    return filled


def _box(one: Block, other: Block) -> HtmlElement | None:
    """What holds both blocks: their parent, or what is above it where each has boxes of the same kinds of its own."""
    left, right = one.element.getparent(), other.element.getparent()
    for _ in range(DEEPEST_BOX):
        if left is right or left is None or right is None or _kind(left) != _kind(right):
            break
        left, right = left.getparent(), right.getparent()
    return left if left is right else None


def _kind(element: HtmlElement) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def add_lists(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """Lists of sentences that stand among the text's paragraphs; extractors lose them for being short or linked."""
    homes = {block.element.getparent() for block, keep in zip(blocks, kept, strict=True) if keep and block.tag == "p"}
    lists: dict[HtmlElement, list[int]] = {}
    for at, block in enumerate(blocks):
        if block.tag == "li" and (holder := block.element.getparent()) is not None and holder.getparent() in homes:
            lists.setdefault(holder, []).append(at)
    longer = list(kept)
    for items in lists.values():
        if all(_is_running_text(blocks[at]) and blocks[at].text.endswith(STOPS) for at in items):
            longer = [keep or at in items for at, keep in enumerate(longer)]
    return longer


def heed_statement(kept: list[bool], blocks: list[Block], statement: str) -> list[bool]:
    """JSON-LD's articleBody as a witness: where it agrees with the page it settles which prose is the text.

    Only its word triples count, the text stays the page's. A teaser in its place agrees too little to be heard. What
    the text begins with is not its to take: many statements leave out the lede.
    """
    stated = WORD.findall(JOINER.sub("", statement))
    ours = [word for block, keep in zip(blocks, kept, strict=True) if keep for word in block.words]
    if len(stated) < STATEMENT_WORDS or not LENGTHS[0] <= len(stated) / max(1, len(ours)) <= LENGTHS[1]:
        return kept
    if min(containment(ours, stated), containment(stated, ours)) < AGREEMENT:
        return kept
    triples = set(zip(stated, stated[1:], stated[2:], strict=False))
    settled = list(kept)
    lede = next((at for at, keep in enumerate(kept) if keep and blocks[at].is_prose), None)
    for at, block in enumerate(blocks):
        if block.junk is not None or len(block.words) < 8:
            continue
        share = share_of(block.words, triples)
        if share >= CERTAIN:
            settled[at] = True
        elif share <= 1 - CERTAIN and block.is_prose and block.role is not Role.LEAD and at != lede:
            settled[at] = False
    return settled


def add_lead(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """The standfirst, named so, between headline and text."""
    first = next((at for at, keep in enumerate(kept) if keep and blocks[at].role is not Role.HEADLINE), None)
    if first is None:
        return kept
    wanted = list(kept)
    top = _last_headline(blocks, first)
    for at in range(max(0, first - LEAD_REACH, top + 1), first):
        block = blocks[at]
        leads = block.role is Role.LEAD or (block.is_prose and at == top + 1 and _shares_head(block, blocks[top]))
        if leads and block.junk is None and len(block.text) >= LEAD_LETTERS and block.link_share < 0.5:
            wanted[at] = True
    return wanted


def add_first_heading(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """The heading of a digest's first part: extractors take it for the page's, though others like it head the rest."""
    first = next((at for at, keep in enumerate(kept) if keep and blocks[at].is_prose), 0)
    lost = first > 0 and not kept[first - 1] and blocks[first - 1].junk is None
    if not lost or not heads_first_part(blocks, first - 1):
        return kept
    kind = dress(blocks[first - 1])
    goes_on = any(keep and dress(blocks[at]) == kind for at, keep in enumerate(kept) if at > first)
    return [keep or (goes_on and at == first - 1) for at, keep in enumerate(kept)]


def _shares_head(block: Block, headline: Block) -> bool:
    """Whether both stand in one hgroup, which is for a headline and the line under it."""
    parent = block.element.getparent()
    return parent is not None and parent.tag == "hgroup" and headline.element.getparent() is parent


def _last_headline(blocks: list[Block], before: int) -> int:
    return max((at for at in range(before) if blocks[at].role is Role.HEADLINE), default=-1)


def _is_running_text(block: Block) -> bool:
    return (
        block.junk is None
        and block.role in (Role.TEXT, Role.LEAD)
        and block.inside != "figure"
        and block.link_share < 0.5
        and block.tag in ("p", "h2", "h3", "h4", "blockquote", "div", "li")
    )
