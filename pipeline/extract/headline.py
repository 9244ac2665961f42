"""The headline: as the page prints it, without the site's name."""

from __future__ import annotations

import re

from pipeline.extract.jsonld import text_of
from pipeline.extract.metadata import LONGEST_LINE, Head
from pipeline.extract.tree import Page
from pipeline.extract.wording import one_line, overlap, same_words, words_of

BAR = re.compile(r"\s+[|\-–—:•·»«/\\~]+\s+|\s*[|»]\s*|\s*::\s*")


def choose_headline(page: Page, head: Head, extra_names: tuple[str, ...] = (), hint: str | None = None) -> str | None:
    """The printed heading that the page's own statements confirm; else the best of those statements."""
    names = [*head.site_names, *extra_names]
    stated = [
        without_site_name(one_line(text), names)
        for text in (text_of(head.article.get("headline")), head.meta("og:title", "twitter:title"), head.title, hint)
        if text
    ]
    stated = [text[:LONGEST_LINE] for text in stated if text]
    printed = _headings(page)
    best, best_score = None, 0.0
    for heading in printed:
        score = max((overlap(words_of(heading), words_of(text)) for text in stated), default=0.0)
        if score > best_score:
            best, best_score = heading, score
    if best and best_score >= 0.6:
        return best
    if stated:
        return stated[0]
    return printed[0] if printed else None


def without_site_name(title: str, names: list[str]) -> str:
    """The title without a leading or trailing part that is the site's name."""
    spots = list(BAR.finditer(title))
    for spot in spots:
        tail = title[spot.end() :]
        if tail and _is_name(tail, names):
            return title[: spot.start()].strip()
    for spot in reversed(spots):
        lead = title[: spot.start()]
        if lead and _is_name(lead, names):
            return title[spot.end() :].strip()
    return title.strip()


def _is_name(part: str, names: list[str]) -> bool:
    return any(same_words(part, name) for name in names) or bool(
        re.fullmatch(r"[\w-]+\.(?:com|net|org|tr|info)(?:\.\w+)?", part)
    )


def _headings(page: Page) -> list[str]:
    found = []
    for heading in page.tree.iter("h1"):
        text = one_line(" ".join(heading.itertext()))
        if 2 < len(text) <= LONGEST_LINE:
            found.append(text)
        if len(found) >= 20:
            break
    return found
