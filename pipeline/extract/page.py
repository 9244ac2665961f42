"""One page: from its bytes to an Article, or to a Rejection that says why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.extract.bare import judge_bare
from pipeline.extract.body import Text, read_text
from pipeline.extract.decode import decode_page
from pipeline.extract.headline import choose_headline
from pipeline.extract.jsonld import text_of
from pipeline.extract.language import detect_language
from pipeline.extract.metadata import Head, authors_of, read_head
from pipeline.extract.published import DateRules, PageDates, choose_dates
from pipeline.extract.scripted import whole_text
from pipeline.extract.selectors import select, text_at
from pipeline.extract.tree import Page, parse_page
from pipeline.extract.verdict import (
    STUB,
    Verdict,
    breaks_off,
    count_words,
    is_paid,
    is_walled,
    judge_bytes,
    judge_text,
    read_surroundings,
)
from pipeline.extract.wording import one_line, words_of
from pipeline.outlets import Extract, Outlet
from pipeline.reasons import Reason
from pipeline.records import Article, Discovery, Rejection

EXTRACTOR_VERSION = "1"
UTC_ZONE = ZoneInfo("UTC")
NO_SELECTORS = Extract()
LEDE_WORDS, LONGEST_LEDE = 80, 2_000  # words, letters
# Languages and places that write the month first.
MONTH_FIRST = ("en-us", "en-ph")
WORD_COUNT = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything that was read of one page."""

    page: Page
    head: Head
    text: Text
    headline: str | None
    dates: PageDates


def extract_page(
    payload: bytes,
    *,
    url: str,
    content_type: str,
    outlet: Outlet | None,
    hints: Discovery | None,
    fetched_at: datetime,
    truncated: str | None,
) -> Article | Rejection:
    """Read one page. payload is the HTTP entity without content encoding. Pure; the caller fills in the ids."""
    outlet_id = outlet.id if outlet else (hints.outlet_id if hints else "")

    def reject(verdict: Verdict) -> Rejection:
        return Rejection(outlet_id, url, "extract", verdict.reason, verdict.detail, fetched_at)

    if verdict := judge_bytes(payload, content_type):
        return reject(verdict)
    source = decode_page(payload, content_type, outlet.language if outlet else None)
    page = parse_page(source)
    if page is None:
        return reject(Verdict(Reason.NOT_HTML, "no markup"))
    around = read_surroundings(page.tree, url)
    reading = _read(page, url, outlet, hints, fetched_at)
    stated = reading.dates.published is not None
    if verdict := judge_text(reading.text, reading.head, reading.headline, around, stated, page.cut):
        is_bare = verdict.reason is Reason.NO_BODY
        return reject((judge_bare(source, reading.head.title) if is_bare else None) or verdict)
    if truncated and (truncated != "length" or reading.text.ends_page):
        return reject(Verdict(Reason.TRUNCATED, f"the capture is marked as truncated: {truncated}"))
    if breaks_off(source, reading.text):
        return reject(Verdict(Reason.HALF_PAGE, "the page ends inside its text"))
    return _article(reading, url, outlet_id, outlet, hints, fetched_at, truncated)


def _read(page: Page, url: str, outlet: Outlet | None, hints: Discovery | None, fetched_at: datetime) -> _Reading:
    own = outlet.extract if outlet else NO_SELECTORS
    head = read_head(page, url)
    printed = (text_at(page.tree, own.published_at), text_at(page.tree, own.modified_at))
    headline = text_at(page.tree, own.headline) or choose_headline(
        page, head, (outlet.name,) if outlet else (), hints.headline if hints else None
    )
    rules = DateRules(outlet.zone if outlet else UTC_ZONE, _day_first(outlet, head), fetched_at)
    byline = text_at(page.tree, own.byline)
    for selector in own.remove:
        for element in select(page.tree, selector):
            if element.getparent() is not None:
                element.drop_tree()
    known = (headline, head.meta("og:title"), text_of(head.article.get("headline")), head.title)
    statement = one_line(text_of(head.article.get("articleBody")) or "")
    headlines = tuple(line for line in known if line)
    sites = (*head.site_names, *((outlet.name,) if outlet else ()))
    text = read_text(page.tree, headlines, statement, own.body, byline, sites)
    text = _with_script(text, page, head, headlines)
    dates = choose_dates(head, page.tree, rules, hints, printed, text.above, text.span, url)
    return _Reading(page, head, text, headline, dates)


