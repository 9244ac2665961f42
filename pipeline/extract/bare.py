"""Pages without running text: what stands in its place may be a wall whose words are all in forms and boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.months import fold
from pipeline.extract.tree import parse_page
from pipeline.extract.verdict import CONSENT, CONSENT_TITLE, LOGIN, NOT_FOUND, SHORT, Verdict, count_words
from pipeline.reasons import Reason

LONGEST_SHOWN = 5_000  # letters that are looked at
UNSEEN = ("script", "style", "template", "noscript", "option", "head")
HEADINGS = ("h1", "h2", "h3", "legend", "caption")
PICTURES = ("img", "picture", "figure", "video", "audio", "object", "embed")
FIELDS = ("email", "text", "tel", "password", "")
CONSENT_SHARE = 0.08  # of the words shown


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a reader sees of a page."""

    words: str  # folded, headings included
    title: str  # folded, of the head and of the headings
    count: int
    has_picture: bool
    has_field: bool
    has_frame: bool


def judge_bare(source: str, title: str | None) -> Verdict | None:
    """A verdict on a page in which no text was found, from all that it shows; None where that says nothing more."""
    page = parse_page(source)
    if page is None:
        return None
    shown = _look_at(page.tree, title)
    if shown.count >= SHORT:
        return None
    if NOT_FOUND.search(shown.title) or NOT_FOUND.search(shown.words[:400]):
        return Verdict(Reason.SOFT_404, shown.title[:120])
    if shown.has_field and LOGIN.search(shown.title):
        return Verdict(Reason.LOGIN_WALL, shown.title[:120])
    if _is_consent(shown):
        return Verdict(Reason.CONSENT_WALL, shown.title[:120] or "a form about cookies")
    return None


def _look_at(tree: HtmlElement, title: str | None) -> _Shown:
    fields = any((one.get("type") or "").lower() in FIELDS for one in tree.iter("input"))
    pictures = any(True for _ in tree.iter(*PICTURES))
    frames = any(True for _ in tree.iter("iframe"))
    headings = [heading.text_content()[:200] for heading in tree.iter(*HEADINGS)]
    for element in list(tree.iter(*UNSEEN)):
        element.drop_tree()
    words = fold(" ".join(re.sub(r"\s+", " ", part) for part in tree.itertext())[:LONGEST_SHOWN])
    return _Shown(words, fold(" ".join([title or "", *headings])), count_words(words), pictures, fields, frames)


def _is_consent(shown: _Shown) -> bool:
    """A page of its own about consent; a banner over a page of pictures is none."""
    hits = len(CONSENT.findall(shown.words))
    if CONSENT_TITLE.search(shown.title) and (hits or shown.has_frame):
        return True
    return not shown.has_picture and hits >= 2 and hits >= shown.count * CONSENT_SHARE
