"""Fold new articles into what is known, with the outcome of a fold from scratch.

Why it is the same: a pair's verdict depends on its two articles; grouping and links of one connected component of
verified pairs depend on that component. So new articles touch the components they are connected to, and nothing else.

What a stage does with it:
1. Load the signatures and times of the publication window (new and changed articles signed by sign_articles). An
article
   that changed or was withdrawn loses its stored pairs first; the articles of those pairs count as fresh too.
2. Call fold_increment. It asks the store for articles and for verified pairs, never for more than what is touched.
3. Write Increment.pairs; replace the stories and links of
   Increment.touched by those of Increment.outcome; append its changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from pipeline.dedupe.candidates import find_candidates
from pipeline.dedupe.fingerprints import fingerprint
from pipeline.dedupe.fold import SECONDS_PER_DAY, fold_pairs, read_texts, times_of
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.score import Verified, verify
from pipeline.dedupe.signatures import from_records, sign, to_records
from pipeline.records import Article, Fold, Signature
from pipeline.settings import Dedupe

Furniture = Mapping[str, frozenset[str]]
PairIds = list[tuple[str, str]]


class Store(Protocol):
    """What a fold asks of the catalog."""

    def articles(self, article_ids: Iterable[str]) -> Sequence[Article]:
        """Those articles, with their bodies and credits."""

    def pairs(self, article_ids: Iterable[str]) -> Sequence[Verified]:
        """Stored verified pairs that hold any of those articles; none of an older version of a changed article."""


@dataclass(frozen=True, slots=True)
class Increment:
    """What an increment brings: pairs to store, and stories and links that replace those of the touched articles."""

    pairs: tuple[Verified, ...]
    touched: frozenset[str]
    outcome: Fold


def sign_articles(articles: Sequence[Article], settings: Dedupe, furniture: Furniture) -> list[Signature]:
    """Signatures of new or changed articles, to be stored."""
    corpus, _ = read_texts(articles, furniture)
    ids = [one.article_id for one in articles]
    return to_records(ids, sign(corpus.texts, settings.permutations), fingerprint(corpus.texts))


def find_new_pairs(
    signatures: Sequence[Signature], times: Mapping[str, datetime | None], fresh: Iterable[str], settings: Dedupe
) -> PairIds:
    """Candidate pairs that hold a fresh article. signatures and times (by article id): those of the window."""
    ids = sorted(one.article_id for one in signatures)
    place = {article_id: at for at, article_id in enumerate(ids)}
    rows, passages = from_records(sorted(signatures, key=lambda one: one.article_id), settings.permutations)
    moments = np.array([np.nan if (time := times.get(a)) is None else time.timestamp() for a in ids], np.float64)
    places = np.array(sorted(place[article_id] for article_id in set(fresh) & place.keys()), np.int64)
    window = settings.window_days * SECONDS_PER_DAY
    pairs = find_candidates(rows, passages, moments, bands=settings.bands, window=window, fresh=places)
    return [(ids[left], ids[right]) for left, right in pairs.tolist()]


def verify_pairs(pairs: PairIds, articles: Sequence[Article], furniture: Furniture, settings: Dedupe) -> list[Verified]:
    """Verdicts on candidate pairs; articles holds all that the pairs name."""
    known = sorted(articles, key=order_of)
    place = {one.article_id: at for at, one in enumerate(known)}
    corpus, headlines = read_texts(known, furniture)
    places = np.array([sorted((place[left], place[right])) for left, right in pairs], np.int64).reshape(-1, 2)
    ids, least = [one.article_id for one in known], settings.thresholds.same_report
    return verify(ids, corpus.texts, headlines, times_of(known), places, same_report=least)


def fold_increment(
    store: Store,
    signatures: Sequence[Signature],
    times: Mapping[str, datetime | None],
    fresh: Iterable[str],
    settings: Dedupe,
    *,
    previous: Mapping[str, str],
    furniture: Furniture,
    changed_at: datetime | None = None,
) -> Increment:
    """Fold fresh articles (new or changed) into what the store holds. previous: article id to story id as stored."""
    fresh_ids = set(fresh)
    wanted = find_new_pairs(signatures, times, fresh_ids, settings)
    needed = {article_id for pair in wanted for article_id in pair}
    found = verify_pairs(wanted, store.articles(sorted(needed)), furniture, settings) if wanted else []
    touched, pairs = _connected(fresh_ids, found, store)
    articles = store.articles(sorted(touched))
    before = {article_id: previous[article_id] for article_id in touched if article_id in previous}
    outcome = fold_pairs(articles, pairs, furniture=furniture, previous=before, changed_at=changed_at)
    return Increment(tuple(found), frozenset(touched), outcome)


def _connected(fresh: set[str], found: Sequence[Verified], store: Store) -> tuple[set[str], list[Verified]]:
    """The articles that verified pairs connect with fresh ones, and all pairs among them."""
    pairs = {(one.left_id, one.right_id): one for one in found}
    touched: set[str] = set()
    frontier = fresh | {article_id for pair in pairs for article_id in pair}
    while frontier:
        touched |= frontier
        stored = store.pairs(sorted(frontier))
        for one in stored:
            pairs.setdefault((one.left_id, one.right_id), one)
        frontier = {article_id for one in stored for article_id in (one.left_id, one.right_id)} - touched
    return touched, list(pairs.values())
