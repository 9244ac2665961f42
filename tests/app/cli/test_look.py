"""The commands that look into the dataset, as a shell starts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.command_line import Wirecopy
from tests.pipeline.catalog.sample_catalog import build_catalog


@pytest.fixture(autouse=True)
def catalog(tmp_path: Path, config: Path) -> None:
    build_catalog(tmp_path / "data").dispose()


@pytest.mark.parametrize("words", [("harbour", "librar"), ("harbour librar",)], ids=["two words", "in quotes"])
def test_words_of_a_search_may_stand_one_by_one(words: tuple[str, ...], wirecopy: Wirecopy) -> None:
    done = wirecopy("stories", *words, "--json")
    assert done.code == 0
    assert [one["story_id"] for one in json.loads(done.out)["stories"]] == ["st-library"]
