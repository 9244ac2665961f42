"""When an article was published and changed: every statement of the page, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from lxml.html import HtmlElement

from pipeline.extract.dates import Reading, read_machine_date, read_visible_dates
from pipeline.extract.jsonld import text_of
from pipeline.extract.metadata import Head
from pipeline.extract.months import fold
from pipeline.records import DatePrecision, Discovery, StatedDate

PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "publishdate",
    "publish-date", "publish_date", "publication_date", "pubdate", "date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "rnews:datepublished",
    "originalpublicationdate", "displaydate", "article.published", "published_time", "datecreated", "article:created",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "lastmod", "last-modified", "dcterms.modified",
    "dc.date.modified", "updated_time", "modified_time",
)  # fmt: skip
DATE_NAME = re.compile(
    r"date|time|tarih|zaman|publish|pubdate|posted|created|updated|modified|guncel|meta|تاريخ", re.IGNORECASE
)
CHANGED = re.compile(
    r"(?:updat|modif|guncel|mise a jour|mis a jour|last edited|aktualisi|(?<!\w)محدث|تحديث|التعديل|عدل(?!\w))",
    re.IGNORECASE,
)
MOST_SPOTS = 60
ALLOWED_AHEAD = timedelta(days=1)  # contract: a date after the fetch plus a day is null
FINER = {DatePrecision.DAY: 0, DatePrecision.MINUTE: 1, DatePrecision.SECOND: 2}


@dataclass(frozen=True, slots=True)
class PageDates:
    """The dates of an article; None where nobody stated one."""

    published: StatedDate | None
    modified: StatedDate | None


@dataclass(frozen=True, slots=True)
class DateRules:
    """How this page's dates are read."""

    zone: tzinfo
    day_first: bool
    fetched_at: datetime

    def accepts(self, reading: Reading | None) -> bool:
        """False for no date, and for one that lies after the fetch."""
        return reading is not None and reading.at <= self.fetched_at + ALLOWED_AHEAD

    def read(self, text: str | None) -> Reading | None:
        """A machine date under these rules."""
        reading = read_machine_date(text, self.zone, self.day_first) if text else None
        return reading if self.accepts(reading) else None


def choose_dates(
    head: Head, tree: HtmlElement, rules: DateRules, hints: Discovery | None, printed: tuple[str | None, str | None]
) -> PageDates:
    """Published and modified. `printed` are the texts at the outlet's own selectors, where it has any."""
    published = [*_visible(printed[0], "selector", rules), *_stated(head, rules, "datePublished", PUBLISHED_METAS)]
    modified = [*_visible(printed[1], "selector", rules), *_stated(head, rules, "dateModified", MODIFIED_METAS)]
    if not published:
        published += _stated(head, rules, "dateCreated", ())
    if not published or not modified:
        spots = list(_spots(tree, rules))
        published += [date for changed, date in spots if not changed]
        modified += [date for changed, date in spots if changed]
    if hints:
        published += _hinted(hints.published_at, rules)
        modified += _hinted(hints.modified_at, rules)
    return _settle(_first(published), _first(modified))


def _first(found: list[StatedDate]) -> StatedDate | None:
    """The surest date; a finer statement of the same day lends it its time."""
    if not found:
        return None
    best = found[0]
    if best.precision is DatePrecision.DAY:
        finer = [
            one for one in found if one.precision is not DatePrecision.DAY and abs(one.at - best.at) < timedelta(days=1)
        ]
        best = finer[0] if finer else best
    return best


def _settle(published: StatedDate | None, modified: StatedDate | None) -> PageDates:
    if published and modified and modified.at < published.at:
        modified = None  # a change before the publication is some other date
    return PageDates(published, modified)


def _stated(head: Head, rules: DateRules, key: str, metas: tuple[str, ...]) -> list[StatedDate]:
    found = []
    if reading := rules.read(text_of(head.article.get(key))):
        found.append(StatedDate(reading.at, "jsonld", reading.precision))
    for name in metas:
        for value in head.metas.get(name, ()):
            if reading := rules.read(value):
                found.append(StatedDate(reading.at, "meta", reading.precision))
    return found


def _visible(text: str | None, source: str, rules: DateRules) -> list[StatedDate]:
    if not text:
        return []
    readings = read_visible_dates(text, rules.zone, rules.day_first)
    return [StatedDate(one.at, source, one.precision) for one in readings if rules.accepts(one)][:1]


def _hinted(at: datetime | None, rules: DateRules) -> list[StatedDate]:
    if at is None or at > rules.fetched_at + ALLOWED_AHEAD:
        return []
    whole = (at.hour, at.minute, at.second) == (0, 0, 0)
    return [StatedDate(at, "feed", DatePrecision.DAY if whole else DatePrecision.SECOND)]


def _spots(tree: HtmlElement, rules: DateRules) -> Iterator[tuple[bool, StatedDate]]:
    """Dates that stand in the page, in its order: time elements first, then elements named like a date."""
    count = 0
    for element in tree.iter("time"):
        label = f"{element.get('class') or ''} {element.get('itemprop') or ''} {_before(element)}"
        for text in (element.get("datetime"), " ".join(element.itertext())):
            if reading := rules.read(text):
                yield bool(CHANGED.search(fold(label))), StatedDate(reading.at, "time_element", reading.precision)
                break
        count += 1
        if count >= MOST_SPOTS:
            break
    for element in tree.iter("span", "div", "p", "li", "b", "em", "small", "td", "font", "h6", "h5", "a", "i"):
        name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if name.strip() and DATE_NAME.search(name):
            yield from _dated(element, name, rules)
            count += 1
            if count >= 2 * MOST_SPOTS:
                return


def _dated(element: HtmlElement, name: str, rules: DateRules) -> Iterator[tuple[bool, StatedDate]]:
    text = " ".join(element.itertext())
    if not 6 <= len(text.strip()) <= 300:
        return
    folded = fold(text)
    past = 0
    for reading in read_visible_dates(text, rules.zone, rules.day_first):
        changed = bool(CHANGED.search(folded[past : reading.start])) or (past == 0 and bool(CHANGED.search(fold(name))))
        past = reading.end
        if rules.accepts(reading):
            yield changed, StatedDate(reading.at, "visible", reading.precision)


def _before(element: HtmlElement) -> str:
    previous = element.getprevious()
    if previous is not None:
        return ((previous.text or "") + (previous.tail or ""))[-60:]
    parent = element.getparent()
    return (parent.text or "")[-60:] if parent is not None else ""
