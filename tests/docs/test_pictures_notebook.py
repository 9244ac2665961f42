"""docs/pictures.ipynb: every cell is run on a release, on a full one and on an empty one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.release import write_tables
from tests.pipeline.publish.sample import NOON, content

NOTEBOOK = json.loads((Path(__file__).parents[2] / "docs" / "pictures.ipynb").read_text("utf-8"))
CELLS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("empty", [False, True])
def test_every_cell_runs_and_draws(empty: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    monkeypatch.setenv("WIRECOPY_RELEASE", str(tmp_path / "release"))
    made = content((), (), ()) if empty else content()
    write_tables(tmp_path / "release", made, version="v1", published_at=NOON)
    import matplotlib.pyplot as plt

    names: dict[str, Any] = {}
    try:
        for number, cell in enumerate(CELLS):
            exec(compile(cell, f"cell {number}", "exec"), names)
        assert len(plt.get_fignums()) == len(CELLS) - 1
        for number in plt.get_fignums():
            plt.figure(number).savefig(tmp_path / f"{number}.png")
            assert (tmp_path / f"{number}.png").stat().st_size > 1_000
    finally:
        plt.close("all")


def test_the_notebook_holds_no_output() -> None:
    assert all(cell["outputs"] == [] for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code")
    assert NOTEBOOK["nbformat"] == 4
