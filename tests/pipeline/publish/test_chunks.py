"""Tables put together from sorted chunks are the same files as from rows one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReleaseError
from pipeline.publish import chunks as chunks_module
from pipeline.publish import tables
from pipeline.publish.chunks import Chunks, write_chunk, write_chunks
from pipeline.publish.ordering import key_of
from pipeline.publish.rows import Row, article_rows, copy_rows
from pipeline.publish.schema import ARTICLES as ARTICLES_TABLE
from pipeline.publish.schema import COPIES, TableShape
from pipeline.publish.tables import write_table
from tests.pipeline.publish.sample import ARTICLES, LINKS

ROWS = {ARTICLES_TABLE: list(article_rows(ARTICLES, with_text=True)), COPIES: list(copy_rows(LINKS))}


@pytest.mark.parametrize("table", list(ROWS), ids=lambda one: one.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_chunks_in_any_order_give_the_same_bytes(
    table: TableShape, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("table")
    rows = data.draw(st.permutations(ROWS[table]))
    parts = data.draw(st.integers(0, 4))
    owners = [data.draw(st.integers(0, parts)) for _ in rows]
    files = [folder / f"{part}.arrow" for part in range(parts + 1)]
    for part, file in enumerate(files):
        write_chunk((row for row, owner in zip(rows, owners, strict=True) if owner == part), table, file)
    most_rows, most_text = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 2_000))
    with pytest.MonkeyPatch.context() as patch:
        for module in (tables, chunks_module):
            patch.setattr(module, "GROUP_ROWS", most_rows)
            patch.setattr(module, "GROUP_TEXT", most_text)
        made = write_chunks(Chunks(files), table, folder / "chunks.parquet")
        plain = write_table(sorted(rows, key=key_of(table)), table, folder / "plain.parquet", folder)
    assert made == plain
    assert (folder / "chunks.parquet").read_bytes() == (folder / "plain.parquet").read_bytes()


def test_no_chunks_are_an_empty_table(tmp_path: Path) -> None:
    made = write_chunks(Chunks([]), COPIES, tmp_path / "chunks.parquet")
    assert made == write_table([], COPIES, tmp_path / "plain.parquet", tmp_path)


def test_a_row_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    row: Row = {**ROWS[COPIES][0], "relation": None}
    with pytest.raises(ReleaseError, match="a row has no relation"):
        write_chunk([row], COPIES, tmp_path / "chunk.arrow")
