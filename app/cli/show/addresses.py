"""Addresses as people read them: letters beyond ASCII instead of their bytes."""

from __future__ import annotations

import re
from urllib.parse import unquote

_BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def readable_address(url: str | None) -> str:
    """The address with escaped letters and digits as such; all else stays, and it leads where it led."""
    return _BEYOND_ASCII.sub(_letters, url or "")


def _letters(escaped: re.Match[str]) -> str:
    try:
        text = unquote(escaped.group(), errors="strict")
    except UnicodeDecodeError:
        return escaped.group()
    return text if re.fullmatch(r"\w+", text) else escaped.group()
