"""What hard cases are made of: labelled reports about invented events, and what desks do to them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
LABELLED = Path(__file__).parents[1] / "labels" / "articles.jsonl"
# An agency's own pages are known by their domain; the outlets are not configured.
AGENCY_URL = {"ar": "https://www.aa.com.tr/ar/", "en": "https://www.aa.com.tr/en/", "tr": "https://www.aa.com.tr/tr/"}
REPORTS = {
    "ar": ("library", "bridge", "saffron", "coins", "train", "turtles"),
    "en": ("lighthouse", "orchard", "ferry"),
    "tr": ("bakery", "snow", "carpet"),
}
# Paragraphs of an outlet's own.
OWN: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("own.yml").read_text("utf-8"))
_DATELINE = re.compile(r"^[\w ]+ \(AA\) [–-] ")
COLD = {"ar": "حكاية يوم طويل", "en": "What a day", "tr": "Uzun bir günün ardından"}
BYLINE = {"ar": "كتب: سامي الحداد", "en": "By Jane Roe", "tr": "Ece Korkut"}
CREDIT = {"ar": "الصباح - الأناضول", "en": "Anadolu Agency", "tr": "Kaynak: AA"}


@lru_cache(maxsize=1)
def _labelled() -> Mapping[str, Row]:
    rows = (json.loads(line) for line in LABELLED.read_text("utf-8").splitlines())
    return {row["article_id"]: row for row in rows}


def labelled(article_id: str) -> Row:
    """A labelled article."""
    return dict(_labelled()[article_id])


def report(key: str) -> Row:
    """An agency's report, on the agency's own page; its id is the key."""
    row = labelled(f"{key}-origin")
    return row | {"article_id": key, "url": f"{AGENCY_URL[row['language']]}{key}"}


def paragraphs(row: Row) -> list[str]:
    """The paragraphs of a body, without its dateline."""
    lines = str(row["body"]).split("\n")
    return lines[1:] if lines[0].count("/") == 2 else [_DATELINE.sub("", lines[0]), *lines[1:]]


def copy(of: Row, name: str, body: Sequence[str] | None = None, *, minutes: float = 90, **fields: Any) -> Row:
    """An outlet's article after another: the same text under another name unless said otherwise."""
    text = paragraphs(of) if body is None else list(body)
    at = datetime.fromisoformat(of["published_at"].replace("Z", "+00:00")) + timedelta(minutes=minutes)
    made = {
        "article_id": name,
        "outlet_id": f"{name}-outlet",
        "url": f"https://{name}.example/1",
        "byline": BYLINE[of["language"]],
        "published_at": at.isoformat(),
        "body": "\n".join(text),
    }
    return of | made | fields


@dataclass(frozen=True, slots=True)
class Case:
    """Articles and what must be said of them.

    together: in one story; apart: each in a story of its own. links: copy, origin, relation, credit status ("" for
    whatever it is); none: pairs without a link. origin: of the first article's story, with agency and whether known.
    """

    row: int  # of the list of hard cases
    what: str
    language: str
    articles: tuple[Row, ...]
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str, str], ...] = ()
    none: tuple[tuple[str, str], ...] = ()
    origin: tuple[str, str | None, bool] | None = None
    coverage: Mapping[str, tuple[float, float, float, float]] = field(default_factory=dict)  # copy, then origin: bounds
    late: Mapping[str, int] = field(default_factory=dict)  # latency in seconds by copy

    def __str__(self) -> str:
        return f"{self.row} {self.what}, {self.language}"
