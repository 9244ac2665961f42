"""Which words of two texts belong together: equal stretches and the edits between them.

Words count as the same when they differ only in spelling variants, case or the punctuation around them. The alignment
is the longest common subsequence (rapidfuzz Indel).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.normalise import fold_word, split_words

EQUAL, CUT, ADDED, CHANGED = "equal", "cut", "added", "changed"
# The alignment needs a bit per pair of words: 12,000 words on both sides are 18 MB. No article is longer.
MAX_WORDS = 12_000
# A run of so few equal words between larger edits is chance (prepositions), not a passage that stayed.
CHANCE_WORDS = 3
# How far an edit may move along equal words to begin where a sentence does.
MAX_SLIDE = 30
SENTENCE_ENDS = '.!?؟…»"”'
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text with their places; keys are what they are compared by."""

    source: str
    starts: list[int]
    ends: list[int]
    keys: list[str]

    def breaks_after(self, place: int) -> bool:
        """A line break follows that word."""
        return place + 1 < len(self.starts) and "\n" in self.source[self.ends[place] : self.starts[place + 1]]

    def rank(self, place: int) -> int:
        """How well a passage may begin at that word: 2 a paragraph, 1 a sentence, 0 neither."""
        if place == 0 or self.breaks_after(place - 1):
            return 2
        return int(self.source[self.ends[place - 1] - 1] in SENTENCE_ENDS)


@dataclass(slots=True)
class Edit:
    """left[left_start:left_end] became right[right_start:right_end]; equal when the words are the same."""

    equal: bool
    left_start: int
    left_end: int
    right_start: int
    right_end: int

    @property
    def size(self) -> int:
        """Words of the longer side."""
        return max(self.left_end - self.left_start, self.right_end - self.right_start)

    @property
    def kind(self) -> str:
        """equal, added, cut or changed."""
        if self.equal:
            return EQUAL
        if self.left_start == self.left_end:
            return ADDED
        return CUT if self.right_start == self.right_end else CHANGED


def read_words(source: str) -> tuple[Words, bool]:
    """The words of a text; True where it has more than MAX_WORDS, which are left out."""
    starts: list[int] = []
    ends: list[int] = []
    keys: list[str] = []
    for match in _WORD.finditer(source):
        if len(starts) == MAX_WORDS:
            return Words(source, starts, ends, keys), True
        starts.append(match.start())
        ends.append(match.end())
        keys.append("".join(map(fold_word, split_words(match.group()))) or match.group())
    return Words(source, starts, ends, keys), False


def align_words(left: Words, right: Words) -> list[Edit]:
    """Equal stretches and edits in turn; edits begin with sentences, chance equalities are part of them."""
    edits = _align(left.keys, right.keys)
    _slide(edits, left, right)
    return _without_chance(edits)


def _align(left: Sequence[str], right: Sequence[str]) -> list[Edit]:
    """Equal stretches and edits in turn; a cut and an addition side by side are one edit."""
    from rapidfuzz.distance import Indel

    edits: list[Edit] = []
    for op in Indel.opcodes(left, right):
        _append(edits, Edit(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end))
    return edits


def _append(edits: list[Edit], edit: Edit) -> None:
    if edits and edits[-1].equal == edit.equal:
        edits[-1].left_end, edits[-1].right_end = edit.left_end, edit.right_end
    else:
        edits.append(edit)


def _slide(edits: list[Edit], left: Words, right: Words) -> None:
    """Let a cut or an addition begin with a paragraph or a sentence where the same words allow it.

    "The port opens. | The harbour" may as well read as an addition of "port opens. The" behind the first "The".
    """
    for before, edit, after in zip(edits, edits[1:], edits[2:], strict=False):
        if edit.kind not in (CUT, ADDED) or not (before.equal and after.equal):
            continue
        text, start, end = (
            (left, edit.left_start, edit.left_end) if edit.kind == CUT else (right, edit.right_start, edit.right_end)
        )
        best, best_rank = 0, text.rank(start)
        for step in range(1, min(before.size, MAX_SLIDE) + 1):
            if text.keys[start - step] != text.keys[end - step]:
                break
            if text.rank(start - step) > best_rank:
                best, best_rank = -step, text.rank(start - step)
        for step in range(min(after.size, MAX_SLIDE)):
            if text.keys[start + step] != text.keys[end + step]:
                break
            if text.rank(start + step + 1) > best_rank:
                best, best_rank = step + 1, text.rank(start + step + 1)
        _shift(before, edit, after, best)


def _shift(before: Edit, edit: Edit, after: Edit, by: int) -> None:
    before.left_end += by
    before.right_end += by
    edit.left_start, edit.left_end = edit.left_start + by, edit.left_end + by
    edit.right_start, edit.right_end = edit.right_start + by, edit.right_end + by
    after.left_start += by
    after.right_start += by


def _without_chance(edits: list[Edit]) -> list[Edit]:
    """Short equal runs between larger edits become part of them."""
    kept: list[Edit] = []
    edits = [edit for edit in edits if edit.size]  # one may have slid over a whole equal run
    for place, edit in enumerate(edits):
        if edit.equal and edit.size <= CHANCE_WORDS and kept and place + 1 < len(edits):
            around = sorted((kept[-1].size, edits[place + 1].size))
            if around[0] >= edit.size and around[1] >= CHANCE_WORDS * edit.size:
                edit.equal = False
        _append(kept, edit)
    return kept