def _with_script(text: Text, page: Page, head: Head, headlines: tuple[str, ...]) -> Text:
    """The text as the page's scripts hold it, where the page shows less; what is behind a wall stays there."""
    if is_paid(head):
        return text
    markup = whole_text(text.lines, headlines, page.states, text_of(head.article.get("articleBody")))
    if not markup or is_walled(text, head):
        return text
    whole = parse_page(f"<html><body><main>{markup}</main></body></html>")
    if whole is None:
        return text
    read = read_text(whole.tree, headlines, "", "main", text.byline)
    if not read.lines:
        return text
    return replace(text, lines=read.lines, dateline=read.dateline or text.dateline, from_script=True)


def _article(
    reading: _Reading,
    url: str,
    outlet_id: str,
    outlet: Outlet | None,
    hints: Discovery | None,
    fetched_at: datetime,
    truncated: str | None,
) -> Article:
    head, text, dates = reading.head, reading.text, reading.dates
    authors = authors_of(head)
    body = "\n".join(text.lines)
    published, modified = dates.published, dates.modified
    return Article(
        article_id="",
        outlet_id=outlet_id,
        url=url,
        body=body,
        fetched_at=fetched_at,
        canonical_url=head.canonical_url,
        headline=reading.headline,
        byline=text.byline or ", ".join(authors) or (hints.byline if hints else None) or None,
        dateline=text.dateline,
        authors=authors,
        captions=text.captions,
        language=detect_language(body, [head.html_language, outlet.language if outlet else None]),
        published_at=published.at if published else None,
        published_source=published.source if published else None,
        published_precision=published.precision if published else None,
        modified_at=modified.at if modified else None,
        modified_source=modified.source if modified else None,
        own_agency_id=outlet.agency if outlet else None,
        flags=_flags(reading, body, url, truncated),
        extractor_version=EXTRACTOR_VERSION,
    )


def _flags(reading: _Reading, body: str, url: str, truncated: str | None) -> tuple[str, ...]:
    flags = ["truncated"] if truncated else []
    if _is_lede_only(reading.head, body):
        flags.append("lede_only")
    if count_words(body) < 3 * STUB and is_walled(reading.text, reading.head):
        flags.append("paywalled")
    if reading.text.from_script:
        flags.append("from_script")
    if reading.text.selector_missed:
        flags.append("selector_missed")
    if reading.page.cut:
        flags.append("markup_cut")
    canonical = reading.head.canonical_url
    if canonical and urlsplit(canonical).hostname != urlsplit(url).hostname:
        flags.append("canonical_elsewhere")
    return tuple(flags)


def _is_lede_only(head: Head, body: str) -> bool:
    """The text is no more than what the page's own summary says."""
    words = words_of(body[:LONGEST_LEDE])
    if not words or len(words) > LEDE_WORDS or len(body) > LONGEST_LEDE:
        return False
    summaries = (head.meta("og:description", "description"), text_of(head.article.get("description")))
    stated = text_of(head.article.get("wordCount"))
    if stated and WORD_COUNT.fullmatch(stated) and int(stated) > 3 * len(words):
        return True
    return any(text and len(set(words) - set(words_of(text))) <= len(words) * 0.1 for text in summaries)


def _day_first(outlet: Outlet | None, head: Head) -> bool:
    if outlet and outlet.extract.day_first is not None:
        return outlet.extract.day_first
    tag = (outlet.language if outlet else head.html_language or "").lower().replace("_", "-")
    if outlet and tag == "en":
        return not outlet.time_zone.startswith("America/")
    return tag not in MONTH_FIRST
