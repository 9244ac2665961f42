"""Values of configuration files and what is allowed of each; a refusal's text ends the sentence "allowed: ..."."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator

HOST = re.compile(r"[\w.-]+|[\da-fA-F:.]+(?:%\w+)?")  # a name in any script, or an address of IPv6
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
ASCII_LINE = re.compile(r"\s*[!-~](?:[ -~]*[!-~])?\s*")
DATABASE = re.compile(r"sqlite(?:\+pysqlite)?:///.+|postgres(?:ql)?(?:\+psycopg)?://.+")


class Strict(BaseModel):
    """A block of configuration: unknown keys are refused, and so is text or truth where a number is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _is_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        wanted = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool | str) and wanted in (int, float, int | None):
            raise ValueError("a number")
        return value


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an absolute http:// or https:// URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL without user name and password")
    if any(letter.isspace() or not letter.isprintable() for letter in value):
        raise ValueError("a URL without spaces")
    if not HOST.fullmatch(parts.hostname):
        raise ValueError("a URL with a host name")
    from pipeline.urls import origin_of  # IDNA's tables, which few commands need

    try:
        origin_of(value)
    except ValueError as error:
        raise ValueError("a URL with a host name and, where one is stated, a port that can be") from error
    return value


def _origin(value: str) -> str:
    parts = urlsplit(_http_url(value))
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("scheme, host and port alone, such as https://cdn.example")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    return value


def _selector(value: str) -> str:
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(value)
    except (SelectorError, RecursionError) as error:
        raise ValueError(f"a CSS selector such as .article-text ({error})") from error
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("an IANA time zone such as Europe/Istanbul") from error
    return value


def _cron(value: str) -> str:
    from cronsim import CronSim, CronSimError

    try:
        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
        if len(value.split()) != 5:  # a sixth is for seconds
            raise CronSimError("Wrong number of fields")
    except CronSimError as error:
        known = 'a cron expression of five fields such as "*/15 * * * *"'
        raise ValueError(f"{known} ({str(error).lower()})") from error
    return value


def _like(pattern: re.Pattern[str], allowed: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(allowed)
        return value

    return AfterValidator(check)


def _storage(value: str) -> str:
    if "://" in value:
        from pipeline.storage import problem_of_root

        if problem := problem_of_root(value):
            raise ValueError(problem)
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Origin = Annotated[str, AfterValidator(_origin)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Cron = Annotated[str, AfterValidator(_cron)]
Language = Annotated[str, _like(LANGUAGE, "a BCP 47 language tag such as ar or en-GB")]
HeaderValue = Annotated[str, _like(ASCII_LINE, "one line of printable ASCII")]
DatabaseUrl = Annotated[str, _like(DATABASE, "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")]
StorageUrl = Annotated[str, AfterValidator(_storage)]
