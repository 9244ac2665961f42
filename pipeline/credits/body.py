"""What a body credits and cites, line by line: datelines at its head, closing tags at its end, mentions between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.credits.closing import CLOSING_LINES, read_closing, read_label, read_left_over
from pipeline.credits.dateline import HEAD_CHARACTERS, HEAD_LINES, read_dateline
from pipeline.credits.folded import fold
from pipeline.credits.lines import LINE_CHARACTERS, read_credit_line
from pipeline.credits.marks import NOT_LOOKED, Glance, Marks
from pipeline.credits.mentions import read_mentions
from pipeline.credits.naming import Naming
from pipeline.credits.sentences import is_about_rights
from pipeline.records import CreditKind, CreditPosition

_BRACKETS = ("(", "[", "«", "“", '"')
FOOT_LINES = 3  # of the site, that may stand below a closing tag and be sentences
TAGGED_PARAGRAPHS = 2  # a tag is looked for at the end of so many long lines, from the last
MOST_NAMINGS = 50  # a body that credits more is a list of links
# Eight words and a full stop, with a tag behind it or none.
_SENTENCE = re.compile(r"(?:\S+\s+){7,}\S*[.!?؟][)\]»”\"]?(?:\s*[-–—]?\s*\S+){0,4}")
_STOPS = tuple('.!?؟…»”")')
_BULLET = re.compile(r"\s*[-–—•*·]")
MAX_LINES = 20_000  # a body with more lines is no article; the rest is not read


class Line(NamedTuple):
    """A line of a body that holds text; number counts such lines from 0."""

    start: int
    text: str
    number: int
    from_end: int  # 0 for the last


class _Place(NamedTuple):
    """Where a line stands."""

    above: str  # the line above
    prose: int  # long lines from here to the end
    is_below: bool  # the line is not at the head of the report
    is_over_foot: bool  # the report has begun above, and no more than the site's own lines stand below


def lines_of(body: str) -> list[Line]:
    """The lines of a body that hold text."""
    found, at = [], 0
    for text in body.split("\n", MAX_LINES)[:MAX_LINES]:
        if text.strip():
            found.append((at, text))
        at += len(text) + 1
    return [Line(at, text, number, len(found) - 1 - number) for number, (at, text) in enumerate(found)]


def read_credit_lines(body: str, lines: list[Line], marks: Marks, glance: Glance = NOT_LOOKED) -> list[Naming]:
    """Credits, labels and left-over footers of a body, without what it only mentions."""
    found: list[Naming] = []
    footed = glance.has_footer and marks.may_have_footer(body)
    prose = 0  # long lines seen, from the end: a tag stands behind the last of the report
    paragraphs = [line.number for line in lines if _is_prose(line)] or [len(lines)]
    first, last = paragraphs[0], paragraphs[-1]
    begun = next((line.number for line in lines if len(line.text) > HEAD_CHARACTERS), len(lines))
    for line in reversed(lines):
        prose += len(line.text) > LINE_CHARACTERS
        named, ends = _may_name(line, glance), line.from_end < CLOSING_LINES
        if (named or (footed and ends)) and (ends or prose <= TAGGED_PARAGRAPHS or len(line.text) <= LINE_CHARACTERS):
            above = lines[line.number - 1].text if line.number else ""
            place = _Place(above, prose, *_where(line, first, last, begun))
            found += [one.moved(line.start) for one in _credits_of(line, marks, place, footed=footed, named=named)]
        if len(found) >= MOST_NAMINGS:
            break
    taken = {naming.start for naming in found if naming.kind is not CreditKind.BOILERPLATE}
    found += _dateline_of([line for line in lines[:HEAD_LINES] if not _holds(line, taken)], marks, glance)
    return sorted(found, key=lambda naming: (naming.start, naming.end))


def _where(line: Line, first: int, last: int, begun: int) -> tuple[bool, bool]:
    """Whether a line is below the report or over the site's own lines; first and last: lines that are paragraphs.

    begun: the first line so long that no dateline is below.
    """
    is_over_foot = line.number >= first and line.from_end <= FOOT_LINES
    is_below = line.number >= min(last, HEAD_LINES) or line.from_end == 0
    return is_below or (is_over_foot and line.number > begun), is_over_foot


def _holds(line: Line, starts: set[int]) -> bool:
    short = len(line.text) <= LINE_CHARACTERS
    return short and any(line.start <= start < line.start + len(line.text) for start in starts)


def _may_name(line: Line, glance: Glance) -> bool:
    return glance.may_name(line.start, line.start + len(line.text))


def _dateline_of(lines: list[Line], marks: Marks, glance: Glance) -> list[Naming]:
    for line in lines:
        if _may_name(line, glance) and (found := read_dateline(line.text, marks)):
            return [naming.moved(line.start) for naming in found]
        if len(line.text) > HEAD_CHARACTERS:  # the report has begun
            break
    return []


def _is_prose(line: Line) -> bool:
    """A paragraph of the report, however short that is."""
    return len(line.text) > LINE_CHARACTERS or bool(_SENTENCE.fullmatch(line.text.strip()))


def _credits_of(line: Line, marks: Marks, place: _Place, *, footed: bool, named: bool) -> list[Naming]:
    short = len(line.text) <= LINE_CHARACTERS
    found = read_left_over(line.text, marks) if footed and line.from_end < CLOSING_LINES else []
    if not named:
        return found
    if found and line.text.strip() == line.text[found[0].start : found[0].end].strip():
        return found
    if short and (labelled := read_label(line.text, marks)):
        return found + labelled
    if line.from_end < CLOSING_LINES and (place.is_below or place.is_over_foot):
        return found + (_closing_of(line, marks, place) if short or place.prose <= TAGGED_PARAGRAPHS else [])
    if short and line.number and line.text.lstrip().startswith(_BRACKETS):
        return found + _bracketed(line.text, marks)
    return found


def _closing_of(line: Line, marks: Marks, place: _Place) -> list[Naming]:
    behind = place.above.rstrip().endswith(_STOPS) and not _BULLET.match(place.above)
    found = read_closing(line.text, marks, is_below=place.is_below, behind_sentence=behind)
    if line.from_end <= FOOT_LINES and place.prose <= (len(line.text) > LINE_CHARACTERS):
        return found
    # Where the report goes on, a copyright line is a picture's.
    return [one for one in found if not is_about_rights(line.text[one.start : one.end])]


def _bracketed(text: str, marks: Marks) -> list[Naming]:
    """A line that is nothing but «(الأناضول)», wherever it stands: comments of readers may follow it."""
    folded = fold(text)
    start, end = folded.span(0, len(folded.text))
    if folded.text.strip()[-1:] not in tuple(')]".'):
        return []
    return [
        Naming(hit.mark.agency_id, kind, CreditPosition.TAIL, start, end)
        for hit, kind in read_credit_line(folded.text, marks)
    ]


def read_body_mentions(
    lines: list[Line], marks: Marks, credited: list[Naming], glance: Glance = NOT_LOOKED
) -> Iterator[Naming]:
    """The agencies that running text names outside the credit lines already found."""
    taken = [(naming.start, naming.end) for naming in credited]
    for line in lines:
        if not _may_name(line, glance) or not marks.may_be_named(line.text):
            continue
        for naming in read_mentions(line.text, marks):
            moved = naming.moved(line.start)
            if not any(start <= moved.start < end for start, end in taken):
                yield moved
