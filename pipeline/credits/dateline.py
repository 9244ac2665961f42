"""Datelines: «رام الله / عوض الرجوب / الأناضول», "ANKARA (AA) –", "AA/Téhéran/...", «لندن ـ د. ب. أ:»."""

from __future__ import annotations

import re

from pipeline.credits.folded import fold
from pipeline.credits.lines import LINE_CHARACTERS, is_place_like, read_credit_line
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.records import CreditKind, CreditPosition

HEAD_LINES = 4  # a place in Latin letters, the author and the date may stand above the dateline
HEAD_CHARACTERS = 170
_LEAD_END = 130  # a dateline's mark stands within so many characters
_BRACKETS = {"(": ")", "[": "]", '"': '"', "/": "/", "{": "}"}
_BETWEEN_MARKS = re.compile(r"\s*(?:[-/,+&|]|و|and|ve|et)?\s*")
_CLOSING = re.compile(r"\s*(?:-{1,2}|[:/|]|\.\s*$|$)")
# Every dateline on the line of its report has one of these: dashes (tatweel among them), colon, slash, bracket, date.
_SIGNS = re.compile(r"[-‐-―−ـ:/|(\[\"«“&0-9٠-٩۰-۹]")
_GLUED = re.compile(r"-[a-z]")  # AA-rated
_MORE_PARTS = re.compile(r"\s*(?:[-/|]\s*[^-:/|.!?\n]{2,40}?\s*){0,2}(?=[-:/|]|$)")
_ENDS_WITH_DATE = re.compile(r"\d\s*(?:م|ه)?\s*[-:]?\s*$")


def read_dateline(line: str, marks: Marks) -> list[Naming]:
    """What a line at the head of a body credits; start and end are the dateline's, in characters of the line."""
    if not _SIGNS.search(line, 0, HEAD_CHARACTERS) and len(line) > LINE_CHARACTERS:
        return []
    folded = fold(line[:HEAD_CHARACTERS])
    text = folded.text
    whole = len(line) <= HEAD_CHARACTERS
    if whole and (found := read_credit_line(text, marks)):
        start, end = folded.span(len(text) - len(text.lstrip()), len(text.rstrip()))
        return [Naming(hit.mark.agency_id, kind, CreditPosition.DATELINE, start, end) for hit, kind in found]
    cluster = _first_cluster(text, marks)
    if any(marks.self_reference(text, hit) for hit in cluster):
        return []
    if not cluster or (stop := _dateline_end(text, cluster, marks)) is None:
        return []
    start, end = folded.span(len(text) - len(text.lstrip()), stop)
    return [Naming(hit.mark.agency_id, _kind_of(hit), CreditPosition.DATELINE, start, end) for hit in cluster]


def _kind_of(hit: Hit) -> CreditKind:
    if hit.mark.photo_only:
        return CreditKind.PHOTO
    return CreditKind.GENERIC if hit.mark.agency_id is None else CreditKind.CREDIT


def _first_cluster(text: str, marks: Marks) -> list[Hit]:
    """The first marks of the text that follow each other: "AA/AFP"."""
    cluster: list[Hit] = []
    for hit in marks.find(text, 0, min(len(text), _LEAD_END + 40)):
        if cluster and not _BETWEEN_MARKS.fullmatch(text, cluster[-1].end, hit.start):
            break
        cluster.append(hit)
    return cluster if cluster and cluster[0].start <= _LEAD_END else []


def _dateline_end(text: str, cluster: list[Hit], marks: Marks) -> int | None:
    """Where the dateline around the marks ends, None where they stand in a sentence."""
    lead = text[: cluster[0].start].rstrip()
    after = cluster[-1].end
    opening = lead[-1:] if _BRACKETS.get(lead[-1:]) else ""
    bracketed = bool(opening) and text[after:].lstrip(" .").startswith(_BRACKETS[opening])
    if bracketed:
        lead, after = lead[:-1].rstrip(), text.index(_BRACKETS[opening], after) + 1
    ambiguous = any(hit.mark.ambiguous for hit in cluster)
    if not lead:
        return _end_of_leading(text, after, bracketed, ambiguous, marks)
    if not is_place_like(lead, marks):
        return None
    closing = _CLOSING.match(text, after)
    if bracketed:
        free = closing or (opening != '"' and not text.isascii() and not _is_latin(lead) and _is_short_lead(lead))
        return (closing.end() if closing else after) if free else None
    if lead[-1] in "-:/|,":
        by_slashes = lead[-1] == "/" and not ambiguous and (lead.count("/") >= 2 or len(lead.split()) <= 3)
        return (closing.end() if closing else after) if closing or by_slashes else None
    dated = _ENDS_WITH_DATE.search(lead) and (closing or not ambiguous)
    return (closing.end() if closing else after) if dated else None


def _is_latin(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]", text))


def _is_short_lead(lead: str) -> bool:
    """True for a place, or a place with a date: «بكين اول سبتمبر 2008 (شينخوا) اعلنت ...»."""
    return len(lead.split()) <= 3 or bool(re.search(r"\d", lead))


def _end_of_leading(text: str, after: int, bracketed: bool, ambiguous: bool, marks: Marks) -> int | None:
    """The end of a dateline that opens with the mark: «واس- الرياض: ...», "AA/Téhéran/...", «(رويترز) - ...»."""
    closing = _CLOSING.match(text, after)
    if _GLUED.match(text, after) or not closing or marks.mention_after.match(text[closing.end() :].lstrip()):
        return None
    more = _MORE_PARTS.match(text, after)
    if more and more.end() > after and is_place_like(text[after : more.end()].strip(" -/|"), marks):
        end = _CLOSING.match(text, more.end())
        return end.end() if end else more.end()
    return closing.end() if bracketed or not ambiguous else None
