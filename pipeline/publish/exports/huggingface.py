"""A folder for `datasets.load_dataset`: the release's own Parquet and card, with Croissant metadata beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson

from pipeline.publish.exports.croissant import describe
from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.manifest import CARD, MANIFEST, dump_json
from pipeline.publish.reading import Release
from pipeline.publish.schema import TABLES
from pipeline.storage import Storage

# `datasets` takes a folder's name for the dataset's; metadata files it does not know are left alone.
METADATA = "croissant.json"


def write_folder(release: Release, out: Path, options: ExportOptions) -> int:
    """Copy the release's files, card last; returns the number of tables."""
    target = Storage(out)
    for name in [*(table.file_name for table in TABLES), CARD]:
        with release.open(name) as source, target.create(name) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    target.write_bytes(METADATA, orjson.dumps(describe(release), option=orjson.OPT_INDENT_2) + b"\n")
    target.write_bytes(MANIFEST, dump_json(release.manifest))
    return len(TABLES)
