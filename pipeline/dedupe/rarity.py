"""How much a word tells: from background frequencies that never change, so that a verdict depends on the pair alone.

The table holds the commoner words of Arabic, English, Turkish and French in one spelling (pipeline.normalise), taken
from the frequency lists of wordfreq 3 (Robyn Speer, CC BY-SA 4.0). A word that is not in it is rare: a name, a place, a
number.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

TABLE = Path(__file__).with_name("word_frequencies.txt.gz")
# A wire report has about so many words: turns a word's frequency into the share of reports that hold it.
REPORT_WORDS = 300
# Frequency of a word that the table does not hold; the table ends at about twice that.
UNKNOWN_FREQUENCY = 1.5e-6


@lru_cache(maxsize=1)
def word_frequencies() -> dict[str, float]:
    """Words to their share of running text; lines are grouped under the exponent that they share (frequency 10**-x)."""
    table: dict[str, float] = {}
    frequency = 0.0
    with gzip.open(TABLE, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            if line.startswith("="):
                frequency = 10.0 ** -float(line[1:])
            else:
                table.update(dict.fromkeys(line.split(), frequency))
    return table


def tell(words: Sequence[str]) -> npt.NDArray[np.float32]:
    """What each word tells, in nats: minus the logarithm of the share of reports that hold it (0 common, 7.7 rare)."""
    known = map(word_frequencies().get, words, repeat(UNKNOWN_FREQUENCY))
    frequency = np.fromiter(known, np.float64, len(words))
    return (-np.log(-np.expm1(-REPORT_WORDS * frequency))).astype(np.float32)
