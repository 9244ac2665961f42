"""The external sort: the same order from any input, spilled or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish.ordering import InOrder, sort_rows
from pipeline.publish.rows import article_rows, copy_rows
from pipeline.publish.schema import ARTICLES as ARTICLES_TABLE
from pipeline.publish.schema import COPIES
from pipeline.publish.tables import write_table
from tests.pipeline.publish.sample import ARTICLES, LINKS


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(len(ARTICLES))), chunk=st.integers(1, 12))
def test_chunks_of_any_size_in_any_order_come_out_sorted_and_whole(
    order: list[int], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = list(article_rows(ARTICLES, with_text=True))
    spill = tmp_path_factory.mktemp("spill")
    out = list(sort_rows((rows[at] for at in order), ARTICLES_TABLE, spill, chunk_rows=chunk))
    assert out == sorted(rows, key=lambda row: row["article_id"])
    assert list(spill.iterdir()) == []


@pytest.mark.parametrize("chunk", [1, 2, 4, 100])
def test_rows_already_in_order_stay_in_order(chunk: int, tmp_path: Path) -> None:
    rows = sorted(copy_rows(LINKS), key=lambda row: (row["article_id"], row["origin_article_id"]))
    assert list(sort_rows(iter(rows), COPIES, tmp_path, chunk_rows=chunk)) == rows


def test_no_rows_are_no_rows(tmp_path: Path) -> None:
    assert list(sort_rows(iter(()), COPIES, tmp_path)) == []


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(len(ARTICLES))))
def test_a_table_written_from_any_order_has_the_same_bytes(
    order: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = sorted(article_rows(ARTICLES, with_text=True), key=lambda row: str(row["article_id"]))
    folder = tmp_path_factory.mktemp("table")
    (folder / "spill").mkdir()
    straight = write_table(iter(rows), ARTICLES_TABLE, folder / "articles.parquet", folder / "spill")
    shuffled = write_table((rows[at] for at in order), ARTICLES_TABLE, folder / "articles.parquet", folder / "spill")
    assert shuffled == straight
    assert list((folder / "spill").iterdir()) == []


def test_rows_in_order_are_not_held_back() -> None:
    rows = [{"article_id": name, "origin_article_id": "x"} for name in "aabdc"]
    ordered = InOrder(iter(rows), COPIES)
    assert list(ordered) == rows[:4]
    assert not ordered.ended
    assert list(ordered.rest) == rows[4:]
