"""Outlets: one YAML file each, `config/outlets/<id>.yml`, checked key by key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipeline.config_files import load_model
from pipeline.errors import ConfigError, UsageError

OUTLET_ID = re.compile(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")
CRON_FIELD = re.compile(r"^[\d*/,\-A-Za-z]+$")


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an absolute http:// or https:// URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL without user name and password")
    _ = parts.port  # raises ValueError where the port is no number
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("an IANA time zone such as Europe/Istanbul") from error
    return value


def _cron(value: str) -> str:
    fields = value.split()
    if len(fields) != 5 or not all(CRON_FIELD.match(one) for one in fields):
        raise ValueError('a cron expression of five fields such as "*/15 * * * *"')
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", value):
        raise ValueError("a BCP 47 language tag such as ar or en-GB")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Cron = Annotated[str, AfterValidator(_cron)]


class Strict(BaseModel):
    """A block of configuration: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Discover(Strict):
    """Where the outlet's articles are announced; at least one of feeds, sitemaps, sections."""

    feeds: tuple[HttpUrl, ...] = Field(default=(), description="RSS 2.0, RSS 1.0 or Atom")
    sitemaps: tuple[HttpUrl, ...] = Field(default=(), description="news sitemap, sitemap or index; .gz too")
    sections: tuple[HttpUrl, ...] = Field(default=(), description="listing pages; rel=next is followed")
    article_urls: Annotated[str, AfterValidator(_regex)] | None = Field(
        default=None, description="regular expression searched in a URL: which links are articles"
    )
    also_origins: tuple[HttpUrl, ...] = Field(default=(), description="further origins the crawl may enter")

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

    body: str | None = Field(default=None, description="selector of the element that holds the text")
    remove: tuple[str, ...] = Field(default=(), description="selectors of what is taken out first")
    headline: str | None = Field(default=None, description="selector of the headline")
    byline: str | None = Field(default=None, description="selector of the byline")
    published_at: str | None = Field(default=None, description="selector of the publication date")
    modified_at: str | None = Field(default=None, description="selector of the date of the last change")
    day_first: bool | None = Field(default=None, description="order of all-digit dates; default by language")


class Outlet(Strict):
    """A site that is crawled; an agency's own site has role agency."""

    id: str = Field(description="the file's name; lower-case letters, digits, hyphens")
    name: str = Field(min_length=1, description="as readers know it")
    role: Literal["agency", "outlet"] = Field(default="outlet", description="agency: an agency's own site")
    agency: str | None = Field(default=None, description="role agency: its id in agencies.yml")
    language: Annotated[str, AfterValidator(_language)] = Field(description="BCP 47 tag of its pages")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(description="for dates that carry none")
    discover: Discover = Field(description="where its articles are announced")
    crawl: Crawl = Field(default=Crawl(), description="manners towards it")
    schedule: Cron | None = Field(default=None, description="cron; without it the outlet is crawled by hand only")
    extract: Extract = Field(default=Extract(), description="CSS selectors where the general way falls short")
    status: Literal["live", "paused"] = Field(
        default="live", description="paused: kept, but not crawled, even when named"
    )

    @model_validator(mode="after")
    def _agency_is_named(self) -> Outlet:
        if self.role == "agency" and self.agency is None:
            raise ValueError("with role agency, the key agency names its id in agencies.yml")
        if self.role == "outlet" and self.agency is not None:
            raise ValueError("the key agency goes with role agency only")
        return self

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
