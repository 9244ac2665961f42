"""Sentences that say whose report it is: "With files from Reuters", «بمساهمة من رويترز», "© 2026 AFP"."""

from __future__ import annotations

import re

from pipeline.credits.folded import Folded
from pipeline.credits.lines import plain_kind
from pipeline.credits.mark_patterns import MASK
from pipeline.credits.marks import Hit, Marks
from pipeline.credits.naming import Naming
from pipeline.records import CreditKind, CreditPosition

SENTENCE_CHARACTERS = 150
_STOPPED = re.compile(r"[.!?][\")\]]?\s+|[\")\]]\s+(?=[(\[])")
_EDGES = " \t*-|•\"'"
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_RIGHTS = re.compile(r"(?i:©|\(c\)|copyright|جميع الحقوق|حقوق النشر)")


def is_about_rights(text: str) -> bool:
    """True for a copyright line."""
    return bool(_RIGHTS.search(text))


def read_credit_sentence(folded: Folded, marks: Marks, *, whole: bool) -> list[Naming]:
    """What a line that is such a sentence credits; whole: else its last sentence may be one."""
    text = folded.text.rstrip()
    hits = marks.find(text, max(0, len(text) - SENTENCE_CHARACTERS))
    if not hits or (whole and len(text) > SENTENCE_CHARACTERS):
        return []
    starts = [0] if len(text) <= SENTENCE_CHARACTERS else []
    starts += [] if whole else [stop.end() for stop in _STOPPED.finditer(text)][-2:]
    for start in starts:
        if named := _named_in(text, start, hits, marks):
            first, last = folded.span(start, len(text))
            return [
                Naming(hit.mark.agency_id, kind, CreditPosition.SOURCE_LABEL, first, last)
                for hit, kind in zip(named, _kinds(named), strict=True)
            ]
    return []


def _kinds(hits: list[Hit]) -> list[CreditKind]:
    """Beside an agency that sells pictures only, the others are named for the picture too."""
    if any(hit.mark.photo_only for hit in hits):
        return [CreditKind.PHOTO] * len(hits)
    return [plain_kind(hit) for hit in hits]


def _named_in(text: str, start: int, hits: list[Hit], marks: Marks) -> list[Hit]:
    inside = [hit for hit in hits if hit.start >= start]
    masked = list(text)
    for hit in inside:
        masked[hit.start : hit.end] = MASK * (hit.end - hit.start)
    sentence = _bare("".join(masked)[start:])
    return inside if inside and marks.credit_sentence.fullmatch(sentence) else []


def _bare(sentence: str) -> str:
    """The sentence without its brackets, dashes and full stop."""
    sentence = sentence.strip(_EDGES).rstrip(". " + _EDGES)
    if bracketed := _BRACKETED.fullmatch(sentence):
        sentence = bracketed.group(1) or bracketed.group(2) or ""
    return sentence.strip(_EDGES).rstrip(". ")
