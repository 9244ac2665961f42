"""Closing tags and source labels: «(الأناضول)», «القاهرة - الأناضول», "Kaynak: AA", sign-offs and footers."""

from __future__ import annotations

import re

from pipeline.credits.abbreviation import is_abbreviation, is_explained
from pipeline.credits.folded import Folded, fold
from pipeline.credits.lines import LINE_CHARACTERS, plain_kind, read_byline, read_credit_line
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.credits.sentences import is_about_rights, read_credit_sentence
from pipeline.records import CreditKind, CreditPosition

CLOSING_LINES = 8  # share buttons and related links may stand below the closing tag
CLOSING_CHARACTERS = 120  # of a long line; a tag stands at its very end
_LABEL_VALUE = 80  # characters of a label's value
_LABEL_START = re.compile(r"^[\s(\[*#-]*")
_COLON = re.compile(r"\s*[:|/-]\s*")
_TAG_END = re.compile(r"\s*[)\]\"-]?\s*[.]?\s*$")
_DASHED = re.compile(r"\s*-[\s/,]*-?\s*\.?\s*")  # what is left of "- Anadolu" and "-AA/DHA-" without the marks
_LETTER = re.compile(r"\w")
_EDGES = ' ()[]"*-.,/'
_STOPPED = re.compile(r"\w\w\s*[.!?]$")
_SENTENCE_END = re.compile(r"[.!?…\")\]]\s*[-|/]?\s*$")
_PLAIN_END = re.compile(r"\w[.!؟?]\s*\Z")
# (Zeynep Kaya/Ankara): how Turkish agencies sign a report; it names no agency.
SIGN_OFF = re.compile(
    r"\((?:[A-Z]\w+ ){1,3}[A-Z]\w+\s*[/,-]\s*[A-Z]\w+(?: [A-Z]\w+)?\)(?:\s*\([^()\n]{3,40}\))?\s*\.?\s*$"
)


def read_label(line: str, marks: Marks) -> list[Naming]:
    """What a line that says so itself credits: with a label such as «المصدر:» or "Photo:", or in a sentence."""
    if len(line) > LINE_CHARACTERS + 40:
        return []
    folded = fold(line)
    text = folded.text
    if not (hits := marks.find(text)):
        return []
    start = _LABEL_START.match(text)
    at = start.end() if start else 0
    for label, photo in ((marks.photo_label, True), (marks.source_label, False)):
        found = label.match(text, at)
        colon = found and _COLON.match(text, found.end())
        if found and (colon or not photo):
            return _label_value(folded, at, colon.end() if colon else found.end(), marks, photo=photo, strict=not colon)
    # A copyright line is a picture's, but for the last of them.
    return [] if is_about_rights(text) else read_credit_sentence(folded, hits, marks, whole=True)


def _label_value(folded: Folded, start: int, at: int, marks: Marks, *, photo: bool, strict: bool) -> list[Naming]:
    value = folded.text[at : at + _LABEL_VALUE]
    if len(folded.text) - at > _LABEL_VALUE:
        return []
    hits = read_credit_line(value, marks) if strict else read_byline(value, marks)
    if not hits and not strict:  # a mark that is a common word too is beyond doubt behind a label
        hits = [
            (hit, plain_kind(hit)) for hit in marks.find(value) if value.strip(' .()"') == value[hit.start : hit.end]
        ]
    first, last = folded.span(start, len(folded.text.rstrip()))
    return [
        Naming(hit.mark.agency_id, CreditKind.PHOTO if photo else kind, CreditPosition.SOURCE_LABEL, first, last)
        for hit, kind in hits
        if kind is not CreditKind.MENTION
    ]


def read_closing(line: str, marks: Marks, *, is_below: bool = True, behind_sentence: bool = False) -> list[Naming]:
    """What one of the last lines of a body credits: as a line of its own, or in a tag behind its last sentence.

    is_below: no paragraph of the report follows; else a place beside the mark would make the line a dateline.
    behind_sentence: the line above ends a sentence of the report.
    """
    shift = max(0, len(line) - CLOSING_CHARACTERS)
    if shift and _PLAIN_END.search(line, len(line) - 8) and not marks.may_be_named(line[shift:]):
        return []
    folded = fold(line[shift:])
    text = folded.text
    if not (hits := marks.find(text)):
        return []
    found = read_credit_sentence(folded, hits, marks, whole=False)
    if not found and not shift:
        found = _line_of_its_own(folded, hits, marks, is_below=is_below, behind_sentence=behind_sentence)
        if not (found or is_below) and read_credit_line(text, marks):  # a dateline above its report
            return []
    found = found or _tag(folded, marks) or _inline_label(folded, marks) or _contribution(folded, marks)
    return [naming.moved(shift) for naming in found]


def _line_of_its_own(
    folded: Folded, hits: list[Hit], marks: Marks, *, is_below: bool, behind_sentence: bool
) -> list[Naming]:
    """A line that is no sentence: «القاهرة - الأناضول», "(AA)", "- Anadolu"."""
    text = folded.text
    named = _marks_of_line(text, hits, marks, is_below=is_below, behind_sentence=behind_sentence)
    start, end = folded.span(len(text) - len(text.lstrip()), len(text.rstrip()))
    return [Naming(hit.mark.agency_id, kind, CreditPosition.TAIL, start, end) for hit, kind in named]


