"""Draws docs/pictures/growth.svg: `python -m benchmarks.draw_growth`.

From the figures of `bench_growth --figures` (growth.json) and `bench_incremental --figures` (incremental.json).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

FIGURES = Path(__file__).with_name("growth.json")
INCREMENTS = FIGURES.with_name("incremental.json")
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.svg"


def main() -> None:
    mpl.rcParams["svg.hashsalt"] = "growth"  # the same picture from the same figures
    figures = sorted(json.loads(FIGURES.read_text("utf-8")), key=lambda one: one["articles"])
    sizes = [one["articles"] for one in figures]
    drawing, (time, memory, new) = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    seconds = [one["cpu_seconds"] for one in figures]
    time.loglog(sizes, seconds, "o-", label="fold")
    time.loglog(sizes, [seconds[0] * (size / sizes[0]) ** 1.1 for size in sizes], ":", label="exponent 1.1")
    time.set(xlabel="articles", ylabel="CPU seconds, all processes")
    memory.semilogx(sizes, [one["leader_gb"] for one in figures], "o-", label="leading process")
    spread = [one for one in figures if one["worker_gb"]]
    memory.semilogx(
        [one["articles"] for one in spread], [one["worker_gb"] for one in spread], "s-", label="largest worker"
    )
    memory.axhline(4, linestyle=":", color="gray")
    memory.set(xlabel="articles", ylabel="peak memory, GB", ylim=(0, 4.2))
    _draw_increments(new)
    for one in (time, memory, new):
        one.legend()
        one.grid(alpha=0.3)
    drawing.savefig(PICTURE, metadata={"Date": None})


def _draw_increments(axes: Any) -> None:
    """What 1,000 new articles cost, by how the catalog came to its size; the bar is 1.5 times the smallest."""
    figures = json.loads(INCREMENTS.read_text("utf-8"))
    for bulk, mark, label in ((False, "o-", "grown in batches"), (True, "s-", "filled in bulk")):
        some = sorted((one["articles"], one["cpu_seconds"]) for one in figures if one["bulk"] is bulk)
        (line,) = axes.semilogx([size for size, _ in some], [seconds for _, seconds in some], mark, label=label)
        axes.axhline(1.5 * some[0][1], linestyle=":", color=line.get_color())
    axes.set(xlabel="articles in the catalog", ylabel="CPU seconds for 1,000 more", ylim=(0, 6))


if __name__ == "__main__":
    main()
