"""Articles files of another kind, damaged or huge: told by name, in bounded memory, never a crash."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.inputs.articles_file import read_articles
from pipeline.inputs.lines import read_lines
from tests.pipeline.inputs.rows import GOOD, NOW, read

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
