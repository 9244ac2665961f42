"""Two texts side by side, word by word: what stayed, what was added, cut, changed and moved.

Words count as the same when they differ only in spelling variants, case or the punctuation around them. The alignment
is the longest common subsequence (rapidfuzz Indel); what it cannot hold, a passage in another place, is found after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.normalise import fold_word, split_words

EQUAL, CUT, ADDED, CHANGED, MOVED = "equal", "cut", "added", "changed", "moved"
# The alignment needs a bit per pair of words: 12,000 words on both sides are 18 MB. No article is longer.
MAX_WORDS = 12_000
# A run of so few equal words between larger edits is chance (prepositions), not a passage that stayed.
CHANCE_WORDS = 3
# A passage found in another place must be so long; shorter runs recur by chance.
MOVED_WORDS = 6
# How far an edit may move along equal words to begin where a sentence does.
MAX_SLIDE = 30
SENTENCE_ENDS = '.!?؟…»"”'
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words of one kind, as they stand in their text."""

    kind: str  # equal | cut | added | changed | moved
    text: str


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """Passages of both texts that belong beside each other; either may be empty."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both texts in aligned rows, and how many words are of which kind. truncated: one is longer than is compared."""

    rows: tuple[AlignedRow, ...]
    left_words: int
    right_words: int
    equal_words: int
    moved_words: int
    cut_words: int
    added_words: int
    changed_left_words: int
    changed_right_words: int
    truncated: bool = False

    @property
    def identical(self) -> bool:
        """Every word of each stands in the other, in order."""
        return self.equal_words == self.left_words == self.right_words


@dataclass(frozen=True, slots=True)
class _Text:
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

    def piece(self, kind: str, first: int, last: int) -> Piece:
        return Piece(kind, self.source[self.starts[first] : self.ends[last]])


@dataclass(slots=True)
class _Edit:
    """left[left_start:left_end] became right[right_start:right_end]; equal when the words are the same."""

    equal: bool
    left_start: int
    left_end: int
    right_start: int
    right_end: int

    @property
    def size(self) -> int:
        return max(self.left_end - self.left_start, self.right_end - self.right_start)

    @property
    def kind(self) -> str:
        if self.equal:
            return EQUAL
        if self.left_start == self.left_end:
            return ADDED
        return CUT if self.right_start == self.right_end else CHANGED


def compare_texts(left: str | None, right: str | None) -> Comparison:
    """What became of the left text in the right one. None counts as an empty text."""
    texts, truncated = [], False
    for source in (left or "", right or ""):
        text, cut = _read(source)
        texts.append(text)
        truncated = truncated or cut
    edits = _align(texts[0].keys, texts[1].keys)
    _slide(edits, *texts)
    edits = _without_chance(edits)
    kinds = _kinds(edits, *texts)
    rows = tuple(_row(texts, kinds, *part) for part in _parts(edits, *texts))
    return Comparison(
        rows,
        len(texts[0].keys),
        len(texts[1].keys),
        equal_words=kinds[0].count(EQUAL),
        moved_words=kinds[1].count(MOVED),
        cut_words=kinds[0].count(CUT),
        added_words=kinds[1].count(ADDED),
        changed_left_words=kinds[0].count(CHANGED),
        changed_right_words=kinds[1].count(CHANGED),
        truncated=truncated,
    )


def _read(source: str) -> tuple[_Text, bool]:
    starts: list[int] = []
    ends: list[int] = []
    keys: list[str] = []
    for match in _WORD.finditer(source):
        if len(starts) == MAX_WORDS:
            return _Text(source, starts, ends, keys), True
        starts.append(match.start())
        ends.append(match.end())
        keys.append("".join(map(fold_word, split_words(match.group()))) or match.group())
    return _Text(source, starts, ends, keys), False


def _align(left: Sequence[str], right: Sequence[str]) -> list[_Edit]:
    """Equal stretches and edits in turn; a cut and an addition side by side are one edit."""
    from rapidfuzz.distance import Indel

    edits: list[_Edit] = []
    for op in Indel.opcodes(left, right):
        _append(edits, _Edit(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end))
    return edits


def _append(edits: list[_Edit], edit: _Edit) -> None:
    if edits and edits[-1].equal == edit.equal:
        edits[-1].left_end, edits[-1].right_end = edit.left_end, edit.right_end
    else:
        edits.append(edit)


