"""Names of encodings as pages and feeds state them: which of them can be believed."""

from __future__ import annotations

import codecs
from functools import lru_cache

# What a declaration may be written in; the backslash as an escape, which some codecs undo.
ASCII = bytes(range(0x20, 0x7F)).replace(b"\\", b"\\u0041") + b"\r\n\t"


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """Python's name of a stated encoding; None where nothing on the web is written in it.

    Whoever could read the declaration read it as ASCII, so the encoding must read ASCII as ASCII. That leaves out
    UTF-16 and UTF-32 stated of bytes that are neither, EBCDIC, UTF-7, and what Python calls a text encoding though it
    is none or cannot pass over an error (idna, punycode, unicode_escape, undefined).
    """
    try:
        codec = codecs.lookup(label)
        if codec._is_text_encoding and ASCII.decode(codec.name, "replace") == ASCII.decode("ascii"):
            return codec.name
    except (LookupError, ValueError):
        pass
    return None
