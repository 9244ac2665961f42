"""An article's whole text from the page's scripts, where the page itself shows no more than its beginning.

The scripts are believed only where they agree with the page: the text begins with what is shown or holds it, or it
stands beside the headline and what is shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.entities import unescape
from pipeline.extract.blocks import JOINER, PROSE
from pipeline.extract.states import DEEPEST, SHORTEST, STREAMED, read_states
from pipeline.extract.wording import TAGS, WORD, containment, names, one_line, same_words

LONGER = 1.5  # times the words that are shown
WHOLE = 400  # words; where so much is shown no application's state is read for more
HOLDS = 0.8  # share of the shown word 4-grams
MOSTLY = 0.75
LONGEST_BESIDE = 2_000  # letters of a headline or lede beside the text
MOST_STEPS = 500_000
FEWEST_SHOWN = 8  # words that can be compared
BLOCK = re.compile(r"<(?:p|div|br|h[1-6]|li|blockquote)\b", re.IGNORECASE)
ESCAPED = re.compile(r"&lt;(?:p|div|br|h[1-6]|ul|blockquote)\b", re.IGNORECASE)
ESCAPE = re.compile(r"\\+")
TEXT_KEYS = names(
    """
    text value html content contents children body paragraph paragraphs data copy __html blocks items nodes elements
    rendered innerhtml
    """
)
# What a part calls itself that is none of the text.
NO_TEXT = re.compile(
    r"image|picture|photo|figure|video|audio|embed|media|gallery|related|promo|advert|^ad$|newsletter|script|nav"
    r"|footer|aside|button|iframe|caption|tweet|social|link-?list|recirculation",
    re.IGNORECASE,
)
KIND_KEYS = ("type", "nodeType", "__typename", "blockType")
PLAIN_ELEMENT = names("p h2 h3 h4 li blockquote span a strong em b i u ul ol text div")
# Parts with one of these are articles of their own.
ARTICLE_KEYS = names("slug headline permalink canonicalurl publishedat datepublished publicationdate url href link")
Owners = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """One text among a script's values, with the objects that it stands in, the nearest first."""

    markup: str
    words: list[str]
    owners: Owners


def whole_text(
    shown: Sequence[str], headlines: Sequence[str], scripts: Sequence[str], statement: str | None
) -> str | None:
    """Markup of the article's whole text; None where no script holds more than the page shows, or none agrees.

    `shown` are the lines read of the page, `statement` JSON-LD's articleBody with its line breaks.
    """
    if not (statement or _long_enough(scripts, shown)):
        return None
    ours = _words("\n".join(shown))
    if not (ours or headlines):
        return None
    enough = max(LONGER * len(ours), len(ours) + FEWEST_SHOWN)
    best: _Found | None = None
    if statement and len(words := _words(statement)) >= enough and _holds(ours, words):
        best = _Found(_markup(statement), words, ())
    walk = _Walk(sum(map(len, shown)))
    for value in read_states(_likely(scripts, shown, headlines) if len(ours) < WHOLE else ()):
        for found in walk.texts(value) if isinstance(value, str | list | dict) else ():
            if len(found.words) < max(enough, len(best.words) * 1.1 if best else 0):
                continue
            if _holds(ours, found.words):
                best = found
            elif _stands_beside(found, ours, headlines):
                best = _Found("".join(f"<p>{html.escape(line)}</p>" for line in shown) + found.markup, *_rest(found))
    return best.markup if best else None


def _likely(scripts: Sequence[str], shown: Sequence[str], headlines: Sequence[str]) -> list[str]:
    """The scripts that are long enough to hold more than is shown, and hold some of it."""
    probes = _probes(shown) or [line[:20] for line in headlines]
    likely = [one for one in _long_enough(scripts, shown) if STREAMED in one or _mentions(one, probes)]
    return likely if sum(map(len, likely)) >= LONGER * sum(map(len, shown)) else []


def _long_enough(scripts: Sequence[str], shown: Sequence[str]) -> list[str]:
    """The scripts that may hold more than is shown: by their length, or as a piece of a stream."""
    least = LONGER * sum(map(len, shown))
    return [one for one in scripts if len(one) >= least or STREAMED in one]


def _rest(found: _Found) -> tuple[list[str], Owners]:
    return found.words, found.owners


def _holds(ours: list[str], words: list[str]) -> bool:
    return len(ours) >= FEWEST_SHOWN and containment(ours, words) >= HOLDS