def _slide(edits: list[_Edit], left: _Text, right: _Text) -> None:
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


def _shift(before: _Edit, edit: _Edit, after: _Edit, by: int) -> None:
    before.left_end += by
    before.right_end += by
    edit.left_start, edit.left_end = edit.left_start + by, edit.left_end + by
    edit.right_start, edit.right_end = edit.right_start + by, edit.right_end + by
    after.left_start += by
    after.right_start += by


def _without_chance(edits: list[_Edit]) -> list[_Edit]:
    """Short equal runs between larger edits become part of them."""
    kept: list[_Edit] = []
    edits = [edit for edit in edits if edit.size]  # one may have slid over a whole equal run
    for place, edit in enumerate(edits):
        if edit.equal and edit.size <= CHANCE_WORDS and kept and place + 1 < len(edits):
            around = sorted((kept[-1].size, edits[place + 1].size))
            if around[0] >= edit.size and around[1] >= CHANCE_WORDS * edit.size:
                edit.equal = False
        _append(kept, edit)
    return kept


def _kinds(edits: Sequence[_Edit], left: _Text, right: _Text) -> tuple[list[str], list[str]]:
    """The kind of every word of both texts."""
    of_left: list[str] = []
    of_right: list[str] = []
    for edit in edits:
        of_left += [edit.kind] * (edit.left_end - edit.left_start)
        of_right += [edit.kind] * (edit.right_end - edit.right_start)
    _mark_moved(of_left, of_right, left.keys, right.keys)
    return of_left, of_right


def _mark_moved(of_left: list[str], of_right: list[str], left: Sequence[str], right: Sequence[str]) -> None:
    """Passages of MOVED_WORDS or more that stand in both texts, but not in the same order."""
    places: dict[tuple[str, ...], int] = {}
    for start in _free_windows(of_left):
        places.setdefault(tuple(left[start : start + MOVED_WORDS]), start)
    for start in _free_windows(of_right):
        found = places.get(tuple(right[start : start + MOVED_WORDS]))
        if found is None or MOVED in (of_right[start], of_left[found]):
            continue
        length = 0
        while (
            found + length < len(left)
            and start + length < len(right)
            and left[found + length] == right[start + length]
            and of_left[found + length] not in (EQUAL, MOVED)
            and of_right[start + length] not in (EQUAL, MOVED)
        ):
            of_left[found + length] = of_right[start + length] = MOVED
            length += 1


def _free_windows(kinds: Sequence[str]) -> Iterable[int]:
    """Where MOVED_WORDS words in a row have no counterpart yet."""
    free = 0
    for place, kind in enumerate(kinds):
        free = 0 if kind == EQUAL else free + 1
        if free >= MOVED_WORDS:
            yield place - MOVED_WORDS + 1


def _parts(edits: Sequence[_Edit], left: _Text, right: _Text) -> Iterable[tuple[int, int, int, int]]:
    """(left_start, left_end, right_start, right_end) of each row: rows end with the paragraphs of either text."""
    row_left = row_right = 0
    for edit in edits:
        if edit.kind == CHANGED:
            steps = [(edit.left_end, edit.right_end)]
        else:
            steps = [
                (min(edit.left_start + n, edit.left_end), min(edit.right_start + n, edit.right_end))
                for n in range(1, edit.size + 1)
            ]
        for end_left, end_right in steps:
            broken = (end_left > row_left and left.breaks_after(end_left - 1)) or (
                end_right > row_right and right.breaks_after(end_right - 1)
            )
            if broken:
                yield row_left, end_left, row_right, end_right
                row_left, row_right = end_left, end_right
    if row_left < len(left.keys) or row_right < len(right.keys):
        yield row_left, len(left.keys), row_right, len(right.keys)


def _row(
    texts: Sequence[_Text], kinds: tuple[list[str], list[str]], left: int, left_end: int, right: int, right_end: int
) -> AlignedRow:
    return AlignedRow(_pieces(texts[0], kinds[0], left, left_end), _pieces(texts[1], kinds[1], right, right_end))


def _pieces(text: _Text, kinds: Sequence[str], start: int, end: int) -> tuple[Piece, ...]:
    pieces = []
    for kind, group in groupby(range(start, end), key=lambda place: kinds[place]):
        places = list(group)
        pieces.append(text.piece(kind, places[0], places[-1]))
    return tuple(pieces)
