"""Credit lines: a byline, or a line of the body that holds only places, names, dates and agencies.

A line falls into parts at its separators. A part that is nothing but a mark, with a preposition perhaps, credits the
agency; a mark inside a longer part may be a person's name, a title or a citation.
"""

from __future__ import annotations

import re

from pipeline.credits.marks import Hit, Marks
from pipeline.records import CreditKind

SEPARATOR = re.compile(r"[-:/|,;\"()\[\]{}<>•·+&*_\n]")
_CONJUNCTION = re.compile(r"(?i:و|and|ve|et|ile)?")
_SENTENCE = re.compile(r"[.!?;]")
_LOWER_START = re.compile(r"[^a-zA-Z]*[a-z]")
_OPENED, _CLOSED = re.compile(r"""[(\["/]\s*$"""), re.compile(r"""\s*[)\]"/]""")
_WORD = re.compile(r"\w+")
_INITIALS = re.compile(r"(?:[A-Z]\. ?){2,}[A-Z]")  # a person's, where a name comes behind them: "A.A. Milner"
LINE_CHARACTERS = 110  # a credit line is shorter than this
_LINE_WORDS = 14
_PART_WORDS = 5  # «مكة المكرمة», "Washington, United States": a longer part is a sentence
_PREPOSITION_WORDS = 8  # before a mark, the last of them a preposition
_BYLINE_CHARACTERS = 400


def read_byline(text: str, marks: Marks, outlet_name: str = "") -> list[tuple[Hit, CreditKind]]:
    """What a folded byline names, each mark with what it amounts to; outlet_name is folded too."""
    text = text[:_BYLINE_CHARACTERS]
    hits = _without_outlet(text, marks.find(text), outlet_name)
    found: list[tuple[Hit, CreditKind]] = []
    for at, hit in enumerate(hits):
        left, right = _beside(text, hits, at)
        kind = _kind(text, hit, left, right, marks)
        if kind is None:
            continue
        is_loose = _is_loose(hit, left, right, marks) and not (right and _INITIALS.match(text, hit.start))
        if kind is CreditKind.MENTION or _is_clear(left, right, marks) or is_loose:
            found.append((hit, kind))
    return found


def read_credit_line(text: str, marks: Marks) -> list[tuple[Hit, CreditKind]]:
    """What a folded line of the body credits; empty where the line may be anything but a credit line."""
    if len(text) > LINE_CHARACTERS or not (hits := marks.find(text)):
        return []
    if not _holds_only_names(text, hits, marks):
        return []
    found: list[tuple[Hit, CreditKind]] = []
    for at, hit in enumerate(hits):
        left, right = _beside(text, hits, at)
        kind = _kind(text, hit, left, right, marks)
        if kind is None or kind is CreditKind.MENTION or marks.self_reference(text, hit):
            return []
        if _is_clear(left, right, marks) and not (hit.mark.ambiguous and _is_alone(text, hit)):
            found.append((hit, kind))
    return found


def is_place_like(text: str, marks: Marks) -> bool:
    """True for what may stand before a mark in a dateline: places, names and dates, no sentence."""
    if _SENTENCE.search(text) or len(_WORD.findall(text)) > _LINE_WORDS:
        return False
    if any(pattern.search(text) for pattern in (marks.mention_before, marks.agency_noun, marks.job_title)):
        return False
    parts = [part.strip() for part in SEPARATOR.split(text)]
    return all(_is_short(part) for part in parts if part)


def _is_short(part: str) -> bool:
    words = _WORD.findall(part)
    numbers = sum(word.isdigit() for word in words)
    if numbers >= 2:  # a full date, in two calendars perhaps
        return len(words) <= _LINE_WORDS
    return len(words) - numbers <= _PART_WORDS and not _LOWER_START.match(part)


def _holds_only_names(text: str, hits: list[Hit], marks: Marks) -> bool:
    """True where what remains beside the marks is places, names and dates."""
    rest = list(text.strip())
    shift = len(text) - len(text.lstrip())
    for hit in hits:
        for at in range(hit.start - shift, hit.end - shift):
            rest[at] = "|"
    line = "".join(rest).rstrip(".: ")
    if len(_WORD.findall(line)) > _LINE_WORDS or _SENTENCE.search(line):
        return False
    parts = [part.strip() for part in SEPARATOR.split(line)]
    if _is_quoting_headline(text, hits):
        return False
    return all(_is_name(part, marks) for part in parts if part)


