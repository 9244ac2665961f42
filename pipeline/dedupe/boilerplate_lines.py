"""What a line of an outlet says whatever the article it stands under: its key, and headlines in it as one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from pipeline.dedupe.sentences import SENTENCE_WORDS
from pipeline.normalise import normalise
from pipeline.read_also import opening_of
from pipeline.word_alignment import SENTENCE_ENDS

# What stands in a line for the headline of its own article.
OWN_HEADLINE = "{headline}"
# And for that of another article.
OTHER_HEADLINE = "{other headline}"
# A shorter headline may be any words of a line.
SHORTEST_HEADLINE = 12  # characters
# Words between the end of a report and its own headline, where both stand in one paragraph.
LEAST_GLUED, MOST_GLUED, LONGEST_GLUED = 2, 8, 200  # the last in characters
_KNOWN_WORDS = 200_000  # spellings kept at once


class _Spellings(dict[str, str]):
    """What stands between spaces to its one spelling, digits as one; the same words come in line after line."""

    def __missing__(self, printed: str) -> str:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        said = self[printed] = "".join("0" if char.isdigit() else char for char in normalise(printed))
        return said


_spellings = _Spellings()
_WORD = re.compile(r"\S+")


def line_key(line: str) -> str:
    """The key of a line: what it says after normalising, digits as one, as counters differ from page to page."""
    said = " ".join(filter(None, map(_spellings.__getitem__, line.split())))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def telling(headline: str | None) -> str:
    """A headline that can be told from other words of a line; empty where it cannot."""
    return headline if headline is not None and len(headline) >= SHORTEST_HEADLINE else ""


def any_headline(line: str, headline: str) -> str:
    """A line that says more than its article's headline, without that."""
    if not headline or headline not in line:
        return line
    other = line.replace(headline, OWN_HEADLINE)
    return other if any(map(str.isalnum, other.replace(OWN_HEADLINE, ""))) else line


def any_other(line: str) -> str | None:
    """A line that points to another article, whichever that is; None for any other line."""
    opening = opening_of(line)
    return None if opening is None else f"{opening} {OTHER_HEADLINE}"


def endings(line: str, headline: str) -> Iterator[tuple[int, str]]:
    """Words and then the headline that may end a paragraph as boilerplate: where they begin, longest first."""
    if not headline or not (ended := line.rstrip()).endswith(headline):
        return
    before = ended.removesuffix(headline)
    words = [word.start() for word in _WORD.finditer(before, max(len(before) - LONGEST_GLUED, 0))]
    for at in words[max(len(words) - MOST_GLUED, 1) : 1 - LEAST_GLUED or None]:
        yield at, before[at:] + OWN_HEADLINE


def may_be_report(line: str) -> bool:
    """Whether a line may be a sentence of a report: prose that names no article."""
    names_article = OWN_HEADLINE in line or OTHER_HEADLINE in line
    return not names_article and line.endswith(tuple(SENTENCE_ENDS)) and len(line.split()) >= SENTENCE_WORDS
