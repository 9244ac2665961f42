"""What a word tells about which report it stands in: its stem, how rare it is, whether it counts something."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import compress, count
from operator import not_
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from pipeline.dedupe.rarity import UNKNOWN_FREQUENCY, word_frequencies
from pipeline.dedupe.texts import Numbers, Vocabulary
from pipeline.normalise import fold_word

# "and by the", "and the", "by the", "like the", "then the", "and for the", "for the", "the"; longest first
_WITH_ARTICLE = "وبال|وال|بال|كال|فال|ولل|لل|ال"
_PARTICLES = "وفبلك"
# What a word loses of it, line by line; three letters are left, of a particle four.
_PREFIX = re.compile(rf"^(?:(?:{_WITH_ARTICLE})(?=...)|[{_PARTICLES}](?=....))", re.MULTILINE)
# A word as common as 1 in 1,000 tells nothing; each power of ten rarer adds one.
_COMMON = 3.0
# Names of countries tell so much at least, as rarer names do: news is full of them, yet who condemned, played or was
# congratulated makes the report. With 1.5 some forms of common countries still pass as one.
COUNTRY_NAMES, _COUNTRY = Path(__file__).with_name("country_names.txt"), 2.0
# What a number tells, by its digits: small ones recur by chance.
_DIGITS = (0.0, 0.3, 0.8, 1.0, 1.0, 2.0)
# Ordinals as stems, each with what it counts: which of a series a report is about.
ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "اول اولي first 1st ilk birinci premier premiere",
            "ثاني ثانيه second 2nd ikinci deuxieme",
            "ثالث ثالثه third 3rd ucuncu troisieme",
            "رابع رابعه fourth 4th dorduncu quatrieme",
            "خامس خامسه fifth 5th besinci cinquieme",
            "سادس سادسه sixth 6th altinci sixieme",
            "سابع سابعه seventh 7th yedinci septieme",
            "ثامن ثامنه eighth 8th sekizinci huitieme",
            "تاسع تاسعه ninth 9th dokuzuncu neuvieme",
            "عاشر عاشره tenth 10th onuncu dixieme",
        ),
        start=1,
    )
    for word in words.split()
}
# Days of the week as stems, likewise: each evening's report names its own. They begin where no ordinal does.
FIRST_WEEKDAY = 11
WEEKDAYS = {
    word: place
    for place, words in enumerate(
        (
            "سبت saturday cumartesi samedi",
            "احد sunday pazar dimanche",
            "اثنين monday pazartesi lundi",
            "ثلاثاء tuesday sali mardi",
            "اربعاء wednesday carsamba mercredi",
            "خميس thursday persembe jeudi",
            "جمعه friday cuma vendredi",
        ),
        start=FIRST_WEEKDAY,
    )
    for word in words.split()
}
# Number words as stems, cardinals and ordinals: "the fourth aid plane" is another report than "the fifth". What is
# first counts nothing.
CARDINALS = (
    "واحد واحده اثنان اثنين اثنتين اثنتان ثلاث ثلاثه اربع اربعه خمس خمسه ست سته سبع سبعه ثمان ثماني ثمانيه تسع "
    "تسعه عشر عشره عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون "
    "تسعين ميه مايه ميتان ميتين الف الفي مليون two three four five six seven eight nine ten eleven twelve twenty "
    "thirty forty fifty hundred thousand iki uc dort bes alti yedi sekiz dokuz yirmi otuz kirk elli yuz bin"
)
_NUMBER_WORDS = frozenset(CARDINALS.split()) | {word for word, place in ORDINALS.items() if place > 1}


# Words at least so alike (0 to 100) are spellings or inflections of one word, no other name.
ALIKE = 65
# The same for another spelling of a country; its people's name keeps all but its last vowel.
_LIKE_COUNTRY, _COUNTRY_END = 80, re.compile("(?<=...)[اه]$")
# A foreign g is written in one of these letters, each country in its own: جوجل, غوغل, قوقل.
_G = str.maketrans("غق", "جج")


def stems_of(words: Iterable[str]) -> list[str]:
    """Arabic words without their article and one-letter particles, so that «والكويت» and «للكويت» meet."""
    return _PREFIX.sub("", "\n".join(words)).split("\n")


class Stems:
    """The stems of a vocabulary: of_word[number] is a word's stem; all else goes by stem."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        stems = stems_of(vocabulary.words) if vocabulary.words else []
        known = dict(zip(dict.fromkeys(stems), count(), strict=False))
        self.of_word: Numbers = np.fromiter(map(known.__getitem__, stems), np.int32, len(stems))
        self.spellings = list(known)
        sounds = "\n".join(known).translate(_G).split("\n")
        sounding = dict(zip(dict.fromkeys(sounds), count(), strict=False))
        self._sound_of: Numbers = np.fromiter(map(sounding.__getitem__, sounds), np.int32, len(sounds))
        self.weights: npt.NDArray[np.float32] = np.array(_weights(self.spellings), np.float32)
        self.ranks = np.array([ORDINALS.get(stem) or WEEKDAYS.get(stem, 0) for stem in known], np.int8)
        self.counts: npt.NDArray[np.bool_] = np.array(_counts(self.spellings), np.bool_)
        self.countries = np.fromiter(map(_countries().__contains__, known), np.bool_, len(known))

    def are_alike(self, some: Numbers, others: Numbers, least: float) -> npt.NDArray[np.bool_]:
        """Whether the spellings of two stems are so much alike (0 to 100), for each entry of some and others."""
        size = len(self.spellings)
        joint, back = np.unique(some.astype(np.int64) * size + others, return_inverse=True)
        spellings = (list(map(self.spellings.__getitem__, side.tolist())) for side in (joint // size, joint % size))
        ratios = process.cpdist(*spellings, scorer=fuzz.ratio, dtype=np.float64)
        alike: npt.NDArray[np.bool_] = (ratios >= least)[back]
        alike |= self._sound_of[some] == self._sound_of[others]
        return alike

    def have_alike(self, some: Collection[int], others: Collection[int], least: float) -> npt.NDArray[np.bool_]:
        """Whether the spelling of each of some stems is so much alike that of any of others.

        Countries are spelled in one way, and many are short: لبنان (a particle less) is near بيان, "statement".
        """
        ours, theirs = (list(map(self.spellings.__getitem__, side)) for side in (some, others))
        ratios = process.cdist(ours, theirs, scorer=fuzz.ratio, dtype=np.float64)
        for row in np.flatnonzero(self.countries[list(some)]).tolist():
            ratios[row, ratios[row] < _LIKE_COUNTRY] = 0
            ratios[row, [_COUNTRY_END.sub("", ours[row]) in other for other in theirs]] = 100
        alike: npt.NDArray[np.bool_] = ratios.max(axis=1, initial=0) >= least
        alike |= np.isin(self._sound_of[list(some)], self._sound_of[list(others)])
        return alike


def _counts(stems: Sequence[str]) -> list[bool]:
    found = list(map(_NUMBER_WORDS.__contains__, stems))
    for place in compress(count(), map(not_, map(str.isalpha, stems))):
        found[place] = found[place] or any(char.isdigit() for char in stems[place])
    return found


def _weights(stems: Sequence[str]) -> list[float]:
    found = [
        _UNKNOWN_WEIGHT if frequency is None else _weight_of(frequency)
        for frequency in map(_stem_frequencies().get, stems)
    ]
    for place in compress(count(), map(_countries().__contains__, stems)):
        found[place] = max(found[place], _COUNTRY)
    for place in compress(count(), map(str.isdigit, stems)):
        found[place] = _DIGITS[min(len(stems[place]), 5)]
    return found


def _weight_of(frequency: float) -> float:
    return max(-math.log10(frequency) - _COMMON, 0.0)


_UNKNOWN_WEIGHT = _weight_of(UNKNOWN_FREQUENCY)


@lru_cache(maxsize=1)
def _stem_frequencies() -> dict[str, float]:
    found: dict[str, float] = {}
    frequencies = word_frequencies()
    for key, frequency in zip(stems_of(frequencies), frequencies.values(), strict=True):
        found[key] = found.get(key, 0.0) + frequency
    return found


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    lines = COUNTRY_NAMES.read_text("utf-8").splitlines()
    names = " ".join(line for line in lines if not line.startswith("#")).split()
    return frozenset(stems_of(map(fold_word, names)))
