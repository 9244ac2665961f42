"""The headline: as the page prints and states it, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.extract.blocks import names_on
from pipeline.extract.jsonld import text_of
from pipeline.extract.metadata import LONGEST_LINE, Head
from pipeline.extract.tree import Page
from pipeline.extract.wording import one_line, overlap, same_words, words_of

BAR = re.compile(r"\s+[|\-–—:•·»«/\\~]+\s+|\s*[|»｜ㅣ：]\s*|\s*::\s*")
STRONG_BAR = re.compile(r"\s*(?:[|»｜ㅣ]|::)\s*")
DOMAIN = re.compile(r"[\w-]+\.(?:com|net|org|info|news|tv|[a-z]{2})(?:\.[a-z]{2})?", re.IGNORECASE)
CUT_SHORT = ("...", "…")
TITLE_NAMES = re.compile(
    r"(?<![^\W_])(?:entry|post|article|news|story|content)[-_]?title(?![^\W_])|headline", re.IGNORECASE
)
MOST_HEADINGS = 20
FEWEST_WORDS = 3
LINES = ("h2", "h3", "b", "strong", "font", "span", "div", "td", "p")
AGREES = 0.6
# Where og:title and JSON-LD differ, the fuller one is the headline, unless it is the title that search engines get and
# the other is hardly shorter (letters).
FOR_READERS = 15


def choose_headline(page: Page, head: Head, extra_names: tuple[str, ...] = (), hint: str | None = None) -> str | None:
    """What og:title or JSON-LD states, else the printed heading that the title confirms; without the site's name."""
    names = [*head.site_names, *extra_names]
    printed = [text for text in _headings(page) if not _is_name(text, names)]
    shared = _clean(head.meta("og:title", "twitter:title"), names)
    stated = _clean(text_of(head.article.get("headline")), names)
    title = _clean(head.title, names)
    others = [*printed, *(text for text in (stated, title, hint) if text)]
    others += _printed_parts(page, [text for text in (shared, stated, title) if text], printed)
    told = [
        _without_rest(text, others, printed) for text in (shared, stated) if text and not _is_cut_short(text, others)
    ]
    if told:
        return max(told, key=lambda text: len(text) + (0 if title and same_words(text, title) else FOR_READERS))
    best = max(printed, key=lambda heading: _confirmation(heading, title, shared, hint), default=None)
    if best and (not title or _confirmation(best, title, shared, hint) >= AGREES):
        return best
    return (_without_rest(title, others, printed) if title else None) or best or shared or stated or hint


def without_site_name(title: str, names: list[str]) -> str:
    """The title without leading and trailing parts that are the site's name."""
    title = title.strip()
    for spot in bars_of(BAR, title):
        if spot.start() and _is_name(title[spot.end() :], names):
            title = title[: spot.start()].strip()
            break
    for spot in reversed([*bars_of(BAR, title)]):
        if title[spot.end() :] and _is_name(title[: spot.start()], names):
            return title[spot.end() :].strip()
    name, _, rest = title.partition(":")
    return rest.strip() if rest.strip() and _is_name(name, names) else title


def bars_of(bar: re.Pattern[str], title: str) -> Iterator[re.Match[str]]:
    """The bars between a title's parts; inside «quotation marks» stands none, and what closes them is none.

    A quotation that is never closed, as in a headline cut short, holds no bars back.
    """
    at = 0
    while spot := bar.search(title, at):
        quoted = title.count("«", 0, spot.start()) > title.count("»", 0, spot.start()) and "»" in title[spot.start() :]
        at = spot.start() + 1 if quoted else spot.end()
        if not quoted:
            yield spot


def _clean(text: str | None, names: list[str]) -> str | None:
    """A stated headline, or None where it says no more than the site's name."""
    if not text:
        return None
    text = without_site_name(one_line(text), names)[:LONGEST_LINE]
    return text if text and not _is_name(text, names) else None


def _without_rest(text: str, others: list[str], printed: list[str]) -> str:
    """Without a section or unknown site name behind a bar, where another statement ends before that bar."""
    for heading in printed:
        if same_words(heading, text):
            return heading  # as printed
    for spot in bars_of(BAR, text):
        lead = text[: spot.start()]
        if len(words_of(lead)) >= FEWEST_WORDS and any(same_words(lead, other) for other in others):
            return lead.strip()
    bars = [*bars_of(STRONG_BAR, text)]
    if bars and len(words_of(text[: bars[0].start()])) >= FEWEST_WORDS >= len(words_of(text[bars[-1].end() :])) - 1:
        return text[: bars[0].start()].strip()
    return text


def _is_cut_short(text: str, others: list[str]) -> bool:
    if not text.endswith(CUT_SHORT):
        return False
    start = words_of(text)[:-1]
    return any(len(words_of(other)) > len(start) and words_of(other)[: len(start)] == start for other in others)


def _confirmation(heading: str, *statements: str | None) -> float:
    return max((overlap(words_of(heading), words_of(text)) for text in statements if text), default=0.0)


def _is_name(part: str, names: list[str]) -> bool:
    part = part.strip()
    return any(same_words(part, name) for name in names) or DOMAIN.fullmatch(part) is not None


def _printed_parts(page: Page, stated: list[str], printed: list[str]) -> list[str]:
    """Where the page has no heading of rank: first parts of titles that it prints as a line of their own."""
    if printed:
        return []
    leads = {text[: spot.start()].strip() for text in stated for spot in bars_of(BAR, text)}
    leads = {lead for lead in leads if len(words_of(lead)) >= FEWEST_WORDS}
    if not leads:
        return []
    return [one_line(one.text) for one in page.tree.iter(*LINES) if one.text and one_line(one.text) in leads]


def _headings(page: Page) -> list[str]:
    """The headings of the first rank; where there is none, those that are named as an article's title."""
    texts = (one_line(" ".join(heading.itertext())) for heading in page.tree.iter("h1"))
    found = [*islice((text for text in texts if 2 < len(text) <= LONGEST_LINE), MOST_HEADINGS)]
    if found:
        return found
    named = (one for one in page.tree.iter("h2", "h3") if TITLE_NAMES.search(names_on(one)))
    return [text for one in islice(named, MOST_HEADINGS) if len(text := one_line(" ".join(one.itertext()))) > 2]
