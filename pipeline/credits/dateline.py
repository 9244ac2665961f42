"""Datelines: «رام الله / عوض الرجوب / الأناضول», "ANKARA (AA) –", "AA/Téhéran/...", «لندن ـ د. ب. أ:»."""

from __future__ import annotations

import re

from pipeline.credits.abbreviation import is_explained, is_initials, opens_with_words_of
from pipeline.credits.folded import fold
from pipeline.credits.lines import LINE_CHARACTERS, is_place_like, plain_kind, read_credit_line
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.credits.sentences import is_about_rights
from pipeline.records import CreditPosition

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
# A place behind the mark: "(AA) ANKARA - ", "AA, OTTAWA - ".
_PLACE_BEHIND = re.compile(r"(,)?\s*([^\W\d_][^-:/|.!?\n]{1,40}?)\s*(?:-{1,2}|:)(?=\s)")
_CAPITAL_PLACE = re.compile(r"[A-Z][A-Z' ]{2,30}(?:, [A-Z][\w' ]{2,25})?")
_PLACE_WORDS = 3
_SENTENCE_START = re.compile(r"\s+[\"']?[A-Z0-9]")
_LOWER_OR_LATIN = {"-": re.compile(r"\W*[a-z]"), ":": re.compile(r"\W*[A-Za-z]")}
_TURKISH = re.compile(r"[ğşıİĞŞ]")
_TITLE_BEHIND = 40  # characters behind a mark in which the title of a person of the agency stands
_ENDS_WITH_DATE = re.compile(r"\d\s*(?:م|ه)?\s*[-:]?\s*$")


def read_dateline(line: str, marks: Marks) -> list[Naming]:
    """What a line at the head of a body credits; start and end are the dateline's, in characters of the line."""
    if not _SIGNS.search(line, 0, HEAD_CHARACTERS) and len(line) > LINE_CHARACTERS:
        return []
    folded = fold(line[:HEAD_CHARACTERS])
    text = folded.text
    whole = len(line) <= HEAD_CHARACTERS
    cluster = _first_cluster(text, marks)
    if not cluster or is_about_rights(text[: cluster[0].start]):
        return []
    if whole and is_explained(text, cluster[0], marks) and not _is_capital_place(text[: cluster[0].start - 1]):
        return []
    if whole and (found := read_credit_line(text, marks)):
        start, end = folded.span(len(text) - len(text.lstrip()), len(text.rstrip()))
        return [Naming(hit.mark.agency_id, kind, CreditPosition.DATELINE, start, end) for hit, kind in found]
    if any(marks.self_reference(text, hit) for hit in cluster):
        return []
    if (stop := _dateline_end(line, text, cluster, marks)) is None:
        return []
    start, end = folded.span(len(text) - len(text.lstrip()), stop)
    return [Naming(hit.mark.agency_id, plain_kind(hit), CreditPosition.DATELINE, start, end) for hit in cluster]


def _first_cluster(text: str, marks: Marks) -> list[Hit]:
    """The first marks of the text that follow each other: "AA/AFP"."""
    cluster: list[Hit] = []
    for hit in marks.find(text, 0, min(len(text), _LEAD_END + 40)):
        if cluster and not _BETWEEN_MARKS.fullmatch(text, cluster[-1].end, hit.start):
            break
        cluster.append(hit)
    return cluster if cluster and cluster[0].start <= _LEAD_END else []


def _dateline_end(line: str, text: str, cluster: list[Hit], marks: Marks) -> int | None:
    """Where the dateline around the marks ends, None where they stand in a sentence."""
    lead = text[: cluster[0].start].rstrip()
    after = cluster[-1].end
    opening = lead[-1:] if _BRACKETS.get(lead[-1:]) else ""
    bracketed = bool(opening) and text[after:].lstrip(" .").startswith(_BRACKETS[opening])
    if bracketed:
        lead, after = lead[:-1].rstrip(), text.index(_BRACKETS[opening], after) + 1
    if not lead:
        return _end_of_leading(text, cluster, after, bracketed, marks)
    if not is_place_like(lead, marks):
        return None
    closing = _CLOSING.match(text, after)
    if bracketed:
        free = closing or _is_bracket_of_place(text, lead, opening, after)
    else:
        free = _is_set_apart(text, lead, cluster, closing) or _is_before_sentence(line, text, lead, cluster, marks)
    if not free:
        return None
    return closing.end() if closing else after


