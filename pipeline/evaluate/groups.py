"""Agreement of whole groups: adjusted Rand index (Hubert and Arabie 1985) and B-cubed (Bagga and Baldwin 1998)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.evaluate.labels import StoryLabel
from pipeline.evaluate.result import GroupScore


def score_groups(labels: Sequence[StoryLabel], story_of: Mapping[str, str]) -> GroupScore:
    """Stories of the labelled articles against the labelled stories; every article must have a story."""
    truth = {label.article_id: label.story for label in labels}
    cells = Counter((story, story_of[article_id]) for article_id, story in truth.items())
    labelled = Counter(truth.values())
    found = Counter(story_of[article_id] for article_id in truth)
    precision = sum(count * count / found[story] for (_, story), count in cells.items()) / max(1, len(truth))
    recall = sum(count * count / labelled[story] for (story, _), count in cells.items()) / max(1, len(truth))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return GroupScore(len(truth), len(labelled), _adjusted_rand(cells, labelled, found), precision, recall, f1)


def _adjusted_rand(cells: Counter[tuple[str, str]], labelled: Counter[str], found: Counter[str]) -> float | None:
    pairs = _pairs(sum(labelled.values()))
    if not pairs:
        return None
    index = sum(map(_pairs, cells.values()))
    first, second = sum(map(_pairs, labelled.values())), sum(map(_pairs, found.values()))
    expected = first * second / pairs
    largest = (first + second) / 2
    return 1.0 if largest == expected else (index - expected) / (largest - expected)


def _pairs(count: int) -> float:
    return count * (count - 1) / 2
