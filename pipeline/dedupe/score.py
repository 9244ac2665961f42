"""The verdict on a pair: one number from a fixed linear score. Zero and above: the same report.

The weights were fitted (logistic regression, mildly regularised) on labelled pairs of Arabic news, on seed articles
with their judged neighbours, on families of forms (aid planes, obituaries, congratulations, executions) and on made
worlds of copies, each kind weighted alike. Of some fifty figures those were kept that made the score better on pairs it
was not fitted on: folds of pairs, whole families left out, worlds of another seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.bulletins import name_a_bulletin
from pipeline.dedupe.evidence import Figures, Headlines
from pipeline.dedupe.forecasts import Marks, are_forecasts
from pipeline.dedupe.grams import Grams
from pipeline.dedupe.headline_names import HeadlineNames
from pipeline.dedupe.opposites import Ends
from pipeline.dedupe.passages import Floats, Matcher, Passages
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.times import SECONDS_PER_DAY, SECONDS_PER_HOUR, Times, latest, least_apart
from pipeline.dedupe.verified import Verified
from pipeline.dedupe.vetoes import BELOW, BodiesAt, Vetoes

# Pairs below share too little for the same report, and for an edge: less than a sentence.
LEAST_JACCARD = 0.1
LEAST_CONTAINMENT = 0.25
LEAST_GRAMS, LEAST_PART = 10, 0.1
# A sentence of sixteen words is a part of a digest, however little it is of both.
SENTENCE_GRAMS, LEAST_SENTENCE = 14, 0.06
# Two texts that share this much are one report unless names or numbers differ: what headlines say is then no matter.
NEARLY_ALL = 0.9
SURE = 0.5
# With less of the shorter text in the longer, headlines alone would decide. Pairs read as the same report lie above .5,
# but for some written anew about one aid plane.
LEAST_COVER = 0.34
# A count that has risen: inside so many hours the same words around other numbers are a report and its update, later
# they are the next day's form (markets, weather).
RISING_HOURS = 12.0
SAME_NAMES = 0.1
# A forecast in other words after so many hours is that of another day: an evening's stands beside the next morning's.
# Of 54 such pairs read, 17 of them further apart than 18 hours, none was one report.
NEXT_DAY_HOURS = 8.0
# A text that is in the other one, but not as its news, is part of a longer report: less than so much of the longer
# one's first words in the shorter, of the headlines in the other article, and of the longer text altogether. Of 43 such
# pairs read one was the same report.
INSIDE_LEAD, INSIDE_HEADLINES, INSIDE_COVER = 0.6, 0.5, 0.4
# So is a text that stands whole in a somewhat shorter one, where neither that one's first words nor either headline
# know of the other article: two news of a day under one headline. Of 45 such pairs read two were the same report.
BESIDE, BESIDE_COVER = 0.2, 0.62
# So much that differs in replaced short runs is another form: of labelled pairs none that is the same report has it.
OTHER_NAMES = 0.6
# Unless an editor worded the report anew: hours later, with all but the words there, its numbers and countries, and a
# headline that tells of it. Of 36 such pairs of Arabic news read, the headlines of 12 name different news, and are told
# apart by that; of the others 21 were one report, all but one of those whose headlines know of each other.
REWORDED_TOLD, REWORDED_NUMBERS, REWORDED_HEADLINES = 0.75, 1, 0.3

WEIGHTS = {
    "cover": 2.9,  # the shorter text lies in the longer
    "told": 3.5,  # and with what it tells: the rare words of a quoted background are mostly elsewhere
    "lead": 1.95,  # the longer text's news is in the shorter one, which holds little else: own lede, first lines
    "headlines": 3.55,  # the headline's words are in the other article: not so in follow-ups and forms
    "slots": -2.0,  # other names in the same place: a form
    "numbers": -1.2,  # a day later each has numbers that the other lacks: next day's report
    "days": -1.5,  # copies appear within days; forms return
}
INTERCEPT = -3.8
# Beyond these more says no more.
MOST_SLOTS = 3.0
# One ordinal for another is as much, or one day of the week: the second aid plane, the fifth day of a fair.
MOST_NUMBERS = 3
MOST_DAYS = 2.0
# So many between a page without a date and what it may be a copy of, if it was fetched later. Of SaudiNewsNet's copies,
# with the dates of every twentieth article taken away, 1.0 finds 94% at a precision of .97, 0.0 98% at .93.
UNDATED_DAYS = 1.0
# Numbers that differ count fully when a day has passed; sooner they may be a later count.
LEAST_AGE = 0.25
# What an outlet cut from a report stands in one place; what a column quotes does not.
ONE_PLACE = 0.7
# How much of the longer text's first words, and of the shorter text, must be shared for the lead to count, and to count
# fully. The lead of a form says nothing.
LEAD_FROM, LEAD_TO = 0.6, 0.9
LEAD_COVER_FROM, LEAD_COVER_TO = 0.4, 0.55


def verify(
    article_ids: Sequence[str],
    bodies: Texts,
    headlines: Texts,
    times: Times,
    pairs: Pairs,
    progress: Callable[[int, int], None] | None = None,
    *,
    same_report: float = 0.0,
    grams: Grams | None = None,
    bodies_at: BodiesAt | None = None,
) -> list[Verified]:
    """The verdict on each pair that shares enough to matter; pairs of places, times in seconds (NaN: not known).

    same_report: the score from which a pair is one report; what is returned is the score above it. grams: those of
    bodies, where they are at hand. bodies_at: gives the bodies at some places, which rise, as text; where not given,
    quotations are no other than prose.
    """
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    figures = Figures(bodies, headlines, Grams(bodies) if grams is None else grams)
    alike = figures.compare(pairs)
    sizes = np.diff(bodies.bounds)[pairs].min(axis=1)
    shared = alike.containment * np.maximum(sizes - 2, 0)
    related = (alike.jaccard >= LEAST_JACCARD) | (alike.containment >= LEAST_CONTAINMENT)
    related |= (shared >= LEAST_GRAMS) & (alike.containment >= LEAST_PART)
    related |= (shared >= SENTENCE_GRAMS) & (alike.containment >= LEAST_SENTENCE)
    briefly = np.flatnonzero((shared >= LEAST_GRAMS) & ~related)
    related[briefly] = _are_bulletins(headlines, pairs[briefly])
    matcher = Matcher(bodies)
    pairs, jaccard = matcher.longer_first(pairs[related]), alike.jaccard[related]
    order = np.lexsort((pairs[:, 0], pairs[:, 1]))
    pairs, jaccard = pairs[order], jaccard[order]
    ids = np.array(article_ids, object)[pairs]
    turned = ids[:, 0] > ids[:, 1]
    ids = np.where(turned[:, None], ids[:, ::-1], ids)
    heard = figures.hear(pairs)
    mean = (heard.least + heard.most) / 2
    hours = np.where(turned, -1, 1) * (latest(times)[pairs[:, 1]] - latest(times)[pairs[:, 0]]) / SECONDS_PER_HOUR
    days = _days_apart(hours / 24, least_apart(times, pairs) / SECONDS_PER_DAY)
    weather = are_forecasts(bodies, headlines)
    forecasts = weather[pairs[:, 0]] & weather[pairs[:, 1]]
    found: list[Verified] = []
    vetoes = Vetoes(HeadlineNames(bodies, headlines, matcher.stems), Ends(headlines), bodies_at)
    for rows, passages in matcher.match(pairs):
        if progress is not None:
            progress(len(found), len(pairs))
        scores = _scores(heard.least[rows], hours[rows], days[rows], passages, forecasts[rows])
        vetoes.lower(scores, pairs[rows], passages, Headlines(heard.least[rows], heard.most[rows]))
        scores -= same_report
        parts: tuple[Floats, ...] = (scores, jaccard[rows], mean[rows], passages.slots)
        columns: tuple[Iterable[Any], ...] = (
            *ids[rows].T.tolist(),
            *map(_rounded, parts),
            passages.numbers.astype(np.float64).tolist(),
            [None if isnan(one) else one for one in _rounded(hours[rows])],
            *map(_rounded, _by_id(turned[rows], passages.left_cover, passages.right_cover)),
            *map(_rounded, _by_id(turned[rows], passages.left_lead, passages.right_lead)),
            *(one.tolist() for one in _by_id(turned[rows], passages.left_mask, passages.right_mask)),
            passages.matched.tolist(),
        )
        found += [Verified(*row) for row in zip(*columns, strict=True)]
    return found


def _are_bulletins(headlines: Texts, pairs: Pairs) -> Marks:
    """Whether either article of each pair is a bulletin: of its reports it may have no more than a short sentence."""
    places, words = np.unique(pairs), headlines.vocabulary.words
    named = [name_a_bulletin([words[one] for one in headlines[place].tolist()]) for place in places.tolist()]
    return np.array(np.isin(pairs, places[np.array(named, np.bool_)]).any(axis=1), np.bool_)


def _by_id(turned: Marks, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
    """Figures of both texts of each pair in the order of their ids; turned: the other one's comes first."""
    return np.where(turned, other, one), np.where(turned, one, other)


