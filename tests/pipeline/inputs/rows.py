"""What tests of articles files share: a good row, and how a file of rows is written and read."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.inputs.articles_file import read_articles
from pipeline.records import Article, Rejection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = {"article_id": "a1", "body": "نص الخبر الأول"}


def read(*paths: Path) -> tuple[list[Article], list[Rejection]]:
    out = list(read_articles(paths, read_at=NOW))
    return [one for one in out if isinstance(one, Article)], [one for one in out if isinstance(one, Rejection)]


def read_rows(folder: Path, *rows: Any, kind: str = "jsonl") -> tuple[list[Article], list[Rejection]]:
    file = folder / f"rows.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), file)
    else:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        file.write_bytes(gzip.compress(text) if kind == "jsonl.gz" else text)
    return read(file)
