from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipeline.archive.answer import Answer, capture_from
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import iterate_answers, read_capture, read_payload
from pipeline.archive.repair import cut_tail
from pipeline.archive.writer import WarcWriter
from pipeline.errors import ArchiveError
from pipeline.records import Capture
from pipeline.storage import Storage
from tests.pipeline.archive.samples import NOW, PAGE, answer


def write(files: ArchiveFiles, *answers: Answer, max_file_bytes: int = 10**9) -> list[Capture]:
    with WarcWriter(files, "news", "run-7", "wirecopy test", max_file_bytes) as writer:
        return [writer.add(one) for one in answers]


class CheckOptions:
    """What warcio's checker asks for."""

    def __init__(self, path: Path) -> None:
        self.inputs, self.verbose = [str(path)], False


def test_captures_come_back_with_their_bytes(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    packed = gzip.compress(PAGE)
    answers = [answer(1), answer(2, packed, b'Content-Encoding: gzip\r\nETag: "x"\r\n'), answer(3, truncated="length")]
    for one, capture in zip(answers, write(files, *answers), strict=True):
        stored = read_capture(files, capture)
        assert stored.body == one.body
        assert stored.payload(10**6).data == PAGE
        assert stored.truncated == one.truncated
        assert stored.fetched_at == NOW
        assert (stored.outlet_id, stored.run_id, stored.kind) == ("news", "run-7", one.kind)
        assert stored.length == capture.warc_length


def test_the_catalog_row_can_be_made_anew_from_the_archive(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    redirected = Answer(
        **{**{name: getattr(answer(4), name) for name in Answer.__slots__}, "final_url": "http://news.example/four"}
    )
    captures = write(files, answer(1), redirected, answer(5, truncated="time"))
    with files.open(captures[0].warc_file) as source:
        again = [
            capture_from(
                stored, captures[0].warc_file, outlet_id=stored.outlet_id or "", fetched_at=stored.fetched_at or NOW
            )
            for stored in iterate_answers(source)
        ]
    assert again == captures


def test_warcio_finds_the_file_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ArchiveFiles(tmp_path)
    captures = write(files, answer(1), answer(2, headers=b"Transfer-Encoding: chunked\r\n"), answer(3, b""))
    path = tmp_path / captures[0].warc_file
    assert Checker(CheckOptions(path)).process_all() == 0
    with path.open("rb") as source:
        records = [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
            for one in ArchiveIterator(source)
        ]
    assert [one[0] for one in records] == ["warcinfo", "response", "response", "response"]
    assert [one[2] for one in records[1:]] == [PAGE, PAGE, b""]


def test_one_gzip_member_per_record(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    captures = write(files, answer(1), answer(2))
    raw = (tmp_path / captures[0].warc_file).read_bytes()
    for capture in captures:
        member = raw[capture.warc_offset : capture.warc_offset + capture.warc_length]
        assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: response")


def test_files_roll_by_size_and_a_crawl_without_answers_leaves_none(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    captures = write(files, *(answer(n, os.urandom(4_000)) for n in range(10)), max_file_bytes=9_000)
    assert len({one.warc_file for one in captures}) == len(files.names()) > 2
    assert all(read_capture(files, one).digest_holds for one in captures)
    assert files.unfinished("news") == []
    empty = ArchiveFiles(tmp_path / "empty")
    assert write(empty) == []
    assert empty.names() == []


def test_a_second_writer_takes_another_file(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    (first,), (second,) = write(files, answer(1)), write(files, answer(2))
    assert first.warc_file != second.warc_file
    assert read_capture(files, first).url.endswith("/1")


@pytest.mark.parametrize("left", [0, 5, 300])
def test_a_tail_cut_by_a_crash_is_repaired(tmp_path: Path, left: int) -> None:
    files = ArchiveFiles(tmp_path)
    writer = WarcWriter(files, "news", "run-7", "wirecopy test")
    captures = [writer.add(answer(n)) for n in range(3)]
    writer.sync()
    assert writer._file is not None
    writer._file.close()  # as a kill does, without finishing
    path = tmp_path / captures[2].warc_file
    with path.open("r+b") as target:
        target.truncate(captures[2].warc_offset + left)
    assert files.unfinished("news") == [captures[0].warc_file]
    assert path.stat().st_size == captures[2].warc_offset
    assert [read_capture(files, one).url for one in captures[:2]] == ["http://news.example/0", "http://news.example/1"]
    with pytest.raises(ArchiveError, match="no whole record"):
        read_capture(files, captures[2])


def test_a_whole_file_is_not_shortened(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    (capture,) = write(files, answer(1))
    path = tmp_path / capture.warc_file
    assert cut_tail(path) == path.stat().st_size == capture.warc_offset + capture.warc_length


def test_every_flipped_byte_of_a_record_is_noticed(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    (capture,) = write(files, answer(1, PAGE[:300]))
    path = tmp_path / capture.warc_file
    raw = path.read_bytes()
    for position in range(capture.warc_offset + 10, capture.warc_offset + capture.warc_length):
        path.write_bytes(raw[:position] + bytes([raw[position] ^ 0x55]) + raw[position + 1 :])
        with pytest.raises(ArchiveError):
            read_capture(files, capture)


def test_payloads_tell_what_is_missing(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    half = gzip.compress(PAGE)[:-30]
    captures = write(
        files,
        answer(1),
        answer(2, half, b"Content-Encoding: gzip\r\n"),
        answer(3, PAGE[:99], truncated="time"),
        answer(4, b"\x1f\x8bnonsense", b"Content-Encoding: gzip\r\n"),
    )
    where = Storage(tmp_path)
    assert read_payload(where, captures[0], max_bytes=10**6) == (PAGE, None)
    assert read_payload(where, captures[0], max_bytes=500) == (PAGE[:500], "length")
    assert read_payload(files, captures[1], max_bytes=10**6)[1] == "disconnect"
    assert read_payload(files, captures[2], max_bytes=10**6) == (PAGE[:99], "time")
    with pytest.raises(ArchiveError, match="encoding"):
        read_payload(files, captures[3], max_bytes=10**6)


def test_names_cannot_leave_the_archive(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path / "data")
    (tmp_path / "secret").write_text("x")
    for name in ("../secret", "/etc/passwd", "archive/../../secret"):
        with pytest.raises(ArchiveError):
            files.open(name)
    with pytest.raises(ArchiveError, match="missing"):
        files.open("archive/none.warc.gz")


def test_header_values_cannot_add_record_fields(tmp_path: Path) -> None:
    files = ArchiveFiles(tmp_path)
    odd = Answer(
        **{
            **{name: getattr(answer(1), name) for name in Answer.__slots__},
            "final_url": "http://x.example/\r\nWARC-Type: request",
        }
    )
    (capture,) = write(files, odd)
    assert read_capture(files, capture).url == "http://x.example/  WARC-Type: request"
