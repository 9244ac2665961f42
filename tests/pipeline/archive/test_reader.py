from __future__ import annotations

import gc
import gzip
import io
import random
import tracemalloc
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as WarcioWriter

from pipeline.archive.answer import StoredAnswer
from pipeline.archive.reader import iterate_answers, undo_chunks
from tests.pipeline.archive.samples import NOW, PAGE, chunked, http, members, record, sha1


def read(data: bytes) -> tuple[list[StoredAnswer], list[str]]:
    problems: list[str] = []
    return list(iterate_answers(io.BytesIO(data), problems.append)), problems


def test_common_crawl_style() -> None:
    info = record(
        b"software: StormCrawler\r\n", "warcinfo", Content_Type="application/warc-fields", WARC_Target_URI=None
    )
    request = record(
        b"GET /1 HTTP/1.1\r\nHost: news.example\r\n\r\n", "request", Content_Type="application/http; msgtype=request"
    )
    page = record(http(PAGE, "X-Crawler-Content-Encoding: gzip"), WARC_Payload_Digest=sha1(PAGE))
    found, problems = read(members(info, request, page))
    assert [one.payload(10**6).data for one in found] == [PAGE]
    assert found[0].digest_holds is True
    assert problems == []
    assert found[0].offset == len(members(info, request))
    assert found[0].length == len(members(page))
    assert found[0].media_type == "text/html"


def test_heritrix_style_keeps_chunks_and_has_dns_records() -> None:
    dns = record(
        b"20260504123015\nnews.example. 60 IN A 192.0.2.1\n",
        WARC_Target_URI="dns:news.example",
        Content_Type="text/dns",
    )
    body = chunked(gzip.compress(PAGE))
    page = record(
        http(body, "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        WARC_Payload_Digest=sha1(body),
        WARC_Truncated="length",
    )
    metadata = record(b"fetchTimeMs: 12\r\n", "metadata", Content_Type="application/warc-fields")
    found, problems = read(members(dns, page, metadata))
    assert [one.payload(10**6).data for one in found] == [PAGE]
    assert found[0].truncated == "length"
    assert problems == []


def test_wget_style_undoes_chunks_and_keeps_the_header() -> None:
    page = record(http(PAGE, "Transfer-Encoding: chunked"), WARC_Target_URI="<http://news.example/1>")
    found, _ = read(page)
    assert found[0].url == "http://news.example/1"
    assert found[0].payload(10**6).data == PAGE


def test_browsertrix_style() -> None:
    page = record(http(PAGE, "x-orig-content-encoding: br"), version="1.1", WARC_Date="2026-05-04T12:30:15.123456Z")
    info = record(
        b"{}", "resource", WARC_Target_URI="urn:pageinfo:http://news.example/1", Content_Type="application/json"
    )
    shot = record(
        b"plain text", "resource", WARC_Target_URI="http://news.example/t.txt", Content_Type="text/plain; charset=utf-8"
    )
    revisit = record(
        http(b""), "revisit", WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    )
    found, problems = read(members(page, info, shot, revisit))
    assert [(one.url, one.media_type) for one in found] == [
        ("http://news.example/1", "text/html"),
        ("http://news.example/t.txt", "text/plain"),
    ]
    assert found[0].fetched_at == NOW
    assert found[1].body == b"plain text"
    assert problems == []


@pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning")  # warcio leaves its buffer open
def test_warcio_style() -> None:
    target = io.BytesIO()
    writer = WarcioWriter(target, gzip=True)
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "br")], protocol="HTTP/1.1"
    )
    packed = brotli.compress(PAGE)
    writer.write_record(
        writer.create_warc_record("http://news.example/1", "response", payload=io.BytesIO(packed), http_headers=headers)
    )
    found, problems = read(target.getvalue())
    del writer
    gc.collect()
    assert found[0].payload(10**6).data == PAGE
    assert found[0].digest_holds is True
    assert problems == []


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_plain_files_and_odd_line_ends(line_end: bytes) -> None:
    first, second = record(http(b"one"), line_end=line_end), record(http(b"two"), line_end=line_end)
    found, problems = read(first + second)
    assert [one.body for one in found] == [b"one", b"two"]
    assert [one.offset for one in found] == [0, len(first)]
    assert problems == []