def _stands_beside(found: _Found, ours: list[str], headlines: Sequence[str]) -> bool:
    """In an object with this page's headline and, where the page shows text, with that text."""
    texts = (value for owner in found.owners for value in owner.values() if isinstance(value, str))
    lines = [one_line(text) for text in texts if len(text) <= LONGEST_BESIDE]
    titles = [line for line in lines if len(line) <= 2 * max(map(len, headlines), default=0)]
    if not any(same_words(line, headline) for line in titles for headline in headlines):
        return False
    return not ours or any(_holds(ours, _words(line)) for line in lines)


def _probes(shown: Sequence[str]) -> list[str]:
    """Bits of the shown lines that a script must hold to be worth reading; an apostrophe or accent may be escaped."""
    return [bit for line in shown[:6] for bit in (line[:12], line[len(line) // 2 :][:12]) if len(bit) == 12]


def _mentions(script: str, probes: list[str]) -> bool:
    if len(script) < SHORTEST:
        return False
    if any(probe in script for probe in probes):
        return True
    if "\\u" not in script:
        return False
    escaped = [ESCAPE.sub("", probe.encode("unicode-escape").decode("ascii")).lower() for probe in probes]
    plain = ESCAPE.sub("", script).lower()
    return any(probe in plain for probe in escaped)


class _Walk:
    """One pass over a script's values; values that stand in many places end it after MOST_STEPS."""

    def __init__(self, shortest: int) -> None:
        self._shortest = max(shortest, SHORTEST)  # letters
        self._left = MOST_STEPS

    def texts(self, value: str | list[Any] | dict[str, Any], owners: Owners = (), depth: int = 0) -> Iterator[_Found]:
        """Every string and every list of parts that may be a text."""
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            return
        if isinstance(value, str):
            yield _Found(_markup(value), _words(value), owners)
            return
        if isinstance(value, list) and (markup := self._joined(value)):
            yield _Found(markup, _words(markup), owners)
        inner, around = (value, owners) if isinstance(value, list) else (value.values(), (value, *owners[:1]))
        for one in inner:
            if isinstance(one, list | dict) or (isinstance(one, str) and len(one) >= self._shortest):
                yield from self.texts(one, around, depth + 1)

    def _joined(self, value: list[Any]) -> str:
        parts = [part for one in value if (part := self._part(one, 0).strip())] if len(value) > 1 else []
        if sum(map(len, parts)) < self._shortest or not _is_prose(parts):
            return ""
        parts = [_markup(part) for part in parts]
        return "".join(part if BLOCK.match(part) else f"<p>{part}</p>" for part in parts)

    def _part(self, value: Any, depth: int) -> str:
        """The running text of one part of a list; empty where it is a picture, an article of its own, a box."""
        self._left -= 1
        if isinstance(value, str):
            return value
        if depth > DEEPEST or self._left < 0:
            return ""
        if isinstance(value, list):
            return "".join(self._part(one, depth + 1) for one in value)
        if not isinstance(value, dict) or _is_no_text(value, depth):
            return ""
        texts = (one for key, one in value.items() if key.lower() in TEXT_KEYS and isinstance(one, str | list | dict))
        return "".join(self._part(one, depth + 1) for one in texts)


def _is_no_text(part: dict[str, Any], depth: int) -> bool:
    kind = next((str(part[key]) for key in KIND_KEYS if part.get(key)), "")
    if NO_TEXT.search(kind):
        return True
    own = not depth and ARTICLE_KEYS.intersection(key.lower() for key in part)
    return bool(own) and kind not in PLAIN_ELEMENT


def _is_prose(parts: list[str]) -> bool:
    """Several parts, most of their letters in lines long enough to be paragraphs."""
    total = sum(map(len, parts))
    return (
        len(parts) > 1 and total >= SHORTEST and sum(len(part) for part in parts if len(part) >= PROSE) > MOSTLY * total
    )


def _markup(text: str) -> str:
    """A text as HTML: as it is, or unescaped, or its lines as paragraphs."""
    if ESCAPED.search(text):
        text = unescape(text)
    if BLOCK.search(text):
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{line}</p>" for line in lines) if len(lines) > 1 else text


def _words(text: str) -> list[str]:
    return WORD.findall(JOINER.sub("", TAGS.sub(" ", unescape(unescape(text)))))
