"""Where archive and releases live: a local folder by default, or a bucket (`s3://bucket/prefix`) through fsspec.

Every write is of a whole object and atomic: a reader sees the old object, the new one or none, never a part. Locally
that is a temporary name in the same folder, fsync, rename, fsync of the folder; a bucket makes an object visible only
when its upload is complete. Messages name the root and the object, never credentials.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from pipeline.errors import ConfigError, StorageError
from pipeline.storage_errors import LOST_CONNECTIONS, telling

TEMPORARY = ".tmp-"  # names that begin so are unfinished writes: never listed, swept by the next write of that object
READ_BLOCK = 1 << 20  # bytes fetched ahead from a bucket
UPLOAD_PART = 16 << 20  # bytes; larger files go up in parts of this size, ten under way at once
MAX_UPLOAD_PARTS = 9_000  # S3 takes 10,000
READ_ONLY = frozenset({"http", "https", "data"})
# A bucket that does not answer is an error after seconds, not minutes.
S3_DEFAULTS: dict[str, Any] = {
    "config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2, "mode": "standard"}}
}


def problem_of_root(root: str) -> str | None:
    """What is allowed in place of a root `scheme://...` that cannot be one."""
    from fsspec.registry import known_implementations

    scheme, netloc = urlsplit(root)[:2]
    if "@" in netloc:
        return "scheme://bucket/prefix, no credentials"
    if scheme in READ_ONLY or scheme not in known_implementations or (scheme != "file" and not netloc):
        return "a folder, or a URL such as s3://bucket/prefix"
    return None


class Storage:
    """One root and the objects under it, named by relative paths with `/`. Raises StorageError, StorageMissing."""

    def __init__(self, root: str | Path, *, options: Mapping[str, Any] | None = None) -> None:
        self._options = dict(options or {})
        self._remote: Any = None
        text = os.fspath(root)
        scheme, separator, rest = text.partition("://")
        if separator and scheme != "file":
            if problem := problem_of_root(text):
                raise ConfigError("settings.yml", "storage", f"{scheme}://...", problem)
            self.is_local, self.root = False, f"{scheme}://{rest.rstrip('/')}"
        else:
            self.is_local, self.root = True, str(Path(rest if separator else text).absolute())

    def __repr__(self) -> str:
        return f"Storage({self.root!r})"

    def local_path(self, path: str) -> Path:
        """The file behind an object of a local root. Raises StorageError where the root is a bucket."""
        if not self.is_local:
            raise StorageError(f"{self.root} is not a local folder")
        return Path(self.root) / _checked(path)

    def open(self, path: str) -> IO[bytes]:
        """Open an object for reading; seekable, so that parts are fetched alone."""
        with telling("read", self.root, path):
            if self.is_local:
                return self.local_path(path).open("rb")
            opened: IO[bytes] = self._fs.open(self._key(path), "rb", block_size=READ_BLOCK, cache_type="readahead")
            return opened

    def read_bytes(self, path: str) -> bytes:
        """A whole, small object."""
        with telling("read", self.root, path), self.open(path) as source:
            return source.read()

    def read_part(self, path: str, start: int, length: int) -> bytes:
        """Bytes of a part of an object; fewer where it ends before, without a question for its size."""
        with telling("read", self.root, path):
            if self.is_local:
                with self.local_path(path).open("rb") as source:
                    source.seek(start)
                    return source.read(length)
            try:
                part: bytes = self._fs.cat_file(self._key(path), start=start, end=start + length)
            except (OSError, ValueError) as error:
                if "InvalidRange" in str(error) or "not satisfiable" in str(error):
                    return b""  # the object ends before
                raise
            return part

    def write_bytes(self, path: str, data: bytes) -> None:
        """Put a whole object in place at once."""
        with telling("write", self.root, path):
            if self.is_local:
                with _replacing(self.local_path(path)) as target:
                    target.write(data)
            else:
                self._fs.pipe_file(self._key(path), data)

    def write_file(self, path: str, source: Path) -> None:
        """Put a local file in place as an object; large files go up in parts and appear when all are there."""
        with telling("write", self.root, path):
            if self.is_local:
                with source.open("rb") as data, _replacing(self.local_path(path)) as target:
                    shutil.copyfileobj(data, target, READ_BLOCK)
            else:
                self._upload(source, self._key(path))

    @contextmanager
    def create(self, path: str) -> Iterator[IO[bytes]]:
        """A file to write to; it becomes the object when the block ends well, and nothing when it does not."""
        with telling("write", self.root, path):
            if self.is_local:
                with _replacing(self.local_path(path)) as target:
                    yield target
                return
            with tempfile.TemporaryDirectory() as folder:
                spool = Path(folder) / "object"
                with spool.open("wb") as target:
                    yield target
                self._upload(spool, self._key(path))

    def move_in(self, source: Path, path: str) -> None:
        """As write_file, but source may be gone after: on a local root it is renamed, from the same file system."""
        if not self.is_local:
            self.write_file(path, source)
            return
        with telling("write", self.root, path):
            target = self.local_path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync(source)
            source.replace(target)
            _sync(target.parent)

    def put_folder(self, source: Path, path: str, *, last: str) -> None:
        """Put a local folder's files in place as objects under path; `last` is the one whose presence says complete.

        A local root takes the folder by one rename, so source must lie on the same file system and is gone after.
        """
        with telling("write", self.root, path):
            if self.is_local:
                self._rename_folder(source, self.local_path(path))
                return
            names = sorted(one.name for one in source.iterdir() if one.name != last)
            for name in [*names, last]:
                self._upload(source / name, self._key(f"{path}/{name}"))

    def list(self, prefix: str = "") -> list[str]:
        """Paths of all objects under a folder, sorted; empty where there is no such folder."""
        with telling("list", self.root, prefix):
            if self.is_local:
                top, base = self.local_path(prefix) if prefix else Path(self.root), Path(self.root)
                found = (one.relative_to(base).as_posix() for one in top.rglob("*") if one.is_file())
                return sorted(path for path in found if f"/{TEMPORARY}" not in f"/{path}")
            try:
                keys = self._fs.find(self._key(prefix) if prefix else self._base)
            except FileNotFoundError:
                return []
            return sorted(key[len(self._base) + 1 :] for key in keys)

    def exists(self, path: str) -> bool:
        """True where the object is there."""
        with telling("read", self.root, path):
            return self.local_path(path).is_file() if self.is_local else bool(self._fs.isfile(self._key(path)))

    def size(self, path: str) -> int:
        """Bytes of an object."""
        with telling("read", self.root, path):
            return self.local_path(path).stat().st_size if self.is_local else int(self._fs.size(self._key(path)))

    def delete(self, path: str) -> None:
        """Take an object away; nothing happens where it is not there."""
        with telling("delete", self.root, path):
            if self.is_local:
                self.local_path(path).unlink(missing_ok=True)
            else:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(self._key(path))

    def _upload(self, source: Path, key: str) -> None:
        options: dict[str, Any] = {}
        if self.root.startswith("s3://"):
            options["chunksize"] = max(UPLOAD_PART, source.stat().st_size // MAX_UPLOAD_PARTS + 1)
        self._fs.put_file(str(source), key, **options)

    @property
    def _fs(self) -> Any:
        if self._remote is None:
            import fsspec  # here, because local roots need not pay for it

            scheme = self.root.partition("://")[0]
            options = {**(S3_DEFAULTS if scheme == "s3" else {}), **self._options}
            logging.getLogger("asyncio").addFilter(LOST_CONNECTIONS)
            self._remote = fsspec.filesystem(scheme, use_listings_cache=False, skip_instance_cache=True, **options)
        return self._remote

    @property
    def _base(self) -> str:
        return self.root.partition("://")[2]

    def _key(self, path: str) -> str:
        return f"{self._base}/{_checked(path)}"

    @staticmethod
    def _rename_folder(source: Path, target: Path) -> None:
        for one in source.iterdir():
            _sync(one)
        _sync(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        _sync(target.parent)


def _checked(path: str) -> str:
    if not path or path.startswith("/") or "\\" in path or "\0" in path:
        raise StorageError(f"{path!r} is no path inside the storage")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise StorageError(f"{path!r} is no path inside the storage")
    return path


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A temporary file beside target that takes its name when the block ends well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f"{TEMPORARY}{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
        _sync(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
