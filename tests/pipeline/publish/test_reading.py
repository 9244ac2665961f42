"""What is wrong with a release on the disk is found, and told in one line."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ReleaseError
from pipeline.publish.exports import export_release
from pipeline.publish.manifest import KEYS, MANIFEST, seal_of
from pipeline.publish.reading import check_release, read_release
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import LINKS, NOON, content

FILES = ["README.md", "articles.parquet", "copies.parquet", "manifest.json", "stories.parquet"]


@pytest.mark.parametrize("name", ["articles.parquet", "stories.parquet", "copies.parquet", "README.md"])
def test_one_flipped_byte_is_found(name: str, published: Storage) -> None:
    path = f"releases/v1/{name}"
    data = bytearray(published.read_bytes(path))
    data[len(data) // 2] ^= 1
    published.write_bytes(path, bytes(data))
    assert check_release(published) == [f"{path}: its bytes are not those of the manifest"]
    with pytest.raises(ReleaseError, match="v1 is damaged"):
        read_release(published)


def test_a_flipped_byte_anywhere_in_the_manifest_is_found(published: Storage) -> None:
    path = f"releases/v1/{MANIFEST}"
    whole = published.read_bytes(path)
    for at in range(0, len(whole), 37):
        if not whole[at : at + 1].strip():
            continue  # white space means nothing in JSON
        data = bytearray(whole)
        data[at] ^= 1
        published.write_bytes(path, bytes(data))
        assert check_release(published), at


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(list(KEYS)), value=st.none() | st.integers() | st.text() | st.lists(st.none()))
def test_a_manifest_of_any_shape_is_a_problem_and_never_a_crash(published: Storage, key: str, value: Any) -> None:
    path = f"releases/v1/{MANIFEST}"
    whole = published.read_bytes(path)
    try:
        published.write_bytes(path, json.dumps({**json.loads(whole), key: value}).encode())
        with suppress(ReleaseError):
            export_release(published, "rss", io.BytesIO())
        with suppress(ReleaseError):
            publish_release(published, content(links=LINKS[:-1]), version="v1", published_at=NOON)
        check_release(published)
    finally:
        published.write_bytes(path, whole)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found(name: str, published: Storage) -> None:
    published.delete(f"releases/v1/{name}")
    assert len(check_release(published)) == 1


def test_a_table_that_was_made_otherwise_is_found(published: Storage) -> None:
    release = read_release(published)
    table = release.table("articles").drop_columns(["headline"])
    file = published.local_path("releases/v1/articles.parquet")
    pq.write_table(table, file)
    manifest = json.loads(published.read_bytes("releases/v1/manifest.json"))
    import hashlib

    manifest["files"]["articles.parquet"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    published.write_bytes("releases/v1/manifest.json", json.dumps({**manifest, "sha256": seal_of(manifest)}).encode())
    assert check_release(published) == ["articles.parquet: columns or types differ from the contract"]


@pytest.mark.parametrize("data", [b"", b"[]", b'{"format": "other"}', b"\xff\xfe", b"[" * 100_000])
def test_a_broken_manifest_is_told_in_one_line(data: bytes, published: Storage) -> None:
    published.write_bytes(f"releases/v1/{MANIFEST}", data)
    (problem,) = check_release(published)
    assert "\n" not in problem


def test_no_release_yet_is_told(storage: Storage) -> None:
    with pytest.raises(ReleaseError, match="there is no release yet"):
        read_release(storage)
    with pytest.raises(ReleaseError, match="there is no release v9"):
        read_release(storage, "v9")
