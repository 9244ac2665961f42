"""The outcome of an evaluation, for programs (`as_json`) and for a table (`rows`). Shares run from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval of what the measure may be, given so many labels."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairScore:
    """Agreement on pairs: predicted the same when both articles are in one story."""

    pairs: int
    precision: float
    recall: float
    f1: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Agreement on groups: adjusted Rand index (None below two articles), and B-cubed averaged over the articles."""

    articles: int
    stories: int
    ari: float | None
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed_f1: float


@dataclass(frozen=True, slots=True)
class RelationCount:
    """One relation: rows labelled so, links found so between labelled pairs, and both."""

    labelled: int
    found: int
    right: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class RelationScore:
    """Agreement on links. right_story counts rows whose articles are rightly together or rightly apart."""

    rows: int
    right_story: int
    linked: int  # rows labelled with a relation whose link was found, whatever its relation
    reversed: int  # of the others, those linked the other way round
    right_relation: int
    by_relation: Mapping[str, RelationCount]
    credit_labelled: int  # linked rows with a labelled credit status
    credit_right: int
    credit_confusion: Mapping[str, int]  # "uncredited taken for unknown": how often


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Agreement with every kind of label that the folder holds; None for a kind it does not hold."""

    labelled_articles: int
    missing_articles: int
    stories: int
    largest_story: int
    pairs: PairScore | None = None
    pairs_weighted: PairScore | None = None
    templates: GroupScore | None = None
    neighbours: PairScore | None = None
    relations: RelationScore | None = None
    missing: tuple[str, ...] = field(default=())  # ids, the first hundred

    def as_json(self) -> dict[str, Any]:
        """Plain values, shares rounded to four places; kinds without labels are left out."""
        kinds = ("pairs", "pairs_weighted", "templates", "neighbours", "relations")
        counts = ("labelled_articles", "missing_articles", "stories", "largest_story")
        found: dict[str, Any] = {name: getattr(self, name) for name in counts}
        found |= {name: _plain(getattr(self, name)) for name in kinds if getattr(self, name) is not None}
        return found | {"missing": list(self.missing)}

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Lines of a table: what was judged, the measure, its value, its 95% interval (or how many it rests on)."""
        found: list[tuple[str, str, str, str]] = []
        for name, score in (("pairs", self.pairs), ("pairs, weighted", self.pairs_weighted)):
            found += _pair_rows(name, score)
        found += _group_rows("templates", self.templates)
        found += _pair_rows("neighbours", self.neighbours)
        found += _relation_rows(self.relations)
        absent = f"{self.missing_articles} of them not found" if self.missing_articles else "all of them found"
        return [*found, ("labelled articles", "count", str(self.labelled_articles), absent)]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Interval):
        return [round(value.low, 4), round(value.high, 4)]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    names = getattr(value, "__dataclass_fields__", None)
    return value if names is None else {name: _plain(getattr(value, name)) for name in names}


def _pair_rows(name: str, score: PairScore | None) -> list[tuple[str, str, str, str]]:
    if score is None:
        return []
    measures = (
        ("precision", score.precision, score.precision_interval),
        ("recall", score.recall, score.recall_interval),
        ("F1", score.f1, score.f1_interval),
    )
    return [(name, what, _share(value), f"{_share(one.low)} to {_share(one.high)}") for what, value, one in measures]


def _group_rows(name: str, score: GroupScore | None) -> list[tuple[str, str, str, str]]:
    if score is None:
        return []
    size = f"{score.articles} articles, {score.stories} stories"
    ari = "-" if score.ari is None else _share(score.ari)
    return [
        (name, "adjusted Rand index", ari, size),
        (name, "B-cubed precision", _share(score.b_cubed_precision), size),
        (name, "B-cubed recall", _share(score.b_cubed_recall), size),
        (name, "B-cubed F1", _share(score.b_cubed_f1), size),
    ]


def _relation_rows(score: RelationScore | None) -> list[tuple[str, str, str, str]]:
    if score is None:
        return []
    related = sum(count.labelled for count in score.by_relation.values())
    return [
        ("relations", "right story", *_part(score.right_story, score.rows)),
        ("relations", "link found", *_part(score.linked, related)),
        ("relations", "right relation", *_part(score.right_relation, related)),
        *(
            (name, "F1", _share(count.f1), f"{count.right} right, {count.labelled} labelled, {count.found} found")
            for name, count in score.by_relation.items()
        ),
        ("credit status", "right", *_part(score.credit_right, score.credit_labelled)),
    ]


def _part(part: int, whole: int) -> tuple[str, str]:
    return (_share(part / whole) if whole else "-", f"{part} of {whole}")


def _share(value: float) -> str:
    return f"{value:.3f}"