def _is_bracket_of_place(text: str, lead: str, opening: str, after: int) -> bool:
    """True where a bracket needs no dash behind it: «بغداد (اف ب) اعلنت ...», "ANKARA (AA) Bakan ..."."""
    if opening == '"':
        return False
    if _is_latin(lead):
        return _is_capital_place(lead) and bool(_SENTENCE_START.match(text, after))
    return not text.isascii() and _is_short_lead(lead)


def _is_set_apart(text: str, lead: str, cluster: list[Hit], closing: re.Match[str] | None) -> bool:
    """True for marks behind a separator or a date, with another behind them."""
    ambiguous = any(hit.mark.ambiguous for hit in cluster)
    if lead[-1] in "-:/|,":
        by_slashes = lead[-1] == "/" and not ambiguous and (lead.count("/") >= 2 or len(lead.split()) <= 3)
        return bool(closing) or by_slashes
    return bool(_ENDS_WITH_DATE.search(lead)) and bool(closing or not ambiguous)


def _is_before_sentence(line: str, text: str, lead: str, cluster: list[Hit], marks: Marks) -> bool:
    """True for "SİVAS-DHA Bakan ...", and in Turkish "ANKARA - AA Bakan ...": the report begins behind the mark."""
    start, after = cluster[0].start, cluster[-1].end
    if not lead.endswith("-") or not _is_capital_place(lead.rstrip(" -,")) or not is_initials(text[start:after]):
        return False
    if not _SENTENCE_START.match(text, after) or marks.job_title.search(text, after, after + _TITLE_BEHIND):
        return False
    glued = text[start - 1] == "-" and text[start - 2].isalpha()
    known = all(hit.mark.agency_id in marks.named_in_turkish and not hit.mark.ambiguous for hit in cluster)
    return glued or (known and bool(_TURKISH.search(line, 0, HEAD_CHARACTERS)))


def _is_capital_place(text: str) -> bool:
    return bool(_CAPITAL_PLACE.fullmatch(text.strip(" -,")))


def _is_latin(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]", text))


def _is_short_lead(lead: str) -> bool:
    """True for a place, or a place with a date: «بكين اول سبتمبر 2008 (شينخوا) اعلنت ...»."""
    return len(lead.split()) <= 3 or bool(re.search(r"\d", lead))


def _end_of_leading(text: str, cluster: list[Hit], after: int, bracketed: bool, marks: Marks) -> int | None:
    """The end of a dateline that opens with the mark: «واس- الرياض: ...», "AA/Téhéran/...", «(رويترز) - ...»."""
    placed = _PLACE_BEHIND.match(text, after)
    if placed and bool(placed.group(1)) != bracketed and _is_named_place(placed.group(2), cluster, marks):
        return placed.end()
    closing = _CLOSING.match(text, after)
    if _GLUED.match(text, after) or not closing or marks.mention_after.match(text[closing.end() :].lstrip()):
        return None
    more = _MORE_PARTS.match(text, after)
    place = text[after : more.end()].strip(" -/|") if more else ""
    if more and place and is_place_like(place, marks):
        end = _CLOSING.match(text, more.end())
        return end.end() if end else more.end()
    if bracketed:
        return closing.end()
    ambiguous = any(hit.mark.ambiguous for hit in cluster)
    return None if ambiguous or _is_word(text, cluster[0], closing) else closing.end()


def _is_named_place(place: str, cluster: list[Hit], marks: Marks) -> bool:
    """True for a place in capitals, or a short name beside a mark that is no other word."""
    if _is_capital_place(place):
        return True
    words = place.replace(",", " ").split()
    named = len(words) <= _PLACE_WORDS and not any(hit.mark.ambiguous for hit in cluster)
    return named and is_place_like(place, marks) and not any(word[0].islower() and word.isascii() for word in words)


def _is_word(text: str, hit: Hit, closing: re.Match[str]) -> bool:
    """True for initials that the text explains: "AA: that is what the label says", "DHA - bir yağ asidi - ..."."""
    mark, behind = text[hit.start : hit.end], text[closing.end() :]
    if not is_initials(mark) or not behind.strip():
        return False
    sign = ":" if ":" in closing.group() else "-"
    # Of two letters, any two words would do: "AA - Ankara Adliyesi önünde ..."
    return bool(_LOWER_OR_LATIN[sign].match(behind)) or (len(mark) > 2 and opens_with_words_of(mark, behind))
