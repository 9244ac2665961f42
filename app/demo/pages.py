"""From the world's data to pages: every article of every site with its text, its dates and its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.demo.dates import fill_dates, print_date
from app.demo.edits import cut, swap, vary
from app.demo.world import PageSpec, Report, Site, World, split_paragraphs


@dataclass(frozen=True, slots=True)
class Page:
    """One article as a site shows it. Times are UTC; path is percent-encoded."""

    site: Site
    made_from: Report | PageSpec
    path: str
    headline: str
    section: str
    byline: str
    dateline: str  # a line of its own above the text
    place: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    modified_at: datetime

    @property
    def lede(self) -> str:
        """The first paragraph."""
        return self.paragraphs[0]

    @property
    def printed_date(self) -> str:
        """The publication date as the site prints it."""
        return print_date(self.local(self.published_at), self.site.date_style)

    @property
    def printed_change(self) -> str:
        """The date of the last change as the site prints it; empty where there was none."""
        changed = self.modified_at != self.published_at
        return print_date(self.local(self.modified_at), self.site.date_style) if changed else ""

    def local(self, at: datetime) -> datetime:
        """A time in the site's own zone."""
        return at.astimezone(ZoneInfo(self.site.time_zone))


def build_pages(world: World, now: datetime, corrected_at: datetime | None = None) -> dict[str, tuple[Page, ...]]:
    """Every page by site id, newest first. now is the moment of serving; after corrected_at the amended page shows."""
    pages = {site_id: list(_agency_pages(world, site, now, corrected_at)) for site_id, site in world.sites.items()}
    for outlet_id, listed in world.pages.items():
        pages[outlet_id] += [_outlet_page(world, world.sites[outlet_id], spec, now) for spec in listed.pages]
    return {key: tuple(sorted(some, key=lambda one: one.published_at, reverse=True)) for key, some in pages.items()}


def _agency_pages(world: World, site: Site, now: datetime, corrected_at: datetime | None) -> Iterator[Page]:
    for report in world.reports.values():
        if report.site != site.id:
            continue
        published_at = _before(now, report.minutes_ago)
        headline, paragraphs = _report_text(world, report, now)
        modified_at = published_at
        if report.correct and corrected_at is not None:
            headline, *rest = swap((headline, *paragraphs), report.correct)
            paragraphs, modified_at = tuple(rest), corrected_at
        if site.language != "ar":  # Latin datelines run into the first sentence
            paragraphs = (f"{report.dateline} {paragraphs[0]}", *paragraphs[1:])
        yield Page(
            site=site,
            made_from=report,
            path=_path(site, report.id, report.slug, report.section, published_at),
            headline=headline,
            section=report.section,
            byline=report.reporter,
            dateline=report.dateline if site.language == "ar" else "",
            place=report.place,
            paragraphs=paragraphs,
            published_at=published_at,
            modified_at=modified_at,
        )


def _outlet_page(world: World, site: Site, spec: PageSpec, now: datetime) -> Page:
    if spec.report is not None:
        report = world.reports[spec.report]
        published_at = _before(now, report.minutes_ago) + timedelta(minutes=spec.after)
        wire = _via_text(world, spec.via, now) if spec.via else _report_text(world, report, now)[1]
        wire = cut(swap(wire, spec.replace), spec.take, spec.drop)
    else:
        published_at = _before(now, spec.minutes_ago or 0)
        wire = split_paragraphs(_own_text(world, site, spec)) + tuple(_digest_text(world, spec, now))
    paragraphs = split_paragraphs(spec.before) + wire + split_paragraphs(spec.extra)
    if spec.head:
        paragraphs = (f"{spec.head} {paragraphs[0]}", *paragraphs[1:])
    if spec.tail:
        paragraphs = (*paragraphs, spec.tail)
    local = published_at.astimezone(ZoneInfo(site.time_zone))
    return Page(
        site=site,
        made_from=spec,
        path=_path(site, spec.id, spec.slug, spec.section, published_at),
        headline=vary(fill_dates(spec.headline, local, site.language), spec.variants),
        section=spec.section,
        byline=spec.byline,
        dateline="",
        place="",
        paragraphs=tuple(vary(fill_dates(one, local, site.language), spec.variants) for one in paragraphs),
        published_at=published_at,
        modified_at=published_at,
    )


def _via_text(world: World, via: str, now: datetime) -> tuple[str, ...]:
    """The text as another outlet runs it: copies are made of copies."""
    outlet_id, _, number = via.partition("/")
    spec = next(one for one in world.pages[outlet_id].pages if str(one.id) == number)
    return _outlet_page(world, world.sites[outlet_id], spec, now).paragraphs


def _own_text(world: World, site: Site, spec: PageSpec) -> str:
    if spec.repost_of is None:
        return spec.body
    return next(one.body for one in world.pages[site.id].pages if one.id == spec.repost_of)


def _digest_text(world: World, spec: PageSpec, now: datetime) -> Iterator[str]:
    for piece in spec.pieces:
        if piece.heading:
            yield piece.heading
        yield from _report_text(world, world.reports[piece.report], now)[1][: piece.take]


def _report_text(world: World, report: Report, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Headline and paragraphs with the day names of the report's own date, so that copies keep them."""
    site = world.sites[report.site]
    local = _before(now, report.minutes_ago).astimezone(ZoneInfo(site.time_zone))
    filled = [fill_dates(one, local, site.language) for one in (report.headline, *report.paragraphs)]
    return filled[0], tuple(filled[1:])


def _before(now: datetime, minutes: int) -> datetime:
    return (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def _path(site: Site, number: int, slug: str, section: str, published_at: datetime) -> str:
    local = published_at.astimezone(ZoneInfo(site.time_zone))
    filled = site.path.format(
        id=number,
        slug=slug.replace(" ", "-"),
        section=section.replace(" ", "-"),
        year=f"{local:%Y}",
        month=f"{local:%m}",
        day=f"{local:%d}",
    )
    return quote(filled)
