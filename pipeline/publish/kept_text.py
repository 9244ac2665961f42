"""A body without some of its lines, and where in it stands what stood in the body."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from pipeline.records import Span

Stretches = tuple[tuple[int, int], ...]  # of a body, in characters, each from a start to an end


class KeptText(NamedTuple):
    """What is left of a body, and the stretches of the body that it is made of."""

    text: str
    stretches: Stretches

    def left_out(self, size: int) -> Stretches:
        """The other stretches of the body, which has so many characters."""
        edges = [0, *(edge for stretch in self.stretches for edge in stretch), size]
        return tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def place(at: int, stretches: Stretches) -> int:
    """How many characters are left of what stands before a place of the body."""
    last = bisect_right(stretches, at, key=lambda one: one[0])
    return sum(min(end, at) - start for start, end in stretches[:last])


def keep_text(body: str, blanked: str) -> KeptText | None:
    """What is left of a body where the same text with lines, or beginnings or ends of them, in blanks stands beside it.

    A line that is nothing but blanks goes with its line break. None if nothing is blanked, or nothing would be left.
    """
    if body == blanked or not blanked.strip():
        return None
    left: list[tuple[int, int]] = []
    start = at = 0
    for line, said in zip(body.split("\n"), blanked.split("\n"), strict=True):
        if line != said:
            left.append((start, at))
            start = at + len(line) + 1
            if said.strip():
                left.append((at + len(said) - len(said.lstrip()), at + len(said.rstrip())))
                start -= 1
        at += len(line) + 1
    left.append((start, len(body)))
    return _trimmed(body, left)


def _trimmed(body: str, left: list[tuple[int, int]]) -> KeptText:
    """Without white space before the first and after the last word."""
    first = next(at for at, (start, end) in enumerate(left) if body[start:end].strip())
    last = next(at for at in reversed(range(len(left))) if body[slice(*left[at])].strip())
    left = left[first : last + 1]
    start, end = left[0]
    left[0] = end - len(body[start:end].lstrip()), end
    start, end = left[-1]
    left[-1] = start, start + len(body[start:end].rstrip())
    return KeptText("".join(body[start:end] for start, end in left), tuple(left))


def move_span(span: Span, copy: Stretches | None, origin: Stretches | None) -> Span | None:
    """The span as it stands in what is left of both bodies; None if nothing of it is left in one of them.

    A body of which nothing is left out has no stretches.
    """
    copied, of_origin = (span.copy_start, span.copy_end), (span.origin_start, span.origin_end)
    if copy is not None:
        copied = place(copied[0], copy), place(copied[1], copy)
    if origin is not None:
        of_origin = place(of_origin[0], origin), place(of_origin[1], origin)
    if copied[0] == copied[1] or of_origin[0] == of_origin[1]:
        return None
    return Span(*copied, *of_origin)
