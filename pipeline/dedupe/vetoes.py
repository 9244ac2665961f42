"""What makes two articles other reports however much text they share: filled forms, two ends, quotations.

Texts are looked at here one pair after the other, so only where the score says that the two are the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.dedupe.alignment import Marks
from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.evidence import Headlines
from pipeline.dedupe.headline_names import HeadlineNames
from pipeline.dedupe.lookup import Ints
from pipeline.dedupe.opposites import Ends
from pipeline.dedupe.passages import Floats, Passages
from pipeline.dedupe.quotations import share_only_quotations

BodiesAt = Callable[[Ints], Sequence[str]]
# The score of a pair that is not the same report for certain.
BELOW = -0.5
# With other names in so many places, and headlines that name different news, what differs counts three times.
SOME_OTHERS, OTHER_NEWS = 0.2, -4.0
# If moreover nearly all of both texts is the same and several numbers are not, it is the form of another case, however
# soon it came: quakes, matches and dividends of one day.
ALL_BUT_CASE, OTHER_NUMBERS = 0.8, 2
# A toll that rose is one number or two, a day's market many: then the headline's number names the day.
OTHER_FIGURES = 4
# Two texts that are the same in so much of both, with less than so much replaced, are one under any headlines.
SAME_TEXT, SAME_WORDS = 0.9, 0.1
# With less than so much of the shorter text in the longer, and of the longer one's first words in the shorter, it is
# asked whether both but quote one statement.
QUOTING_COVER, QUOTING_LEAD = 0.65, 0.6


class Vetoes:
    """Lowers scores of pairs of places; bodies_at: as verify has it."""

    def __init__(self, names: HeadlineNames, ends: Ends, bodies_at: BodiesAt | None) -> None:
        self._names, self._ends, self._bodies_at = names, ends, bodies_at

    def lower(self, scores: Floats, pairs: Pairs, passages: Passages, heard: Headlines) -> None:
        """Lower the scores of those pairs that are other reports, in place."""
        forms = np.flatnonzero((scores >= 0) & (passages.slots >= SOME_OTHERS) & (heard.least < 1))
        forms = forms[self._names.differ(pairs[forms])]
        scores[forms] += OTHER_NEWS * np.minimum(passages.slots[forms], 1.0)
        _refuse(scores, forms[_are_other_cases(passages)[forms]])
        is_edited = (_least_cover(passages) < SAME_TEXT) | (passages.slots >= SAME_WORDS)
        edited = np.flatnonzero((scores >= 0) & is_edited)
        _refuse(scores, edited[self._names.fill_one_form(pairs[edited], passages.numbers[edited] >= OTHER_FIGURES)])
        for tell_apart in (self._names.name_other_countries, self._ends.oppose):
            edited = np.flatnonzero((scores >= 0) & is_edited)
            _refuse(scores, edited[tell_apart(pairs[edited])])
        if self._bodies_at is not None:
            quoting = np.flatnonzero((scores >= 0) & _may_only_quote(passages))
            _refuse(scores, quoting[_only_quote(pairs[quoting], self._bodies_at)])


def _refuse(scores: Floats, places: Ints) -> None:
    scores[places] = np.minimum(scores[places], BELOW)


def _least_cover(passages: Passages) -> Floats:
    return np.minimum(passages.left_cover, passages.right_cover)


def _are_other_cases(passages: Passages) -> Marks:
    found: Marks = (_least_cover(passages) >= ALL_BUT_CASE) & (passages.numbers >= OTHER_NUMBERS)
    return found


def _may_only_quote(passages: Passages) -> Marks:
    found: Marks = (passages.right_cover < QUOTING_COVER) & (passages.left_lead < QUOTING_LEAD)
    return found


def _only_quote(pairs: Pairs, bodies_at: BodiesAt) -> Marks:
    """Of pairs of places which share but quotations."""
    places = np.unique(pairs)
    text_at = dict(zip(places.tolist(), bodies_at(places), strict=True))
    found = [share_only_quotations(text_at[one], text_at[other]) for one, other in pairs.tolist()]
    return np.array(found, np.bool_)
