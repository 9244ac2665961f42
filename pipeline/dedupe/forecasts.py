"""Weather forecasts: a form that comes anew each day, in the same words and mostly without a number that differs.

What tells other forms apart (names, numbers) tells nothing of them. The next day's forecast is another report; a
forecast that is run again unchanged is a copy, like any text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.passages import LEAD_WORDS
from pipeline.dedupe.texts import Texts
from pipeline.normalise import fold_word

Marks = npt.NDArray[np.bool_]
# Words of the headline and the first lines that together make a forecast, in Arabic, English, Turkish and French: the
# weather service by its name, or the weather and its being foretold.
SIGNS = (
    ("الأرصاد",),
    ("للأرصاد",),
    ("والأرصاد",),
    ("الطقس", "توقعات"),
    ("الطقس", "حالة"),
    ("النشرة", "الجوية"),
    ("الأحوال", "الجوية"),
    ("weather", "forecast"),
    ("weather", "forecasters"),
    ("meteorological",),
    ("meteoroloji",),
    ("hava", "durumu"),
    ("hava", "sıcaklığı"),
    ("météo",),
    ("prévisions", "météorologiques"),
)


def are_forecasts(bodies: Texts, headlines: Texts) -> Marks:
    """Which articles are weather forecasts, by their first words; bodies and headlines share a vocabulary."""
    signs = [[fold_word(word) for word in sign] for sign in SIGNS]
    column = {word: place for place, word in enumerate(dict.fromkeys(word for sign in signs for word in sign))}
    column_of = np.array([column.get(word, -1) for word in bodies.vocabulary.words], np.int64)
    found = np.zeros((len(bodies), len(column)), np.bool_)
    for texts in (bodies, headlines):
        opening = texts.select(np.arange(len(texts)), LEAD_WORDS)
        columns = column_of.take(opening.numbers)
        text = np.repeat(np.arange(len(opening)), np.diff(opening.bounds))
        found[text[columns >= 0], columns[columns >= 0]] = True
    marks: Marks = np.zeros(len(bodies), np.bool_)
    for sign in signs:
        marks |= np.logical_and.reduce(found[:, [column[word] for word in sign]], axis=1)
    return marks
