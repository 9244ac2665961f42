"""HTML entities in text that came over the wire."""

from __future__ import annotations

import html
import re

# No character has so long a number, and Python refuses to read one of thousands of digits.
ENDLESS = re.compile(r"&#[0-9]{100,};?")


def unescape(text: str) -> str:
    """The text with its entities resolved once. Never raises; an endless number is a character that cannot be read."""
    return html.unescape(ENDLESS.sub("\ufffd", text)) if "&" in text else text
