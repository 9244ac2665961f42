"""Headlines that tell the two ends of one thing: an arrival and a departure name the same people at the same place.

What tells other look-alikes apart, names and numbers, is the same in both; so is most of what is said of a delegation.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.texts import Texts
from pipeline.normalise import fold_word

# In Arabic, English, Turkish and French; without what means other things as well, as a storm leaves somebody dead.
OPPOSITES = (
    (
        "يصل تصل وصل وصلت وصول arrives arrive arrived arrival geldi geliyor ulaştı arrive arrivée",
        "يغادر تغادر غادر غادرت مغادرة departs depart departed departure ayrıldı ayrılıyor quitte",
    ),
    (
        "يفتتح تفتتح افتتح افتتاح ينطلق تنطلق انطلاق opens open opened opening başladı başlıyor açıldı ouvre ouverture",
        "يختتم تختتم اختتم اختتام ختام closes close closed closing ends concludes sona kapandı clôture clôt",
    ),
)


class Ends:
    """Which ends each of some headlines tells."""

    def __init__(self, headlines: Texts) -> None:
        number = {word: at for at, word in enumerate(headlines.vocabulary.words)}
        ends = np.zeros(len(number), np.uint8)
        for bit, words in enumerate(words for opposites in OPPOSITES for words in opposites):
            known = [number[word] for word in map(fold_word, words.split()) if word in number]
            ends[known] |= 1 << bit
        told = np.append(ends.take(headlines.numbers), np.uint8(0))
        self._told = np.bitwise_or.reduceat(told, headlines.bounds[:-1])
        self._told[np.diff(headlines.bounds) == 0] = 0

    def oppose(self, pairs: Pairs) -> npt.NDArray[np.bool_]:
        """Whether of each pair of places one headline tells the one end of something, and the other the other end."""
        left, right = self._told[pairs].T
        found = np.zeros(len(pairs), np.bool_)
        for axis in range(len(OPPOSITES)):
            first, second = np.uint8(1 << 2 * axis), np.uint8(2 << 2 * axis)
            here, there = left & (first | second), right & (first | second)
            found |= ((here == first) & (there == second)) | ((here == second) & (there == first))
        return found
