"""Text folded for finding agency marks, with the way back to the original characters.

Other than the folding for shingles, this keeps case and punctuation: a credit is known by its dashes and brackets.
Steps: presentation forms to letters; a lone tatweel used as a dash to a dash, other tatweel, diacritics and invisible
marks away; hamza forms, ya, ta marbuta, Persian letters, digits, dashes, quotes and Latin accents to one form each.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

_FROM = "أإآٱىیکةۃہێ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹" + "،؛؟٫٬"
_INTO = "اااايي" + "كههه" + "ي" + "0123456789" * 2 + ",;?.,"
_DASHES = "‐‑‒–—―−﹣"
_QUOTES = "«»“”„‟″❝❞〝〞‹›"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"


def _table() -> dict[int, str]:
    table = dict(zip(map(ord, _FROM), _INTO, strict=True))
    table |= {ord(char): "-" for char in _DASHES} | {ord(char): '"' for char in _QUOTES}
    table |= {ord(char): " " for char in _SPACES}
    table |= {ord("’"): "'", ord("‘"): "'", ord("ı"): "i", ord("："): ":", ord("\r"): "\n"}
    for code in [*range(0xC0, 0x180), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    return table


_TABLE = _table()
_LONG = 100  # characters from which on arrays are quicker than letters one by one
_DROPPED = "\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_EXPANDED = "\ufb00-\ufdff\ufe70-\ufefc\uff01-\uff5e"
_LONG_WAY = re.compile(f"[{_DROPPED}{_EXPANDED}]|&(?:amp;)?(?:#\\d|#x|[a-zA-Z]{{2,8}};)")
DROPPED = re.compile(f"[{_DROPPED}]")
# Characters that may become several, or begin an entity.
UNCERTAIN = re.compile(f"[{_EXPANDED}&]")
_EXPAND = re.compile(f"[{_EXPANDED}]")
# Characters that do not become one.
_ODD = re.compile(f"[{_DROPPED}{_EXPANDED}]")
_ENTITY = re.compile(r"&(?:amp;)?(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
# A tatweel between spaces stands for a dash (برلين ـ د. ب. أ); behind a whole word too (الرياضـ واس), but not behind
# a single letter, where it only lengthens it (لـ رويترز, 1436هـ).
_LONE_TATWEEL = re.compile(r"\u0640(?:(?<![^\W_]\u0640)|(?<=[^\W\d_]{3}\u0640))\u0640*(?![^\W_])")


@dataclass(frozen=True)
class Folded:
    """A folded text and the original it came from."""

    original: str
    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original characters that text[start:end] came from, with marks that belong to the last of them."""
        if self._offsets is None or start >= end:
            return start, end
        stop = self._offsets[end] if end < len(self._offsets) else len(self.original)
        return self._offsets[start], max(stop, self._offsets[end - 1] + 1)

    def printed(self, start: int, end: int) -> str:
        """What the original prints there, without spaces around it."""
        first, last = self.span(start, end)
        return self.original[first:last].strip()

    @cached_property
    def _offsets(self) -> list[int] | None:
        """Where each folded character stands in the original; None: at the same place. Needed only where a mark is."""
        if len(self.original) == len(self.text):
            return None
        offsets: list[int] = []
        opened, start = _opened(self.original), 0
        for odd in _ODD.finditer(opened):
            offsets.extend(range(start, odd.start()))
            start = odd.end()
            if _EXPAND.match(odd.group()):
                offsets.extend([odd.start()] * len(_letters(odd.group())))
        offsets.extend(range(start, len(opened)))
        return offsets


def fold(text: str) -> Folded:
    """Text folded for finding marks."""
    if not _LONG_WAY.search(text):
        return Folded(text, _letter_by_letter(text))
    plain = DROPPED.sub("", _opened(text))
    if _EXPAND.search(plain):
        plain = _EXPAND.sub(lambda found: _letters(found.group()), plain)
    return Folded(text, _letter_by_letter(plain))


def _letter_by_letter(text: str) -> str:
    if len(text) < _LONG:
        return text.translate(_TABLE)
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    folded: bytes = _units().take(units).tobytes()
    return folded.decode("utf-16-le", "surrogatepass")


@lru_cache(maxsize=1)
def _units() -> npt.NDArray[np.uint16]:
    """What each character of Unicode's first plane is in a folded text; those beyond stay as they are."""
    units = np.arange(0x10000, dtype="<u2")
    units[list(_TABLE)] = [ord(into) for into in _TABLE.values()]
    return units


def _opened(text: str) -> str:
    """Text with HTML entities as characters and tatweels used as dashes as dashes; as long as before."""
    if "&" in text:
        text = _ENTITY.sub(_unescaped, text)
    return _LONE_TATWEEL.sub(lambda found: "-" * len(found.group()), text) if "\u0640" in text else text


def _letters(char: str) -> str:
    """The letters of a presentation form or ligature; never fewer than one character, so that lengths tell."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", char)) or " "


def fold_letter(char: str) -> str:
    """A character in the form that it has in folded texts, if it is one that folds alone."""
    return _TABLE.get(ord(char), char)


def fold_words(text: str) -> str:
    """Words of the configuration in the form that folded texts have."""
    return " ".join(fold(text).text.split())


def fold_pattern(pattern: str) -> str:
    """A regular expression of the configuration whose letters are in the form that folded texts have."""
    return "".join(_TABLE.get(ord(char), char) if char.isalpha() else char for char in DROPPED.sub("", pattern))


def _unescaped(entity: re.Match[str]) -> str:
    """The character an HTML entity stands for, padded to the entity's length so that offsets stay true."""
    char = html.unescape(html.unescape(entity.group()))
    if len(char) != 1:
        return entity.group()
    return (char if char.isprintable() else " ").ljust(len(entity.group()))
