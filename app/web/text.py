"""Text from the outside on its way into a page. Escaping is the template engine's; this is what it does not do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from app.cli.show.frame import duration

MAX_TITLE = 300
# Controls of direction would turn the rest of a line around; the others cannot be seen.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u058f]")
_WORDS = {
    "self_reference": "the agency named",
    "photo": "photo credit",
    "generic": "credit to “agencies”",
    "jsonld_author": "author of the JSON-LD",
    "meta_author": "author of the meta tags",
    "tail": "last line",
    "body": "text",
}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def clean(text: str | None) -> str:
    """Without controls; line breaks stay."""
    return _UNSEEN.sub("", text or "")


def title(text: str | None) -> str:
    """One line of at most MAX_TITLE characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


def direction(text: str | None) -> str:
    """rtl or ltr: the side most letters of the beginning belong to. A quoted name in front does not decide."""
    start = (text or "")[:400]
    return "rtl" if len(_RTL.findall(start)) > len(_LTR.findall(start)) else "ltr"


def language_tag(language: str | None) -> str | None:
    """The tag where it is one; an attribute takes nothing else."""
    return language if language and _TAG.fullmatch(language) else None


def outside_link(url: str | None) -> str | None:
    """The address where it is one a reader may follow: http or https, with a host, without credentials."""
    if not url or len(url) > 4_000 or _UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    safe = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    return url if safe else None


def moment(value: datetime | None) -> str:
    """A time in UTC to the minute."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if value else "unknown"


def day(value: datetime | None) -> str:
    """A day in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%d") if value else "unknown"


def plain_words(code: str) -> str:
    """A code of the dataset in words."""
    return _WORDS.get(code, code.replace("_", " "))


def later(seconds: int) -> str:
    """When the one came, seen from the other: 12 min later, 1 h 04 earlier."""
    if seconds == 0:
        return "at the same time"
    return f"{duration(abs(seconds))} {'earlier' if seconds < 0 else 'later'}"


def query_string(**parameters: object) -> str:
    """Parameters that are asked for, as the end of an address."""
    asked = {key: _parameter(value) for key, value in parameters.items() if value not in (None, "", False)}
    return f"?{urlencode(asked)}" if asked else ""


def _parameter(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "1" if value is True else str(value)
