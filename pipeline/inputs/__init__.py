"""Files that users bring: articles in JSONL or Parquet, for `fold` and `ingest`."""
