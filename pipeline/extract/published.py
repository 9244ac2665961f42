"""When an article was published and changed: every statement of the page, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from lxml.html import HtmlElement

from pipeline.extract.dates import Reading, read_machine_date, read_visible_dates
from pipeline.extract.jsonld import text_of
from pipeline.extract.metadata import Head
from pipeline.extract.months import fold
from pipeline.records import DatePrecision, Discovery, StatedDate

# Names of metas without their punctuation: sites write article:published_time, article:published:time ...
PUBLISHED_METAS = (
    "articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "datepublished", "publishdate",
    "publicationdate", "pubdate", "publisheddate", "publishedat", "dcdateissued", "dcdate", "dctermsissued",
    "dctermsdate", "dctermscreated", "dcdatecreated", "date", "sailthrudate", "parselypubdate",
    "cxenseparserecspublishtime", "rnewsdatepublished", "originalpublicationdate", "displaydate", "publishedtime",
    "datecreated", "articlecreated", "citationpublicationdate", "citationdate",
)  # fmt: skip
MODIFIED_METAS = (
    "articlemodifiedtime", "ogupdatedtime", "articlemodified", "datemodified", "lastmod", "lastmodified",
    "dctermsmodified", "dcdatemodified", "updatedtime", "modifiedtime", "articleupdated", "dateupdated",
)  # fmt: skip
URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
CHANGED = re.compile(
    r"(?:updat|modif|guncel|mise a jour|mis a jour|last edited|aktualisi|(?<!\w)محدث|تحديث|التعديل|عدل(?!\w))",
    re.IGNORECASE,
)
MOST_SPOTS = 60
EARLIEST_YEAR = 1994  # news on the web is younger: what says otherwise is an unset clock, or another calendar
ALLOWED_AHEAD = timedelta(days=1)  # contract: a date after the fetch plus a day is null
Span = tuple[HtmlElement | None, HtmlElement | None]
Spoken = tuple[bool, StatedDate]  # whether the words before speak of a change
ORDER = ("selector", "jsonld", "meta", "time_element", "feed", "visible")  # by trust


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
        """False for no date, and for one that lies after the fetch or before there were pages."""
        return (
            reading is not None and reading.at.year >= EARLIEST_YEAR and reading.at <= self.fetched_at + ALLOWED_AHEAD
        )

    def read(self, text: str | None) -> Reading | None:
        """A machine date under these rules."""
        reading = read_machine_date(text, self.zone, self.day_first) if text else None
        return reading if self.accepts(reading) else None


def choose_dates(
    head: Head,
    tree: HtmlElement,
    rules: DateRules,
    hints: Discovery | None,
    printed: tuple[str | None, str | None],
    lines: Sequence[Sequence[str]],
    span: Span,
    url: str,
) -> PageDates:
    """Published and modified, each from the surest place that states it.

    `printed` are the texts at the outlet's own selectors; `lines` stand around the headline, the surest group first;
    `span` are the elements of the headline and of the text's last line.
    """
    published = [*_visible(printed[0], rules), *_stated(head, rules, "datePublished", PUBLISHED_METAS)]
    modified = [*_visible(printed[1], rules), *_stated(head, rules, "dateModified", MODIFIED_METAS)]
    if not published or published[0].precision is DatePrecision.DAY:
        times, elsewhere = _time_elements(tree, rules, span)
        for changed, date in (*times, *_printed_dates(lines, rules)):
            (modified if changed else published).append(date)
        if hints:
            published.extend(_hinted(hints.published_at, rules))
            modified.extend(_hinted(hints.modified_at, rules))
        published.sort(key=lambda date: ORDER.index(date.source))
        published += _stated(head, rules, "dateCreated", ()) or _from_url(url, rules)
        if not (published or modified):
            published += [date for _, date in elsewhere]
    if not published and modified:
        published = [replace(modified[0], source="modified")]
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
    stated = [("jsonld", text_of(head.article.get(key)))]
    stated += [("meta", value) for name in metas for value in head.metas.get(name, ())]
    readings = [(source, rules.read(text)) for source, text in stated]
    return [StatedDate(one.at, source, one.precision) for source, one in readings if one]


def _visible(text: str | None, rules: DateRules) -> list[StatedDate]:
    """At an outlet's own selector: a machine date or a printed one."""
    if not text:
        return []
    if reading := rules.read(text):
        return [StatedDate(reading.at, "selector", reading.precision)]
    readings = read_visible_dates(text, rules.zone, rules.day_first)
    return [StatedDate(one.at, "selector", one.precision) for one in readings if rules.accepts(one)][:1]


