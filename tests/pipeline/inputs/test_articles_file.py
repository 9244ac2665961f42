"""Rows of articles files of all kinds: good ones come out, bad ones are told by file and line."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.inputs.articles_file import read_articles
from pipeline.reasons import Reason
from pipeline.records import Article, DatePrecision
from tests.pipeline.inputs.rows import GOOD, NOW, read, read_rows


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "parquet"])
def test_all_columns_are_read_from_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    row = {
        "article_id": "2026#1",
        "outlet_id": "alpha",
        "url": "https://www.alpha.example/1",
        "headline": "عنوان",
        "byline": "مرسى الورد: الأناضول",
        "published_at": "2026-02-28T09:30:00+03:00",
        "language": "ar",
        "body": "السطر الأول\nالسطر الثاني",
        "fetched_at": "2026-02-28T07:00:00Z",
        "authors": ["سلمى", "عمر"],
        "canonical_url": "https://alpha.example/1",
    }
    (article,), rejected = read_rows(tmp_path, row, kind=kind)
    assert rejected == []
    assert article == Article(
        article_id="2026#1",
        outlet_id="alpha",
        url="https://www.alpha.example/1",
        body="السطر الأول\nالسطر الثاني",
        fetched_at=datetime(2026, 2, 28, 7, tzinfo=UTC),
        canonical_url="https://alpha.example/1",
        headline="عنوان",
        byline="مرسى الورد: الأناضول",
        authors=("سلمى", "عمر"),
        language="ar",
        published_at=datetime(2026, 2, 28, 6, 30, tzinfo=UTC),
        published_source="input",
        published_precision=DatePrecision.SECOND,
    )


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_only_id_and_body_are_needed(kind: str, tmp_path: Path) -> None:
    (article,), rejected = read_rows(tmp_path, GOOD, kind=kind)
    assert (article.article_id, article.body, article.outlet_id, article.url) == ("a1", GOOD["body"], "unknown", "")
    assert (article.published_at, article.headline, article.fetched_at) == (None, None, None)
    assert rejected == []


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.news.example.com.tr/x", "example.com.tr"),
        ("http://EXAMPLE.org:8080/", "example.org"),
        ("https://www.paper.example/x", "paper.example"),
        ("https://صحيفة.السعودية/خبر", "صحيفة.السعودية"),
        ("http://127.0.0.1:9000/a", "127.0.0.1"),
        ("http://[::1]/a", "::1"),
        ("http://localhost/a", "localhost"),
        ("http://[bad/a", "unknown"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_without_an_outlet_the_site_names_it(url: str, outlet: str, tmp_path: Path) -> None:
    (article,), _ = read_rows(tmp_path, {**GOOD, "url": url})
    assert article.outlet_id == outlet


@pytest.mark.parametrize(
    ("row", "outlet"),
    [
        ({"url": "https://www.paper.example/x"}, "paper"),
        ({"url": "https://www.paper.example/x", "outlet_id": ""}, "paper"),
        ({"url": "https://www.paper.example/x", "outlet_id": "other"}, "other"),
        ({"url": "https://www.other.example/x"}, "other.example"),
    ],
)
def test_a_configured_outlet_has_the_pages_of_its_origin(row: dict[str, str], outlet: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({**GOOD, **row}))
    known = {"https://www.paper.example/x": "paper"}
    (article,) = read_articles([file], read_at=NOW, home_of=known.get)
    assert article.outlet_id == outlet


def test_parquet_days_numbers_large_strings_and_dictionaries_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    table = pa.table(
        {
            "article_id": pa.array([7], pa.int64()),
            "body": pa.array(["x"], pa.large_string()),
            "published_at": pa.array([date(2026, 2, 1)]),
            "outlet_id": pa.array(["alpha"]).dictionary_encode(),
            "other": pa.array([[1, 2]]),
        }
    )
    pq.write_table(table, file)
    (article,), _ = read(file)
    assert (article.article_id, article.outlet_id) == ("7", "alpha")
    assert article.published_precision == DatePrecision.DAY


BAD_LINES: list[tuple[bytes, str]] = [
    (b'{"article_id": "b"}', "no body"),
    (b'{"article_id": "b", "body": ""}', "no body"),
    (b'{"article_id": "b", "body": " \\n "}', "no body"),
    (b'{"article_id": "b", "body": null}', "no body"),
    (b'{"body": "x"}', "no article_id"),
    (b'{"article_id": "", "body": "x"}', "no article_id"),
    (b'{"article_id": null, "body": "x"}', "no article_id"),
    (b'{"article_id": ["b"], "body": "x"}', "article_id is list, not text"),
    (b'{"article_id": true, "body": "x"}', "article_id is bool, not text"),
    (b'{"article_id": "b\\u0000", "body": "x"}', "control characters"),
    (b'{"article_id": "' + b"b" * 2001 + b'", "body": "x"}', "longer than 2000 characters"),
    (b'{"article_id": "b", "body": 5}', "body is int, not text"),
    (b'{"article_id": "b", "body": "x", "headline": {"a": 1}}', "headline is dict, not text"),
    (b'{"article_id": "b", "body": "x", "authors": [1]}', "authors is no list of texts"),
    (b'{"article_id": "b", "body": "x"', "not JSON"),
    (b"plain text", "not JSON"),
    (b'"text"', "a JSON str, not an object"),
    (b"17", "a JSON int, not an object"),
    (b'{"article_id": "b", "body": "\xc7\xe1\xce\xc8\xd1"}', "not UTF-8 (byte 30)"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    (b'{"article_id": "b", "body": "x", "n": 1' + b"0" * 5000 + b"}", ""),
    (b"\x00\x01\x02", "not JSON"),
]


@pytest.mark.parametrize(("line", "says"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_row_is_told_by_file_and_line_and_the_others_are_read(line: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    good = json.dumps(GOOD).encode()
    file.write_bytes(good + b"\n\n" + line + b"\n" + good.replace(b"a1", b"a2"))
    articles, rejected = read(file)
    names = [one.article_id for one in articles]
    if says == "":  # an absurd number in a column that nobody reads may pass; it may not harm
        assert {"a1", "a2"} <= set(names)
        return
    assert names == ["a1", "a2"]
    (problem,) = rejected
    assert (problem.reason, problem.stage, problem.rejected_at) == (Reason.BAD_RECORD, "ingest", NOW)
    assert problem.detail.startswith(f"{file}:3: ")
    assert says in problem.detail


def test_an_id_that_came_before_is_a_duplicate_across_files(tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    one.write_text(json.dumps(GOOD))
    two.write_text(json.dumps({**GOOD, "body": "another", "outlet_id": "beta"}))
    articles, (problem,) = read(one, two)
    assert [article.body for article in articles] == [GOOD["body"]]
    assert problem.reason is Reason.DUPLICATE_ID
    assert problem.detail == f"{two}:1: a1"
    assert problem.outlet_id == "beta"


def test_what_json_allows_and_utf8_does_not_is_marked_one_for_one(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"article_id": "a", "body": "x\\ud800y\\u0000z", "headline": "\\udfff", "score": NaN}\n')
    (article,), _ = read(file)
    assert (article.body, article.headline) == ("x\ufffdy\ufffdz", "\ufffd")
    article.body.encode()


def test_a_byte_order_mark_crlf_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n \t\n")
    articles, rejected = read(file)
    assert len(articles) == 1
    assert rejected == []


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_an_empty_input(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(data)
    assert read(file) == ([], [])


def test_long_fields_are_cut_and_flagged(tmp_path: Path) -> None:
    (article,), _ = read_rows(tmp_path, {**GOOD, "headline": "ع" * 30_000})
    assert article.headline == "ع" * 20_000
    assert article.flags == ("long_headline",)


def test_a_language_that_is_no_tag_is_dropped(tmp_path: Path) -> None:
    rows = [{**GOOD, "article_id": tag, "language": tag} for tag in ("ar", "en_GB", "zh-Hant-TW", "Arabic (SA)", "x")]
    articles, _ = read_rows(tmp_path, *rows)
    assert [one.language for one in articles] == ["ar", "en-GB", "zh-Hant-TW", None, None]


# --- files that cannot be read at all


# --- size


# --- any bytes, any rows


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
fields = st.sampled_from(
    ["article_id", "outlet_id", "url", "headline", "published_at", "language", "body", "authors", "fetched_at", "x"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.dictionaries(fields, values), max_size=6))
def test_the_books_balance_for_any_rows(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "any.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    articles, rejected = read(file)
    assert len(articles) + len(rejected) == len(rows)
    for article in articles:
        assert article.published_at is None or article.published_at.utcoffset() == timedelta(0)
        for text in (article.body, article.headline or "", article.article_id, article.outlet_id, article.url):
            text.encode()
