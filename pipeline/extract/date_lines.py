"""The lines around a text in which the day of its publication may be printed."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.beside_dates import dates_its_place
from pipeline.extract.blocks import Block
from pipeline.extract.notices import SENTENCE_END, carries_date
from pipeline.extract.roles import Role

ABOVE_TEXT = 8  # blocks, where no headline is printed
UNDER_LEAD = 10  # blocks between standfirst and text
ABOVE, BEHIND = 5, 4  # blocks above the headline, and behind the text
LONGEST = 200  # letters


def date_lines(blocks: list[Block], kept: list[bool], first: int, top: int) -> Iterator[tuple[str, ...]]:
    """Short lines where a date is printed: from the headline to the text's first lines; above; right behind."""
    last = max((at for at, keep in enumerate(kept) if keep), default=-1)
    top = top if top >= 0 else max(0, first - ABOVE_TEXT)
    begin = _behind_lead(blocks, first)
    spans = (
        range(top + 1, begin + 2),
        range(top, max(-1, top - ABOVE), -1),
        range(last + 1, last + 1 + BEHIND),
    )
    for span in spans:
        near = (blocks[at] for at in span if at < len(blocks))
        yield tuple(
            block.text for block in near if block.junk is None and len(block.text) <= LONGEST and not _tells(block)
        )


def _tells(block: Block) -> bool:
    """A sentence of the text: the day that it tells of is its own, but for one that a dateline before it states."""
    told = block.is_prose and SENTENCE_END.search(block.text) is not None
    return told and not dates_its_place(block.text)


def _behind_lead(blocks: list[Block], first: int) -> int:
    """Where the text goes on: byline and date may stand between a standfirst and the rest."""
    behind = range(first + 1, min(first + UNDER_LEAD, len(blocks)))
    text = next((at for at in behind if blocks[at].is_prose and blocks[at].role is Role.TEXT), first)
    return text if any(carries_date(blocks[at].text) for at in range(first + 1, text)) else first
