"""Parquet, JSONL and CSV opened by the tools that people use: pandas, Polars, DuckDB."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.exports import ExportOptions, export_release
from pipeline.publish.exports.csv import to_cell
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, LINKS, NOON, STORIES


def folder(published: Storage) -> Path:
    return Path(published.root) / "releases" / "v1"


def test_pandas_reads_the_three_tables(published: Storage) -> None:
    articles = pd.read_parquet(folder(published) / "articles.parquet").set_index("article_id")
    assert articles.loc["wire-1", "published_at"] == pd.Timestamp(NOON)
    assert str(articles["published_at"].dt.tz) == "UTC"
    assert articles["credits"].to_dict()["wire-1"][0]["agency_id"] == "anadolu"
    copies = pd.read_parquet(folder(published) / "copies.parquet")
    assert copies.groupby("relation").size()["digest_member"] == 2
    stories = pd.read_parquet(folder(published) / "stories.parquet")
    assert stories["article_count"].sum() == len(ARTICLES)


def test_polars_reads_the_three_tables(published: Storage) -> None:
    articles = pl.read_parquet(folder(published) / "articles.parquet")
    assert articles.schema["published_at"] == pl.Datetime("us", "UTC")
    spans = pl.read_parquet(folder(published) / "copies.parquet").explode("matched_spans").unnest("matched_spans")
    assert spans.filter(pl.col("article_id") == "alpha-1")["copy_end"].to_list() == [len(ARTICLES[0].article.body)]
    assert pl.read_parquet(folder(published) / "stories.parquet").height == len(STORIES)


def test_duckdb_joins_the_three_tables(published: Storage) -> None:
    with duckdb.connect() as database:
        rows = database.execute(
            f"""
            select a.outlet_id, c.relation, c.latency_seconds
            from '{folder(published)}/copies.parquet' c
            join '{folder(published)}/articles.parquet' a using (article_id)
            join '{folder(published)}/stories.parquet' s on s.story_id = c.story_id
            where s.origin_article_id = 'wire-1' and a.story_id = s.story_id order by 3
            """
        ).fetchall()
    assert rows[0] == ("alpha", "exact_copy", 240)
    assert len(rows) == 5


def test_jsonl_holds_articles_with_their_links_and_is_read_by_all_three(published: Storage, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    assert export_release(published, "jsonl", file) == len(ARTICLES)
    rows = {row["article_id"]: row for row in map(json.loads, file.read_text("utf-8").splitlines())}
    assert [link["origin_article_id"] for link in rows["gamma-2"]["links"]] == ["wire-1", "wire-3"]
    assert rows["wire-1"]["links"] == []
    assert rows["wire-1"]["published_at"] == "2026-03-01T12:00:00Z"
    assert sum(len(row["links"]) for row in rows.values()) == len(LINKS)
    assert len(pd.read_json(file, lines=True)) == len(ARTICLES)
    assert pl.read_ndjson(file, infer_schema_length=None).height == len(ARTICLES)
    with duckdb.connect() as database:
        assert database.execute(f"select count(*) from '{file}'").fetchone() == (len(ARTICLES),)


@pytest.mark.parametrize("table", ["articles", "stories", "copies"])
@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_each_table_can_be_exported_as_it_is(name: str, table: str, published: Storage, tmp_path: Path) -> None:
    file = tmp_path / f"out.{name}"
    count = export_release(published, name, file, options=ExportOptions(table=table))
    frame = pd.read_json(file, lines=True) if name == "jsonl" else pd.read_csv(file)
    assert len(frame) == count == {"articles": 11, "stories": 5, "copies": 9}[table]


@pytest.mark.parametrize("bom", [False, True])
def test_csv_is_read_by_all_three_and_runs_nothing(bom: bool, published: Storage, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    export_release(published, "csv", file, options=ExportOptions(bom=bom))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") == bom
    frame = pd.read_csv(file, encoding="utf-8-sig").set_index("article_id")
    assert frame.loc["beta-1", "byline"] == "'=HYPERLINK(1)"
    assert frame.loc["beta-1", "relation"] == "abridged_copy"
    assert frame.loc["gamma-2", "link_count"] == 2
    assert frame.loc["wire-1", "body"] == ARTICLES[0].article.body
    assert json.loads(frame["credits"].to_dict()["wire-1"])[0]["text"] == "الأناضول"
    assert pl.read_csv(file).height == len(ARTICLES)
    with duckdb.connect() as database:
        assert database.execute(f"select count(*) from read_csv('{file}')").fetchone() == (len(ARTICLES),)


@given(st.one_of(st.text(), st.none(), st.booleans(), st.integers(), st.lists(st.dictionaries(st.text(), st.text()))))
def test_no_text_cell_ever_begins_like_a_formula(value: Any) -> None:
    cell = to_cell(value)
    if isinstance(cell, str):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    text = io.StringIO(newline="")
    csv.writer(text).writerow([cell, "end"])
    text.seek(0)
    assert next(csv.reader(text)) == [str(cell), "end"]


def test_numbers_stay_numbers() -> None:
    assert to_cell(-60) == -60
    assert to_cell(0.5) == 0.5
