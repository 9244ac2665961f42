"""The passages of a body that are nothing but credit: never a reason to call two texts alike."""

from __future__ import annotations

from pipeline.agencies import Agencies
from pipeline.credits.body import lines_of, read_credit_lines
from pipeline.credits.closing import SIGN_OFF
from pipeline.credits.folded import fold
from pipeline.credits.marks import marks_of

_SIGN_OFF_CHARACTERS = 120
_SIGNED_LINES = 4  # a sign-off stands in one of the last lines


def credit_spans(body: str, language: str | None = None, agencies: Agencies | None = None) -> list[tuple[int, int]]:
    """Half-open character ranges of datelines, closing tags, source labels, sign-offs and footers, in order.

    language may narrow which sign-offs are looked for: the one of Turkish agencies names nobody, so it is taken only
    from texts in Turkish, English or an unknown language.
    """
    lines = lines_of(body)
    spans = [(naming.start, naming.end) for naming in read_credit_lines(body, lines, marks_of(agencies))]
    if language is None or language.split("-")[0] in ("tr", "en"):
        for line in lines[-_SIGNED_LINES:]:
            shift = max(0, len(line.text) - _SIGN_OFF_CHARACTERS)
            folded = fold(line.text[shift:])
            if signed := SIGN_OFF.search(folded.text):
                start, end = folded.span(signed.start(), signed.end())
                spans.append((line.start + shift + start, line.start + shift + end))
    return _merged(spans)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
