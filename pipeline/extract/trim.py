"""From chosen blocks to the text: what stands around it in the page's furniture is left out."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.blocks import PROSE, Block
from pipeline.extract.notices import (
    carries_counter,
    carries_date,
    is_date_line,
    is_label,
    is_notice,
    opens_related,
    points_elsewhere,
)
from pipeline.extract.roles import Role
from pipeline.extract.wording import overlap, words_of
from pipeline.read_also import says_also

ABOVE, BEHIND_LEAD = 2, 3  # blocks
HEAD, TAIL = 12, 14  # blocks at the ends where furniture stands
ONLY_LINK, LINK_ROW = 0.9, 0.4
READ_ALSO_LINK = 0.3
SAME_HEADLINE = 0.85
LONGEST_HEADLINE = 300  # letters
LONGEST_NOTICE = 600  # letters; a report on subscriptions is longer
FULL_STOPS = (".", "۔", "。")
SENTENCE_ENDS = (".", "!", "?", "؟", "۔", "。", "…", "”", "»", '"')


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the article and must not stand in its text twice."""

    headlines: tuple[str, ...]
    byline: str | None


def trim(blocks: list[Block], known: Known) -> list[Block]:
    """The blocks without furniture."""
    blocks = [block for block in blocks if not is_furniture(block)]
    headlines = [words_of(text) for text in dict.fromkeys(known.headlines)]
    byline = words_of(known.byline or "")
    blocks = blocks[_after_headline(blocks, headlines) :]
    top = next((at for at, block in enumerate(blocks) if block.is_prose and block.role is Role.TEXT), 0)
    top = min(max(top, ABOVE), HEAD)
    kept: list[Block] = []
    for at, block in enumerate(blocks):
        if at < top and _stands_above(block, [] if any(map(_is_sentence, kept)) else headlines, byline):
            continue
        goes_on = at <= top + BEHIND_LEAD and any(later.is_prose for later in blocks[at + 1 :])
        if goes_on and not block.is_prose and _is_byline_or_date(block, byline):
            continue
        if (at < HEAD or at >= len(blocks) - TAIL) and len(block.text) <= LONGEST_NOTICE and is_notice(block.text):
            continue
        kept.append(block)
    while kept and is_date_line(kept[-1].text):
        kept.pop()
    return kept


def _after_headline(blocks: list[Block], headlines: list[list[str]]) -> int:
    """Where the text begins: behind the headline, if nothing but furniture stands before it."""
    for at, block in enumerate(blocks[:HEAD]):
        if is_headline(block, headlines):
            return at + 1
        if block.is_prose and (len(block.text) > LONGEST_HEADLINE or _is_sentence(block)):
            break
    return 0


def _is_sentence(block: Block) -> bool:
    """Running text, no item of a list above it: a line behind it that says what the headline says is text too."""
    return block.is_prose and block.tag != "li" and block.text.endswith(SENTENCE_ENDS)


def is_headline(block: Block, headlines: list[list[str]]) -> bool:
    """Whether a block prints one of the headlines, each given as its words.

    A sentence that says a little more is the text's first, of which the headline was made.
    """
    words = words_of(block.text) if len(block.text) <= LONGEST_HEADLINE else []
    if block.is_prose and block.text.endswith(FULL_STOPS):
        return words in headlines
    return any(_may_overlap(words, one) and overlap(words, one) >= SAME_HEADLINE for one in headlines)


def _may_overlap(left: list[str], right: list[str]) -> bool:
    """Whether the lengths allow it: to compare the words takes ten times as long."""
    return 2 * min(len(left), len(right)) / max(1, len(left) + len(right)) >= SAME_HEADLINE


def is_furniture(block: Block) -> bool:
    """Headline, caption, picture text, link of its own, label: nothing of the text."""
    if not block.words or block.role in (Role.HEADLINE, Role.CAPTION) or block.inside == "figure":
        return True
    if (
        block.links > 1
        and block.link_share > LINK_ROW
        and not block.is_prose
        and not block.text.endswith(SENTENCE_ENDS)
    ):
        return True
    if block.link_share > ONLY_LINK and not _is_linked_prose(block):
        return True
    return is_label(block.text) or _points_elsewhere(block)


def _points_elsewhere(block: Block) -> bool:
    """A read-also line: its words, and a link behind them that may be the rest; without a link, beyond doubt."""
    if points_elsewhere(block.text):
        return block.link_share > READ_ALSO_LINK or says_also(block.text)
    return block.links == 1 and opens_related(block.text[: len(block.text) - block.linked])


def _is_linked_prose(block: Block) -> bool:
    """Some sites link whole paragraphs."""
    return len(block.text) >= 2 * PROSE or (len(block.text) >= PROSE and block.text.endswith(SENTENCE_ENDS))


def _is_byline_or_date(block: Block, byline: list[str]) -> bool:
    """What may stand between a standfirst and the text."""
    return is_date_line(block.text) or (bool(byline) and words_of(block.text) == byline)


def _stands_above(block: Block, headlines: list[list[str]], byline: list[str]) -> bool:
    if len(block.text) > LONGEST_HEADLINE:
        return False
    if is_headline(block, headlines) or (byline and words_of(block.text) == byline):
        return True
    return carries_date(block.text) or carries_counter(block.text) or (block.role is Role.META and not block.is_prose)
