"""Golden pages: a folder per page with the bytes, what is known of the fetch, and what a person expects of it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import InputError
from pipeline.extract.page import extract_page
from pipeline.outlets import Outlet
from pipeline.records import Article, Rejection

PAGE, FETCH, EXPECTED, OUTLET = "page.html", "fetch.json", "expected.json", "outlet.yml"
FIELDS = (
    "headline", "byline", "dateline", "authors", "captions", "language", "canonical_url", "published_at",
    "published_source", "published_precision", "modified_at", "flags", "body",
)  # fmt: skip
NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,60}$")


@dataclass(frozen=True, slots=True)
class GoldenPage:
    """One golden page as read from its folder."""

    name: str
    payload: bytes
    url: str
    content_type: str
    fetched_at: datetime
    outlet: Outlet | None
    expected: dict[str, Any]


def propose(outcome: Article | Rejection) -> dict[str, Any]:
    """What extraction says of a page, in the form of expected.json; the body as a list of lines."""
    if isinstance(outcome, Rejection):
        return {"rejected": outcome.reason.value}
    fields = {name: value for name, value in asdict(outcome).items() if name in FIELDS}
    fields["body"] = outcome.body.split("\n")
    return {name: _plain(fields[name]) for name in FIELDS}


def read_golden(folder: Path) -> GoldenPage:
    """Read one golden page. Raises InputError."""
    try:
        fetch = json.loads((folder / FETCH).read_text("utf-8"))
        expected = json.loads((folder / EXPECTED).read_text("utf-8"))
        payload = (folder / PAGE).read_bytes()
        outlet_file = folder / OUTLET
        outlet = Outlet.model_validate(yaml.safe_load(outlet_file.read_text("utf-8"))) if outlet_file.exists() else None
        fetched_at = datetime.fromisoformat(fetch["fetched_at"])
        return GoldenPage(folder.name, payload, fetch["url"], fetch["content_type"], fetched_at, outlet, expected)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: not a golden page ({error})") from error


def extract_golden(page: GoldenPage) -> Article | Rejection:
    """Extraction's outcome for a golden page."""
    return extract_page(
        page.payload,
        url=page.url,
        content_type=page.content_type,
        outlet=page.outlet,
        hints=None,
        fetched_at=page.fetched_at,
        truncated=None,
    )


def add_golden(
    root: Path,
    name: str,
    payload: bytes,
    *,
    url: str,
    content_type: str,
    fetched_at: datetime,
    outlet: Outlet | None = None,
) -> Path:
    """Make root/name with the page and a proposed expected.json, for a person to correct. Raises InputError."""
    if not NAME.match(name):
        raise InputError(f"{name!r}: a golden page's name is made of a-z, 0-9 and hyphens")
    folder = root / name
    if folder.exists():
        raise InputError(f"{folder} exists; choose another name or correct its {EXPECTED}")
    folder.mkdir(parents=True)
    fetch = {"url": url, "content_type": content_type, "fetched_at": fetched_at.astimezone(UTC).isoformat()}
    (folder / PAGE).write_bytes(payload)
    _write_json(folder / FETCH, fetch)
    if outlet is not None:
        fields = outlet.model_dump(mode="json", exclude_defaults=True)
        (folder / OUTLET).write_text(yaml.safe_dump(fields, allow_unicode=True, sort_keys=False), "utf-8")
    page = GoldenPage(name, payload, url, content_type, fetched_at, outlet, {})
    _write_json(folder / EXPECTED, propose(extract_golden(page)))
    return folder


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
