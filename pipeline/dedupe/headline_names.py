"""Whether two headlines name different news: a form filled in anew has a headline of its own.

An outlet's new headline for a copy may hold words that the report lacks, but then the report's own headline is in the
copy's text. Where both headlines name somebody whom the other article does not know, the names make the news.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.texts import Numbers, Texts
from pipeline.dedupe.words import ALIKE, Stems

# What a stem must tell to name something, as Stems.weights has it: names and rarer words of the news.
LEAST_WEIGHT = 1.0
# Who made the news stands in a headline's first words; what goes on for pages is none.
HEADLINE_WORDS = 40


class HeadlineNames:
    """Looks for names of headlines in the other article of a pair."""

    def __init__(self, bodies: Texts, headlines: Texts, stems: Stems) -> None:
        self._bodies, self._headlines, self._stems = bodies.cut(), headlines, stems

    def differ(self, pairs: Pairs) -> npt.NDArray[np.bool_]:
        """For each pair of places whether each headline names what the other article has in no form."""
        found = [self._is_news(one, other) and self._is_news(other, one) for one, other in pairs.tolist()]
        return np.array(found, np.bool_)

    def _is_news(self, place: int, elsewhere: int) -> bool:
        """Whether the headline at place names something that the article elsewhere does not know."""
        names = self._stems_of(self._headlines, place)[:HEADLINE_WORDS]
        names = names[self._stems.weights[names] > LEAST_WEIGHT]
        said = {stem for texts in (self._headlines, self._bodies) for stem in self._stems_of(texts, elsewhere).tolist()}
        unsaid = [stem for stem in names.tolist() if stem not in said]
        return bool(unsaid) and not self._stems.have_alike(unsaid, said, ALIKE).all()

    def _stems_of(self, texts: Texts, place: int) -> Numbers:
        return self._stems.of_word[texts[place]]
