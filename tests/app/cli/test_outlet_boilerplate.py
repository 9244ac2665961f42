"""Lines learned of an outlet: listed, switched off, switched on again."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.catalog.engine import open_readonly, reading, sqlite_url
from pipeline.catalog.tables import links
from tests.app.cli.command_line import Wirecopy

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


@pytest.mark.parametrize("key", ["zz", "", "%"])
def test_a_key_that_no_line_has_is_told(key: str, wirecopy: Wirecopy, folded: Path) -> None:
    done = wirecopy("outlet", "boilerplate", "--ignore", key)
    assert done.code == 2
    assert f"no boilerplate line has the key '{key}'" in done.err
    (line,) = json.loads(wirecopy("outlet", "boilerplate", "--json").out)
    assert line["state"] == "learned"
