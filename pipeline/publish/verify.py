"""Checks a release against texts that somebody holds: is it about these very texts, and do its spans lie in them?

This is what a release without texts is for: whoever has the texts can verify each hash and offset of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.publish.reading import Release, read_release
from pipeline.storage import Storage

SHOWN = 100  # problems kept in words; all are counted


@dataclass(slots=True)
class VerifyReport:
    """What came of comparing. ok only when something was compared and nothing differs."""

    version: str
    articles: int = 0  # in the release
    verified: int = 0  # texts whose hash is the release's
    differing: int = 0  # texts whose hash is another
    unknown: int = 0  # texts of articles that the release does not name, or given twice
    links: int = 0  # links with both texts verified
    spans: int = 0  # their spans
    bad_spans: int = 0  # spans outside the texts, empty, or out of order
    problems: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Articles for which no text was given."""
        return self.articles - self.verified - self.differing

    @property
    def ok(self) -> bool:
        """True when at least one text was verified, none differs and every span lies in its text."""
        return self.verified > 0 and not self.differing and not self.bad_spans


def verify_release(storage: Storage, version: str | None, texts: Iterable[tuple[str, str]]) -> VerifyReport:
    """Compare (article_id, body) pairs with a release. Raises ReleaseError where there is no whole release."""
    release = read_release(storage, version)
    hashes = {row["article_id"]: row["body_sha256"] for row in release.rows("articles", ["article_id", "body_sha256"])}
    report = VerifyReport(release.version, articles=len(hashes))
    lengths: dict[str, int] = {}
    seen: set[str] = set()
    for article_id, body in texts:
        stated = hashes.get(article_id)
        if stated is None or article_id in seen:
            report.unknown += 1
            continue
        seen.add(article_id)
        if hashlib.sha256(body.encode("utf-8", "replace")).hexdigest() == stated:
            report.verified += 1
            lengths[article_id] = len(body)
        else:
            report.differing += 1
            _note(report, f"{article_id}: the text is not the one of the release")
    _check_spans(release, lengths, report)
    return report


def _check_spans(release: Release, lengths: dict[str, int], report: VerifyReport) -> None:
    for link in release.rows("copies", ["article_id", "origin_article_id", "matched_spans"]):
        copy, origin = lengths.get(link["article_id"]), lengths.get(link["origin_article_id"])
        if copy is None or origin is None:
            continue
        report.links += 1
        for span in link["matched_spans"] or []:
            report.spans += 1
            if not _inside(span, "copy", copy) or not _inside(span, "origin", origin):
                report.bad_spans += 1
                _note(report, f"{link['article_id']} to {link['origin_article_id']}: a span outside the texts: {span}")


def _inside(span: dict[str, Any], side: str, length: int) -> bool:
    start, end = span[f"{side}_start"], span[f"{side}_end"]
    return start is not None and end is not None and 0 <= start < end <= length


def _note(report: VerifyReport, problem: str) -> None:
    if len(report.problems) < SHOWN:
        report.problems.append(problem)
