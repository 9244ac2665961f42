"""Storage on a local folder and on a real S3 API, with failures injected."""

from __future__ import annotations

import errno
import io
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, StorageError, StorageMissing
from pipeline.storage import Storage
from tests.servers import S3_SECRET as SECRET

ROOTS = ["local", pytest.param("s3", marks=pytest.mark.server)]


@pytest.fixture(params=ROOTS)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "s3":
        found: Storage = request.getfixturevalue("s3_storage")
        return found
    return Storage(tmp_path / "root")


def test_an_object_is_written_read_in_parts_listed_and_deleted(storage: Storage) -> None:
    storage.write_bytes("warc/2026/a.bin", b"0123456789")
    storage.write_bytes("warc/b.bin", b"")
    assert storage.read_bytes("warc/2026/a.bin") == b"0123456789"
    with storage.open("warc/2026/a.bin") as source:
        source.seek(4)
        assert source.read(3) == b"456"
    assert storage.size("warc/2026/a.bin") == 10
    assert storage.list() == storage.list("warc") == ["warc/2026/a.bin", "warc/b.bin"]
    assert storage.list("warc/2026") == ["warc/2026/a.bin"]
    assert storage.exists("warc/b.bin")
    assert not storage.exists("warc/c.bin")
    assert not storage.exists("warc")
    storage.delete("warc/b.bin")
    storage.delete("warc/b.bin")
    assert storage.list() == ["warc/2026/a.bin"]
    assert storage.list("nothing") == []


def test_a_prefix_is_a_folder_and_not_the_beginning_of_a_name(storage: Storage) -> None:
    storage.write_bytes("releases/v1/x", b"1")
    storage.write_bytes("releases/v10/x", b"2")
    assert storage.list("releases/v1") == ["releases/v1/x"]


def test_writing_again_replaces_the_object(storage: Storage) -> None:
    storage.write_bytes("latest.json", b"old and longer")
    storage.write_bytes("latest.json", b"new")
    assert storage.read_bytes("latest.json") == b"new"
    assert storage.size("latest.json") == 3


def test_a_file_larger_than_a_part_goes_up_whole(storage: Storage, tmp_path: Path) -> None:
    big = tmp_path / "big"
    data = os.urandom(1 << 20) * 40
    big.write_bytes(data)
    storage.write_file("big.bin", big)
    assert storage.size("big.bin") == len(data)
    with storage.open("big.bin") as source:
        source.seek(-5, io.SEEK_END)
        assert source.read() == data[-5:]
    assert storage.read_bytes("big.bin") == data


def test_create_makes_the_object_only_when_the_block_ends_well(storage: Storage) -> None:
    with storage.create("made.txt") as target:
        target.write(b"whole")
    assert storage.read_bytes("made.txt") == b"whole"
    with pytest.raises(ZeroDivisionError), storage.create("made.txt") as target:
        target.write(b"half")
        raise ZeroDivisionError
    assert storage.read_bytes("made.txt") == b"whole"
    assert storage.list() == ["made.txt"]


