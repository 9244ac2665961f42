"""The inspection pages on a catalog: time per page for one reader, fifty readers at once, and the server's memory.

`python -m benchmarks.bench_web DATA` starts `wirecopy web` on that data folder and prints a line per kind of page with
its 95th percentile, first visits included (bar: 150 ms), what fifty parallel readers got (bar: no error), and the peak
of the server's memory (bar: 300 MB). Milliseconds of a busy machine say little; the server's CPU per page stands beside
them.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

BAR_MS, BAR_MB = 150.0, 300.0
READERS, PAGES_EACH = 50, 30
SAMPLE = 60
ROUNDS = 2
SEARCHES = ("", "أمير", "الامير", "وزار الصحه", "بالرياض", "رئيس الوزراء", "harbour", "şehir", "كرة القدم", "xyzzy")


def main() -> None:
    """Measure and print."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with served(Path(sys.argv[1])) as (port, pid):
        kinds = addresses(port)
        print(f"{'page':<12}{'visits':>8}{'median':>10}{'p95':>10}{'worst':>10}{'CPU each':>10}   (ms)")
        worst = max(one_reader(port, pid, kind, paths) for kind, paths in kinds.items())
        errors, seconds, p95 = many_readers(port, [path for paths in kinds.values() for path in paths])
        memory = peak_mb(pid)
    asked = READERS * PAGES_EACH
    print(f"one reader: worst p95 {worst:.0f} ms (bar {BAR_MS:.0f})")
    print(f"{READERS} readers: {asked} pages in {seconds:.1f} s, p95 {p95:.0f} ms, {errors} errors (bar 0)")
    print(f"memory: peak {memory:.0f} MB (bar {BAR_MB:.0f})")
    sys.exit(int(worst > BAR_MS or errors > 0 or memory > BAR_MB))


@contextmanager
def served(data: Path) -> Iterator[tuple[int, int]]:
    """The server's port and process id."""
    command = [sys.executable, "-m", "app.cli.main", "--data", str(data), "web", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            said = server.stderr.readline()
            found = re.search(r":(\d+)/ ", said)
            if found is None:
                sys.exit(said + server.stderr.read())
            ask(http.client.HTTPConnection("127.0.0.1", int(found[1])), "/static/wirecopy.css")
            yield int(found[1]), server.pid
        finally:
            server.terminate()


def addresses(port: int) -> dict[str, list[str]]:
    """Addresses by kind of page, drawn from what the catalog holds; the same ones each time."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def twin(path: str) -> Any:
        return json.loads(ask(connection, path)[1])

    draw = random.Random(7)
    pages = [twin(f"/stories.json?order={order}&size=200") for order in ("widest", "newest")]
    stories = draw.sample(sorted({one["story_id"] for page in pages for one in page["stories"]}), SAMPLE)
    stories += [one["story_id"] for one in pages[0]["stories"][:20]]  # the widest are the dearest
    members = [(story["origin_article_id"], one) for id_ in stories if (story := twin(f"/story.json?id={quote(id_)}"))
               for one in story["members"] if one["relation"]]  # fmt: skip
    copies = draw.sample(members, min(SAMPLE, len(members)))
    outlets = [one["outlet"]["outlet_id"] for one in twin("/outlets.json")["outlets"] if one["articles"]]
    agencies = [one["agency_id"] for one in twin("/agencies.json")["agencies"]]
    lists = [{"search": words, "order": order} for words in SEARCHES for order in ("newest", "widest", "fastest")]
    lists += [{"outlet": one} for one in outlets] + [{"agency": one, "credit": "uncredited"} for one in agencies]
    lists += [{"relation": "abridged_copy"}, {"all": "1"}, {"all": "1", "page": "300"}, {"since": "2015-08-01"}]
    return {
        "stories": [f"/stories?{urlencode(one)}" for one in lists],
        "story": [f"/story?id={quote(one)}" for one in stories],
        "article": [f"/article?id={quote(one['article_id'])}" for _, one in copies],
        "compare": [f"/compare?{urlencode({'a': origin, 'b': one['article_id']})}" for origin, one in copies],
        "outlets": ["/outlets"],
        "outlet": [f"/outlet?id={quote(one)}" for one in outlets],
        "agencies": ["/agencies"],
        "agency": [f"/agency?id={quote(one)}" for one in agencies],
        "matrix": ["/matrix", *(f"/matrix?since=2015-07-{day}" for day in range(21, 31))],
        "latency": ["/latency", *(f"/latency?outlet={quote(one)}" for one in outlets)],
        "volumes": ["/volumes", *(f"/volumes?outlet={quote(one)}" for one in outlets)],
        "runs": ["/runs", "/run?id=latest", "/rejected", "/releases", "/api"],
        "twins": [f"/story.json?id={quote(one)}" for one in stories[:20]] + ["/stories.json?size=200", "/matrix.json"],
    }


def one_reader(port: int, pid: int, kind: str, paths: list[str]) -> float:
    """Every address of a kind, ROUNDS times; prints them and gives the 95th percentile in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times, before = [], cpu_seconds(pid)
    for path in paths * ROUNDS:
        started = time.perf_counter()
        status, body = ask(connection, path)
        times.append((time.perf_counter() - started) * 1_000)
        if status != 200:
            sys.exit(f"{path}: {status} {body[:200]!r}")
    cpu = (cpu_seconds(pid) - before) * 1_000 / len(times)
    times.sort()
    p95 = at(times, 0.95)
    print(f"{kind:<12}{len(times):>8}{at(times, 0.5):>10.1f}{p95:>10.1f}{times[-1]:>10.1f}{cpu:>10.1f}")
    return p95


def many_readers(port: int, paths: list[str]) -> tuple[int, float, float]:
    """READERS at once, PAGES_EACH each: (errors, seconds, 95th percentile in milliseconds)."""

    def read(number: int) -> list[tuple[bool, float]]:
        draw = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        seen = []
        for path in draw.choices(paths, k=PAGES_EACH):
            started = time.perf_counter()
            try:
                good = ask(connection, path)[0] == 200
            except (OSError, http.client.HTTPException):
                good = False
            seen.append((good, (time.perf_counter() - started) * 1_000))
        return seen

    started = time.perf_counter()
    with ThreadPoolExecutor(READERS) as pool:
        seen = [one for found in pool.map(read, range(READERS)) for one in found]
    return sum(not good for good, _ in seen), time.perf_counter() - started, at(sorted(ms for _, ms in seen), 0.95)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    """Status and body."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def at(ordered: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """The most memory a process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1_024 if found else 0.0


if __name__ == "__main__":
    main()
