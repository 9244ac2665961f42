"""Every block of docs/questions.md is run against a small release, and its answer looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.publish.release import publish_release, write_tables
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, BRIDGE, LINKS, NOON, STORIES, content

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text("utf-8")
BLOCKS = re.findall(r"^## (\d+)\. .*?^```(sql|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("questions")
    write_tables(out / "before", content(ARTICLES[:-1], STORIES[:-1], LINKS[:-1]), version="v1", published_at=NOON)
    publish_release(Storage(out / "data"), content(), version="v2", published_at=NOON)
    return out


def ask(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a question's block in the release's folder; rows of SQL, or what Python leaves in `answer`."""
    _, language, code = BLOCKS[number - 1]
    release = folder / "data" / "releases" / "v2"
    monkeypatch.chdir(release)
    if language == "sql":
        with duckdb.connect() as database:
            return database.execute(code).fetchall()
    names: dict[str, Any] = {"before": str(folder / "before"), "after": str(release)}
    exec(compile(code, f"question {number}", "exec"), names)
    return names["answer"]


def test_there_are_ten_questions_each_with_one_block() -> None:
    assert [int(number) for number, _, _ in BLOCKS] == list(range(1, 11))
    assert PAGE.count("\n## ") == 10


def test_1_who_ran_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ask(1, folder, monkeypatch)
    assert [row[0] for row in rows] == ["alpha", "delta", "beta", "wire", "gamma"]
    assert rows[0][2:4] == ("exact_copy", "credited")


def test_2_spread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ask(2, folder, monkeypatch)
    assert len(rows) == len(STORIES)
    assert rows[0][1:4] == ("anadolu", 5, 6)


def test_3_latency(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(3, folder, monkeypatch)[0] == ("alpha", 1, 4.0, 4.0)


def test_4_coverage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(4, folder, monkeypatch)
    assert answer.loc["exact_copy", ("origin_coverage", "50%")] == 1.0
    assert "follow_up" not in answer.index


def test_5_credit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row[0]: row[1:] for row in ask(5, folder, monkeypatch)}
    assert rows == {
        "alpha": (1, 1, 0, 0, 0),
        "beta": (2, 0, 0, 0, 1),
        "gamma": (1, 0, 1, 0, 0),
        "delta": (1, 0, 0, 1, 0),
    }


def test_6_matrix(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(6, folder, monkeypatch)
    assert answer.loc["beta", "anadolu"] == 1.0
    assert answer.loc["alpha", "anadolu"] == 0.5


def test_7_origins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {row[0] for row in ask(7, folder, monkeypatch)} == {story.origin_article_id for story in STORIES}


def test_8_passages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = {(copy, origin): text for copy, origin, text in ask(8, folder, monkeypatch)}
    assert passages["gamma-1", "wire-1"] == BRIDGE
    assert passages["beta-1", "wire-1"] == BRIDGE.split("\n")[0]


def test_9_digests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ((article, outlet, _, reports, holds),) = ask(9, folder, monkeypatch)
    assert (article, outlet, reports, holds) == ("gamma-2", "gamma", 2, ["wire-1", "wire-3"])


def test_10_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(10, folder, monkeypatch) == {"added": 1, "gone": 0, "changed": 0, "moved to another story": 0}
