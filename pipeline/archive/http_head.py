"""The head of an HTTP answer: status line and headers as they were received, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Some sites set hundreds of cookies of up to 4 KB; a head beyond this is an attack.
MAX_HEAD_BYTES = 1024 * 1024
STATUS_LINE = re.compile(rb"^HTTP/\d(?:\.\d)?\s+(\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class HttpHead:
    """Status (0 where there is no status line) and headers in their order, names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def joined(self, name: str) -> str:
        """All values of a header, joined by commas; empty where there is none."""
        return ", ".join(value for key, value in self.headers if key == name)


def parse_head(raw: bytes) -> HttpHead:
    """Read a head. Never raises: what is not a header line is left out."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    match = STATUS_LINE.match(lines[0]) if lines else None
    headers: list[tuple[str, str]] = []
    for line in lines[1 if match else 0 :]:
        if line[:1] in (b" ", b"\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {_text(line.strip())}")
            continue
        raw_name, colon, raw_value = line.partition(b":")
        if colon and raw_name.strip():
            headers.append((_text(raw_name.strip()).lower(), _text(raw_value.strip())))
    return HttpHead(int(match[1]) if match else 0, tuple(headers))


def split_answer(block: bytes) -> tuple[bytes, bytes]:
    """Head (with its empty line) and body of an HTTP answer; an empty head where the bytes are no HTTP answer."""
    if not STATUS_LINE.match(block[:64]):
        return b"", block
    window = block[:MAX_HEAD_BYTES]
    ends = [end for end in (_end(window, b"\r\n\r\n"), _end(window, b"\n\n")) if end]
    end = min(ends, default=len(window))
    return block[:end], block[end:]


def honest_head(raw: bytes) -> bytes:
    """The head as it is archived: chunking is undone, so its header is kept under another name."""
    return re.sub(rb"(?im)^(transfer-encoding\s*:)", rb"X-Archive-Orig-\1", raw)


def _end(window: bytes, mark: bytes) -> int:
    found = window.find(mark)
    return found + len(mark) if found >= 0 else 0


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
