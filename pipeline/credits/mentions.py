"""Agencies named in running text: cited («ونقلت وكالة الأناضول»), or left over from their own report («للأناضول»)."""

from __future__ import annotations

import re

from pipeline.credits.folded import Folded, fold
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.records import CreditKind, CreditPosition

_BEFORE = 60  # characters before a mark in which a verb that cites it stands
_AFTER = 40
_CLAUSE_END = re.compile(r"[.!?;\n]")


def read_mentions(line: str, marks: Marks) -> list[Naming]:
    """The agencies that a line of running text names, each with the words that show how."""
    folded = fold(line)
    found = []
    for hit in marks.find(folded.text):
        agency_id = hit.mark.agency_id
        if agency_id is None:
            continue
        reference = marks.self_reference(folded.text, hit)
        if reference:
            found.append(_naming(folded, agency_id, CreditKind.SELF_REFERENCE, *reference))
        elif _is_agency(folded.text, hit, marks):
            found.append(_naming(folded, agency_id, CreditKind.MENTION, hit.start, hit.end))
    found += _joined_references(folded, marks)
    return sorted(found, key=lambda naming: (naming.start, naming.end))


def _naming(folded: Folded, agency_id: str, kind: CreditKind, start: int, end: int) -> Naming:
    return Naming(agency_id, kind, CreditPosition.BODY, *folded.span(start, end))


def _joined_references(folded: Folded, marks: Marks) -> list[Naming]:
    """Marks behind an attached preposition, which are no whole words: «للأناضول», «لرويترز»."""
    found = []
    for match in marks.joined.finditer(folded.text):
        agency_id = marks.joined_agency[match.group(1)]
        found.append(_naming(folded, agency_id, CreditKind.SELF_REFERENCE, match.start(1), match.end(1)))
    return found


def _is_agency(text: str, hit: Hit, marks: Marks) -> bool:
    """True where the mark means the agency beyond doubt, or the words around it say so."""
    certain = not hit.mark.ambiguous and (hit.mark.full or hit.mark.agency_id not in marks.trapped)
    if certain:
        return True
    before = _CLAUSE_END.split(text[max(0, hit.start - _BEFORE) : hit.start])[-1]
    after = text[hit.end : hit.end + _AFTER].lstrip(" ')\"")
    nouns = [noun for noun in marks.agency_noun.finditer(before) if len(before[noun.end() :].split()) <= 3]
    if nouns:
        return True
    cited = any(len(before[verb.end() :].split()) <= 3 for verb in marks.mention_before.finditer(before))
    return not hit.mark.ambiguous and (cited or bool(marks.mention_after.match(after)))