def test_whole_file_in_one_gzip_member_is_read() -> None:
    data = gzip.compress(record(http(b"one")) + record(http(b"two")))
    found, _ = read(data)
    assert [one.body for one in found] == [b"one", b"two"]
    assert found[1].length == 0  # cannot be reached by its offset


def test_records_over_member_bounds_are_read() -> None:
    data = record(http(PAGE)) + record(http(b"two"))
    pieces = [data[start : start + 1000] for start in range(0, len(data), 1000)]
    found, _ = read(members(*pieces))
    assert [one.body for one in found] == [PAGE, b"two"]


def test_missing_fields() -> None:
    bare = record(http(PAGE), WARC_Record_ID=None, WARC_Date=None, Content_Type=None)
    stated = record(http(PAGE, "Date: Mon, 04 May 2026 12:30:15 GMT"), WARC_Date="soon", WARC_Record_ID="<odd>")
    nameless = record(http(PAGE), WARC_Target_URI=None)
    found, problems = read(members(bare, stated, nameless))
    assert [one.fetched_at for one in found] == [None, NOW.replace(microsecond=0)]
    assert len({one.record_id for one in found}) == 2
    assert read(members(bare))[0][0].record_id == found[0].record_id  # the same every time
    assert len(problems) == 1


def test_a_cut_file_gives_what_is_whole() -> None:
    data = members(record(http(b"one")), record(http(PAGE)))
    found, problems = read(data[:-20])
    assert [one.body for one in found] == [b"one"]
    assert problems
    plain, problems = read((record(http(b"one")) + record(http(PAGE)))[:-50])
    assert [one.body for one in plain] == [b"one"]
    assert problems


def test_damage_costs_only_its_member() -> None:
    whole = [gzip.compress(record(http(b"page %d" % n + random.Random(n).randbytes(3_000)))) for n in range(6)]
    for victim in range(6):
        for place in (15, len(whole[victim]) // 2, len(whole[victim]) - 6):
            broken = bytearray(whole[victim])
            broken[place] ^= 0xFF
            found, problems = read(b"".join([*whole[:victim], bytes(broken), *whole[victim + 1 :]]))
            good = [one for one in found if one.digest_holds is not False]
            assert {one.body[:6] for one in good} >= {b"page %d" % n for n in range(6) if n != victim}
            assert problems


def test_a_huge_record_is_cut_and_memory_stays_small() -> None:
    body = bytes(40_000_000)
    data = members(record(http(body)), record(http(b"next")))
    tracemalloc.start()
    found = list(iterate_answers(io.BytesIO(data), max_bytes=100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(len(one.body) <= 100_000, one.truncated) for one in found] == [(True, "length"), (True, None)]
    assert peak < 6_000_000


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999", ""])
def test_impossible_lengths(length: str) -> None:
    odd = record(http(b"one"), Content_Length=length)
    found, _ = read(members(odd, record(http(b"two"))))
    assert b"two" in [one.body for one in found]


def test_no_archive_at_all() -> None:
    for data in (b"", b"\0" * 1000, b"<html>no archive</html>", gzip.compress(b"no archive"), b"\x1f\x8b"):
        found, _ = read(data)
        assert found == []


@given(st.binary(max_size=3_000), st.integers(1, 900))
def test_chunks_come_back(body: bytes, size: int) -> None:
    assert undo_chunks(chunked(body, size)) == body


@settings(max_examples=60)
@given(st.binary(max_size=600), st.integers(0, 2_000), st.booleans())
def test_reading_never_raises(noise: bytes, position: int, packed: bool) -> None:
    data = record(http(b"one")) + record(http(b"two"))
    data = data[:position] + noise + data[position:]
    read(gzip.compress(data) if packed else data)
    read(noise)


def test_streaming_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(*(record(http(b"%d" % n)) for n in range(50))))
    with path.open("rb") as source:
        assert [one.body for one in iterate_answers(source)] == [b"%d" % n for n in range(50)]
