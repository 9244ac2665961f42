"""An ingest that is killed and begun again: the same articles as one that nobody disturbed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from flows.extract_stage import extract_captures
from flows.ledger import begin_run
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.settings import Settings
from tests.flows.test_ingest_warc import record
from tests.pipeline.extract.pages import LINES, page

ROOT = Path(__file__).parents[2]
PAGES = 130  # the archive is read in batches of a hundred
CAPTURES = "SELECT capture_id, final_url, payload_sha256 FROM captures ORDER BY capture_id"
ARTICLES = "SELECT article_id, url, version, headline, body, published_at, capture_id FROM articles ORDER BY url"
VERSIONS = "SELECT article_id, version, body, capture_id FROM article_versions ORDER BY article_id, version"
Rows = list[tuple[object, ...]]


def write_crawl(path: Path) -> Path:
    """Pages of three sites, every seventh a later version of an earlier one."""
    with path.open("wb") as target:
        for number in range(PAGES):
            text = page(inner=f"<p>{LINES[0]}</p><p>الدفعة رقم {number} من الكتب. {LINES[1]}</p>").encode()
            url = f"https://site{number % 3}.example/news/{number - 3 * (number % 7 == 6)}"
            target.write(record(number, url, text, day=10 + number % 9))
    return path


def start(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app.cli.main", "--config", str(ROOT / "config"), "--data", str(data)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, *arguments], env=environment, stdout=-3, stderr=-3)


def rows(data: Path, query: str) -> Rows:
    """Rows of a catalog that may not be there yet."""
    try:
        connection = sqlite3.connect(f"file:{data / 'catalog.sqlite'}?mode=ro", uri=True)
        try:
            return list(connection.execute(query))
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return []


def kill_when(program: subprocess.Popen[bytes], data: Path, query: str) -> None:
    deadline = time.monotonic() + 120
    while not rows(data, query):
        assert program.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    program.kill()
    assert program.wait() == -9


def test_a_killed_ingest_goes_on_to_the_same_articles(tmp_path: Path) -> None:
    crawl, calm, data = write_crawl(tmp_path / "crawl.warc.gz"), tmp_path / "calm", tmp_path / "data"
    kill_when(start(data, "ingest", str(crawl)), data, "SELECT 1 FROM captures LIMIT 1")
    assert 0 < len(rows(data, "SELECT 1 FROM captures")) < PAGES
    for folder in (data, calm):
        assert start(folder, "ingest", str(crawl)).wait(120) == 0
    assert rows(data, CAPTURES) == rows(calm, CAPTURES) != []
    for folder in (data, calm):
        workspace = Workspace(ROOT / "config", folder, Settings(), {})
        with begin_run(workspace, "extract") as run:
            books = extract_captures(workspace, run.run_id, SILENT)
        assert books["captures"] == PAGES
    assert rows(data, ARTICLES) == rows(calm, ARTICLES) != []
    assert rows(data, VERSIONS) == rows(calm, VERSIONS) != []
