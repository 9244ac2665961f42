"""Lines learned of an outlet: listed, switched off, switched on again."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.catalog.engine import open_readonly, reading, sqlite_url
from pipeline.catalog.tables import links
from pipeline.publish.reading import Release, read_release
from pipeline.storage import Storage
from tests.app.cli.command_line import Wirecopy
from tests.pipeline.archive.samples import http, members, record

CONFIG = Path(__file__).parents[3] / "config"
LINE = "رابط الخبر في صحيفة المدى: {headline}"
WORDS = [f"{first}ا{second}ي{third}" for first in "بجدرسط" for second in "فقكلم" for third in "نتوح"]


def write_reports(path: Path, count: int, since: int = 0) -> Path:
    """Reports of an agency and a day's copies, all of which end in a line with their headlines."""
    chance = random.Random(3 + since)
    rows = []
    for number in range(since, since + count):
        headline, body = (" ".join(chance.sample(WORDS, size)) for size in (6, 60))
        day = f"2026-03-{1 + number // 20:02}T{number % 20:02}"
        link = LINE.format(headline=headline)
        rows += [
            {"article_id": f"w{number}", "outlet_id": "wire", "body": body, "published_at": f"{day}:00:00Z"},
            {
                "article_id": f"m{number}",
                "outlet_id": "mada",
                "body": f"{body}. {link}",
                "published_at": f"{day}:30:00Z",
            },
        ]
        rows[-2]["headline"] = rows[-1]["headline"] = headline
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def folded(wirecopy: Wirecopy, tmp_path: Path) -> Path:
    """A data folder in which the line was learned."""
    assert wirecopy("ingest", str(write_reports(tmp_path / "first.jsonl", 24))).code == 0
    assert wirecopy("dedupe").code == 0
    return tmp_path / "data"


def relations(data: Path) -> dict[str, str]:
    engine = open_readonly(sqlite_url(data))
    with reading(engine) as connection:
        found = {
            one.article_id: one.relation for one in connection.execute(select(links.c.article_id, links.c.relation))
        }
    engine.dispose()
    return found


def test_a_line_that_was_learned_is_switched_off_and_on_for_what_was_folded_before(
    wirecopy: Wirecopy, folded: Path, tmp_path: Path
) -> None:
    (line,) = json.loads(wirecopy("outlet", "boilerplate", "--json").out)
    assert (line["outlet_id"], line["line"], line["pages"], line["state"]) == ("mada", LINE, 24, "learned")
    learned = relations(folded)
    assert len(learned) == 24
    assert set(learned.values()) == {"exact_copy"}
    listed = wirecopy("outlet", "boilerplate", "mada", "--ignore", line["line_key"][:8])
    assert "ignored" in listed.out
    assert wirecopy("dedupe").code == 0
    assert set(relations(folded).values()) == {"extended_copy"}
    assert wirecopy("ingest", str(write_reports(tmp_path / "more.jsonl", 24, since=24))).code == 0
    assert wirecopy("dedupe").code == 0  # learning goes on, and leaves it off
    assert set(relations(folded).values()) == {"extended_copy"}
    assert wirecopy("outlet", "boilerplate", "--restore", line["line_key"]).code == 0
    assert wirecopy("dedupe").code == 0
    assert set(relations(folded).values()) == {"exact_copy"}


def test_a_narrow_terminal_cuts_the_line_and_nothing_else(
    wirecopy: Wirecopy, folded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "52")
    (line,) = json.loads(wirecopy("outlet", "boilerplate", "--json").out)
    shown = wirecopy("outlet", "boilerplate").out
    assert all(fact in shown for fact in (line["line_key"][:12], "mada", "24/24", "learned"))


@pytest.mark.parametrize("key", ["zz", "", "%"])
def test_a_key_that_no_line_has_is_told(key: str, wirecopy: Wirecopy, folded: Path) -> None:
    done = wirecopy("outlet", "boilerplate", "--ignore", key)
    assert done.code == 2
    assert f"no boilerplate line has the key '{key}'" in done.err
    (line,) = json.loads(wirecopy("outlet", "boilerplate", "--json").out)
    assert line["state"] == "learned"


