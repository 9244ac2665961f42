"""Articles files of all kinds and states: good rows come out, bad ones are told by file and line, nothing crashes."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.inputs.articles_file import read_articles
from pipeline.inputs.lines import read_lines
from pipeline.reasons import Reason
from pipeline.records import Article, DatePrecision, Rejection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = {"article_id": "a1", "body": "نص الخبر الأول"}


def read(*paths: Path) -> tuple[list[Article], list[Rejection]]:
    out = list(read_articles(paths, read_at=NOW))
    return [one for one in out if isinstance(one, Article)], [one for one in out if isinstance(one, Rejection)]


def read_rows(folder: Path, *rows: Any, kind: str = "jsonl") -> tuple[list[Article], list[Rejection]]:
    file = folder / f"rows.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), file)
    else:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        file.write_bytes(gzip.compress(text) if kind == "jsonl.gz" else text)
    return read(file)


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


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        ("2026-02-01", "2026-02-01T00:00:00+00:00", "day"),
        ("20260201", "2026-02-01T00:00:00+00:00", "day"),
        ("2026-02-01T10:05", "2026-02-01T10:05:00+00:00", "minute"),
        ("2026-02-01 10:05Z", "2026-02-01T10:05:00+00:00", "minute"),
        ("2026-02-01T10:05:07.25-05:00", "2026-02-01T15:05:07.250000+00:00", "second"),
        (1_769_904_000, "2026-02-01T00:00:00+00:00", "second"),
        (1_769_904_000.5, "2026-02-01T00:00:00.500000+00:00", "second"),
        (1_769_904_000_000, "2026-02-01T00:00:00+00:00", "second"),
        ("1769904000", "2026-02-01T00:00:00+00:00", "second"),
        ("1969-07-20T20:17:00", "1969-07-20T20:17:00+00:00", "second"),
    ],
)
def test_dates_of_many_kinds_become_utc(value: Any, at: str, precision: str, tmp_path: Path) -> None:
    (article,), _ = read_rows(tmp_path, {**GOOD, "published_at": value})
    assert article.published_at == datetime.fromisoformat(at)
    assert article.published_at.utcoffset() == timedelta(0)
    assert article.published_precision == precision


@pytest.mark.parametrize(
    "value",
    [
        "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 10**30, -(10**30), 1e308,
        "9" * 500, "2026-03-09", True, [2026], {"$date": 1}, "0000-00-00",
    ],
)  # fmt: skip
def test_an_impossible_date_is_dropped_and_flagged_and_the_article_kept(value: Any, tmp_path: Path) -> None:
    (article,), rejected = read_rows(tmp_path, {**GOOD, "published_at": value})
    assert article.published_at is None
    assert article.flags == ("bad_date",)
    assert rejected == []


def test_a_date_is_judged_by_the_fetch_where_that_is_known(tmp_path: Path) -> None:
    rows = [{**GOOD, "published_at": "2015-08-05", "fetched_at": "2015-08-01"}, {**GOOD, "article_id": "b"}]
    articles, _ = read_rows(tmp_path, *rows)
    assert articles[0].published_at is None


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Istanbul"])
def test_parquet_timestamps_of_any_unit_become_utc(unit: str, zone: str | None, tmp_path: Path) -> None:
    at = pa.array([1_769_904_000], pa.int64()).cast(pa.timestamp("s")).cast(pa.timestamp(unit, zone), safe=False)
    file = tmp_path / "x.parquet"
    pq.write_table(pa.table({"article_id": ["a"], "body": ["x"], "published_at": at}), file)
    (article,), _ = read(file)
    assert article.published_at == datetime(2026, 2, 1, tzinfo=UTC)


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


def test_a_parquet_time_that_python_cannot_hold_loses_only_that_row(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    far = pa.array([0, 10**13, 60], pa.timestamp("s"))
    pq.write_table(pa.table({"article_id": ["a", "b", "c"], "body": ["x", "y", "z"], "published_at": far}), file)
    articles, rejected = read(file)
    assert [one.article_id for one in articles] == ["a", "c"]
    assert rejected[0].detail.startswith(f"{file}:2: ")


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


FOREIGN: dict[str, tuple[bytes, str]] = {
    "utf-16": ('{"article_id": "a"}'.encode("utf-16"), "UTF-16 text; save it as UTF-8"),
    "zip": (b"PK\x03\x04rest", "a ZIP archive"),
    "zstd": (b"\x28\xb5\x2f\xfdrest", "Zstandard"),
    "warc": (b"WARC/1.0\r\n", "a WARC file"),
    "array": (b'[{"article_id": "a"}]', "one JSON object per line"),
    "cut gzip": (gzip.compress(json.dumps(GOOD).encode() * 1000)[:-20], "damaged or cut short"),
    "broken gzip": (gzip.compress(b"x" * 1000)[:12] + b"\xff" * 30, "damaged or cut short"),
    "cut parquet": (b"PAR1" + b"\x00" * 100, "cannot be read as Parquet"),
    "noise": (bytes(range(128, 256)) + bytes(range(9)) + b"\n", "binary data"),
    "something binary": (b"PARX\x00\x01\x02" * 40, "binary data"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_file_of_another_kind_is_named_with_what_to_do(case: str, tmp_path: Path) -> None:
    data, says = FOREIGN[case]
    file = tmp_path / "input"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_or_a_folder_is_told_before_anything_is_read(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(json.dumps(GOOD))
    for bad in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(InputError, match=str(bad)):
            next(iter(read_articles([good, bad], read_at=NOW)))


def test_a_parquet_file_without_the_columns_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ["a"], "text": ["x"]}), file)
    with pytest.raises(InputError, match="has no column article_id and no column body"):
        read(file)


@pytest.mark.parametrize("at", [0.1, 0.4, 0.7, 0.95])
def test_a_flipped_byte_in_parquet_is_an_input_error_or_does_no_harm(at: float, tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    rows = [{"article_id": f"a{number}", "body": f"النص {number} " * 20} for number in range(500)]
    pq.write_table(pa.Table.from_pylist(rows), file, write_page_checksum=True)
    data = bytearray(file.read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    file.write_bytes(bytes(data))
    try:
        articles, _ = read(file)
    except InputError as error:
        assert str(file) in str(error)
    else:
        assert len(articles) <= 500


# --- size


def test_a_line_beyond_the_limit_is_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl.gz"
    with gzip.open(file, "wb", compresslevel=1) as out:
        out.write(json.dumps(GOOD).encode() + b"\n")
        for _ in range(60):
            out.write(b"x" * 1_000_000)
        out.write(b"\n" + json.dumps({**GOOD, "article_id": "a2"}).encode())
    tracemalloc.start()
    lines = list(read_lines(file, max_line=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line.problem for line in lines] == ["", "longer than 1000000 bytes", ""]
    assert [line.number for line in lines] == [1, 2, 3]
    assert peak < 12_000_000


def test_many_rows_stream_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    rows = {"article_id": [str(number) for number in range(20_000)], "body": ["كلمة " * 200] * 20_000}
    pq.write_table(pa.table(rows), file)
    tracemalloc.start()
    count = sum(1 for _ in read_articles([file], read_at=NOW))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 12_000_000


# --- any bytes, any rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: ("{" + text).encode("utf-8", "replace")))
def test_no_bytes_raise_anything_but_an_input_error(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "any"
    file.write_bytes(data)
    try:
        articles, rejected = read(file)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert len(articles) + len(rejected) <= data.count(b"\n") + 1


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
