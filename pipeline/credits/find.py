"""Which agencies an article names, and which of them it credits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.agencies import Agencies
from pipeline.credits.body import lines_of, read_body_mentions, read_credit_lines
from pipeline.credits.folded import fold, fold_words
from pipeline.credits.lines import ends_with, read_byline
from pipeline.credits.marks import NOT_LOOKED, Glance, Marks, marks_of
from pipeline.credits.naming import Naming
from pipeline.credits.sentences import is_about_rights
from pipeline.records import Credit, CreditKind, CreditPosition

_MOST_CREDITS = 50  # a page that names more is a list of links
_CAPTION_CHARACTERS = 1_000
_APART = re.compile(r"(?:[-:/|,;\"()\[\]©•·.]|Getty\b.*)$|^[-:/|,;\"()\[\]©•·.]")
_FIELDS = 30  # authors or captions read of one page
# Where a credit weighs most: what the page states about itself, then its lines from top to bottom.
_ORDER = (
    CreditPosition.JSONLD_AUTHOR,
    CreditPosition.META_AUTHOR,
    CreditPosition.BYLINE,
    CreditPosition.DATELINE,
    CreditPosition.SOURCE_LABEL,
    CreditPosition.TAIL,
)


def find_credits(
    *,
    byline: str | None = None,
    dateline: str | None = None,
    authors: Sequence[str] = (),
    captions: Sequence[str] = (),
    body: str = "",
    outlet_name: str | None = None,
    own_agency_id: str | None = None,
    agencies: Agencies | None = None,
    glance: Glance = NOT_LOOKED,
) -> tuple[Credit, ...]:
    """Every place that names an agency, in the order of the page's fields; each text is a piece of its field.

    authors are what JSON-LD and meta elements state. own_agency_id is set on an agency's own site, where naming itself
    in running text is a self-reference. Without agencies the bundled ones are looked for. glance: what glance_at said
    of the body.
    """
    marks = marks_of(agencies)
    outlet = fold_words(outlet_name) if outlet_name and not own_agency_id else ""
    found: list[Credit] = []
    for author in authors[:_FIELDS]:
        found += _in_byline(author, CreditPosition.JSONLD_AUTHOR, marks, outlet)
    for text, position in ((byline, CreditPosition.BYLINE), (dateline, CreditPosition.DATELINE)):
        found += _in_byline(text or "", position, marks, outlet)
    if body and (glance.may_name() or glance.has_footer):
        found += _in_body(body, marks, own_agency_id, glance)
    for caption in captions[:_FIELDS]:
        found += _in_caption(caption[:_CAPTION_CHARACTERS], marks)
    return tuple(dict.fromkeys(found))[:_MOST_CREDITS]


def glance_at(bodies: Sequence[str], agencies: Agencies | None = None) -> list[Glance]:
    """A quick look at many bodies, that spares find_credits the reading of most of them."""
    return marks_of(agencies).glance(bodies)


def credited_agency(found: Iterable[Credit], own_agency_id: str | None = None) -> str | None:
    """Id of the agency that an article credits first, on an agency's own site that agency; None without a named one."""
    if own_agency_id is not None:
        return own_agency_id
    named = [credit for credit in found if credit.kind is CreditKind.CREDIT and credit.agency_id]
    return min(named, key=lambda credit: _ORDER.index(credit.position)).agency_id if named else None


@lru_cache(maxsize=4096)  # of the same desks and authors, day after day
def _in_byline(text: str, position: CreditPosition, marks: Marks, outlet: str) -> Sequence[Credit]:
    if not text.strip():
        return ()
    folded = fold(text)
    return [
        Credit(hit.mark.agency_id, kind, position, text.strip())
        for hit, kind in read_byline(folded.text, marks, outlet)
    ]


def _in_body(body: str, marks: Marks, own_agency_id: str | None, glance: Glance) -> list[Credit]:
    lines = lines_of(body)
    credited = [
        naming
        for naming in read_credit_lines(body, lines, marks, glance)
        # An agency's own copyright line says nothing of one report.
        if naming.agency_id != own_agency_id or not is_about_rights(body[naming.start : naming.end])
    ]
    found = [_credit(body, naming) for naming in credited]
    seen: set[tuple[str | None, CreditKind]] = set()
    for naming in read_body_mentions(lines, marks, credited, glance):
        own = naming.agency_id == own_agency_id
        kind = CreditKind.SELF_REFERENCE if own else naming.kind
        if (naming.agency_id, kind) not in seen:  # the first of each says enough
            seen.add((naming.agency_id, kind))
            found.append(Credit(naming.agency_id, kind, naming.position, body[naming.start : naming.end].strip()))
    return found


def _credit(body: str, naming: Naming) -> Credit:
    return Credit(naming.agency_id, naming.kind, naming.position, body[naming.start : naming.end].strip())


def _in_caption(caption: str, marks: Marks) -> list[Credit]:
    """Agencies set apart in a caption are named for the picture: «... (الأناضول)», "... / AFP", "Photo by Reuters"."""
    folded = fold(caption)
    found = []
    for hit in marks.find(folded.text):
        left, right = folded.text[: hit.start].rstrip(), folded.text[hit.end :].strip(" .")
        opens = not left or bool(_APART.search(left)) or ends_with(marks.photo_label, left)
        closes = not right or bool(_APART.match(right))
        loose = not hit.mark.ambiguous and (opens or ends_with(marks.prefix, left))
        if hit.mark.agency_id and (loose or (opens and closes)):
            text = folded.printed(hit.start, hit.end)
            found.append(Credit(hit.mark.agency_id, CreditKind.PHOTO, CreditPosition.CAPTION, text))
    return found