def test_a_folder_appears_with_all_its_files(storage: Storage, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("z", "manifest.json", "a"):
        (source / name).write_text(name)
    storage.put_folder(source, "releases/v1", last="manifest.json")
    assert storage.list() == ["releases/v1/a", "releases/v1/manifest.json", "releases/v1/z"]


def test_what_is_not_there_is_missing(storage: Storage) -> None:
    with pytest.raises(StorageMissing, match=r"releases/latest\.json: not there"):
        storage.read_bytes("releases/latest.json")
    with pytest.raises(StorageMissing):
        storage.size("nothing")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a\\..\\b", "a\0b", "a/"])
def test_a_path_cannot_leave_the_root(path: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is no path inside the storage"):
        Storage(tmp_path).write_bytes(path, b"x")


@given(st.text(min_size=1, max_size=30))
def test_no_path_ever_reaches_outside_the_root(path: str) -> None:
    root = Path("/nowhere/root")
    try:
        found = Storage(root).local_path(path)
    except StorageError:
        return
    assert Path(os.path.normpath(found)).is_relative_to(root)


@pytest.mark.parametrize("root", ["file://{}", "{}"])
def test_a_local_root_may_be_written_as_url_or_path(root: str, tmp_path: Path) -> None:
    storage = Storage(root.format(tmp_path))
    storage.write_bytes("x", b"1")
    assert storage.is_local
    assert (tmp_path / "x").read_bytes() == b"1"


@pytest.mark.parametrize("url", [f"s3://key:{SECRET}@bucket/x", "s3://"])
def test_a_url_with_credentials_or_without_a_bucket_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Storage(url)
    assert SECRET not in str(caught.value)


def test_other_fsspec_roots_work_the_same() -> None:
    storage = Storage("memory://somewhere/deep")
    storage.write_bytes("a/b", b"x")
    assert storage.read_bytes("a/b") == b"x"


def test_a_local_root_does_not_import_fsspec(tmp_path: Path) -> None:
    code = (
        "import sys; from pipeline.storage import Storage; s = Storage(sys.argv[1]);"
        "s.write_bytes('a', b'1'); s.list();"
        "sys.exit('fsspec' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0


# --- failures of a disk


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EDQUOT, "no space left"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "the disk fails"),
        (errno.EROFS, "can only be read"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EBUSY, "busy"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_object_and_one_clear_line(
    number: int, says: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(tmp_path)
    storage.write_bytes("x", b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync" if call == "fsync" else "pathlib.Path.replace", fail)
        with pytest.raises(StorageError, match=says) as caught:
            storage.write_bytes("x", b"new")
    assert "\n" not in str(caught.value)
    assert storage.read_bytes("x") == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["x"]


def test_a_file_size_limit_of_the_system_is_told_as_no_space(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pipeline.errors import StorageError
from pipeline.storage import Storage
from tests.servers import S3_SECRET as SECRET
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Storage(sys.argv[1]).write_bytes("big", b"x" * 5000)
except StorageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert "big: cannot write: no space left" in done.stdout
    assert [one.name for one in tmp_path.iterdir()] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000  # only the child was limited


def test_a_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "releases").write_text("a file")
    with pytest.raises(StorageError, match="cannot write"):
        Storage(tmp_path).write_bytes("releases/latest.json", b"{}")


def test_unfinished_writes_of_a_killed_process_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / ".tmp-x.abc").write_bytes(b"half")
    (tmp_path / ".tmp-release-1").mkdir()
    (tmp_path / ".tmp-release-1" / "articles.parquet").write_bytes(b"half")
    assert Storage(tmp_path).list() == []


# --- failures of a bucket


@pytest.mark.server
def test_a_missing_bucket_is_named(s3_options: dict[str, Any]) -> None:
    storage = Storage("s3://no-such-bucket-here/x", options=s3_options)
    with pytest.raises(StorageMissing, match=r"s3://no-such-bucket-here/x/a: cannot write: the bucket does not exist"):
        storage.write_bytes("a", b"1")


@pytest.mark.server
def test_a_server_that_is_not_there_is_an_error_within_seconds(s3_options: dict[str, Any]) -> None:
    options = {**s3_options, "endpoint_url": "http://127.0.0.1:9"}
    with pytest.raises(StorageError, match="cannot write") as caught:
        Storage("s3://bucket/x", options=options).write_bytes("a", b"1")
    assert SECRET not in str(caught.value)


@pytest.mark.server
@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("AccessDenied", 403, "no permission"),
        ("InvalidAccessKeyId", 403, "credentials are missing or not accepted"),
        ("SignatureDoesNotMatch", 403, "credentials are missing or not accepted"),
        ("XMinioStorageFull", 507, "no space left"),
        ("SlowDown", 503, "busy or failing"),
        ("NoSuchBucket", 404, "the bucket does not exist"),
        ("SomethingNew", 400, "SomethingNew"),
    ],
)
@pytest.mark.parametrize("operation", ["PutObject", "UploadPart"])
def test_answers_of_a_failing_bucket_become_one_clear_line(
    code: str, status: int, says: str, operation: str, s3_storage: Storage, tmp_path: Path
) -> None:
    s3_storage.write_bytes("x", b"old")
    inject(s3_storage, operation, code, status)
    big = tmp_path / "big"
    big.write_bytes(b"x" * (33 << 20 if operation == "UploadPart" else 100))
    with pytest.raises(StorageError, match=says) as caught:
        s3_storage.write_file("x", big)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
    assert s3_storage.read_bytes("x") == b"old"


@pytest.mark.server
def test_nothing_logged_holds_the_secret(s3_storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        s3_storage.write_bytes("x", b"1")
        s3_storage.read_bytes("x")
    assert SECRET not in caplog.text
    assert SECRET not in repr(s3_storage)


def inject(storage: Storage, operation: str, code: str, status: int) -> None:
    """From now on the client's calls of this operation are answered with an S3 error."""
    body = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()

    class Answer:
        status_code = status
        headers: ClassVar = {"content-type": "application/xml"}
        raw = None

        @property
        async def content(self) -> bytes:
            return body

    storage._fs.connect()
    storage._fs.s3.meta.events.register_first(f"before-send.s3.{operation}", lambda **_: Answer())


def test_a_connection_that_broke_is_not_told_twice(caplog: pytest.LogCaptureFixture) -> None:
    Storage("memory://bucket/lost").list()
    for error in (ConnectionResetError("Cannot write to closing transport"), ValueError("something else")):
        logging.getLogger("asyncio").error("Future exception was never retrieved", exc_info=error)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["something else"]
