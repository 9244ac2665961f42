"""The archive in a bucket: what a crash or a failing bucket leaves, and how the next crawl goes on from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawlers.recovery import recover
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import read_capture
from pipeline.archive.writer import WarcWriter
from pipeline.catalog.captures import add_captures, known_captures, pending_captures
from pipeline.catalog.engine import open_catalog, reading, sqlite_url, writing
from pipeline.errors import ArchiveError, StorageError
from pipeline.storage import Storage
from tests.pipeline.archive.samples import answer
from tests.pipeline.test_storage import inject

pytestmark = pytest.mark.server


@pytest.fixture
def files(tmp_path: Path, s3_storage: Storage) -> ArchiveFiles:
    return ArchiveFiles(tmp_path, s3_storage)


def spool(folder: Path) -> list[Path]:
    return sorted((folder / "archive").rglob("*.warc.gz"))


def test_a_file_is_in_the_bucket_before_rows_and_gone_from_here_after(
    files: ArchiveFiles, s3_storage: Storage, tmp_path: Path
) -> None:
    writer = WarcWriter(files, "news", "run", "test")
    first = [writer.add(answer(1)), writer.add(answer(2))]
    names = writer.cut()
    late = writer.add(answer(3))  # fetched while the others go up
    writer.sync(names)
    assert s3_storage.list("archive") == names == [first[0].warc_file]
    assert len(spool(tmp_path)) == 2
    assert files.left_open() == ["news"]
    writer.noted(names)
    assert [one.name for one in spool(tmp_path)] == [late.warc_file.rsplit("/", 1)[-1]]
    assert files.left_open() == ["news"]
    writer.close()
    assert len(s3_storage.list("archive")) == 2
    assert spool(tmp_path) == []
    assert files.left_open() == []


def test_a_name_is_never_used_again_though_its_file_is_gone_from_here(files: ArchiveFiles, s3_storage: Storage) -> None:
    """Two files begun within a second: the first went up and left the spool before the second was begun."""
    writer = WarcWriter(files, "news", "run", "test")
    captures = []
    for number in range(4):
        captures.append(writer.add(replace(answer(number), fetched_at=answer(0).fetched_at)))
        names = writer.cut()
        writer.sync(names)
        writer.noted(names)
    writer.close()
    assert len(s3_storage.list("archive")) == len({one.warc_file for one in captures}) == 4
    assert [read_capture(files, one).body for one in captures] == [answer(number).body for number in range(4)]


def test_each_record_is_read_by_one_request(files: ArchiveFiles, s3_storage: Storage) -> None:
    with WarcWriter(files, "news", "run", "test") as writer:
        captures = [writer.add(answer(number)) for number in range(5)]
    asked: list[str] = []
    s3_storage._fs.connect()
    s3_storage._fs.s3.meta.events.register_first("before-send.s3", lambda request, **_: asked.append(request.method))
    for number, one in enumerate(captures):
        assert read_capture(files, one).body == answer(number).body
    assert asked == ["GET"] * 5
    with pytest.raises(ArchiveError, match="no whole record there"):
        read_capture(files, replace(captures[0], warc_offset=10_000_000))


@pytest.mark.parametrize("crash", ["before it went up", "before its rows", "after its rows"])
def test_the_next_crawl_goes_on_from_what_a_crash_left(
    crash: str, files: ArchiveFiles, s3_storage: Storage, tmp_path: Path
) -> None:
    engine = open_catalog(sqlite_url(tmp_path))
    writer = WarcWriter(files, "news", "run", "test")
    captures = [writer.add(answer(number)) for number in range(3)]
    names = writer.cut()
    if crash != "before it went up":
        writer.sync(names)
    else:
        path = tmp_path / names[0]
        path.write_bytes(path.read_bytes()[:-20])  # killed in the middle of the third record
    if crash == "after its rows":
        with writing(engine) as connection:
            add_captures(connection, captures)
    again = ArchiveFiles(tmp_path, Storage(s3_storage.root, options=s3_storage._options))
    whole = 2 if crash == "before it went up" else 3
    assert recover("news", engine, again) == (0 if crash == "after its rows" else whole)
    assert recover("news", engine, again) == 0
    assert spool(tmp_path) == []
    assert again.left_open() == []
    with reading(engine) as connection:
        found = pending_captures(connection, ["news"], 10)
    assert [read_capture(again, one).body for one in found] == [answer(number).body for number in range(whole)]
    engine.dispose()


@pytest.mark.parametrize(("code", "status"), [("InternalError", 500), ("AccessDenied", 403)])
def test_a_bucket_that_fails_gets_no_rows_and_loses_nothing(
    code: str, status: int, files: ArchiveFiles, s3_storage: Storage, tmp_path: Path
) -> None:
    engine = open_catalog(sqlite_url(tmp_path))
    inject(s3_storage, "PutObject", code, status)
    writer = WarcWriter(files, "news", "run", "test")
    capture = writer.add(answer(1))
    with pytest.raises(StorageError) as caught:
        writer.sync(writer.cut())
    assert "\n" not in str(caught.value)
    writer.leave()
    assert len(spool(tmp_path)) == 1
    with pytest.raises(StorageError):
        recover("news", engine, files)  # the bucket fails still
    with reading(engine) as connection:
        assert known_captures(connection, [capture.capture_id]) == set()
    mended = ArchiveFiles(tmp_path, Storage(s3_storage.root, options=s3_storage._options))
    assert recover("news", engine, mended) == 1
    assert spool(tmp_path) == []
    engine.dispose()
