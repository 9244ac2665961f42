"""Fold articles into stories with links, all in memory: the pieces of the stage in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from pipeline.dedupe.boilerplate import Boilerplate, Printed, keys_by_outlet, learn_boilerplate
from pipeline.dedupe.buckets import Pairs
from pipeline.dedupe.candidates import find_candidates
from pipeline.dedupe.corpus import Corpus
from pipeline.dedupe.fingerprints import fingerprint
from pipeline.dedupe.grouping import group
from pipeline.dedupe.links import link_stories
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.page_kinds import kinds_of
from pipeline.dedupe.report_text import report_text
from pipeline.dedupe.score import verify
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.stories import find_changes, make_story, name_stories
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.times import SECONDS_PER_DAY, Times, times_of
from pipeline.dedupe.verified import Verified
from pipeline.records import Article, Fold
from pipeline.settings import Dedupe

Progress = Callable[[int, int], None]


def fold(
    articles: Iterable[Article],
    settings: Dedupe,
    *,
    previous: Mapping[str, str] | None = None,
    changed_at: datetime | None = None,
    boilerplate: Boilerplate | None = None,
    progress: Progress | None = None,
) -> Fold:
    """Stories and links of articles, the same whatever order they come in.

    previous: article id to story id of an earlier fold, whose ids live on; with changed_at what became of them is told.
    boilerplate: line keys by outlet that take no part; learned from the articles where not given.
    """
    known = sorted(articles, key=order_of)
    corpus, headlines = read_texts(known, boilerplate)
    times = times_of(known, settings.undated_days)
    candidates = _find_candidates(corpus.texts, times, settings)
    corpus = replace(corpus, paired=np.unique(candidates))
    pairs = verify(
        [one.article_id for one in known],
        corpus.texts,
        headlines,
        times,
        candidates,
        progress,
        same_report=settings.thresholds.same_report,
        grams=corpus.grams,
        bodies_at=corpus.bodies_at,
    )
    outcome = _tell(known, corpus, pairs, previous or {}, changed_at)
    if progress is not None:
        progress(len(known), len(known))
    return outcome


def fold_pairs(
    articles: Iterable[Article],
    pairs: Sequence[Verified],
    *,
    boilerplate: Boilerplate,
    previous: Mapping[str, str],
    changed_at: datetime | None = None,
) -> Fold:
    """The same from pairs verified before; none may lead out of the articles."""
    known = sorted(articles, key=order_of)
    corpus, _ = read_texts(known, boilerplate)
    return _tell(known, corpus, pairs, previous, changed_at)


def _tell(
    known: Sequence[Article],
    corpus: Corpus,
    pairs: Sequence[Verified],
    previous: Mapping[str, str],
    changed_at: datetime | None,
) -> Fold:
    groups, digests = group([one.article_id for one in known], pairs, kinds_of(known))
    members = [[corpus.articles[article_id] for article_id in some] for some in groups]
    names = name_stories(members, previous)
    stories = [make_story(name, some) for name, some in zip(names, members, strict=True)]
    links = link_stories(stories, pairs, digests, corpus)
    changes = find_changes(members, names, previous, changed_at)
    return Fold(tuple(sorted(stories, key=lambda one: one.story_id)), tuple(links), tuple(changes))


def read_texts(articles: Sequence[Article], boilerplate: Boilerplate | None = None) -> tuple[Corpus, Texts]:
    """Articles as words, and their headlines in the same vocabulary."""
    if boilerplate is None:
        boilerplate = keys_by_outlet(
            learn_boilerplate(Printed(one.outlet_id, one.headline, one.body) for one in articles)
        )
    bodies = [report_text(one, boilerplate.get(one.outlet_id, frozenset())) for one in articles]
    texts = Texts(bodies)
    headlines = Texts((one.headline or "" for one in articles), texts.vocabulary)
    texts.hashes = headlines.hashes  # of the words of headlines, too, which have come to the vocabulary since
    ids = [one.article_id for one in articles]
    return Corpus(dict(zip(ids, articles, strict=True)), {a: i for i, a in enumerate(ids)}, texts, bodies), headlines


def _find_candidates(texts: Texts, times: Times, settings: Dedupe) -> Pairs:
    signatures = sign(texts, settings.permutations)
    window = settings.window_days * SECONDS_PER_DAY
    return find_candidates(signatures, fingerprint(texts), times, bands=settings.bands, window=window)
