"""Two texts side by side, word by word: what stayed, what was added, cut, changed and moved.

What the alignment cannot hold, a passage in another place, is found after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.word_alignment import ADDED, CHANGED, CUT, EQUAL, Edit, Words, align_words, read_words

MOVED = "moved"
# A passage found in another place must be so long; shorter runs recur by chance.
MOVED_WORDS = 6
# Three words against five paragraphs are no change of words: the ones were cut, the others added.
LOPSIDED = 4


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

    @property
    def same(self) -> bool:
        """Nothing in it changed."""
        return all(piece.kind == EQUAL for piece in (*self.left, *self.right))


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


def compare_texts(left: str | None, right: str | None) -> Comparison:
    """What became of the left text in the right one. None counts as an empty text."""
    texts, truncated = [], False
    for source in (left or "", right or ""):
        text, cut = read_words(source)
        texts.append(text)
        truncated = truncated or cut
    edits = align_words(*texts)
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


def _kinds(edits: Sequence[Edit], left: Words, right: Words) -> tuple[list[str], list[str]]:
    """The kind of every word of both texts."""
    of_left: list[str] = []
    of_right: list[str] = []
    for edit in edits:
        left_size, right_size = edit.left_end - edit.left_start, edit.right_end - edit.right_start
        replaced = (
            edit.kind == CHANGED and max(left_size, right_size) <= LOPSIDED * min(left_size, right_size) + MOVED_WORDS
        )
        of_left += [CHANGED if replaced else EQUAL if edit.equal else CUT] * left_size
        of_right += [CHANGED if replaced else EQUAL if edit.equal else ADDED] * right_size
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


def _parts(edits: Sequence[Edit], left: Words, right: Words) -> Iterable[tuple[int, int, int, int]]:
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
    texts: Sequence[Words], kinds: tuple[list[str], list[str]], left: int, left_end: int, right: int, right_end: int
) -> AlignedRow:
    return AlignedRow(_pieces(texts[0], kinds[0], left, left_end), _pieces(texts[1], kinds[1], right, right_end))


def _pieces(text: Words, kinds: Sequence[str], start: int, end: int) -> tuple[Piece, ...]:
    pieces = []
    for kind, group in groupby(range(start, end), key=lambda place: kinds[place]):
        places = list(group)
        pieces.append(Piece(kind, text.source[text.starts[places[0]] : text.ends[places[-1]]]))
    return tuple(pieces)
