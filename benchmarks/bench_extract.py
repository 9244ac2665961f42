"""Extraction against trafilatura alone, in one run: text quality on labelled pages and CPU seconds per page.

    python -m benchmarks.bench_extract PAGES.warc.gz PAGES.jsonl [--rounds 2] [--limit N]

The JSONL holds `url`, `body` and, where known, `headline` and `published_at` per page. Token F1 is on bags of `\\w+`
tokens in lower case, mean over pages. Shingle F1 is the metric of scrapinghub's article-extraction-benchmark: word
4-grams, precision and recall averaged over pages. A page that is rejected counts as an empty text.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.extract.page import extract_page
from pipeline.records import Article, Rejection

TOKEN = re.compile(r"\w+")
FETCHED_AT = datetime(2027, 1, 1, tzinfo=UTC)  # after every page of the corpora


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    payload: bytes
    gold: dict[str, Any]


def read_pages(warc: Path, labels: Path) -> Iterator[Page]:
    gold = {row["url"]: row for row in map(json.loads, labels.read_text("utf-8").splitlines())}
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            url = record.headers.get("WARC-Target-URI")
            if url is not None and url in gold:
                yield Page(url, record.reader.read(), gold[url])


def token_f1(found: str, gold: str) -> float:
    ours, theirs = Counter(TOKEN.findall(found.lower())), Counter(TOKEN.findall(gold.lower()))
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values())) if common else float(not ours and not theirs)


def shingle_f1(pairs: list[tuple[str, str]]) -> float:
    precisions, recalls = [], []
    for found, gold in pairs:
        ours, theirs = shingles(found), shingles(gold)
        common = sum((ours & theirs).values())
        if ours:
            precisions.append(common / sum(ours.values()))
        if theirs:
            recalls.append(common / sum(theirs.values()))
    precision, recall = sum(precisions) / max(1, len(precisions)), sum(recalls) / max(1, len(recalls))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = TOKEN.findall(text)
    if len(words) < size:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def ours(page: Page) -> Article | Rejection:
    return extract_page(
        page.payload,
        url=page.url,
        content_type="text/html",
        outlet=None,
        hints=None,
        fetched_at=FETCHED_AT,
        truncated=None,
    )


def theirs(page: Page) -> str:
    return trafilatura.extract(page.payload, include_comments=False) or ""


def theirs_with_metadata(page: Page) -> object:
    return trafilatura.bare_extraction(page.payload, url=page.url, with_metadata=True)


def cpu_seconds(pages: list[Page], rounds: int) -> tuple[float, float]:
    """Mean per page of the best round, both extractors in turn on each page."""
    totals = [0.0, 0.0]
    runs: list[Callable[[Page], object]] = [ours, theirs_with_metadata]
    for page in pages:
        best = [float("inf")] * 2
        for turn in range(2 * rounds):
            which = turn % 2
            start = time.process_time()
            runs[which](page)
            best[which] = min(best[which], time.process_time() - start)
        totals = [total + one for total, one in zip(totals, best, strict=True)]
    return totals[0] / len(pages), totals[1] / len(pages)


def right_day(found: datetime | None, stated: str) -> bool:
    gold = datetime.fromisoformat(stated)
    days = {gold.date()} | ({gold.astimezone(UTC).date()} if gold.tzinfo else set())
    return found is not None and found.date() in days


def report(pages: list[Page], rounds: int) -> dict[str, float]:
    outcomes = [ours(page) for page in pages]
    bodies = [one.body if isinstance(one, Article) else "" for one in outcomes]
    plain = [theirs(page) for page in pages]
    gold = [str(page.gold["body"]) for page in pages]
    count = len(pages)
    figures = {
        "pages": float(count),
        "rejected": float(sum(isinstance(one, Rejection) for one in outcomes)),
        "token F1": sum(map(token_f1, bodies, gold)) / count,
        "token F1, trafilatura": sum(map(token_f1, plain, gold)) / count,
        "shingle F1": shingle_f1(list(zip(bodies, gold, strict=True))),
        "shingle F1, trafilatura": shingle_f1(list(zip(plain, gold, strict=True))),
    }
    dated = [
        (one, page.gold["published_at"])
        for one, page in zip(outcomes, pages, strict=True)
        if page.gold.get("published_at")
    ]
    if dated:
        right = sum(right_day(one.published_at if isinstance(one, Article) else None, day) for one, day in dated)
        figures["right day"] = right / len(dated)
    titled = [
        (one, page.gold["headline"]) for one, page in zip(outcomes, pages, strict=True) if page.gold.get("headline")
    ]
    if titled:
        scores = [token_f1((one.headline or "") if isinstance(one, Article) else "", line) for one, line in titled]
        figures["headline token F1"] = sum(scores) / len(scores)
    if rounds:
        mine, other = cpu_seconds(pages, rounds)
        figures |= {
            "CPU ms per page": mine * 1000,
            "CPU ms, trafilatura with metadata": other * 1000,
            "CPU ratio": mine / other,
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Extraction against trafilatura alone.")
    parser.add_argument("warc", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--rounds", type=int, default=2, help="CPU rounds; 0 leaves the timing out")
    parser.add_argument("--limit", type=int, default=None, help="only the first N pages")
    options = parser.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = list(read_pages(options.warc, options.labels))[: options.limit]
    for name, figure in report(pages, options.rounds).items():
        print(f"{name:36} {figure:10.4f}")


if __name__ == "__main__":
    main()
