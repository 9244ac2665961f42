"""Evaluate stories and links against labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.evaluate.groups import score_groups
from pipeline.evaluate.labels import Labels, read_labels
from pipeline.evaluate.pairs import score_pairs
from pipeline.evaluate.relations import score_relations
from pipeline.evaluate.result import Evaluation
from pipeline.records import Link

_SHOWN_MISSING = 100


def evaluate(labels: Path | Labels, story_of: Mapping[str, str], links: Iterable[Link] = ()) -> Evaluation:
    """Score an assignment of article ids to story ids, and the links, against labels (a folder, a file, or read).

    A labelled article without a story counts as a story of its own, so that a lost article never passes for a right
    one. Raises InputError for labels that cannot be read.
    """
    known = labels if isinstance(labels, Labels) else read_labels(labels)
    ids = known.article_ids()
    missing = sorted(ids - story_of.keys())
    stories = {article_id: story_of[article_id] for article_id in ids if article_id in story_of}
    stories |= {article_id: f"missing:{article_id}" for article_id in missing}
    sizes = Counter(story_of.values())
    sizes.update(stories[article_id] for article_id in missing)
    return Evaluation(
        labelled_articles=len(ids),
        missing_articles=len(missing),
        stories=len(sizes),
        largest_story=max(sizes.values(), default=0),
        pairs=None if known.pairs is None else score_pairs(known.pairs, stories, weighted=False),
        pairs_weighted=None if known.pairs is None else score_pairs(known.pairs, stories, weighted=True),
        templates=None if known.templates is None else score_groups(known.templates, stories),
        neighbours=None if known.neighbours is None else score_pairs(known.neighbours, stories, weighted=False),
        relations=None if known.relations is None else score_relations(known.relations, stories, links),
        missing=tuple(missing[:_SHOWN_MISSING]),
    )
