"""What an article takes on disk: archive, catalog and release, in bytes, text included.

    bench_sizes.py [--pages N] [--postgresql URL]

The made-up pages of bench_peers (127 kB in the mean, a report each) go through `wirecopy run`; what counts is the
difference between many and a quarter of them, so that what an empty installation takes is left out. With --postgresql
the catalog is also copied into that database, which must be empty; what its empty tables take is taken off.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.bench_peers import serve, write_config
from pipeline.catalog.engine import empty_catalog, open_catalog, sqlite_url

ROOT = Path(__file__).parents[1]
SIZE = "SELECT pg_database_size(current_database())"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--postgresql", metavar="URL")
    arguments = parser.parse_args()
    pages, few = arguments.pages, arguments.pages // 4
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(pages, ready), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{ready.get()}"
    with tempfile.TemporaryDirectory(prefix="bench-sizes-") as scratch:
        small, large = (_sizes(origin, Path(scratch) / str(count), count) for count in (few, pages))
        if arguments.postgresql:
            _copy(Path(scratch) / str(few), arguments.postgresql)
            small["catalog (PostgreSQL)"] = _size(arguments.postgresql)
            _copy(Path(scratch) / str(pages), arguments.postgresql)
            large["catalog (PostgreSQL)"] = _size(arguments.postgresql)
    server.terminate()
    for name, size in large.items():
        print(f"{name:24} {(size - small[name]) / (pages - few):8,.0f} bytes an article")


def _sizes(origin: str, folder: Path, count: int) -> dict[str, float]:
    """Bytes of each part after a run over so many pages."""
    config, data = folder / "config", folder / "data"
    write_config(config, origin, count)
    _wirecopy("--config", str(config), "--data", str(data), "run")
    with create_engine(sqlite_url(data)).connect() as connection:
        counted = connection.execute(text("SELECT count(*), sum(length(CAST(body AS BLOB))) FROM articles")).one()
        connection.rollback()
        connection.connection.execute("VACUUM")  # what was freed on the way is used again, sooner or later
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if counted[0] != count:
        raise SystemExit(f"{counted[0]} of {count} pages became articles")
    return {
        "text": counted[1],
        "archive (WARC)": _bytes(data / "archive", "*.warc.gz"),
        "catalog (SQLite)": (data / "catalog.sqlite").stat().st_size,
        "release": _bytes(data / "releases", "*.parquet"),
    }


def _copy(folder: Path, url: str) -> None:
    """Put a folder's catalog into the database, in the place of what is there."""
    engine = open_catalog(url)
    empty_catalog(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL"))
    engine.dispose()
    _wirecopy("catalog", "copy", str(folder / "data" / "catalog.sqlite"), url)


def _size(url: str) -> float:
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM FULL"))
        return float(connection.execute(text(SIZE)).scalar_one())


def _bytes(folder: Path, pattern: str) -> float:
    return sum(one.stat().st_size for one in folder.rglob(pattern))


def _wirecopy(*arguments: str) -> None:
    command = [sys.executable, "-m", "app.cli.main", *arguments]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode())


if __name__ == "__main__":
    main()