def _marks_of_line(
    text: str, hits: list[Hit], marks: Marks, *, is_below: bool, behind_sentence: bool
) -> list[tuple[Hit, CreditKind]]:
    rest = _without(text, hits)
    if behind_sentence and _DASHED.fullmatch(rest):  # then even a mark that is a common word too
        return [(hit, plain_kind(hit)) for hit in hits]
    if not is_below and _LETTER.search(rest) and not marks.prefix.fullmatch(rest.strip(_EDGES)):
        return []
    return [] if is_explained(text, hits[0], marks) else read_credit_line(text, marks)


def _without(text: str, hits: list[Hit]) -> str:
    """The text without its marks."""
    for hit in reversed(hits):
        text = text[: hit.start] + text[hit.end :]
    return text


def _tag(folded: Folded, marks: Marks) -> list[Naming]:
    """A tag at the end of a sentence: «... (الأناضول)», «... . «الفرنسية»», "... . - Reuters"."""
    text = folded.text.rstrip()
    hits = _last_cluster(text, marks)
    if not hits:
        return []
    before = text[: hits[0].start].rstrip()
    bracket = before[-1:] if before[-1:] in tuple('([/"') else ""
    if not _is_tag(text, before, bracket, hits, marks):
        return []
    start = len(before) - 1 if bracket else hits[0].start
    first, last = folded.span(start, len(text))
    return [Naming(hit.mark.agency_id, plain_kind(hit), CreditPosition.TAIL, first, last) for hit in hits]


def _is_tag(text: str, before: str, bracket: str, hits: list[Hit], marks: Marks) -> bool:
    """True for the last marks of text, where bracket opens them, if no words of a sentence go with them."""
    lead = before.rstrip(' ([/"-|')
    if bracket in ("(", "[") or (bracket == "/" and text.endswith("/")):
        is_apart = bool(_SENTENCE_END.search(before[:-1]))
        # Square brackets inside a sentence or a title are somebody's insertion.
        may_be_within = bracket != "[" and not is_abbreviation(lead, text, hits[0], marks)
        return not _is_cited(lead, marks) and (is_apart or may_be_within)
    if text.endswith("-") and not before.endswith("-"):
        return False
    if bracket == '"':
        return bool(_SENTENCE_END.search(before[:-1])) and text.rstrip(". ").endswith('"')
    if before[-1:] in tuple("-|") and lead[-1:] in tuple('.!?")'):
        return True
    return not any(hit.mark.ambiguous for hit in hits) and bool(_STOPPED.search(before))


def _last_cluster(text: str, marks: Marks) -> list[Hit]:
    """The last marks of the text, which nothing but brackets and full stops follow."""
    hits = marks.find(text, max(0, len(text) - 90))
    if not hits or not _TAG_END.match(text, hits[-1].end):
        return []
    cluster = [hits[-1]]
    for hit in reversed(hits[:-1]):
        if not re.fullmatch(r"\s*(?:[-/,+&;|]|و|and|ve|et)?\s*", text[hit.end : cluster[0].start]):
            break
        cluster.insert(0, hit)
    return cluster


def _is_cited(lead: str, marks: Marks) -> bool:
    """True for «... وكالة الأنباء الكويتية (كونا)»: the bracket abbreviates the name before it."""
    tail = lead[-60:]
    nouns = marks.agency_noun.finditer(tail)
    if any(len(tail[noun.end() :].split()) <= 4 and not re.search(r"[.!?]", tail[noun.end() :]) for noun in nouns):
        return True
    return any(hit.mark.full and not tail[hit.end :].strip() for hit in marks.find(tail))


def _inline_label(folded: Folded, marks: Marks) -> list[Naming]:
    """A label behind the last sentence: «... المصدر: الأناضول»."""
    text = folded.text.rstrip()
    for label in marks.source_label.finditer(text, max(0, len(text) - _LABEL_VALUE)):
        colon = re.compile(r"\s*:\s*").match(text, label.end())
        if not colon or (label.start() and not _SENTENCE_END.search(text[: label.start()])):
            continue
        hits = read_byline(text[colon.end() :], marks)
        first, last = folded.span(label.start(), len(text))
        return [Naming(hit.mark.agency_id, kind, CreditPosition.SOURCE_LABEL, first, last) for hit, kind in hits]
    return []


def _contribution(folded: Folded, marks: Marks) -> list[Naming]:
    """ "Reuters contributed to this report."."""
    phrase = next(marks.contribution.finditer(folded.text, max(0, len(folded.text) - 120)), None)
    if not phrase:
        return []
    start = max(folded.text.rfind(stop, 0, phrase.start()) for stop in (". ", "? ", "! ", "\n")) + 1
    hits = marks.find(folded.text, start, phrase.end())
    first, last = folded.span(start, phrase.end())
    return [
        Naming(hit.mark.agency_id, plain_kind(hit), CreditPosition.TAIL, first, last)
        for hit in hits
        if not hit.mark.ambiguous and not hit.mark.photo_only
    ]


def read_left_over(line: str, marks: Marks) -> list[Naming]:
    """Footers and sign-offs of an agency that a copier left in: no credit, but a trace."""
    if not marks.may_have_footer(line):
        return []
    found = []
    folded = fold(line)
    for agency_id, pieces, pattern in marks.boilerplate:
        if not any(piece in line for piece in pieces):
            continue
        if match := pattern.search(folded.text):
            found.append(
                Naming(agency_id, CreditKind.BOILERPLATE, CreditPosition.TAIL, *folded.span(match.start(), match.end()))
            )
    return found
