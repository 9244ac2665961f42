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
_RIGHTS = re.compile(
    r"(?i:©|\(c\)|copyright|rights reserved|hak\w+ sakl|droits r.serv|الحقوق محفوظ|حقوق (?:النشر|الطبع))"
)
_BESIDE_SLASH = re.compile(r"/\s*[^\W\d_]{2}")


def is_about_rights(text: str) -> bool:
    """True for a copyright line."""
    return bool(_RIGHTS.search(text))


def read_credit_sentence(folded: Folded, hits: list[Hit], marks: Marks, *, whole: bool) -> list[Naming]:
    """What a line that is such a sentence credits; hits: its marks; whole: else its last sentence may be one."""
    text = folded.text.rstrip()
    starts = [0] if len(text) <= SENTENCE_CHARACTERS else []
    if not whole:
        starts += [stop.end() for stop in _STOPPED.finditer(text)][-2:]
    masked = _masked(text, hits)
    for start in starts:
        named = [hit for hit in hits if hit.start >= start]
        if named and marks.credit_sentence.fullmatch(_bare(masked[start:])):
            first, last = folded.span(start, len(text))
            is_photo = _is_of_picture(text[start:], named)
            return [
                Naming(hit.mark.agency_id, _kind(hit, is_photo), CreditPosition.SOURCE_LABEL, first, last)
                for hit in named
            ]
    return []


def _kind(hit: Hit, is_photo: bool) -> CreditKind:
    return CreditKind.PHOTO if is_photo else plain_kind(hit)


def _is_of_picture(sentence: str, hits: list[Hit]) -> bool:
    """True beside an agency that sells pictures only, and for a photographer's copyright: "© AFP/Jane Roe"."""
    is_signed = is_about_rights(sentence) and bool(_BESIDE_SLASH.search(sentence))
    return is_signed or any(hit.mark.photo_only for hit in hits)


def _masked(text: str, hits: list[Hit]) -> str:
    """The text with each letter of its marks hidden, as long as before."""
    for hit in hits:
        text = text[: hit.start] + MASK * (hit.end - hit.start) + text[hit.end :]
    return text


def _bare(sentence: str) -> str:
    """The sentence without its brackets, dashes and full stop."""
    sentence = sentence.strip(_EDGES).rstrip(". " + _EDGES)
    if bracketed := _BRACKETED.fullmatch(sentence):
        sentence = bracketed.group(1) or bracketed.group(2) or ""
    return sentence.strip(_EDGES).rstrip(". ")