FOOT = "تصدر المدى كل صباح عن دار الواحة في 40 صفحة"
CREDIT = "بلدة الواحة - الأناضول"
PAGE = """<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{headline}</title>
<meta property="article:published_time" content="2026-03-{day:02}T09:00:00Z"></head>
<body><article><h1>{headline}</h1>{text}</article></body></html>"""


def write_pages(path: Path) -> Path:
    """Pages of an outlet, each a report with the same two lines below it, and the same reports on another site."""
    chance = random.Random(9)
    records: list[bytes] = []
    for number in range(24):
        headline = " ".join(chance.sample(WORDS, 6))
        lines = [" ".join(chance.sample(WORDS, 30)) + "." for _ in range(3)]
        for site, below in (("mada.example", [CREDIT, FOOT]), ("shams.example", [])):
            text = "".join(f"<p>{line}</p>\n" for line in [*lines, *below])
            body = PAGE.format(headline=headline, day=1 + number // 3, text=text).encode()
            fields: dict[str, Any] = {
                "WARC-Target-URI": f"https://{site}/news/{number}",
                "WARC-Record-ID": f"<urn:uuid:{uuid.UUID(int=len(records) + 1)}>",
            }
            records.append(record(http(body), **fields))
    path.write_bytes(members(*records))
    return path


def bodies(release: Release) -> dict[str, str]:
    """By URL; each has the hash that the release states of it."""
    found = {}
    for row in release.rows("articles", ["url", "body", "body_sha256"]):
        assert hashlib.sha256(row["body"].encode()).hexdigest() == row["body_sha256"]
        found[row["url"]] = row["body"]
    return found


def passages(release: Release) -> Iterator[tuple[str, str]]:
    """What the spans of links say in both texts, with white space as one blank."""
    text = {row["article_id"]: row["body"] for row in release.rows("articles", ["article_id", "body"])}
    for link in release.rows("copies", ["article_id", "origin_article_id", "matched_spans"]):
        for span in link["matched_spans"]:
            copy = text[link["article_id"]][span["copy_start"] : span["copy_end"]]
            origin = text[link["origin_article_id"]][span["origin_start"] : span["origin_end"]]
            yield " ".join(copy.split()), " ".join(origin.split())


def test_released_bodies_of_pages_are_without_what_was_learned_and_with_their_credits(
    wirecopy: Wirecopy, tmp_path: Path
) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    assert wirecopy("ingest", str(write_pages(tmp_path / "pages.warc.gz"))).code == 0
    for stage in ("extract", "dedupe", "publish"):
        assert wirecopy(stage).code == 0
    lines = json.loads(wirecopy("outlet", "boilerplate", "--json").out)
    assert {one["line"] for one in lines} == {CREDIT, FOOT}
    storage = Storage(tmp_path / "data")
    release = read_release(storage)
    mada, shams = ([body for url, body in sorted(bodies(release).items()) if site in url] for site in ("mada", "shams"))
    assert len(mada) == len(shams) == 24
    assert [body.removesuffix(f"\n{CREDIT}") for body in mada] == shams
    assert all(body.endswith(CREDIT) for body in mada)
    shared = list(passages(release))
    assert len(shared) == 24
    assert all(copy == origin for copy, origin in shared)

    (foot,) = [one["line_key"] for one in lines if one["line"] == FOOT]
    assert wirecopy("outlet", "boilerplate", "--ignore", foot).code == 0
    assert wirecopy("publish").code == 0
    assert all(body.endswith(FOOT) for url, body in bodies(read_release(storage)).items() if "mada" in url)


def test_bodies_that_were_given_are_released_as_they_are(wirecopy: Wirecopy, folded: Path, tmp_path: Path) -> None:
    assert wirecopy("publish").code == 0
    given = {
        row["article_id"]: row["body"]
        for row in map(json.loads, (tmp_path / "first.jsonl").read_text("utf-8").splitlines())
    }
    rows = read_release(Storage(folded)).rows("articles", ["article_id", "body"])
    assert {row["article_id"]: row["body"] for row in rows} == given
