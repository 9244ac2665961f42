"""IPTC ninjs 3.1: one news object per article; its links stand in `associations`, its credits in `infoSources`.

ninjs has no place for coverage and latency, so an association's `edNote` names them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import orjson

from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.exports.joined import articles_with_links
from pipeline.publish.exports.jsonl import iso
from pipeline.publish.reading import Release
from pipeline.publish.rows import Row

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}
FIGURES = ("origin_coverage", "copy_coverage", "jaccard", "latency_seconds", "credit_status", "reason")
MAX_FILE_NAME = 120


def write_stream(release: Release, out: BinaryIO, options: ExportOptions) -> int:
    """One object per line."""
    count = 0
    for article, links in articles_with_links(release, options.with_text):
        out.write(orjson.dumps(to_ninjs(article, links)) + b"\n")
        count += 1
    return count


def write_folder(release: Release, out: Path, options: ExportOptions) -> int:
    """One file per article, named by its id."""
    count = 0
    for article, links in articles_with_links(release, options.with_text):
        made = orjson.dumps(to_ninjs(article, links), option=orjson.OPT_INDENT_2)
        (out / f"{file_name(article['article_id'])}.json").write_bytes(made)
        count += 1
    return count


def to_ninjs(article: Row, links: list[Row]) -> dict[str, Any]:
    """One article as a ninjs 3.1 object; properties without a value are left out."""
    made = {
        "uri": urn("article", article["article_id"]),
        "type": "text",
        "representationType": "partial" if article["body"] is None else "full",
        "version": str(article["version"]),
        "firstCreated": _time(article, "published_at"),
        "versionCreated": _time(article, "modified_at") or _time(article, "published_at"),
        "contentCreated": _time(article, "published_at"),
        "pubStatus": "usable",
        "language": article["language"],
        "headlines": [{"role": "main", "value": article["headline"]}] if article["headline"] else None,
        "title": article["headline"],
        "by": article["byline"],
        "located": article["dateline"],
        "bodies": _bodies(article),
        "infoSources": _sources(article),
        "organisations": [{"name": article["outlet_id"], "rel": "publisher", "literal": article["outlet_id"]}],
        "altIds": _ids(article),
        "associations": [_association(link) for link in links] or None,
        "standard": STANDARD,
    }
    return {name: value for name, value in made.items() if value is not None}


def urn(kind: str, identifier: str) -> str:
    """A URI for an id of any shape."""
    return f"urn:wirecopy:{kind}:{quote(identifier, safe='')}"


def file_name(article_id: str) -> str:
    """A file name without any path in it; long ids are cut and told apart by a hash."""
    name = quote(article_id, safe="").replace(".", "%2E")
    if len(name) <= MAX_FILE_NAME:
        return name
    return f"{name[:MAX_FILE_NAME]}-{hashlib.sha256(article_id.encode()).hexdigest()[:16]}"


def _time(article: Row, name: str) -> str | None:
    return iso(article[name]) if article[name] else None


def _bodies(article: Row) -> list[dict[str, Any]] | None:
    if article["body"] is None:
        return None
    return [
        {
            "role": "main",
            "contentType": "text/plain",
            "charCount": len(article["body"]),
            "wordCount": article["word_count"],
            "value": article["body"],
        }
    ]


def _sources(article: Row) -> list[dict[str, str]] | None:
    sources = [
        {"name": credit["text"] or credit["agency_id"] or "", "role": credit["kind"] or "credit"}
        | ({"literal": credit["agency_id"], "uri": urn("agency", credit["agency_id"])} if credit["agency_id"] else {})
        for credit in article["credits"] or []
    ]
    return sources or None


def _ids(article: Row) -> list[dict[str, str]]:
    named = {
        "article": article["article_id"],
        "story": article["story_id"],
        "web": _web(article["url"]),
        "canonical": _web(article["canonical_url"]),
        "body-sha256": article["body_sha256"],
    }
    return [{"role": role, "value": value} for role, value in named.items() if value]


def _web(url: str | None) -> str | None:
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _association(link: Row) -> dict[str, Any]:
    figures = "; ".join(f"{name}: {link[name]}" for name in FIGURES if link[name] is not None)
    return {
        "name": "origin",
        "rel": link["relation"],
        "uri": urn("article", link["origin_article_id"]),
        "altIds": [
            {"role": "article", "value": link["origin_article_id"]},
            {"role": "story", "value": link["story_id"]},
        ],
        "edNote": figures,
    }