def _is_name(part: str, marks: Marks) -> bool:
    if any(pattern.fullmatch(part) for pattern in (_CONJUNCTION, marks.prefix, marks.staff_word)):
        return True
    place = marks.place_word.match(part)
    name = part[place.end() :].strip() if place else part
    told = (marks.mention_before, marks.mention_after, marks.agency_noun, marks.job_title)
    return _is_short(name) and not any(pattern.search(name) for pattern in told)


def _is_quoting_headline(text: str, hits: list[Hit]) -> bool:
    """True for «رويترز: مقتل ثلاثة في هجوم»: the agency is quoted in a headline."""
    before, after = text[: hits[0].start].strip(' "('), text[hits[0].end :].lstrip(' ")')
    return not before and after.startswith(":") and len(_WORD.findall(after)) > 3


def _beside(text: str, hits: list[Hit], at: int) -> tuple[str, str]:
    """The rest of the part that hit number at stands in: the text left of it and right of it."""
    before = text[hits[at - 1].end if at else 0 : hits[at].start]
    after = text[hits[at].end : hits[at + 1].start if at + 1 < len(hits) else len(text)]
    left, right = SEPARATOR.split(before)[-1], SEPARATOR.split(after, maxsplit=1)[0]
    return left.strip(" .'"), right.strip(" .'")


def _is_clear(left: str, right: str, marks: Marks) -> bool:
    """True where the part is the mark alone, but for a preposition before it, a place or its staff behind it."""
    opens = _CONJUNCTION.fullmatch(left) or marks.prefix.fullmatch(left) or marks.agency_noun.fullmatch(left)
    if not opens:
        return False
    if not right or _CONJUNCTION.fullmatch(right) or marks.staff_word.fullmatch(right):
        return True
    return bool(marks.place_word.match(right)) and len(_WORD.findall(right)) <= 4


def _is_loose(hit: Hit, left: str, right: str, marks: Marks) -> bool:
    """True for a mark beside a few words without a separator, as bylines have it: «واس الرياض»."""
    if hit.mark.ambiguous or len(_WORD.findall(right)) > 3:
        return False
    words = len(_WORD.findall(left))
    dated = len(re.findall(r"\d+", left)) >= 2  # «الرياض 24 شوال 1436 هـ الموافق 09 أغسطس 2015 م واس»
    # A paper of many words before its preposition: "Le Courrier du Sud avec AFP".
    return dated or words <= 4 or (words <= _PREPOSITION_WORDS and ends_with(marks.prefix, left))


def _kind(text: str, hit: Hit, left: str, right: str, marks: Marks) -> CreditKind | None:
    """What a mark between left and right amounts to if it is no mere part of a name; None for nothing."""
    if hit.mark.photo_only or ends_with(marks.photo_label, text[: hit.start]):
        return CreditKind.PHOTO
    if marks.job_title.search(left) or marks.job_title.search(right):
        return None
    if marks.mention_after.match(right) or (marks.mention_before.search(left) and not marks.prefix.fullmatch(left)):
        return CreditKind.MENTION
    return plain_kind(hit)


def plain_kind(hit: Hit) -> CreditKind:
    """What a mark amounts to where it is no mention."""
    if hit.mark.photo_only:
        return CreditKind.PHOTO
    return CreditKind.GENERIC if hit.mark.agency_id is None else CreditKind.CREDIT


def ends_with(pattern: re.Pattern[str], text: str) -> bool:
    """True where text ends with one of the pattern's phrases, but for separators."""
    text = text.rstrip(' :-/"(')
    return any(match.end() == len(text) for match in pattern.finditer(text, max(0, len(text) - 40)))


def _is_alone(text: str, hit: Hit) -> bool:
    """True where the line is the mark without a place or a bracket, as in the numbered list «3- الفرنسية»."""
    bracketed = _OPENED.search(text[: hit.start]) and _CLOSED.match(text, hit.end)
    return not bracketed and not re.search(r"[^\W\d]{2}", text[: hit.start] + text[hit.end :])


def _without_outlet(text: str, hits: list[Hit], outlet_name: str) -> list[Hit]:
    """The hits that are no part of the outlet's own name."""
    at = text.find(outlet_name) if outlet_name else -1
    if at < 0:
        return hits
    return [hit for hit in hits if not (at <= hit.start and hit.end <= at + len(outlet_name))]
