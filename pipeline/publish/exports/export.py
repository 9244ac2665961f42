"""`export_release`: one release, one format, to a stream, a file or a folder."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import StorageError, UsageError
from pipeline.publish.reading import Release, read_release
from pipeline.storage import Storage
from pipeline.storage_errors import telling

# Name on the command line -> what comes out. Each has a module of that name with write_stream, write_folder or both.
FORMATS: dict[str, str] = {
    "jsonl": "one JSON object per article, its links inside",
    "csv": "one row per article with its closest link; safe to open in a spreadsheet",
    "ninjs": "IPTC ninjs 3.1, one JSON object per article; a folder gets one file each",
    "huggingface": "a folder for `datasets.load_dataset`: Parquet, card, Croissant",
    "croissant": "Croissant metadata (JSON-LD) of the release's files",
    "rss": "RSS 2.0 of the latest stories",
}
# Formats that can leave out bodies which the release has.
WITHOUT_TEXT = ("jsonl", "csv", "ninjs")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a format may ask for beside the release."""

    table: str | None = None  # jsonl, csv: this table as it is, instead of articles with their links
    with_text: bool = True  # jsonl, csv, ninjs: false leaves the bodies out
    bom: bool = False  # csv: begin with a byte order mark, as Excel wants for UTF-8
    site: str = "http://127.0.0.1:8080/"  # rss: the address of the inspection pages
    limit: int = 100  # rss: stories at most


def export_release(
    storage: Storage,
    name: str,
    out: BinaryIO | Path,
    version: str | None = None,
    options: ExportOptions | None = None,
) -> int:
    """Write a release (the latest by default) in the format `name`; returns how many items were written.

    A path that is a folder takes the formats that make folders; any other path is written atomically. Raises UsageError
    for an unknown format or a target of the wrong kind, ReleaseError when there is no whole release, StorageError when
    writing fails.
    """
    if name not in FORMATS:
        raise UsageError(f"no export format {name!r}; known: {', '.join(FORMATS)}")
    options = options or ExportOptions()
    if not options.with_text and name not in WITHOUT_TEXT:
        raise UsageError(
            f"the format {name} cannot leave bodies out; a release of `wirecopy publish --without-text` has none"
        )
    release = read_release(storage, version)
    module = importlib.import_module(f"pipeline.publish.exports.{name}")
    stream: Callable[[Release, BinaryIO, ExportOptions], int] | None = getattr(module, "write_stream", None)
    folder: Callable[[Release, Path, ExportOptions], int] | None = getattr(module, "write_folder", None)
    if not isinstance(out, Path):
        if stream is None:
            raise UsageError(f"the format {name} makes a folder; name one with --out")
        return stream(release, out, options)
    if folder is not None and (stream is None or out.is_dir()):
        return _to_folder(folder, release, out, options)
    if stream is None or out.is_dir():
        raise UsageError(f"{out} is a folder; the format {name} makes one file")
    if out.exists() and not out.is_file():  # a device or a pipe: written to, never replaced
        with telling("write", str(out), ""), out.open("wb") as device:
            return stream(release, device, options)
    with Storage(out.parent).create(out.name) as target:
        return stream(release, target, options)  # type: ignore[arg-type]  # IO[bytes] is what BinaryIO stands for


def _to_folder(
    write: Callable[[Release, Path, ExportOptions], int], release: Release, out: Path, options: ExportOptions
) -> int:
    with telling("write", str(out), ""):
        if out.exists() and not out.is_dir():
            raise StorageError(f"{out} is a file; this format makes a folder")
        out.mkdir(parents=True, exist_ok=True)
        return write(release, out, options)
