"""Lines that point to another article ("read also"), known by how they begin."""

from __future__ import annotations

import re

from pipeline.normalise import normalise

# Up to the sign that the other article's headline follows; bullets and brackets may stand before it.
_BEGINS = re.compile(r"[-–•▪●>»*\s\[(]*(?P<words>\w[^:：|\-–>»…]{1,40}?)\s*(?:[:：|\-–>»…]|\.{2,})")
# In one spelling: English; Arabic; Turkish; French; German, Spanish, Portuguese.
_WORDS = re.compile(
    r"(?:read (?:also|more|next)|also read|see (?:also|more)|related|more|watch|recommended|don.?t miss|must read"
    r"|click here"
    r"|(?:اقرا|اقريي|اقراوا|شاهد|طالع|انظر|تابع) ?(?:ا?يضا|المزيد|كذلك)?|قد يهمك(?: ايضا)?|للمزيد|لمزيد"
    r"|ilgili haber|(?:ayrica )?oku(?:yun)?|bunu da oku|tikla(?:yin)?"
    r"|a lire(?: aussi)?|lire(?: aussi| egalement)?|voir aussi"
    r"|lesen sie (?:auch|mehr|hier)?.{0,12}|lesetipp|mehr (?:dazu|zum thema)|lea(?: tambien)?|leia(?: tambem| mais)?)"
)
_LONGEST = 300  # characters


def opening_of(line: str) -> str | None:
    """What such a line begins with, as printed, up to what it points to; None for any other line."""
    begins = _BEGINS.match(line) if len(line) <= _LONGEST else None
    if begins is None or not _WORDS.fullmatch(normalise(begins["words"])):
        return None
    return begins.group()
