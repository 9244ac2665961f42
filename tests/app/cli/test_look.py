"""The commands that look into the dataset and measure it, as a shell starts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.command_line import Wirecopy, one_line
from tests.pipeline.catalog.sample_catalog import build_catalog


@pytest.fixture(autouse=True)
def catalog(tmp_path: Path, config: Path) -> None:
    build_catalog(tmp_path / "data").dispose()


@pytest.mark.parametrize("words", [("harbour", "librar"), ("harbour librar",)], ids=["two words", "in quotes"])
def test_words_of_a_search_may_stand_one_by_one(words: tuple[str, ...], wirecopy: Wirecopy) -> None:
    done = wirecopy("stories", *words, "--json")
    assert done.code == 0
    assert [one["story_id"] for one in json.loads(done.out)["stories"]] == ["st-library"]


def test_labels_of_another_dataset_measure_nothing(wirecopy: Wirecopy, tmp_path: Path) -> None:
    pair = {"a": "elsewhere-1", "b": "elsewhere-2", "label": "same_wire_report"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair) + "\n")
    done = wirecopy("evaluate", "pairs.jsonl")
    assert done.code == 2
    assert "none of the 2 labelled articles" in one_line(done.err)
    assert not done.out


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("outlets",), "outlets"),
        (("agencies",), "agencies"),
        (("latency", "--outlet", "morning"), "steps"),
        (("releases", "--limit", "1"), "releases"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_figures_of_the_pages_are_in_the_terminal_too(command: tuple[str, ...], key: str, wirecopy: Wirecopy) -> None:
    done = wirecopy(*command, "--json")
    assert done.code == 0
    assert key in json.loads(done.out)
    assert wirecopy(*command).out.strip()
