"""The demo world as data: sites, the agency's reports, and which outlet runs which report how.

The files lie in `world/`: `sites.yml`, one file per report in `reports/`, one list of pages per outlet in `pages/`.
All events, people and outlets in them are invented.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipeline.config_files import load_model
from pipeline.config_values import Strict
from pipeline.records import CreditStatus, Relation

WORLD_DIR = Path(__file__).parent / "world"

SourceKind = Literal["rss2", "rss1", "atom", "news_sitemap", "sitemap_index", "sections"]
Variant = Literal["hamza", "ya", "ta_marbuta", "arabic_digits", "tatweel", "diacritics"]


class Site(Strict):
    """One loopback outlet: how it looks and where it announces its articles."""

    id: str
    name: str
    role: Literal["agency", "outlet"] = "outlet"
    agency: str | None = None
    language: Literal["ar", "en", "tr"]
    time_zone: str
    template: str = Field(description="file in templates/ without .html.j2")
    encoding: Literal["utf-8", "cp1256"] = "utf-8"
    declares_charset: bool = Field(default=True, description="whether Content-Type names the charset")
    path: str = Field(description="of an article: {id}, {slug}, {section}, {year}, {month}, {day}")
    date_style: str = Field(description="a key of dates.STYLES")
    sources: tuple[SourceKind, ...]
    article_urls: str | None = None
    tracking: str = Field(default="", description="query string that the feed's links carry")
    menu: tuple[str, ...]
    slogan: str = ""
    ticker: tuple[str, ...] = ()
    advert: str = ""
    notice: str = Field(default="", description="boilerplate under every text")
    comments: tuple[str, ...] = ()
    footer: str
    ld: Literal["none", "lede", "full"] = Field(default="none", description="what JSON-LD's articleBody holds")
    labels: dict[str, str] = Field(default={}, description="words of the template in the site's language")
    selectors: dict[str, str | tuple[str, ...]] = Field(default={}, description="extract: block of its configuration")


class LinkTo(Strict):
    """An edge that a page should get: to a report (its agency page), with any of the relations."""

    to: str
    relation: tuple[Relation, ...]
    required: bool = Field(default=True, description="false: the edge is right, and so is none")


class Piece(Strict):
    """A part of a digest: the first paragraphs of a report under a heading of the outlet's own."""

    report: str
    take: int = Field(ge=1)
    heading: str = ""


class Report(Strict):
    """One report as the agency sent it; its page on the agency's site follows from it."""

    key: str
    site: str
    id: int
    section: str
    slug: str
    headline: str
    dateline: str = Field(description="above an Arabic text, before the first words of others")
    place: str = Field(default="", description="in Latin letters, above the dateline")
    reporter: str = ""
    minutes_ago: int = Field(ge=1, le=2_820, description="before the moment of serving")
    body: str
    correct: dict[str, str] = Field(default={}, description="what the correction in place replaces")
    links: tuple[LinkTo, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs."""
        return split_paragraphs(self.body)


class PageSpec(Strict):
    """One page of an outlet: a report with its edits, or a text of the outlet's own (body without report)."""

    id: int
    slug: str = ""
    section: str
    headline: str
    report: str | None = None
    via: str | None = Field(default=None, description="outlet/id of the page whose version of the report was copied")
    after: int = Field(default=0, ge=0, description="minutes after the agency's page")
    minutes_ago: int | None = Field(default=None, ge=1, le=2_820)
    byline: str = ""
    head: str = Field(default="", description="stands before the first words")
    tail: str = Field(default="", description="last line")
    take: int | None = Field(default=None, ge=1, description="only the first paragraphs")
    drop: tuple[int, ...] = Field(default=(), description="paragraphs left out, counted from 1")
    before: str = Field(default="", description="the outlet's own paragraphs before the wire text")
    extra: str = Field(default="", description="its own paragraphs after the wire text")
    replace: dict[str, str] = Field(default={}, description="phrases that the desk swapped")
    variants: tuple[Variant, ...] = ()
    body: str = ""
    pieces: tuple[Piece, ...] = Field(default=(), description="of a digest or a round-up")
    story: str | None = Field(default=None, description="expected story; default the report's, or its own")
    relation: tuple[Relation, ...] = Field(default=(), description="expected; any of them is right")
    credit_status: tuple[CreditStatus, ...] = Field(default=(), description="expected; any of them is right")
    links: tuple[LinkTo, ...] = Field(default=(), description="expected edges beside the one to the report")
    repost_of: int | None = Field(default=None, description="id of the same outlet's page with the same text")

    @model_validator(mode="after")
    def _has_one_text(self) -> PageSpec:
        if sum(map(bool, (self.body, self.report, self.pieces, self.repost_of))) != 1:
            raise ValueError("one of body, report, pieces, repost_of")
        if self.report is None and self.minutes_ago is None:
            raise ValueError("minutes_ago where there is no report")
        if self.report is not None and not (self.relation and self.credit_status):
            raise ValueError("relation and credit_status with a report")
        return self


class Dud(Strict):
    """A URL that an outlet announces and that gives no article: answered with status and a line of text."""

    path: str
    headline: str
    status: int = 200
    text: str = ""
    disallowed: bool = Field(default=False, description="robots.txt does not allow it")
    reasons: tuple[str, ...] = Field(description="reason codes that fit")


class OutletPages(Strict):
    """The pages file of one outlet."""

    pages: tuple[PageSpec, ...]
    duds: tuple[Dud, ...] = ()


class Sites(Strict):
    """The file sites.yml."""

    sites: tuple[Site, ...]


class World(Strict):
    """Everything the data files say."""

    sites: dict[str, Site]
    reports: dict[str, Report]
    pages: dict[str, OutletPages] = Field(description="by outlet id")


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs of a text in which an empty line separates them; line breaks inside become spaces."""
    blocks = (" ".join(block.split()) for block in text.split("\n\n"))
    return tuple(block for block in blocks if block)


@cache
def load_world(folder: Path = WORLD_DIR) -> World:
    """Read the data files. Raises ConfigError for one that is not as it should be."""
    sites = load_model(folder / "sites.yml", Sites).sites
    reports = (load_model(path, Report) for path in sorted((folder / "reports").glob("*.yml")))
    pages = {path.stem: load_model(path, OutletPages) for path in sorted((folder / "pages").glob("*.yml"))}
    return World(sites={one.id: one for one in sites}, reports={one.key: one for one in reports}, pages=pages)
