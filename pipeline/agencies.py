"""News agencies: `config/agencies.yml`. Who they are, which hosts are theirs, and how texts name them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from pipeline.config_files import load_model
from pipeline.config_values import Strict
from pipeline.errors import ConfigError

FILE_NAME = "agencies.yml"
AGENCY_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
ANY_MARK = "{AG}"  # in a pattern: any mark of the agency
_LONGEST_SCHEME = len("https://")
_ROOT = Path(__file__).resolve().parent.parent
# An installed wheel carries the default configuration inside the app package; a checkout has it beside the packages.
_BUNDLED_DIRS = (_ROOT / "app" / "default_config", _ROOT / "config")


def _agency_id(value: str) -> str:
    if not AGENCY_ID.fullmatch(value):
        raise ValueError("lower-case letters, digits, hyphens")
    return value


def _mark(value: str) -> str:
    if not 2 <= len(value) <= 80 or value != value.strip() or not any(char.isalpha() for char in value):
        raise ValueError("2 to 80 characters with at least one letter and no space at either end")
    return value


def _domain(value: str) -> str:
    if not re.fullmatch(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{2,63}", value):
        raise ValueError("a host name in lower case such as aa.com.tr")
    return value


def _pattern(value: str) -> str:
    if len(value) > 400:
        raise ValueError("a regular expression of at most 400 characters")
    try:
        re.compile(value.replace(ANY_MARK, "x"))
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    return value


Mark = Annotated[str, AfterValidator(_mark)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Language = Literal["ar", "en", "tr", "fr"]
ByLanguage = dict[Language, tuple[str, ...]]
PatternsByLanguage = dict[Language, tuple[Pattern, ...]]


class CreditWords(Strict):
    """Words around a mark that say what naming the agency amounts to, by language."""

    prefixes: ByLanguage = Field(default={}, description="in front of a mark inside a byline: by, via, عن")
    place_words: ByLanguage = Field(default={}, description="between a mark and a place: in, from, من")
    staff_words: ByLanguage = Field(default={}, description="behind a mark: its staff, newsroom")
    source_labels: ByLanguage = Field(default={}, description="open a credit line: Source, Kaynak, المصدر")
    photo_labels: ByLanguage = Field(default={}, description="open a picture credit: Photo, تصوير")
    job_titles: ByLanguage = Field(default={}, description="beside a mark: a person of the agency, not its report")
    contributions: ByLanguage = Field(default={}, description="behind a mark in a closing line: contributed to")
    agency_nouns: ByLanguage = Field(default={}, description="the word for agency")
    according: ByLanguage = Field(default={}, description="in front of a preposition joined to a mark: it is cited")
    mention_before: ByLanguage = Field(default={}, description="in front of a mark: it is cited")
    mention_after: ByLanguage = Field(default={}, description="behind a mark: it is cited")
    credit_sentences: PatternsByLanguage = Field(
        default={}, description="regular expressions with {AG}: a sentence that says whose report it is"
    )
    self_references: PatternsByLanguage = Field(
        default={}, description="regular expressions with {AG}: said to the agency, seen by its reporter"
    )


class Generic(Strict):
    """Credits to agencies in general."""

    marks: tuple[Mark, ...] = Field(min_length=1, description="as printed: وكالات, Agencies, Ajanslar")


class Boilerplate(Strict):
    """A footer or sign-off that is the same under every report of an agency."""

    has: str = Field(min_length=2, description="a piece of text that each such line holds as printed")
    pattern: Pattern = Field(description="regular expression; capitals make no difference")


class Agency(Strict):
    """One news agency and the ways texts name it."""

    id: Annotated[str, AfterValidator(_agency_id)] = Field(description="lower-case letters, digits, hyphens")
    names: dict[Language, tuple[Mark, ...]] = Field(min_length=1, description="full names by language")
    marks: tuple[Mark, ...] = Field(default=(), description="short forms in bylines and datelines")
    ambiguous: tuple[Mark, ...] = Field(default=(), description="marks that are common words or places too")
    not_after: tuple[str, ...] = Field(default=(), description="words in front that mean something else")
    not_before: tuple[str, ...] = Field(default=(), description="words behind that mean something else")
    other_meanings: tuple[str, ...] = Field(default=(), description="words in whose sentence its initials mean another")
    domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = Field(default=(), description="its own hosts")
    self_references: tuple[Pattern, ...] = Field(default=(), description="regular expressions: left-over self-naming")
    boilerplate: tuple[Boilerplate, ...] = Field(default=(), description="footers and sign-offs")
    photo_only: bool = Field(default=False, description="true: its name is never a credit for a text")

    def name(self, language: str | None = None) -> str:
        """Its first full name in language (a BCP 47 tag), else in English, else in any language."""
        wanted = (language or "en").split("-")[0]
        for key, names in self.names.items():
            if key == wanted and names:
                return names[0]
        return (self.names.get("en") or next(iter(self.names.values())))[0]


class Agencies(Strict):
    """Every known agency, generic credits, and the words around marks."""

    version: Literal[1] = Field(default=1, description="of the file's form")
    words: CreditWords = Field(default=CreditWords(), description="words around a mark")
    generic: Generic = Field(default=Generic(marks=("وكالات", "Agencies")), description="credits to agencies at large")
    agencies: tuple[Agency, ...] = Field(min_length=1, description="the agencies")

    @model_validator(mode="after")
    def _are_distinct(self) -> Agencies:
        ids = [agency.id for agency in self.agencies]
        hosts = [domain for agency in self.agencies for domain in agency.domains]
        for what, values in (("id", ids), ("domain", hosts)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"one agency for each {what}; {twice[0]} stands twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Agency]:
        """The agencies by their id."""
        return {agency.id: agency for agency in self.agencies}

    @cached_property
    def _by_domain(self) -> dict[str, str]:
        return {domain: agency.id for agency in self.agencies for domain in agency.domains}

    def name(self, agency_id: str, language: str | None = None) -> str:
        """The agency's name for people; the id itself where no such agency is configured."""
        agency = self.by_id.get(agency_id)
        return agency.name(language) if agency else agency_id

    def agency_of_host(self, host: str) -> str | None:
        """Id of the agency that host or a parent domain of it belongs to, else None."""
        labels = host.lower().rstrip(".").split(".")[-10:]
        for start in range(len(labels) - 1):
            found = self._by_domain.get(".".join(labels[start:]))
            if found:
                return found
        return None

    def agency_of_url(self, url: str) -> str | None:
        """Id of the agency whose own page url is, else None; an unreadable URL is nobody's."""
        # What stands before the path tells, and is the same page after page.
        host = _host_of(url[: url.find("/", _LONGEST_SCHEME) + 1] or url)
        return self.agency_of_host(host) if host else None


@lru_cache(maxsize=4096)
def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def load_agencies(config_dir: Path | None = None) -> Agencies:
    """config_dir/agencies.yml, or the bundled one where that is absent. Raises ConfigError."""
    if config_dir is not None and (config_dir / FILE_NAME).exists():
        return load_model(config_dir / FILE_NAME, Agencies)
    return bundled_agencies()


@lru_cache(maxsize=1)
def bundled_agencies() -> Agencies:
    """The agencies that come with wirecopy. Raises ConfigError where the installation lacks them."""
    for folder in _BUNDLED_DIRS:
        if (folder / FILE_NAME).is_file():
            return load_model(folder / FILE_NAME, Agencies)
    raise ConfigError(_BUNDLED_DIRS[-1] / FILE_NAME, "", "(missing)", "the file that comes with wirecopy")
