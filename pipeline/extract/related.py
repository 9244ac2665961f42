"""Lists and cards of other articles among a page's blocks: where they begin, and how far they go."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement

from pipeline.extract.blocks import HEADINGS, Block, dress
from pipeline.extract.choose import letters
from pipeline.extract.notices import opens_comments, opens_related

FEWEST_ITEMS, MOSTLY_LINK = 2, 0.6
FEWEST_CARDS = 2
TITLE_WORDS = 3
MOST_HEADINGS = 60  # looked at on a page
LINKED = 0.8
REST = 0.4  # of the text; where more is left than this, prose after a heading is the text that goes on
# What is left without the cards; a page of nothing but cards is judged elsewhere.
FEWEST_LEFT, LEAST_SHARE = 120, 0.2  # letters, share of what there was

Setting = tuple[str, str, str, str]


def drop_related(kept: list[bool], blocks: list[Block], top: int) -> list[bool]:
    """Without what stands under the heading of a related list, and without cards: a linked title with a teaser.

    `top` is the index of the headline, -1 where none is printed; what stands above it says nothing of the text.
    """
    left = list(kept)
    weight: Counter[Setting] = Counter()
    headings = 0
    for at in range(top + 1, len(blocks)):
        block = blocks[at]
        if headings < MOST_HEADINGS and weight and _is_heading(block):
            headings += 1
            home = weight.most_common(1)[0][0]
            zone = _zone(at, home, left, blocks)
            if any(left[inside] for inside in zone[1:]):  # a heading that stands alone is left to speak to its siblings
                for inside in zone:
                    left[inside] = False
        if left[at] and block.is_prose:
            weight[setting(block)] += len(block.text)
    for item in _link_lists(left, blocks):
        left[item] = False
    if weight:
        for card in _cards(weight.most_common(1)[0][0], left, blocks):
            left[card] = False
    before, after = letters(kept, blocks), letters(left, blocks)
    return left if after >= max(FEWEST_LEFT, LEAST_SHARE * before) else kept


def cut_lists(kept: list[bool], blocks: list[Block]) -> list[bool]:
    """Without lists that stand among the text's own siblings: from their heading to where the text goes on.

    A heading of related links counts where it was kept, one of comments anywhere behind the text's beginning.
    """
    total = left = letters(kept, blocks)
    usual = Counter(dress(block) for block, keep in zip(blocks, kept, strict=True) if keep and block.is_prose)
    home = usual.most_common(1)[0][0] if usual else None
    wanted = list(kept)
    skipping, comments, counted = False, False, False
    for at, block in enumerate(blocks):
        if kept[at] and opens_related(block.text):
            skipping, comments, counted = True, False, False
        elif left < total and opens_comments(block.text):
            skipping = comments = True
            counted = block.tag in HEADINGS and any(letter.isdigit() for letter in block.text)
        elif skipping and kept[at] and block.is_prose:
            goes_on = left > REST * total or (dress(block) == home and not (comments and not home[1]))
            skipping = counted or not goes_on
        left -= len(block.text) if kept[at] else 0
        wanted[at] = kept[at] and not skipping
    return wanted


def _link_lists(kept: list[bool], blocks: list[Block]) -> list[int]:
    """Lists in which every item is the title of another page, perhaps with a label before it, and no sentence."""
    lists: dict[HtmlElement, list[int]] = {}
    for at, block in enumerate(blocks):
        holder = block.element.getparent() if block.tag == "li" else None
        if holder is not None:
            lists.setdefault(holder, []).append(at)
    return [
        at
        for items in lists.values()
        if len(items) >= FEWEST_ITEMS and all(_is_linked_title(blocks[at]) for at in items)
        for at in items
        if kept[at]
    ]


def _is_linked_title(block: Block) -> bool:
    ends = block.text.endswith(".") and block.link_share < LINKED
    return block.links == 1 and block.link_share > MOSTLY_LINK and len(block.words) >= TITLE_WORDS and not ends


def setting(block: Block) -> Setting:
    """What blocks of one text share: tag and class, their own and their parent's."""
    parent = block.element.getparent()
    above = (str(parent.tag), parent.get("class") or "") if parent is not None else ("", "")
    return (*dress(block), *above)


def _is_heading(block: Block) -> bool:
    """A line that opens a list; a mere link that says «read more» opens none."""
    if block.link_share > LINKED and block.tag not in HEADINGS:
        return False
    return opens_related(block.text) or opens_comments(block.text)


def _zone(heading: int, home: Setting, kept: list[bool], blocks: list[Block]) -> list[int]:
    """What follows the heading inside the largest element around it that holds nothing of the text."""
    holders: set[HtmlElement] = set()
    for block, keep in zip(blocks, kept, strict=True):
        if keep and block.is_prose and setting(block) == home:
            holders.update((block.element, *block.element.iterancestors()))
    zone = blocks[heading].element
    if zone in holders:
        return []
    while (parent := zone.getparent()) is not None and parent not in holders:
        zone = parent
    inside = set(zone.iter())
    spots = []
    for at in range(heading, len(blocks)):
        if blocks[at].element not in inside:
            break
        spots.append(at)
    return spots


def _cards(home: Setting, kept: list[bool], blocks: list[Block]) -> list[int]:
    """Behind the text and set otherwise: prose right under linked titles of its own."""
    under: dict[Setting, list[int]] = {}
    last = max((at for at, keep in enumerate(kept) if keep and setting(blocks[at]) == home), default=len(blocks))
    for at in range(last + 1, len(blocks)):
        block, title = blocks[at], blocks[at - 1]
        if not block.is_prose or setting(block) == home:
            continue
        if title.link_share > LINKED and len(title.words) >= TITLE_WORDS:
            under.setdefault(setting(block), []).append(at)
    return [at for spots in under.values() if len(spots) >= FEWEST_CARDS for at in spots]
