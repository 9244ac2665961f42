"""CPU per page of fetching and archiving against a bare Scrapy spider, same pages, same server, same run.

`python -m benchmarks.bench_crawl [PAGES]` prints both, their ratio (bar: 1.5) and the peak memory of each process.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE_BYTES = 72_000
ROUNDS = 3
BAR = 1.5

BARE = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess


class Bare(Spider):
    name = "bare"

    async def start(self):
        for number in range(int(sys.argv[2])):
            yield Request(f"{sys.argv[1]}/news/report-{number}", callback=self.parse)

    def parse(self, response):
        pass


process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS": 8, "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0})
process.crawl(Bare)
process.start()
"""


def main() -> None:
    """Measure and print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(pages, ready), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{ready.get()}"
    bare, ours = [], []
    for _ in range(ROUNDS):  # in turn, so that both meet the same machine
        bare.append(_per_page(lambda count: [sys.executable, "-c", BARE, origin, str(count)], lambda _: b"", pages))
        ours.append(_per_page(lambda _: [sys.executable, "-m", "crawlers.child"], lambda n: _job(origin, n), pages))
    server.terminate()
    best_bare, best_ours = min(bare), min(ours)
    print(f"pages of {PAGE_BYTES} bytes, {pages} of them, best of {ROUNDS}; start-up of the process taken off")
    print(f"bare Scrapy            {best_bare[0]:6.2f} ms CPU/page, peak {best_bare[1]:.0f} MB")
    print(f"wirecopy with archive  {best_ours[0]:6.2f} ms CPU/page, peak {best_ours[1]:.0f} MB")
    print(f"ratio {best_ours[0] / best_bare[0]:.2f} (bar {BAR})")


def _per_page(command: object, job: object, pages: int) -> tuple[float, float]:
    """(ms CPU per page, peak MB): the difference between many pages and few, so that start-up does not count."""
    few = pages // 10
    small, _ = _run(command(few), job(few))  # type: ignore[operator]
    large, peak = _run(command(pages), job(pages))  # type: ignore[operator]
    return (large - small) * 1000 / (pages - few), peak


def _run(command: list[str], job: bytes) -> tuple[float, float]:
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdin is not None and child.stdout is not None
    if job:
        child.stdin.write(job + b"\n")
        child.stdin.flush()
    said = child.stdout.read().splitlines()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if job and json.loads(said[-1])["fetched"] == 0:
        raise SystemExit(f"nothing was fetched: {said[-1].decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _job(origin: str, count: int) -> bytes:
    from crawlers.job import CrawlJob
    from pipeline.catalog.engine import sqlite_url
    from pipeline.outlets import Outlet
    from pipeline.settings import Settings

    outlet = Outlet.model_validate(
        {
            "id": "bench",
            "name": "Bench",
            "language": "en",
            "time_zone": "UTC",
            "discover": {"sitemaps": [f"{origin}/sitemap-{count}.txt"]},
            "crawl": {"delay": 0, "concurrency": 8, "max_pages": count},
        }
    )
    settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    return CrawlJob(outlet, settings, folder, sqlite_url(folder), "bench", count).to_json().encode()


def _serve(pages: int, ready: multiprocessing.Queue[int]) -> None:
    words = "The council of the harbour town met on Monday and mended the old wall by the ferry landing. "
    text = "".join(f"<p>{number} {words * 4}</p>" for number in range(PAGE_BYTES // (len(words) * 4 + 10)))
    body = f"<html><head><title>Report</title></head><body>{text}</body></html>".encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            known, kind, content = 200, "text/html", body
            if self.path == "/robots.txt":
                known, content = 404, b""
            elif self.path.startswith("/sitemap-"):
                origin = f"http://127.0.0.1:{server.server_port}"
                count = int(self.path.removeprefix("/sitemap-").removesuffix(".txt"))
                content = "\n".join(f"{origin}/news/report-{number}" for number in range(count)).encode()
                kind = "text/plain"
            self.send_response(known)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.put(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
