"""The named fields of a WARC record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.archive.http_head import HttpHead
from pipeline.archive.stream import WarcStream

# From what a clock says that nobody set; beyond, no day can be reckoned from a time.
YEARS_OF_ARCHIVES = range(1970, 2200)
BLANK = b"\0 \t\r\n"
MAX_LINE = 64 * 1024
MAX_LINES = 500
VERSION = re.compile(rb"WARC/\d\.\d+\s*$")


class Fields(dict[str, str]):
    """Fields by lower-case name; of repeated ones the first counts."""

    @property
    def length(self) -> int:
        """Content-Length in bytes; 0 where it is missing or no number."""
        text = self.get("content-length", "0").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def read_fields(stream: WarcStream, tell: Callable[[str], None]) -> Fields | None:
    """Read up to and with the empty line after a record's fields; None at the end of the file, also amid the fields."""
    lost = 0
    while True:
        line = stream.line(MAX_LINE)
        if not line:
            if lost and not stream.cut_short:
                tell(f"{lost} bytes are no WARC record")
            return None
        if version := VERSION.search(line):
            lost += len(line[: version.start()].strip(BLANK))
            break
        lost += len(line.strip(BLANK))
    if lost:
        tell(f"{lost} bytes are no WARC record")
    return _read_lines(stream, tell)


def _read_lines(stream: WarcStream, tell: Callable[[str], None]) -> Fields | None:
    fields = Fields()
    last = ""
    for _ in range(MAX_LINES):
        line = stream.line(MAX_LINE)
        if not line:
            if not stream.cut_short:
                tell("the file ends inside a record's fields")
            return None
        if not line.strip():
            break
        text = line.decode("utf-8", "replace")
        if text[0] in " \t" and last:
            fields[last] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        last = name.strip().lower()
        fields.setdefault(last, value.strip())
    return fields


def stated_time(fields: Fields, head: HttpHead) -> datetime | None:
    """When the answer came: WARC-Date, else the answer's Date header; None where neither says when it can have been."""
    for read, text in ((datetime.fromisoformat, fields.get("warc-date")), (parsedate_to_datetime, head.get("date"))):
        try:
            at = read(text or "")
            at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            continue
        if at.year in YEARS_OF_ARCHIVES:
            return at
    return None
