"""Every golden page, field by field, and what must hold for all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.extract.golden import EXPECTED, FIELDS, add_golden, extract_golden, propose, read_golden
from pipeline.extract.notices import is_label, opens_related
from pipeline.records import Article
from tests.pipeline.extract.pages import BODY, HEADLINE, page

ROOT = Path(__file__).parents[2] / "golden"
NAMES = sorted(folder.name for folder in ROOT.iterdir() if folder.is_dir())


@cache
def outcome(name: str) -> dict[str, Any]:
    return propose(extract_golden(read_golden(ROOT / name)))


CASES = [(name, field) for name in NAMES for field in read_golden(ROOT / name).expected]
ARTICLES = [name for name in NAMES if "body" in read_golden(ROOT / name).expected]


@pytest.mark.parametrize(("name", "field"), CASES, ids=[f"{name}-{field}" for name, field in CASES])
def test_field(name: str, field: str) -> None:
    expected = read_golden(ROOT / name).expected[field]
    found = outcome(name).get(field)
    if field.endswith("_at") and expected and len(expected) == len("2025-11-19"):
        assert found is not None
        found = found[: len(expected)]  # only the day is stated
    assert found == expected


def test_there_are_enough_templates() -> None:
    assert len(ARTICLES) >= 8
    assert {outcome(name)["language"] for name in ARTICLES} >= {"ar", "en", "tr", "fr", "fa"}


@pytest.mark.parametrize("name", ARTICLES)
def test_what_holds_for_every_article(name: str) -> None:
    golden = read_golden(ROOT / name)
    found = extract_golden(golden)
    assert isinstance(found, Article)
    for moment in (found.published_at, found.modified_at):
        assert moment is None or (moment.tzinfo is not None and moment.utcoffset() == timedelta(0))
        assert moment is None or moment <= golden.fetched_at + timedelta(hours=1)
    lines = found.body.split("\n")
    assert all(line == line.strip() and line for line in lines)
    assert found.headline not in lines
    assert not any(is_label(line) or opens_related(line) for line in lines)
    assert all("الرئيسية" not in line and "Anasayfa" not in line for line in lines)
    assert found.article_id == "" and found.capture_id is None  # the caller's


def test_reading_twice_gives_the_same() -> None:
    golden = read_golden(ROOT / ARTICLES[0])
    assert extract_golden(golden) == extract_golden(golden)


def test_a_new_golden_page_is_proposed_for_a_person_to_correct(tmp_path: Path) -> None:
    now = datetime(2025, 11, 20, tzinfo=UTC)
    source = page().encode()
    folder = add_golden(
        tmp_path, "library-ar", source, url="https://site.example/1", content_type="text/html", fetched_at=now
    )
    golden = read_golden(folder)
    assert golden.payload == source
    assert (golden.expected["headline"], golden.expected["body"]) == (HEADLINE, BODY.split("\n"))
    assert set(json.loads((folder / EXPECTED).read_text("utf-8"))) == set(FIELDS)
    with pytest.raises(InputError, match="exists"):
        add_golden(tmp_path, "library-ar", b"", url="https://x.example", content_type="", fetched_at=now)


@pytest.mark.parametrize("name", ["", "../up", "Two Words", "-x", "a/b"])
def test_a_golden_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        add_golden(
            tmp_path, name, b"x", url="https://x.example", content_type="", fetched_at=datetime(2025, 1, 1, tzinfo=UTC)
        )


def test_a_folder_that_is_no_golden_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a golden page"):
        read_golden(tmp_path)


def test_the_command_makes_a_page_and_refuses_what_is_none(tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_text(page(), "utf-8")
    root = Path(__file__).parents[3]

    def add(*words: str) -> subprocess.CompletedProcess[str]:
        begin = [sys.executable, "-m", "app.cli.main", "--config", str(root / "config"), "golden", "add", "--to", "g"]
        environment = os.environ | {"PYTHONPATH": str(root)}
        return subprocess.run(
            [*begin, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    made = add("library", "page.html", "--url", "https://site.example/1", "--outlet", "aa-ar")
    assert (made.returncode, made.stdout) == (0, "g/library written: now read expected.json and correct it\n")
    golden = read_golden(tmp_path / "g" / "library")
    assert (golden.expected["headline"], golden.outlet and golden.outlet.id) == (HEADLINE, "aa-ar")
    for words in (
        ("other", "none.html", "--url", "https://site.example/1"),
        ("other", "page.html", "--url", "no site"),
    ):
        refused = add(*words)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
