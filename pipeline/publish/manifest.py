"""manifest.json: what a release holds, so that anybody can tell whether it is whole and how it was made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.errors import ReleaseError
from pipeline.publish.schema import FORMAT, TABLES
from pipeline.publish.tables import WrittenTable

MANIFEST, CARD, POINTER = "manifest.json", "README.md", "releases/latest.json"
VERSION = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$")
MAX_MANIFEST_BYTES = 10_000_000
Manifest = dict[str, Any]

# Every key of the manifest and what it means; docs and tests read it here.
KEYS: dict[str, str] = {
    "format": "the layout's name and version",
    "version": "the release's name, that of its folder",
    "published_at": "when it was published, ISO 8601 in UTC",
    "previous_version": "the release that was the latest before it; null for the first",
    "with_text": "false where bodies were left out",
    "files": "per file its bytes and sha256, and for a table its rows",
    "schema": "per table its columns with name, type and whether null is allowed",
    "counts": "rows per table, links per relation and credit status, and what the caller counted",
    "settings": "the settings that decide what the tables hold",
    "evaluation": "scores on labelled pairs; null where there are no labels",
    "sha256": "SHA-256 of this manifest without this key, as JSON with sorted keys and without spaces",
}


def check_version(version: str) -> str:
    """The version, when it can name a folder. Raises ReleaseError."""
    if not VERSION.match(version) or ".." in version:
        raise ReleaseError(f"{version!r} cannot name a release; letters, digits, dot, hyphen and underscore can")
    return version


def describe_tables() -> dict[str, list[dict[str, Any]]]:
    """The schema as data."""
    return {
        table.name: [{"name": one.name, "type": str(one.type), "nullable": one.nullable} for one in table.columns]
        for table in TABLES
    }


def count_tables(written: Mapping[str, WrittenTable], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Rows per table and values of the counted columns, after what the caller counted."""
    counts: dict[str, Any] = dict(extra)
    for name, table in written.items():
        counts[name] = table.rows
        for column, counter in table.counts.items():
            counts[f"{name}_by_{column}"] = dict(sorted(counter.items()))
    return counts


def build_manifest(
    *,
    version: str,
    published_at: datetime,
    previous_version: str | None,
    with_text: bool,
    written: Mapping[str, WrittenTable],
    card: bytes,
    card_sha256: str,
    counts: Mapping[str, Any],
    settings: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
) -> Manifest:
    """Everything KEYS names."""
    files: dict[str, dict[str, Any]] = {
        f"{name}.parquet": {"rows": table.rows, "bytes": table.bytes, "sha256": table.sha256}
        for name, table in written.items()
    }
    files[CARD] = {"bytes": len(card), "sha256": card_sha256}
    manifest = {
        "format": FORMAT,
        "version": version,
        "published_at": published_at.isoformat().replace("+00:00", "Z"),
        "previous_version": previous_version,
        "with_text": with_text,
        "files": files,
        "schema": describe_tables(),
        "counts": dict(counts),
        "settings": dict(settings),
        "evaluation": dict(evaluation) if evaluation is not None else None,
    }
    plain: Manifest = json.loads(dump_json(manifest))  # as a reader will get it
    return {**plain, "sha256": seal_of(plain)}


def seal_of(manifest: Mapping[str, Any]) -> str:
    """The checksum that a manifest carries of itself."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def dump_json(data: Mapping[str, Any]) -> bytes:
    """Readable, stable JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n").encode("utf-8", "replace")


def parse_manifest(data: bytes, where: str) -> Manifest:
    """A manifest read back. Raises ReleaseError when it is none."""
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReleaseError(f"{where}: not a manifest: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ReleaseError(f"{where}: not a manifest of the format {FORMAT}")
    if not isinstance(manifest.get("version"), str) or not _is_time(manifest.get("published_at")):
        raise ReleaseError(f"{where}: names no version or no time")
    if not isinstance(manifest.get("previous_version"), str | None):
        raise ReleaseError(f"{where}: names no previous version")
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(_is_file(one) for one in files.values()):
        raise ReleaseError(f"{where}: names no files")
    missing = [table.file_name for table in TABLES if not isinstance(files.get(table.file_name, {}).get("rows"), int)]
    if missing:
        raise ReleaseError(f"{where}: names no {', '.join(missing)}")
    return manifest


def _is_file(stated: object) -> bool:
    return isinstance(stated, dict) and isinstance(stated.get("sha256"), str) and isinstance(stated.get("bytes"), int)


def _is_time(text: object) -> bool:
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
