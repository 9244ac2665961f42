"""Draws docs/pictures/growth.svg from the figures of `bench_growth --figures`: `python -m benchmarks.draw_growth`."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

FIGURES = Path(__file__).with_name("growth.json")
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.svg"


def main() -> None:
    mpl.rcParams["svg.hashsalt"] = "growth"  # the same picture from the same figures
    figures = sorted(json.loads(FIGURES.read_text("utf-8")), key=lambda one: one["articles"])
    sizes = [one["articles"] for one in figures]
    drawing, (time, memory) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
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
    for one in (time, memory):
        one.legend()
        one.grid(alpha=0.3)
    drawing.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
