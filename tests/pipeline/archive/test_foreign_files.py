"""WARC files as other crawlers leave them: damaged, cut, compressed in every way, their headers no longer true."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest

from pipeline.archive.answer import StoredAnswer
from pipeline.archive.payload import zstd
from pipeline.archive.reader import iterate_answers
from tests.pipeline.archive.samples import PAGE, chunked, http, members, record

FIRST, SECOND, THIRD = (http(b"<p>page %d of three, with words enough</p>" % n * 20) for n in (1, 2, 3))
BODIES = [one.partition(b"\r\n\r\n")[2] for one in (FIRST, SECOND, THIRD)]


def read(data: bytes) -> tuple[list[StoredAnswer], list[str]]:
    problems: list[str] = []
    return list(iterate_answers(io.BytesIO(data), problems.append)), problems


def bodies(data: bytes) -> list[bytes]:
    return [one.body for one in read(data)[0]]


def plain(*records: bytes) -> bytes:
    return b"".join(records)


def one_member(*records: bytes) -> bytes:
    return gzip.compress(b"".join(records))


def frames(*records: bytes) -> bytes:
    return b"".join(zstd.compress(one) for one in records)


PACKINGS: list[Callable[..., bytes]] = [plain, members, one_member, frames]


@pytest.mark.parametrize("pack", PACKINGS)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_every_packing(pack: Callable[..., bytes], version: str) -> None:
    found, problems = read(pack(*(record(one, version=version) for one in (FIRST, SECOND, THIRD))))
    assert [one.body for one in found] == BODIES
    assert problems == []


@pytest.mark.parametrize("pack", PACKINGS)
@pytest.mark.parametrize("lost", [1, 40, 300])
def test_a_cut_tail_is_one_damage(pack: Callable[..., bytes], lost: int) -> None:
    data = pack(record(FIRST), record(SECOND), record(THIRD))
    found, problems = read(data[: -lost - 4])  # the two line breaks at the end are no loss
    assert len(problems) == 1
    if pack is not one_member:
        assert [one.body for one in found][:1] == BODIES[:1]


@pytest.mark.parametrize("pack", [plain, members, frames])
@pytest.mark.parametrize("off", [-200, -1, 1, 150, 900, 5_000_000])
def test_a_wrong_length_costs_no_other_record(pack: Callable[..., bytes], off: int) -> None:
    wrong = record(SECOND, length=len(SECOND) + off)
    found, problems = read(pack(record(FIRST), wrong, record(THIRD)))
    assert (found[0].body, found[-1].body) == (BODIES[0], BODIES[2])
    assert problems or off in (-1, 1)


@pytest.mark.parametrize("noise", [b"\r\n" * 40, b"<html>left over</html>\r\n", b"\0" * 600, b"WARC\r\nWARC/x\r\n\r\n"])
def test_noise_between_plain_records(noise: bytes) -> None:
    assert bodies(record(FIRST) + noise + record(SECOND) + noise + record(THIRD)) == BODIES


@pytest.mark.parametrize(
    "noise", [b"noise", b"\0" * 600, b"\x1f\x8b\x08" + b"\xff" * 90, gzip.compress(b"no record", mtime=0)]
)
def test_noise_between_members(noise: bytes) -> None:
    first, second, third = (members(record(one)) for one in (FIRST, SECOND, THIRD))
    assert bodies(first + noise + second + noise + third) == BODIES


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("in_chunks", [True, False])
@pytest.mark.parametrize("decoded", [True, False])
def test_encoded_bodies_as_sent_and_already_decoded(encoding: str, in_chunks: bool, decoded: bool) -> None:
    """Some crawlers keep the bytes of the wire, some undo chunks or codings and leave the headers as they were."""
    body = PAGE if decoded else ENCODERS[encoding](PAGE)
    headers = [f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked"]
    found, problems = read(members(record(http(chunked(body) if in_chunks else body, *headers))))
    payload = found[0].payload(10**6)
    assert (payload.data, payload.problem, problems) == (PAGE, None, [])


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 200\n\n", b"HTTP/2 200\r\nserver: x\r\n\r\n"]
)
def test_answers_without_headers(head: bytes) -> None:
    found, problems = read(members(record(head + PAGE)))
    assert [(one.body, one.head.status, one.media_type) for one in found] == [(PAGE, 200, "")]
    assert problems == []


REVISIT = "http://netpreserve.org/warc/1.0/revisit/"
SAME, UNCHANGED = REVISIT + "identical-payload-digest", REVISIT + "server-not-modified"


@pytest.mark.parametrize(
    "other",
    [
        record(b"software: x\r\n", "warcinfo", Content_Type="application/warc-fields", WARC_Target_URI=None),
        record(b"GET / HTTP/1.1\r\n\r\n", "request", Content_Type="application/http; msgtype=request"),
        record(b"via: x\r\n", "metadata", Content_Type="application/warc-fields"),
        record(b"the page's text", "conversion", Content_Type="text/plain"),
        record(http(b""), "revisit", WARC_Profile=SAME),
        record(http(b""), "revisit", WARC_Profile=SAME.replace("1.0", "1.1")),
        record(http(b"", status="HTTP/1.1 304 Not Modified"), "revisit", WARC_Profile=UNCHANGED),
        record(b"", "revisit", WARC_Profile=UNCHANGED.replace("1.0", "1.1")),
        record(b"rest of a page", "continuation", WARC_Segment_Number="2"),
        record(b"anything", "x-of-somebody"),
    ],
)
def test_records_of_other_types_are_passed_over(other: bytes) -> None:
    found, problems = read(members(other, record(FIRST), other))
    assert [one.body for one in found] == BODIES[:1]
    assert problems == []


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5_000, b"WARC/1.0\r\n", gzip.compress(b"", mtime=0), gzip.compress(b"WARC/1.0\r\n", mtime=0)]
)
def test_files_that_hold_nothing(data: bytes) -> None:
    found, problems = read(data)
    assert found == []
    assert len(problems) <= 1


def test_a_zstd_file_with_a_dictionary() -> None:
    """The dictionary stands before the records, in a frame that readers skip unless they know it."""
    samples = [record(http(b"<p>shared words of every page, and number %d</p>" % n)) for n in range(400)]
    trained = zstd.train_dict(samples, 4_000)
    content = zstd.compress(trained.dict_content)
    packed = [zstd.compress(record(one), zstd_dict=trained) for one in (FIRST, SECOND, THIRD)]
    for kept in (content, trained.dict_content):
        found, problems = read(b"\x5d\x2a\x4d\x18" + len(kept).to_bytes(4, "little") + kept + b"".join(packed))
        assert ([one.body for one in found], problems) == (BODIES, [])


def test_damage_in_a_zstd_file_costs_only_its_frame() -> None:
    summed = {int(zstd.CompressionParameter.checksum_flag): 1}
    first, second, third = (zstd.compress(record(one), options=summed) for one in (FIRST, SECOND, THIRD))
    broken = bytearray(second)
    broken[len(broken) // 2] ^= 0xFF
    found, problems = read(first + bytes(broken) + third)
    assert (found[0].body, found[-1].body, len(problems)) == (BODIES[0], BODIES[2], 1)


@pytest.mark.parametrize(
    "stated",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2026-05-04T12:30:15+99:99",
        "2" * 5_000,
    ],
)
@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Mon, 04 May 2026 12:30:10 GMT", datetime(2026, 5, 4, 12, 30, 10, tzinfo=UTC)),
        ("Mon, 04 May 99999999999999999999 12:30:10 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("soon", None),
    ],
)
def test_a_time_that_cannot_be_is_none(stated: str, date: str, told: datetime | None) -> None:
    found, problems = read(record(http(b"<p>page</p>", f"Date: {date}"), WARC_Date=stated) + record(SECOND))
    assert [one.fetched_at for one in found] == [told, datetime(2026, 5, 4, 12, 30, 15, tzinfo=UTC)]
    assert problems == []
