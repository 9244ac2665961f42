"""Lines that point to another article ("read also"), known by how they begin."""

from __future__ import annotations

import re

from pipeline.normalise import normalise

# Up to the sign that the other article's headline follows; bullets and brackets may stand before it.
_BEGINS = re.compile(r"[-–•▪●>»*\s\[(]*(?P<words>\w[^:：|\-–>»…]{1,40}?)\s*(?:[:：|\-–>»…]|\.{2,})")
# In one spelling, in English; Arabic; Turkish; French; German, Spanish, Portuguese. First what no sentence of a report
# begins with.
_ALSO = (
    r"read (?:also|more|next)|also read|see (?:also|more)"
    r"|(?:اقرا|اقريي|اقراوا|شاهد|طالع|انظر|تابع) ?(?:ا?يضا|المزيد|كذلك)|قد يهمك(?: ايضا)?"
    r"|ilgili haber|ayrica oku(?:yun)?|bunu da oku"
    r"|a lire(?: aussi)?|lire(?: aussi| egalement)|voir aussi"
    r"|lesen sie auch|lesetipp|lea tambien|leia (?:tambem|mais)"
)
# And what a sentence may: «تابع: ...» introduces a quotation.
_OR_ELSE = (
    r"related|more|watch|recommended|don.?t miss|must read|click here"
    r"|اقرا|اقريي|اقراوا|شاهد|طالع|انظر|تابع|للمزيد|لمزيد"
    r"|oku(?:yun)?|tikla(?:yin)?|lire"
    r"|lesen sie (?:auch|mehr|hier)?.{0,12}|mehr (?:dazu|zum thema)|lea|leia"
)
_BEYOND_DOUBT, _ANY = re.compile(_ALSO), re.compile(f"{_ALSO}|{_OR_ELSE}")
_STOPS = re.compile(r"(?<![.…])[.。۔][\"'”»)\]]*\s*$")
_LONGEST = 300  # characters


def opening_of(line: str) -> str | None:
    """What such a line begins with, as printed, up to what it points to; None for any other line."""
    begins = _begins(line, _ANY)
    return None if begins is None else begins.group()


def says_also(line: str) -> bool:
    """Whether a line of its own points to another article beyond doubt, link or none: a headline has no full stop."""
    return _begins(line, _BEYOND_DOUBT) is not None and _STOPS.search(line) is None


def _begins(line: str, with_words: re.Pattern[str]) -> re.Match[str] | None:
    begins = _BEGINS.match(line) if len(line) <= _LONGEST else None
    return begins if begins is not None and with_words.fullmatch(normalise(begins["words"])) else None
