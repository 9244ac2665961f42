"""Reads releases back: which there are, whether one is whole, and its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ReleaseError, StorageError, StorageMissing
from pipeline.publish.checks import find_problems
from pipeline.publish.manifest import (
    MANIFEST,
    MAX_MANIFEST_BYTES,
    POINTER,
    Manifest,
    check_version,
    parse_manifest,
    seal_of,
)
from pipeline.publish.rows import Row
from pipeline.publish.schema import BY_NAME, TableShape
from pipeline.storage import Storage

BLOCK = 1 << 20
BATCH_ROWS = 2_048


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is in place: its folder in the storage and its manifest."""

    storage: Storage
    folder: str  # "" where the files lie in the storage's root, as `fold` writes them
    manifest: Manifest

    @property
    def version(self) -> str:
        """The release's name."""
        return str(self.manifest["version"])

    def path(self, name: str) -> str:
        """A file's path in the storage."""
        return f"{self.folder}/{name}" if self.folder else name

    def open(self, name: str) -> IO[bytes]:
        """One of its files, for reading."""
        return self.storage.open(self.path(name))

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A whole table, or some of its columns. Raises ReleaseError where the file is damaged."""
        shape = BY_NAME[name]
        try:
            with self.open(shape.file_name) as source:
                return pq.read_table(source, columns=columns)
        except pa.ArrowException as error:
            raise ReleaseError(f"{self.path(shape.file_name)}: damaged: {error}") from error

    def rows(self, name: str, columns: list[str] | None = None) -> Iterator[Row]:
        """A table's rows in their order, in bounded memory. Raises ReleaseError where the file is damaged."""
        shape = BY_NAME[name]
        try:
            with self.open(shape.file_name) as source, pq.ParquetFile(source, page_checksum_verification=True) as file:
                for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=columns):
                    yield from batch.to_pylist()
        except pa.ArrowException as error:
            raise ReleaseError(f"{self.path(shape.file_name)}: damaged: {error}") from error


def read_release(storage: Storage, version: str | None = None, *, verify: bool = True) -> Release:
    """A release by version, else the latest; else the files in the storage's root, as `fold` writes them.

    With verify, every file's bytes are compared with the manifest. Raises ReleaseError when there is none or it is
    damaged.
    """
    if version is None and not storage.exists(POINTER) and storage.exists(MANIFEST):
        release = Release(storage, "", _load_manifest(storage, MANIFEST))
    else:
        found = version or latest_version(storage)
        if found is None:
            raise ReleaseError(f"{storage.root}: there is no release yet; `wirecopy publish` makes one")
        release = Release(storage, f"releases/{found}", read_manifest(storage, found))
    problems = _file_problems(release) if verify else []
    if problems:
        raise ReleaseError(f"release {release.version} is damaged: {'; '.join(problems)}")
    return release


def latest_version(storage: Storage) -> str | None:
    """What `releases/latest.json` names; None where there is none. Raises ReleaseError when it cannot be read."""
    try:
        data = storage.read_bytes(POINTER)
    except StorageMissing:
        return None
    try:
        version = json.loads(data)["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReleaseError(f"{POINTER}: names no version") from error
    return check_version(str(version))


def latest_manifest(storage: Storage) -> Manifest | None:
    """The latest release's manifest; None where there is none."""
    version = latest_version(storage)
    return None if version is None else read_manifest(storage, version)


def read_manifest(storage: Storage, version: str) -> Manifest:
    """The manifest of one release. Raises ReleaseError when there is no such release or it is damaged."""
    path = f"releases/{check_version(version)}/{MANIFEST}"
    try:
        manifest = _load_manifest(storage, path)
    except StorageMissing as error:
        raise ReleaseError(f"there is no release {version}") from error
    if manifest.get("version") != version:
        raise ReleaseError(f"{path}: names version {manifest.get('version')!r}")
    return manifest


def list_releases(storage: Storage) -> list[str]:
    """Versions of all releases with a manifest, oldest first by name."""
    paths = (path.split("/") for path in storage.list("releases"))
    return sorted(parts[1] for parts in paths if len(parts) == 3 and parts[2] == MANIFEST)


def check_release(storage: Storage, version: str | None = None) -> list[str]:
    """Everything wrong with a release, one line each, for `doctor`: files, checksums, and what the tables must hold."""
    try:
        release = read_release(storage, version, verify=False)
        problems = _file_problems(release)
        return problems or _table_problems(release)
    except (ReleaseError, StorageError) as error:
        return [str(error)]


def _table_problems(release: Release) -> list[str]:
    def open_table(table: TableShape) -> IO[bytes]:
        return release.open(table.file_name)

    try:
        problems = find_problems(open_table)
        for name, shape in BY_NAME.items():
            with release.open(shape.file_name) as source, pq.ParquetFile(source) as file:
                rows, stated = file.metadata.num_rows, release.manifest["files"][shape.file_name]["rows"]
            if rows != stated:
                problems.append(f"{name}: {rows} rows, the manifest says {stated}")
    except pa.ArrowException as error:
        return [f"release {release.version}: a table is damaged: {error}"]
    return problems


def _load_manifest(storage: Storage, path: str) -> Manifest:
    if storage.size(path) > MAX_MANIFEST_BYTES:
        raise ReleaseError(f"{path}: larger than any manifest")
    return parse_manifest(storage.read_bytes(path), path)


def _file_problems(release: Release) -> list[str]:
    problems = []
    if release.manifest.get("sha256") != seal_of(release.manifest):
        problems.append(f"{release.path(MANIFEST)}: was changed after it was written")
    for name, stated in sorted(release.manifest["files"].items()):
        try:
            with release.open(check_version(name)) as source:
                digest = hashlib.sha256()
                while block := source.read(BLOCK):
                    digest.update(block)
        except (StorageError, ReleaseError) as error:
            problems.append(str(error))
            continue
        if digest.hexdigest() != stated["sha256"]:
            problems.append(f"{release.path(name)}: its bytes are not those of the manifest")
    return problems
