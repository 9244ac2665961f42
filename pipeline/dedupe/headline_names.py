"""Whether two headlines name different news: a form filled in anew has a headline of its own.

An outlet's new headline for a copy may hold words that the report lacks, but then the report's own headline is in the
copy's text. Where both headlines name somebody whom the other article does not know, the names make the news.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.texts import Numbers, Texts
from pipeline.dedupe.words import ALIKE, Stems

# What a stem must tell to name something, as Stems.weights has it: names and rarer words of the news.
LEAST_WEIGHT = 1.0
# Who made the news stands in a headline's first words; what goes on for pages is none.
HEADLINE_WORDS = 40
# Two headlines that have so much of the longer one's words in common may be one form filled in twice. What each names
# stands in its own text then, and words that tell less will do: many a country and town. Of 37 such pairs of Arabic
# news that scored as one report, some 26 were two; of the others half only spelled a name otherwise.
ONE_FORM, LEAST_WEIGHT_IN_FORM = 0.35, 0.75


class HeadlineNames:
    """Looks for names of headlines in the other article of a pair."""

    def __init__(self, bodies: Texts, headlines: Texts, stems: Stems) -> None:
        self._bodies, self._headlines, self._stems = bodies.cut(), headlines, stems

    def differ(self, pairs: Pairs) -> npt.NDArray[np.bool_]:
        """For each pair of places whether each headline names what the other article has in no form."""
        found = [self._is_news(one, other) and self._is_news(other, one) for one, other in pairs.tolist()]
        return np.array(found, np.bool_)

    def fill_one_form(self, pairs: Pairs, by_numbers: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For each pair of places whether the headlines are one form with other names, of which each article's own text
        tells and the other article does not know. by_numbers: whether numbers are names; they may be a later count.
        """
        found = [
            self._are_of_one_form(one, other) and self._is_told(one, other, some) and self._is_told(other, one, some)
            for (one, other), some in zip(pairs.tolist(), by_numbers.tolist(), strict=True)
        ]
        return np.array(found, np.bool_)

    def name_other_countries(self, pairs: Pairs) -> npt.NDArray[np.bool_]:
        """For each pair of places whether each headline names a country that its own text tells of and the other one
        does not know, however differently the two are worded: who condemned, played, voted.
        """
        found = [self._is_country_of(one, other) and self._is_country_of(other, one) for one, other in pairs.tolist()]
        return np.array(found, np.bool_)

    def _is_country_of(self, place: int, elsewhere: int) -> bool:
        names = self._names(place, LEAST_WEIGHT)
        countries = [stem for stem in names if self._stems.countries[stem]]
        if not countries:
            return False
        told = set(self._stems_of(self._bodies, place).tolist())
        return any(self._are_news([stem], elsewhere) for stem in countries if stem in told)

    def _are_of_one_form(self, one: int, other: int) -> bool:
        ours, theirs = (set(self._stems_of(self._headlines, place).tolist()) for place in (one, other))
        return len(ours & theirs) >= ONE_FORM * max(len(ours), len(theirs), 1)

    def _is_told(self, place: int, elsewhere: int, by_numbers: bool) -> bool:
        told = set(self._stems_of(self._bodies, place).tolist())
        names = [
            stem for stem in self._names(place, LEAST_WEIGHT_IN_FORM) if by_numbers or not self._stems.counts[stem]
        ]
        return self._are_news([stem for stem in names if stem in told], elsewhere)

    def _is_news(self, place: int, elsewhere: int) -> bool:
        """Whether the headline at place names something that the article elsewhere does not know."""
        return self._are_news(self._names(place, LEAST_WEIGHT), elsewhere)

    def _names(self, place: int, least: float) -> list[int]:
        """The stems of the headline at place that tell so much."""
        names = self._stems_of(self._headlines, place)[:HEADLINE_WORDS]
        found: list[int] = names[self._stems.weights[names] > least].tolist()
        return found

    def _are_news(self, names: Sequence[int], elsewhere: int) -> bool:
        """Whether any of the names is in no form in the article elsewhere."""
        said = {stem for texts in (self._headlines, self._bodies) for stem in self._stems_of(texts, elsewhere).tolist()}
        unsaid = [stem for stem in names if stem not in said]
        return bool(unsaid) and not self._stems.have_alike(unsaid, said, ALIKE).all()

    def _stems_of(self, texts: Texts, place: int) -> Numbers:
        return self._stems.of_word[texts[place]]