def _rounded(values: Floats) -> list[float]:
    """Four digits, as round gives them."""
    scaled = values * 10_000
    whole = np.rint(scaled)
    rounded = whole / 10_000
    # Beside a half the product itself may have been rounded over it.
    for place in np.flatnonzero(np.abs(np.abs(scaled - whole) - 0.5) < 1e-6).tolist():
        rounded[place] = round(float(values[place]), 4)
    found: list[float] = rounded.tolist()
    return found


def _scores(least_heard: Floats, hours: Floats, days: Floats, passages: Passages, forecasts: Marks) -> Floats:
    """The score of each pair.

    least_heard: the smaller of what either headline says that the other article says too; hours: between their times,
    as far as these are known, else NaN; days: what counts of that between copies; forecasts: both are.
    """
    apart = np.where(np.isnan(hours), 0, np.abs(hours))
    is_update = (passages.right_cover >= NEARLY_ALL) & (passages.names < SAME_NAMES) & (np.abs(hours) <= RISING_HOURS)
    slots = np.where(is_update, passages.names, passages.slots)
    numbers = np.where(is_update, 0, passages.numbers + MOST_NUMBERS * passages.ranks)
    score = (
        WEIGHTS["cover"] * passages.right_cover
        + WEIGHTS["told"] * passages.told
        + WEIGHTS["lead"] * _lead(passages)
        + WEIGHTS["headlines"] * least_heard
        + WEIGHTS["slots"] * np.minimum(slots, MOST_SLOTS)
        + WEIGHTS["numbers"] * np.minimum(numbers, MOST_NUMBERS) * np.clip(apart / 24, LEAST_AGE, 1.0)
        + WEIGHTS["days"] * np.minimum(np.nan_to_num(days), MOST_DAYS)
        + INTERCEPT
    )
    is_sure = (
        (passages.right_cover >= NEARLY_ALL) & (passages.told >= NEARLY_ALL) & (slots < SAME_NAMES) & (numbers == 0)
    )
    score = np.where(is_sure, np.maximum(score, SURE * passages.right_cover), score)
    is_reworded = _is_reworded(least_heard, apart, passages)
    is_other = (passages.right_cover < LEAST_COVER) | ((slots >= OTHER_NAMES) & ~is_reworded)
    is_other |= _is_inside(least_heard, passages)
    is_other |= forecasts & (apart >= NEXT_DAY_HOURS) & ~is_sure
    return np.where(is_other, np.minimum(score, BELOW), score)