def _hinted(at: datetime | None, rules: DateRules) -> list[StatedDate]:
    if at is None or at > rules.fetched_at + ALLOWED_AHEAD:
        return []
    whole = (at.hour, at.minute, at.second) == (0, 0, 0)
    return [StatedDate(at, "feed", DatePrecision.DAY if whole else DatePrecision.SECOND)]


def _from_url(url: str, rules: DateRules) -> list[StatedDate]:
    match = URL_DAY.search(url.split("?")[0])
    reading = rules.read("-".join(part.zfill(2) for part in match.groups())) if match else None
    return [StatedDate(reading.at, "url", reading.precision)] if reading else []


def _time_elements(tree: HtmlElement, rules: DateRules, span: Span) -> tuple[list[Spoken], list[Spoken]]:
    """Dates of time elements: those from the headline to the text's end, and the others, which may be any article's."""
    inside: list[Spoken] = []
    outside: list[Spoken] = []
    start, end = span
    found = inside if start is None else outside
    past_end = False
    for element in _spots(tree, span):
        if element is start:
            found = inside
        elif past_end and end is not None and not _follows(end, element):
            found = outside
        past_end = past_end or element is end
        if element.tag != "time":
            continue
        label = f"{element.get('class') or ''} {element.get('itemprop') or ''} {_before(element)}"
        for text in (element.get("datetime"), " ".join(element.itertext())):
            if reading := rules.read(text):
                date = StatedDate(reading.at, "time_element", reading.precision)
                found.append((bool(CHANGED.search(fold(label))), date))
                break
    return inside, outside


def _spots(tree: HtmlElement, span: Span) -> Iterator[HtmlElement]:
    """The time elements, and where headline and text stand among them."""
    tags = {"time"} | {str(one.tag) for one in span if one is not None}
    return islice((one for one in tree.iter(*tags) if one.tag == "time" or one in span), MOST_SPOTS)


def _follows(end: HtmlElement, element: HtmlElement) -> bool:
    """Whether an element behind the text still belongs to it: the nearest surroundings hold both."""
    around = end.getparent()
    around = around.getparent() if around is not None and around.getparent() is not None else around
    return around is not None and around in element.iterancestors()


def _printed_dates(groups: Sequence[Sequence[str]], rules: DateRules) -> list[Spoken]:
    """Dates in the first group of lines that has any, with whether the words before each speak of a change."""
    found: list[Spoken] = []
    for line in next((lines for lines in groups if any(_dates_in(line, rules) for line in lines)), ()):
        folded, past = fold(line), 0
        for reading in _dates_in(line, rules):
            changed = bool(CHANGED.search(folded[past : reading.start]))
            past = reading.end
            found.append((changed, StatedDate(reading.at, "visible", reading.precision)))
    return found


def _dates_in(line: str, rules: DateRules) -> list[Reading]:
    return [one for one in read_visible_dates(line, rules.zone, rules.day_first) if rules.accepts(one)]


def _before(element: HtmlElement) -> str:
    previous = element.getprevious()
    if previous is not None:
        return (" ".join(previous.itertext()) + (previous.tail or ""))[-60:]
    parent = element.getparent()
    return (parent.text or "")[-60:] if parent is not None else ""
