"""What an element is for, read from its tag, class and id: text, notice, byline or date, caption, lead."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

from pipeline.extract.wording import names


class Role(StrEnum):
    """What an element's author meant it for, as far as its names tell."""

    TEXT = "text"
    JUNK = "junk"  # related links, share bars, adverts, comments, menus
    META = "meta"  # byline, date, source
    CAPTION = "caption"
    LEAD = "lead"  # standfirst, summary
    HEADLINE = "headline"


PIECES = re.compile(r"[-_]+")
NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
JUNK_NAMES = names(
    """
    related relatednews relatedposts recommended recommendation recommendations recommend share shares sharing
    sharebar sharebuttons social socials socialmedia newsletter newsletters subscribe subscription signup promo
    promos promotion advert adverts advertisement advertising ad ads adv advertorial banner banners sponsor
    sponsored comment comments disqus breadcrumb breadcrumbs tags taglist keywords mostread popular trending
    outbrain taboola cookie cookies consent gdpr login signin pagination pager toolbar widget widgets sidebar
    navigation nav navbar menu footer foot skip carousel readmore readalso seealso morenews copyright noprint
    offscreen overlay modal popup lightbox rating poll ilgili benzer etiket etiketler paylas yorum yorumlar
    onerilen sonhaberler digerhaberler ilgilihaber ilgilihaberler abone reklam partage connexes similaires
    commentaires publicite
    """
)
JUNK_PAIRS = names(
    """
    author-bio author-box author-info about-author author-card author-description read-more read-also see-also
    more-news more-stories more-on most-read most-viewed most-popular next-article prev-article next-post
    prev-post post-navigation post-tags article-tags entry-tags tag-list tags-list tags-links article-tag
    post-tag screen-reader sr-only visually-hidden latest-news news-list also-read also-like you-may may-like
    also-interesting follow-us print-only back-top load-more diger-haberler son-haberler en-cok haber-etiket
    lire-aussi a-lire sur-meme google-news app-download download-app push-notification
    """
)
META_NAMES = names(
    """
    byline bylines author authors writer reporter date dates time times timestamp datetime published publish
    pubdate posted updated modified created dateline meta metadata postmeta entrymeta source tarih yazar muhabir
    kaynak guncelleme auteur kicker readtime breadcrumb
    """
)
CAPTION_NAMES = names("caption captions figcaption credit credits imagecredit resimalti legende copyright")
LEAD_NAMES = names(
    """
    lead lede standfirst summary subtitle subheadline deck dek spot ozet excerpt intro sapo chapo strapline
    subheading abstract vorspann anriss
    """
)
FEWEST_BY_CHANCE, LETTERS_BY_CHANCE = 3, 2.5
NEVER_JUNK = frozenset({"html", "body", "main", "article", "h2", "h3", "h4", "tbody", "tr"})
JUNK_TAGS = frozenset({"nav", "aside", "footer", "form", "button", "dialog"})


def role_of(element: HtmlElement) -> Role:
    """The role that an element's tag and names give it. `form` is judged by its text later, as is all junk."""
    tag = element.tag
    if tag == "figcaption":
        return Role.CAPTION
    if tag == "h1":
        return Role.HEADLINE
    if is_hidden(element):
        return Role.JUNK if tag not in NEVER_JUNK else Role.TEXT
    named_by = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    named = role_of_names(named_by) if len(named_by) > 2 else Role.TEXT
    if named is Role.JUNK and tag in NEVER_JUNK:
        return Role.TEXT
    if tag in JUNK_TAGS and named is Role.TEXT:
        return Role.JUNK
    return Role.META if tag == "time" and named is Role.TEXT else named


def is_hidden(element: HtmlElement) -> bool:
    """Hidden from readers by its own attributes."""
    if element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def is_junk_by_name(element: HtmlElement) -> bool:
    """Junk by what it is called, hidden or not."""
    return role_of_names(f"{element.get('class') or ''} {element.get('id') or ''}") is Role.JUNK


@lru_cache(maxsize=8192)
def role_of_names(named_by: str) -> Role:
    """The role that class and id names give."""
    for name in named_by[:300].split():
        parts = [part.lower() for piece in PIECES.split(name) for part in _parts(piece)]
        whole = "".join(parts)
        pairs = {f"{left}-{right}" for left, right in pairwise(parts)}
        if whole in JUNK_NAMES or pairs & JUNK_PAIRS or JUNK_NAMES.intersection(parts):
            return Role.JUNK
        if CAPTION_NAMES.intersection(parts):
            return Role.CAPTION
        if LEAD_NAMES.intersection(parts):
            return Role.LEAD
        if META_NAMES.intersection(parts):
            return Role.META
    return Role.TEXT


@lru_cache(maxsize=8192)
def _parts(piece: str) -> list[str]:
    """The words of a name's piece; none where it was made by chance, such as «n1AuAdJlVL»."""
    parts = NAME.findall(piece)
    words = [part for part in parts if not part.isdigit()]
    by_chance = len(words) >= FEWEST_BY_CHANCE and sum(map(len, words)) < LETTERS_BY_CHANCE * len(words)
    return [] if by_chance else parts
