"""Agreement of links with labelled relations and credit statuses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.evaluate.labels import RelationLabel
from pipeline.evaluate.result import RelationCount, RelationScore
from pipeline.records import Link, Relation


def score_relations(
    labels: Sequence[RelationLabel], story_of: Mapping[str, str], links: Iterable[Link]
) -> RelationScore:
    """Links between labelled pairs against their labels; links of other pairs are not judged."""
    wanted = {(label.article_id, label.origin_article_id) for label in labels}
    between = _between(links, wanted)
    chosen = [(label, _link_for(label, between)) for label in labels]
    related = [(label, link) for label, link in chosen if label.relation is not None]
    judged = [(label.credit_status, link.credit_status) for label, link in related if label.credit_status and link]
    return RelationScore(
        rows=len(labels),
        right_story=sum(_is_right_story(label, story_of) for label in labels),
        linked=sum(link is not None for _, link in related),
        reversed=sum(
            link is None and bool(between[label.origin_article_id, label.article_id]) for label, link in related
        ),
        right_relation=sum(link is not None and link.relation is label.relation for label, link in related),
        by_relation=_by_relation(chosen),
        credit_labelled=len(judged),
        credit_right=sum(labelled is found for labelled, found in judged),
        credit_confusion=dict(
            sorted(Counter(f"{one} taken for {other}" for one, other in judged if one is not other).items())
        ),
    )


def _between(links: Iterable[Link], wanted: set[tuple[str, str]]) -> defaultdict[tuple[str, str], list[Link]]:
    between: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        ends = (link.article_id, link.origin_article_id)
        if ends in wanted or ends[::-1] in wanted:
            between[ends].append(link)
    return between


def _link_for(label: RelationLabel, between: Mapping[tuple[str, str], list[Link]]) -> Link | None:
    """The link of a labelled pair; of several, the one with the labelled relation."""
    links = between.get((label.article_id, label.origin_article_id), [])
    fitting = [link for link in links if link.relation is label.relation]
    return next(iter(fitting or links), None)


def _is_right_story(label: RelationLabel, story_of: Mapping[str, str]) -> bool:
    together = story_of[label.article_id] == story_of[label.origin_article_id]
    return together == (label.relation is not None and label.relation.within_story)


def _by_relation(chosen: Sequence[tuple[RelationLabel, Link | None]]) -> dict[str, RelationCount]:
    """One count per relation that is labelled or found, in the order of the relations' list."""
    labelled = Counter(label.relation for label, _ in chosen)
    found = Counter(link.relation for _, link in chosen if link)
    right = Counter(link.relation for label, link in chosen if link and link.relation is label.relation)
    counts = {}
    for relation in Relation:
        if labelled[relation] or found[relation]:
            precision = right[relation] / found[relation] if found[relation] else 1.0
            recall = right[relation] / labelled[relation] if labelled[relation] else 1.0
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            counts[relation.value] = RelationCount(
                labelled[relation], found[relation], right[relation], precision, recall, f1
            )
    return counts
