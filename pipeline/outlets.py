"""Outlets: one YAML file each, `config/outlets/<id>.yml`, checked key by key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pipeline.config_files import load_model
from pipeline.config_values import Cron, HttpUrl, Language, Origin, Pattern, Selector, Strict, TimeZone
from pipeline.errors import ConfigError, UsageError

OUTLET_ID = re.compile(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")


class Discover(Strict):
    """Where the outlet's articles are announced; at least one of feeds, sitemaps, sections."""

    feeds: tuple[HttpUrl, ...] = Field(default=(), description="RSS 2.0, RSS 1.0 or Atom")
    sitemaps: tuple[HttpUrl, ...] = Field(default=(), description="news sitemap, sitemap or index; .gz too")
    sections: tuple[HttpUrl, ...] = Field(default=(), description="listing pages; rel=next is followed")
    article_urls: Pattern | None = Field(
        default=None, description="regular expression searched in a URL: which links are articles"
    )
    also_origins: tuple[Origin, ...] = Field(default=(), description="further origins the crawl may enter")

    @model_validator(mode="after")
    def _has_a_source(self) -> Discover:
        if not (self.feeds or self.sitemaps or self.sections):
            raise ValueError("at least one of feeds, sitemaps, sections")
        return self


class Crawl(Strict):
    """Manners towards this outlet."""

    delay: float = Field(default=1.0, ge=0, le=300, description="seconds between two requests")
    concurrency: int = Field(default=2, ge=1, le=32, description="requests under way at once")
    max_pages: int = Field(default=300, ge=1, le=1_000_000, description="pages fetched per crawl")


class Extract(Strict):
    """CSS selectors where the general way falls short."""

    body: Selector | None = Field(default=None, description="selector of the element that holds the text")
    remove: tuple[Selector, ...] = Field(default=(), description="selectors of what is taken out first")
    headline: Selector | None = Field(default=None, description="selector of the headline")
    byline: Selector | None = Field(default=None, description="selector of the byline")
    published_at: Selector | None = Field(default=None, description="selector of the publication date")
    modified_at: Selector | None = Field(default=None, description="selector of the date of the last change")
    day_first: bool | None = Field(default=None, description="order of all-digit dates; default by language")


class Outlet(Strict):
    """A site that is crawled; an agency's own site has role agency."""

    id: str = Field(description="the file's name; lower-case letters, digits, hyphens")
    name: str = Field(min_length=1, description="as readers know it")
    role: Literal["agency", "outlet"] = Field(default="outlet", description="agency: an agency's own site")
    agency: str | None = Field(default=None, validate_default=True, description="role agency: its id in agencies.yml")
    language: Language = Field(description="BCP 47 tag of its pages")
    time_zone: TimeZone = Field(description="for dates that carry none")
    discover: Discover = Field(description="where its articles are announced")
    crawl: Crawl = Field(default=Crawl(), description="manners towards it")
    schedule: Cron | None = Field(default=None, description="cron; without it the outlet is crawled by hand only")
    extract: Extract = Field(default=Extract(), description="CSS selectors where the general way falls short")
    status: Literal["live", "paused"] = Field(
        default="live", description="paused: kept, but not crawled, even when named"
    )

    @field_validator("agency")
    @classmethod
    def _goes_with_role(cls, value: str | None, info: ValidationInfo) -> str | None:
        role = info.data.get("role")
        if role == "agency" and value is None:
            raise ValueError("with role agency, its id in agencies.yml")
        if role == "outlet" and value is not None:
            raise ValueError("this key with role agency only")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of dates that carry none."""
        return ZoneInfo(self.time_zone)

    @property
    def start_urls(self) -> tuple[str, ...]:
        """Every URL a crawl starts from."""
        return self.discover.feeds + self.discover.sitemaps + self.discover.sections


def load_outlet(path: Path) -> Outlet:
    """Read one outlet file. Raises ConfigError."""
    outlet = load_model(path, Outlet)
    if not OUTLET_ID.match(outlet.id):
        raise ConfigError(path, "id", outlet.id, "lower-case letters, digits, hyphens")
    if outlet.id != path.stem:
        raise ConfigError(path, "id", outlet.id, f"the file's name, {path.stem}")
    return outlet


def load_outlets(config_dir: Path) -> dict[str, Outlet]:
    """Every outlet under config_dir/outlets, by id. Raises ConfigError."""
    folder = config_dir / "outlets"
    for odd in sorted(folder.glob("*.yaml")):
        raise ConfigError(odd, "", odd.name, "file names that end in .yml")
    return {path.stem: load_outlet(path) for path in sorted(folder.glob("*.yml"))}


def load_sound_outlets(config_dir: Path) -> tuple[dict[str, Outlet], dict[str, ConfigError]]:
    """The outlets whose files are in order, and what is wrong with the others, by id."""
    sound, broken = dict[str, Outlet](), dict[str, ConfigError]()
    for path in sorted((config_dir / "outlets").glob("*.yml")):
        try:
            sound[path.stem] = load_outlet(path)
        except ConfigError as error:
            broken[path.stem] = error
    return sound, broken


def choose_outlets(outlets: dict[str, Outlet], wanted: list[str]) -> list[Outlet]:
    """The outlets asked for, or every live one. Raises UsageError for one that is not configured."""
    for outlet_id in wanted:
        if outlet_id not in outlets:
            known = ", ".join(sorted(outlets)) or "none"
            raise UsageError(f"no outlet {outlet_id!r} is configured; configured: {known}")
    if wanted:
        return [outlets[outlet_id] for outlet_id in dict.fromkeys(wanted)]
    return [outlet for outlet in outlets.values() if outlet.status == "live"]


def choose_to_crawl(outlets: dict[str, Outlet], wanted: list[str]) -> list[Outlet]:
    """The same where the outlets are to be crawled. Raises UsageError for one that is switched off, too."""
    chosen = choose_outlets(outlets, wanted)
    for outlet in chosen:
        if outlet.status == "paused":
            raise UsageError(f"outlet {outlet.id!r} is paused; status: live in its file switches it on")
    return chosen