def _days_apart(stated: Floats, least: Floats) -> Floats:
    """Days between the articles of pairs: least where the time of one is not known, stated by the fetch instead."""
    return np.minimum(np.abs(stated), np.maximum(least, UNDATED_DAYS))


def _is_reworded(least_heard: Floats, hours: Floats, passages: Passages) -> Marks:
    has_all = (passages.right_cover >= NEARLY_ALL) & (passages.told >= REWORDED_TOLD)
    is_its_case = (passages.numbers <= REWORDED_NUMBERS) & (passages.ranks == 0) & (passages.countries == 0)
    found: Marks = has_all & is_its_case & (hours <= RISING_HOURS) & (least_heard >= REWORDED_HEADLINES)
    return found


def _is_inside(least_heard: Floats, passages: Passages) -> Marks:
    of_longer = np.minimum(passages.left_cover, passages.right_cover)
    inside: Marks = (of_longer < INSIDE_COVER) & (passages.left_lead < INSIDE_LEAD) & (least_heard < INSIDE_HEADLINES)
    is_whole = (passages.right_cover >= NEARLY_ALL) & (of_longer < BESIDE_COVER)
    return inside | (is_whole & (passages.left_lead < BESIDE) & (least_heard < BESIDE))


def _lead(passages: Passages) -> Floats:
    of_lead = (passages.left_lead - LEAD_FROM) / (LEAD_TO - LEAD_FROM)
    of_cover = (passages.right_cover - LEAD_COVER_FROM) / (LEAD_COVER_TO - LEAD_COVER_FROM)
    says_nothing = (passages.slots >= SAME_NAMES) | (passages.density < ONE_PLACE)
    return np.where(says_nothing, 0.0, np.clip(of_lead, 0.0, 1.0) * np.clip(of_cover, 0.0, 1.0))
