"""The verdict on a pair: one number from a fixed linear score. Zero and above: the same report.

The weights were fitted (logistic regression, mildly regularised) on labelled pairs of Arabic news, on seed articles
with
their judged neighbours and on families of forms (aid planes, obituaries, congratulations, executions), each kind
weighted
alike; fitted without a kind, the score still tells it apart. They are rounded; rounding changes no outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.dedupe.candidates import Pairs
from pipeline.dedupe.evidence import Figures
from pipeline.dedupe.passages import Matcher, Passages
from pipeline.dedupe.signatures import Signatures
from pipeline.dedupe.texts import Texts

# Signatures of 256 permutations estimate Jaccard to about .02 here; no labelled copy lies below .1, no part of a digest
# that is worth an edge below .04.
LEAST_ESTIMATE = 0.03
# Pairs below both share too little for the same report and for an edge.
LEAST_JACCARD = 0.1
LEAST_CONTAINMENT = 0.25
# A word's form and a changed word every few cost 3-grams but no passage: what cover can be at a given containment.
COVER_FOR_CONTAINMENT = 1.2
COVER_MORE = 0.35
# A headline that nobody stated says as much as the average one.
NO_HEADLINE = 0.6
# Two texts that share this much are one report unless numbers or names differ: what headlines say is then no matter.
NEARLY_ALL = 0.85

WEIGHTS = {
    "cosine": 2.1,  # words shared, rare ones more
    "cover": 6.8,  # the shorter text lies in the longer
    "opening": 2.0,  # and at its beginning: not so in digests and where a report is background
    "headlines": 7.4,  # the headline's words are in the other article: not so in follow-ups and forms
    "leads": -0.8,  # what headlines and cover say already
    "slots": -3.1,  # other names in the same place: a form
    "numbers": -1.75,  # each has numbers that the other lacks: next day's report
    "days": -0.85,  # copies appear within days; forms return
}
INTERCEPT = -9.0
# Beyond this the opening says no more.
MOST_OPENING = 0.7
MOST_NUMBERS = 3.0


@dataclass(frozen=True, slots=True)
class Verified:
    """What is stored of a pair: the verdict and what grouping needs. left_id < right_id."""

    left_id: str
    right_id: str
    score: float
    jaccard: float
    headlines: float  # what each headline says that the other article says too, the mean of both
    slots: float
    numbers: float
    left_cover: float
    right_cover: float
    left_lead: float
    right_lead: float
    left_mask: int
    right_mask: int
    matched: int

    @property
    def is_same(self) -> bool:
        """Whether both are the same report."""
        return self.score >= 0

    def to_json(self) -> dict[str, Any]:
        """Everything but the ids, for the catalog; masks as text, as JSON numbers are not so long everywhere."""
        return asdict(self) | {"left_mask": f"{self.left_mask:x}", "right_mask": f"{self.right_mask:x}"}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Verified:
        """What to_json gave."""
        masks = {name: int(stored[name], 16) for name in ("left_mask", "right_mask")}
        return cls(**(stored | masks))


def estimate(signatures: Signatures, pairs: Pairs) -> npt.NDArray[np.float64]:
    """Jaccard of pairs as their signatures tell it."""
    parts = [
        (signatures[some[:, 0]] == signatures[some[:, 1]]).mean(axis=1)
        for some in (pairs[at : at + 10_000] for at in range(0, len(pairs), 10_000))
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def verify(
    article_ids: Sequence[str],
    bodies: Texts,
    headlines: Texts,
    times: npt.NDArray[np.float64],
    pairs: Pairs,
    progress: Callable[[int, int], None] | None = None,
) -> list[Verified]:
    """The verdict on each pair that shares enough to matter; pairs of places, times in seconds (NaN: not stated)."""
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    evidence = Figures(bodies, headlines, times).judge(pairs)
    silent = (np.diff(headlines.bounds) == 0).astype(np.float64)
    said = evidence.headline_min + evidence.headline_max
    heard = (said - (1 - NO_HEADLINE) * (silent[pairs[:, 0]] + silent[pairs[:, 1]])) / 2
    related = (evidence.jaccard >= LEAST_JACCARD) | (evidence.containment >= LEAST_CONTAINMENT)
    base = (
        WEIGHTS["cosine"] * evidence.cosine
        + WEIGHTS["headlines"] * heard
        + WEIGHTS["leads"] * evidence.lead_min
        + WEIGHTS["days"] * evidence.days
        + INTERCEPT
    )
    matcher = Matcher(bodies)
    found: list[Verified] = []
    wanted = np.flatnonzero(related)
    for done, row in enumerate(wanted.tolist()):
        left, right = int(pairs[row, 0]), int(pairs[row, 1])
        if article_ids[left] > article_ids[right]:
            left, right = right, left
        passages = matcher.match(left, right)
        jaccard = float(evidence.jaccard[row])
        known = (float(base[row]), jaccard, float(heard[row]))
        found.append(_verified(article_ids[left], article_ids[right], known, passages))
        if progress is not None and done % 2_000 == 0:
            progress(done, len(wanted))
    return found


def _verified(left_id: str, right_id: str, known: tuple[float, float, float], passages: Passages) -> Verified:
    base, jaccard, heard = known
    score = (
        base
        + WEIGHTS["cover"] * passages.cover
        + WEIGHTS["opening"] * min(passages.opening, MOST_OPENING)
        + WEIGHTS["slots"] * passages.slots
        + WEIGHTS["numbers"] * min(passages.numbers, MOST_NUMBERS)
    )
    if jaccard >= NEARLY_ALL and passages.slots == 0 and passages.numbers == 0:
        score = max(score, jaccard)
    return Verified(
        left_id,
        right_id,
        round(score, 4),
        round(jaccard, 4),
        round(heard, 4),
        round(passages.slots, 4),
        round(passages.numbers, 4),
        round(passages.left_cover, 4),
        round(passages.right_cover, 4),
        round(passages.left_lead, 4),
        round(passages.right_lead, 4),
        passages.left_mask,
        passages.right_mask,
        passages.matched,
    )
