"""`export_release`: formats, targets, and what it refuses."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from pipeline.errors import ReleaseError, StorageError, UsageError
from pipeline.publish.exports import FORMATS, ExportOptions, export_release
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content

FOLDERS = {"huggingface"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_to_a_path_and_leaves_nothing_beside_it(
    name: str, published: Storage, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "made"
    assert export_release(published, name, out) > 0
    assert out.is_dir() == (name in FOLDERS)
    assert [one.name for one in out.parent.iterdir()] == ["made"]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - FOLDERS))
def test_a_stream_gets_the_same_bytes_as_a_file_and_stays_open(name: str, published: Storage, tmp_path: Path) -> None:
    stream = io.BytesIO()
    export_release(published, name, stream)
    export_release(published, name, tmp_path / "file")
    assert stream.getvalue() == (tmp_path / "file").read_bytes() != b""


@pytest.mark.parametrize("name", sorted(set(FORMATS) - FOLDERS))
def test_a_release_without_text_and_an_empty_one_can_be_exported(name: str, storage: Storage) -> None:
    publish_release(storage, content((), (), ()), version="v0", published_at=NOON)
    assert export_release(storage, name, io.BytesIO()) in (0, 3)
    publish_release(storage, content(), version="v1", published_at=NOON, with_text=False)
    stream = io.BytesIO()
    assert export_release(storage, name, stream) > 0
    assert "رئيس البلدية".encode() not in stream.getvalue()


@pytest.mark.parametrize("table", [None, "articles"])
@pytest.mark.parametrize("name", ["jsonl", "csv", "ninjs"])
def test_bodies_can_be_left_out_of_a_release_that_has_them(
    name: str, table: str | None, published: Storage, tmp_path: Path
) -> None:
    storage = Storage(tmp_path / "without")
    publish_release(storage, content(), version="v1", published_at=NOON, with_text=False)
    said, wanted = io.BytesIO(), io.BytesIO()
    export_release(published, name, said, options=ExportOptions(table=table, with_text=False))
    export_release(storage, name, wanted, options=ExportOptions(table=table))
    assert said.getvalue() == wanted.getvalue() != b""


@pytest.mark.parametrize("name", ["rss", "huggingface", "croissant"])
def test_a_format_that_cannot_leave_bodies_out_says_so(name: str, published: Storage, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="publish --without-text"):
        export_release(published, name, tmp_path / "out", options=ExportOptions(with_text=False))
    assert not (tmp_path / "out").exists()


def test_an_older_version_can_be_exported(published: Storage) -> None:
    publish_release(published, content((), (), ()), version="v2", published_at=NOON, force=True)
    assert export_release(published, "jsonl", io.BytesIO()) == 0
    assert export_release(published, "jsonl", io.BytesIO(), "v1") == 11


def test_what_cannot_be_is_refused_in_one_line(published: Storage, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no export format 'xlsx'; known: jsonl, csv"):
        export_release(published, "xlsx", io.BytesIO())
    with pytest.raises(UsageError, match="makes a folder"):
        export_release(published, "huggingface", io.BytesIO())
    with pytest.raises(UsageError, match="makes one file"):
        export_release(published, "csv", tmp_path)
    with pytest.raises(UsageError, match="no table 'rows'; there are articles"):
        export_release(published, "csv", io.BytesIO(), options=ExportOptions(table="rows"))
    with pytest.raises(UsageError, match="no http or https address"):
        export_release(published, "rss", io.BytesIO(), options=ExportOptions(site="javascript:alert(1)"))
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StorageError, match="is a file"):
        export_release(published, "huggingface", tmp_path / "file")
    with pytest.raises(StorageError, match="cannot write"):
        export_release(published, "csv", tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(ReleaseError, match="no release yet"):
        export_release(Storage(tmp_path / "empty"), "csv", io.BytesIO())


def test_a_pipe_is_written_to_and_not_replaced(published: Storage, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    export_release(published, "jsonl", pipe)
    reader.join(timeout=20)
    assert got[0].count(b"\n") == 11
    assert pipe.is_fifo()


def test_fold_s_folder_can_be_exported_too(published: Storage, tmp_path: Path) -> None:
    from pipeline.publish.release import write_tables

    write_tables(tmp_path / "out", content(), version="v1", published_at=NOON)
    one, other = io.BytesIO(), io.BytesIO()
    export_release(Storage(tmp_path / "out"), "jsonl", one)
    export_release(published, "jsonl", other)
    assert one.getvalue() == other.getvalue()
