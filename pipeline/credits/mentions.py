"""Agencies named in running text: cited («ونقلت وكالة الأناضول»), or left over from their own report («للأناضول»)."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.credits.folded import Folded, fold
from pipeline.credits.lines import ends_with
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.records import CreditKind, CreditPosition

_BEFORE = 60  # characters before a mark in which a verb that cites it stands
_AFTER = 40
_MOST_HITS = 100  # of one line; the first of each agency is kept
_CLAUSE_END = re.compile(r"[.!?;\n]")


def read_mentions(line: str, marks: Marks) -> list[Naming]:
    """The agencies that a line of running text names, each with the words that show how."""
    folded = fold(line)
    found = []
    for hit in marks.find(folded.text)[:_MOST_HITS]:
        agency_id = hit.mark.agency_id
        if agency_id is None:
            continue
        reference = marks.self_reference(folded.text, hit)
        if reference:
            found.append(_naming(folded, agency_id, _said_by_or_to(folded.text, reference[0], marks), *reference))
        elif _is_agency(folded.text, hit, marks):
            found.append(_naming(folded, agency_id, CreditKind.MENTION, hit.start, hit.end))
    found += _joined_references(folded, marks)
    return sorted(found, key=lambda naming: (naming.start, naming.end))


def _naming(folded: Folded, agency_id: str, kind: CreditKind, start: int, end: int) -> Naming:
    return Naming(agency_id, kind, CreditPosition.BODY, *folded.span(start, end))


def _joined_references(folded: Folded, marks: Marks) -> list[Naming]:
    """Marks behind an attached preposition, which are no whole words: «للأناضول», «لرويترز»."""
    found = []
    for match in islice(marks.joined.finditer(folded.text), _MOST_HITS):
        agency_id = marks.joined_agency[match.group(1)]
        kind = _said_by_or_to(folded.text, match.start(), marks)
        found.append(_naming(folded, agency_id, kind, match.start(1), match.end(1)))
    return found


def _said_by_or_to(text: str, start: int, marks: Marks) -> CreditKind:
    """A statement made to the agency is its own report's; «وفقا لرويترز» with the same preposition cites it."""
    cited = ends_with(marks.according, text[max(0, start - _BEFORE) : start])
    return CreditKind.MENTION if cited else CreditKind.SELF_REFERENCE


def _is_agency(text: str, hit: Hit, marks: Marks) -> bool:
    """True where the mark means the agency beyond doubt, or the words around it say so."""
    short = hit.end - hit.start <= 3 and text[hit.start : hit.end].isascii()  # AP, SPA: initials of much else
    if not hit.mark.ambiguous and (hit.mark.full or not (short or hit.mark.agency_id in marks.trapped)):
        return True
    before = _CLAUSE_END.split(text[max(0, hit.start - _BEFORE) : hit.start])[-1]
    after = text[hit.end : hit.end + _AFTER].lstrip(" ')\"")
    nouns = [noun for noun in marks.agency_noun.finditer(before) if len(before[noun.end() :].split()) <= 3]
    if nouns:
        return True
    cited = any(len(before[verb.end() :].split()) <= 3 for verb in marks.mention_before.finditer(before))
    return not hit.mark.ambiguous and (cited or bool(marks.mention_after.match(after)))
