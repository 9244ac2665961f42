"""Labels: JSON Lines files in one folder, or one file alone; each row checked, each error with its file and line.

  pairs.jsonl       {a, b, label, weight?}: same_wire_report | partial | different | disputed (skipped)
  neighbours.jsonl  {a, b, label, ego?}: a seed article and its judged neighbours
  templates.jsonl   {article_id, story}: templated reports, each in the story it belongs to
  relations.jsonl   {article_id, origin_article_id, relation, credit_status?}: a relation's name, or none
Other keys are notes for people. One file alone may have any name: what it holds is told by the keys of its first row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import InputError
from pipeline.records import CreditStatus, Relation

SAME = "same_wire_report"
DISPUTED = "disputed"
PAIR_LABELS = (SAME, "partial", "different", DISPUTED)
NO_RELATION = "none"
FILES = ("pairs.jsonl", "neighbours.jsonl", "templates.jsonl", "relations.jsonl")
_LINE_CHARACTERS = 1_000_000  # a label is a short row; anything longer is another kind of file
_MOST_WEIGHT = 1e12  # sums of weights stay exact enough
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PairLabel:
    """Whether articles a and b are the same wire report, and how many pairs of the population the label stands for."""

    a: str
    b: str
    same: bool | None  # None: readers disagree; not scored
    weight: float


@dataclass(frozen=True, slots=True)
class StoryLabel:
    """The story that an article belongs to, by a name that means something only among the labels."""

    article_id: str
    story: str


@dataclass(frozen=True, slots=True)
class RelationLabel:
    """How an article relates to an origin; relation None: not at all."""

    article_id: str
    origin_article_id: str
    relation: Relation | None
    credit_status: CreditStatus | None


@dataclass(frozen=True, slots=True)
class Labels:
    """What a folder holds; None for a file that is not there."""

    pairs: tuple[PairLabel, ...] | None
    neighbours: tuple[PairLabel, ...] | None
    templates: tuple[StoryLabel, ...] | None
    relations: tuple[RelationLabel, ...] | None

    def article_ids(self) -> frozenset[str]:
        """Every labelled article."""
        pairs = (*(self.pairs or ()), *(self.neighbours or ()))
        ids = {article_id for pair in pairs for article_id in (pair.a, pair.b)}
        ids.update(one.article_id for one in self.templates or ())
        for one in self.relations or ():
            ids.update((one.article_id, one.origin_article_id))
        return frozenset(ids)


def read_labels(place: Path) -> Labels:
    """The labels of a folder or a file. Raises InputError where there are none and for a row that cannot be used."""
    if place.is_file():
        paths = {_kind_of(place): place}
    else:
        paths = {name: place / name for name in FILES if (place / name).is_file()}
    if not paths:
        raise InputError(f"{place}: no labels here; expected any of {', '.join(FILES)}")
    return Labels(
        pairs=_rows(paths.get(FILES[0]), _pair),
        neighbours=_rows(paths.get(FILES[1]), _pair),
        templates=_rows(paths.get(FILES[2]), _story),
        relations=_rows(paths.get(FILES[3]), _relation),
    )


def _kind_of(path: Path) -> str:
    """Which of FILES a file is one of: by its name, else by its first row; pairs where that tells nothing."""
    if path.name in FILES:
        return path.name
    try:
        first = json.loads(next(_lines(path), (0, "{}"))[1])
    except (ValueError, RecursionError):
        return FILES[0]  # whose reading tells what is wrong
    keys = first.keys() if isinstance(first, dict) else ()
    return FILES[3] if "relation" in keys else FILES[2] if "story" in keys else FILES[0]


def _rows(path: Path | None, read: Callable[[dict[str, Any]], Row]) -> tuple[Row, ...] | None:
    if path is None:
        return None
    found = []
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not an object with keys and values")
            found.append(read(row))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}: line {number}: {error}") from error
    return tuple(found)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            number = 0
            while line := file.readline(_LINE_CHARACTERS):
                number += 1
                if len(line) == _LINE_CHARACTERS:
                    raise InputError(f"{path}: line {number}: longer than {_LINE_CHARACTERS} characters")
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text in UTF-8 (near line {number + 1})") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def _pair(row: dict[str, Any]) -> PairLabel:
    label = _one_of(row, "label", PAIR_LABELS)
    weight = row.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= _MOST_WEIGHT:
        raise ValueError(f"weight: {weight!r} is not a number from 0 to {_MOST_WEIGHT:.0e}")
    a, b = _text(row, "a"), _text(row, "b")
    if a == b:
        raise ValueError(f"a and b are the same article {a!r}")
    return PairLabel(a, b, None if label == DISPUTED else label == SAME, float(weight))


def _story(row: dict[str, Any]) -> StoryLabel:
    return StoryLabel(_text(row, "article_id"), _text(row, "story"))


def _relation(row: dict[str, Any]) -> RelationLabel:
    relation = _one_of(row, "relation", (*Relation, NO_RELATION))
    status = _one_of(row, "credit_status", tuple(CreditStatus)) if row.get("credit_status") is not None else None
    return RelationLabel(
        _text(row, "article_id"),
        _text(row, "origin_article_id"),
        None if relation == NO_RELATION else Relation(relation),
        None if status is None else CreditStatus(status),
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key}: {value!r} is not a text" if key in row else f"the key {key} is missing")
    return value


def _one_of(row: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    value = _text(row, key)
    if value not in allowed:
        raise ValueError(f"{key}: {value!r} is none of {', '.join(allowed)}")
    return value
