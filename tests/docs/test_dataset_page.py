"""docs/dataset.md against the schema, the manifest's keys, the relations, the credit statuses and the formats."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.publish.exports import FORMATS
from pipeline.publish.manifest import KEYS
from pipeline.publish.meanings import CREDIT_STATUSES, RELATIONS
from pipeline.publish.schema import CREDIT, SPAN, TABLES, TableShape
from pipeline.records import CreditKind, CreditPosition, CreditStatus, Relation

PAGE = (Path(__file__).parents[2] / "docs" / "dataset.md").read_text("utf-8")


def table_of(heading: str) -> dict[str, list[str]]:
    """Rows of the first table under a heading, by the name in their first cell."""
    section = PAGE.split(f"\n{heading}\n", 1)[1]
    lines = [line for line in section.split("\n#", 1)[0].splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in rows}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_every_column_is_explained_in_order_with_its_type(table: TableShape) -> None:
    explained = table_of(f"## {table.file_name}")
    assert list(explained) == [column.name for column in table.columns]
    for column in table.columns:
        kind, meaning = explained[column.name]
        assert kind.startswith(shown(column.type)), column.name
        assert len(meaning) > 10
        if not pa.types.is_list(column.type):
            assert ("may be null" in kind) == column.nullable, column.name


def shown(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "list of {" + ", ".join(f"`{field.name}`" for field in kind.value_type) + "}"
    names = {pa.string(): "text", pa.bool_(): "true or false", pa.float64(): "number", pa.int32(): "whole number"}
    names[pa.int64()] = "whole number"
    return "time" if pa.types.is_timestamp(kind) else names[kind]


def test_every_value_and_key_is_explained() -> None:
    assert list(table_of("### Relations")) == [str(one) for one in Relation]
    assert set(table_of("### Credit statuses")) == {str(one) for one in CreditStatus}
    assert list(table_of("## manifest.json")) == list(KEYS)
    assert list(table_of("## Other formats")) == list(FORMATS)
    assert {name: cells[0] for name, cells in table_of("### Relations").items()} == dict(RELATIONS)
    assert {name: cells[0] for name, cells in table_of("### Credit statuses").items()} == dict(CREDIT_STATUSES)
    stories = {name for name, cells in table_of("### Relations").items() if cells[1] == "same"}
    assert stories == {str(one) for one in Relation if one.within_story}


def test_kinds_positions_and_parts_of_lists_are_named() -> None:
    figures = ["j", "cc", "oc", "score", "slots", "numbers", "over=others"]  # of the column reason
    for name in [*CreditKind, *CreditPosition, *CREDIT.names, *SPAN.names, *figures]:
        assert f"`{name}`" in PAGE
