"""What a front page says of its outlet, and the outlet file that is proposed from it, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import yaml

from pipeline.discover.site_sources import SiteSources
from pipeline.extract.decode import decode_page
from pipeline.extract.headline import BAR
from pipeline.extract.language import detect_language
from pipeline.extract.metadata import read_head
from pipeline.extract.tree import parse_page
from pipeline.outlets import Outlet

LONGEST_NAME = 80
REGION = re.compile(r"^[a-zA-Z]{2,3}[-_](?:[a-zA-Z]{4}[-_])?([a-zA-Z]{2})$")
# Where an outlet of that language most likely is, if it does not say so.
USUAL_ZONES = {"tr": "Europe/Istanbul"}
COUNTRIES = {"uk": "gb"}  # domains that are not named after their country's code


@dataclass(frozen=True, slots=True)
class Profile:
    """Name, language and time zone of a site; None for what nothing speaks of."""

    name: str | None
    language: str | None
    time_zone: str | None


def read_profile(page: bytes, url: str, content_type: str) -> Profile:
    """Read a front page. The time zone is that of the country which its language tag or its domain names."""
    parsed = parse_page(decode_page(page, content_type))
    if parsed is None:
        return Profile(None, None, _zone_of(urlsplit(url).hostname or "", None, None))
    head = read_head(parsed, url)
    stated = head.html_language or head.meta("og:locale", "content-language")
    name = head.meta("og:site_name", "application-name") or next(iter(BAR.split(head.title or "")), None)
    language = detect_language(" ".join(parsed.tree.text_content().split()), [stated])
    zone = _zone_of(urlsplit(url).hostname or "", stated, language)
    return Profile(name[:LONGEST_NAME] if name else None, language, zone)


def write_proposal(front: Outlet, url: str, profile: Profile, found: SiteSources, counts: Mapping[str, int]) -> str:
    """The outlet file: what was found, with what is certain and what not in comments above it."""
    feeds = [one for one in found.feeds if counts.get(one)] or list(found.feeds)
    sources = {"feeds": feeds, "sitemaps": list(found.sitemaps)}
    discover: dict[str, Any] = {kind: addresses for kind, addresses in sources.items() if addresses}
    if not discover:
        discover["sections"] = [url]
    if front.discover.also_origins:
        discover["also_origins"] = list(front.discover.also_origins)
    content = {
        "id": front.id,
        "name": profile.name or front.name,
        "role": "outlet",
        "language": profile.language or "und",
        "time_zone": profile.time_zone or "UTC",
        "discover": discover,
        "crawl": {"delay": 2.0, "concurrency": 1, "max_pages": 200},
        "status": "paused",
    }
    notes = "".join(f"# {line}\n" for line in _notes(front, url, profile, found, counts))
    return notes + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _notes(front: Outlet, url: str, profile: Profile, found: SiteSources, counts: Mapping[str, int]) -> Iterator[str]:
    yield f"Proposed from {url}. Correct it, then: wirecopy outlet check {front.id}"
    yield "name: " + ("as the page says" if profile.name else "the page says none")
    yield "language: " + (
        "of the front page" if profile.language else "not recognised; give a tag such as ar, en or tr"
    )
    guessed = "guessed from the domain or the language: check it"
    yield "time_zone: " + (guessed if profile.time_zone else "not known; dates without a zone are read as UTC")
    for at, source in enumerate((*found.feeds, *found.sitemaps)):
        none = "announced nothing that the others do not" if at else "announced nothing"
        said = f"announced {counts[source]:,} articles" if source in counts else none
        yield f"{source}: {said} when it was tried"
    if not (found.feeds or found.sitemaps):
        yield f"No feed and no sitemap was found; the front page has {counts.get(url, 0):,} links that may be articles"


def _zone_of(host: str, stated: str | None, language: str | None) -> str | None:
    """The zone of the region in a language tag, of the country that a domain ends in, or of a language."""
    match = REGION.match(stated or "")
    ending = host.rpartition(".")[2].lower()
    countries = [match[1].lower() if match else "", COUNTRIES.get(ending, ending)]
    zones = (_zones().get(country) for country in countries)
    return next((zone for zone in zones if zone), None) or USUAL_ZONES.get(language or "")


@cache
def _zones() -> dict[str, str]:
    """The zone of each country that has but one."""
    several: dict[str, list[str]] = {}
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            several.setdefault(country.lower(), []).append(zone)
    return {country: zones[0] for country, zones in several.items() if len(zones) == 1}
