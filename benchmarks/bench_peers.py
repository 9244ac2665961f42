"""CPU per page from the wire to the text, against peers: same pages, same loopback server, same run.

    bench_peers.py [--pages N | --warc FILE...] [--rounds N] [--peers PYTHON]

The pages are made up (see news_pages), or those of WARC files.

- wirecopy: `crawl` and `extract`, with archive, catalog and ledger, in its child processes
- bare Scrapy + trafilatura: a spider that extracts what it gets, and keeps nothing
- news-please and newspaper4k: download (no pictures) and parse, with the Python of `--peers`; what is not installed
  there is left out

Start-up is taken off: what counts is the difference between many pages and few. Peers want an environment of their own:

    uv venv peers && uv pip install --python peers/bin/python news-please "newspaper4k[nlp]" lxml_html_clean
    python -m benchmarks.bench_peers --peers peers/bin/python
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from benchmarks.news_pages import make_pages
from pipeline.extract.decode import decode_page

ROOT = Path(__file__).parents[1]
Measured = Callable[[int], float]
LEAST_OF_ANY = 0.8  # of a site's own pages must give a text; of the made-up ones all do
BARS = {"bare Scrapy + trafilatura": "at most 1.25", "news-please": "at most 0.17"}

SCRAPY = """
import sys
import trafilatura
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess


class Bare(Spider):
    name = "bare"

    found = 0

    async def start(self):
        for number in range(int(sys.argv[2])):
            yield Request(f"{sys.argv[1]}/news/{number}", callback=self.parse)

    def parse(self, response):
        read = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        Bare.found += read is not None and len(read.text or "") > 200


process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 8, "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0})
process.crawl(Bare)
process.start()
assert Bare.found >= float(sys.argv[3]) * int(sys.argv[2])
"""
NEWS_PLEASE = """
import sys
from newsplease import NewsPlease
count, found = int(sys.argv[2]), 0
for number in range(count):
    try:
        found += bool(NewsPlease.from_url(f"{sys.argv[1]}/news/{number}", fetch_images=False).maintext)
    except Exception:  # for some languages it wants packages and word lists of their own, and some pages it cannot read
        pass
assert found > 0.8 * count
"""
NEWSPAPER = """
import sys
import newspaper
count = int(sys.argv[2])
pages = [f"{sys.argv[1]}/news/{number}" for number in range(count)]
found = [newspaper.Article(page, fetch_images=False) for page in pages]
for one in found:
    try:
        one.download()
        one.parse()
    except Exception:
        pass
assert sum(bool(one.text) for one in found) > 0.8 * count
"""
PEERS = {"news-please": ("newsplease", NEWS_PLEASE), "newspaper4k": ("newspaper", NEWSPAPER)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--warc", type=Path, nargs="+", default=[], help="the pages of these files instead")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=Path(sys.executable), help="a Python that has the peers")
    arguments = parser.parse_args()
    pages = list(read_pages(arguments.warc) if arguments.warc else make_pages(arguments.pages))
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(pages, ready), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{ready.get()}"
    contenders = _contenders(origin, arguments.peers, LEAST_OF_ANY if arguments.warc else 1.0)
    found: dict[str, list[float]] = {}
    for _ in range(arguments.rounds):  # in turn, so that all meet the same machine
        for name, measured in contenders.items():
            found.setdefault(name, []).append(_per_page(len(pages), measured))
    server.terminate()
    ours = min(found["wirecopy"])
    for name, each in found.items():
        ratio = "" if name == "wirecopy" else f"   wirecopy / this {ours / min(each):5.2f}"
        bar = f" (bar: {BARS[name]})" if name in BARS else ""
        rounds = ", ".join(f"{one:.1f}" for one in each)
        print(f"{name:26} {min(each):7.2f} ms CPU/page{ratio}{bar}   rounds: {rounds}")


def _contenders(origin: str, peers: Path, least: float) -> dict[str, Measured]:
    """What each contender spends on so many pages, in CPU seconds; least: the share of them that must give a text."""

    def script(python: str, code: str) -> Measured:
        return lambda count: _run([python, "-c", code, origin, str(count), str(least)])

    found: dict[str, Measured] = {
        "wirecopy": lambda count: _wirecopy(origin, count, least),
        "bare Scrapy + trafilatura": script(sys.executable, SCRAPY),
    }
    for name, (module, code) in PEERS.items():
        if _has(peers, module):
            found[name] = script(str(peers), code)
        else:
            print(f"{name} is not installed in {peers}: left out (see --help)", file=sys.stderr)
    return found


def _per_page(pages: int, measured: Measured) -> float:
    """Milliseconds of CPU per page: the difference between many pages and few."""
    few = pages // 4  # enough for every child process to be at work
    return (measured(pages) - measured(few)) * 1000 / (pages - few)


def _wirecopy(origin: str, count: int, least: float) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as scratch:
        config, data = Path(scratch) / "config", Path(scratch) / "data"
        write_config(config, origin, count)
        base = [sys.executable, "-m", "app.cli.main", "--config", str(config), "--data", str(data)]
        spent = _run([*base, "crawl", "bench"]) + _run([*base, "extract"])
        _check_kept(data, count, least)
        return spent


def write_config(config: Path, origin: str, count: int) -> None:
    """A configuration whose one outlet is so many pages of the server."""
    (config / "outlets").mkdir(parents=True)
    (config / "agencies.yml").write_bytes((ROOT / "config" / "agencies.yml").read_bytes())
    (config / "settings.yml").write_text("network: {allow_private: [127.0.0.1/32]}\n", "utf-8")
    (config / "outlets" / "bench.yml").write_text(
        "id: bench\nname: Bench\nlanguage: ar\ntime_zone: UTC\n"
        f"discover: {{sitemaps: ['{origin}/sitemap-{count}.txt']}}\n"
        f"crawl: {{delay: 0, concurrency: 8, max_pages: {count}}}\nstatus: live\n",
        "utf-8",
    )


def _check_kept(data: Path, count: int, least: float) -> None:
    import sqlite3

    with sqlite3.connect(data / "catalog.sqlite") as catalog:
        (kept,) = catalog.execute("SELECT count(*) FROM articles WHERE length(body) > 200").fetchone()
    if kept < least * count:
        raise SystemExit(f"{kept} of {count} pages became articles")


def _run(command: list[str]) -> float:
    """CPU seconds of a process and its children."""
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=os.environ | {"PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        raise SystemExit(f"failed: {' '.join(command[:4])}")
    return usage.ru_utime + usage.ru_stime


def _has(python: Path, module: str) -> bool:
    return subprocess.run([str(python), "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def read_pages(files: list[Path]) -> Iterator[bytes]:
    """The HTML pages of WARC files, as UTF-8."""
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                if record.http_headers and record.http_content_type == "text/html":
                    content = record.reader.read()
                    yield decode_page(content, record.http_headers.get("Content-Type") or "").encode()


def serve(pages: list[bytes], ready: multiprocessing.Queue[int]) -> None:
    """Serve pages on a port of the system's choice, told to the queue."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, kind, content = 200, "text/html; charset=utf-8", b""
            if self.path.startswith("/news/"):
                content = pages[int(self.path.removeprefix("/news/"))]
            elif self.path.startswith("/sitemap-"):
                count = int(self.path.removeprefix("/sitemap-").removesuffix(".txt"))
                content, kind = "\n".join(f"{origin}/news/{number}" for number in range(count)).encode(), "text/plain"
            else:
                status = 404
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Quiet: clients end when they have what they want."""

    server = Server(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    ready.put(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
