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
JUNK_PAIRS = frozenset(
    tuple(pair.split("-"))
    for pair in names(
        """
        author-bio author-box author-info about-author author-card author-description read-more read-also see-also
    more-news more-stories more-on most-read most-viewed most-popular next-article prev-article next-post
    prev-post post-navigation post-tags article-tags entry-tags tag-list tags-list tags-links article-tag
    post-tag screen-reader sr-only visually-hidden latest-news news-list also-read also-like you-may may-like
    also-interesting follow-us print-only back-top load-more diger-haberler son-haberler en-cok haber-etiket
    lire-aussi a-lire sur-meme google-news app-download download-app push-notification
    """
    )
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
# What a name tells, if it tells several things: the first of these.
ROLE_NAMES = {
    Role.JUNK: JUNK_NAMES,
    Role.CAPTION: CAPTION_NAMES,
    Role.LEAD: LEAD_NAMES,
    Role.META: META_NAMES,
}
TELLING_NAMES = frozenset().union(*ROLE_NAMES.values())
HIDING = frozenset({"aria-hidden", "hidden", "style"})
NAMING = ("class", "id", "itemprop")
LONGEST_NAMES = 300  # letters that are looked at
FEWEST_BY_CHANCE, LETTERS_BY_CHANCE = 3, 2.5
NEVER_JUNK = frozenset({"html", "body", "main", "article", "h2", "h3", "h4", "tbody", "tr"})
BY_TAG = {
    **dict.fromkeys(("nav", "aside", "footer", "form", "button", "dialog"), Role.JUNK),
    "time": Role.META,
    "figcaption": Role.CAPTION,
    "h1": Role.HEADLINE,
}


def role_of(element: HtmlElement, tag: str, stated: list[str]) -> Role:
    """The role that an element's tag and names give it. `form` is judged by its text later, as is all junk.

    Tag and names of attributes are the element's own: whoever walks over a page has asked for them already.
    """
    if not stated or tag in ("figcaption", "h1"):
        return BY_TAG.get(tag, Role.TEXT)
    if len(stated) == 1 and stated[0] == "class":  # nearly all
        return _role_of_names_on(tag, element.get("class", "")[:LONGEST_NAMES])
    if not HIDING.isdisjoint(stated) and is_hidden(element):
        return Role.JUNK if tag not in NEVER_JUNK else Role.TEXT
    named_by = ""
    for attribute in NAMING:
        if attribute in stated:
            named_by += f" {element.get(attribute)}"
    return _role_of_names_on(tag, named_by[:LONGEST_NAMES]) if named_by else BY_TAG.get(tag, Role.TEXT)


@lru_cache(maxsize=8192)
def _role_of_names_on(tag: str, named_by: str) -> Role:
    named = role_of_names(named_by)
    if named is Role.JUNK and tag in NEVER_JUNK:
        return Role.TEXT
    return BY_TAG.get(tag, Role.TEXT) if named is Role.TEXT else named


def is_hidden(element: HtmlElement) -> bool:
    """Hidden from readers by its own attributes."""
    if element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if not style:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def is_junk_by_name(element: HtmlElement) -> bool:
    """Junk by what it is called, hidden or not."""
    return role_of_names(f"{element.get('class') or ''} {element.get('id') or ''}") is Role.JUNK


def role_of_names(named_by: str) -> Role:
    """The role that class and id names give: that of the first that gives one."""
    for name in named_by[:LONGEST_NAMES].split():
        role = _role_of_name(name)
        if role is not Role.TEXT:
            return role
    return Role.TEXT


@lru_cache(maxsize=8192)
def _role_of_name(name: str) -> Role:
    parts = _parts(name)
    if len(parts) > 1 and ("".join(parts) in JUNK_NAMES or any(map(JUNK_PAIRS.__contains__, pairwise(parts)))):
        return Role.JUNK
    if TELLING_NAMES.isdisjoint(parts):
        return Role.TEXT
    return next(role for role, telling in ROLE_NAMES.items() if not telling.isdisjoint(parts))


def _parts(name: str) -> list[str]:
    """The words of a name; none of a piece that was made by chance, such as «n1AuAdJlVL»."""
    plain = name.islower() and name.isascii()
    parts: list[str] = []
    for piece in name.replace("_", "-").split("-"):
        if plain and (piece.isalpha() or piece.isdigit()):
            parts.append(piece)
        elif piece:
            parts += _words_of_piece(piece)
    return parts


@lru_cache(maxsize=8192)
def _words_of_piece(piece: str) -> tuple[str, ...]:
    parts = NAME.findall(piece)
    words = [part for part in parts if not part.isdigit()]
    by_chance = len(words) >= FEWEST_BY_CHANCE and sum(map(len, words)) < LETTERS_BY_CHANCE * len(words)
    return () if by_chance else tuple(part.lower() for part in parts)
