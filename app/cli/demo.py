"""The demo command: start the bundled outlets, run the main job on them, show what came of it."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.context import ROOT, Context
from app.cli.progress import watch
from app.cli.reports import show_run_result
from app.cli.show import show_stories
from app.cli.show.frame import print_json

if TYPE_CHECKING:
    from rich.console import Console

    from flows.workspace import Workspace

DEFAULT_FOLDER = Path("data") / "demo"
STORIES_SHOWN = 40


def run_demo(context: Context, console: Console, messages: Console, *, as_json: bool) -> None:
    """Run the demo in the data folder given, else in data/demo. Exit 1 where a stage failed."""
    from app.demo.folder import CONFIG, start_demo
    from flows.stages import run_pass
    from flows.workspace import open_workspace
    from pipeline.catalog.engine import open_readonly
    from pipeline.outlets import choose_outlets

    folder = context.data if context.data_given else DEFAULT_FOLDER
    began = time.monotonic()
    with start_demo(folder, datetime.now(UTC)) as world:
        messages.print(f"{len(world.base_urls)} outlets listen on 127.0.0.1; the main job runs on them, into {folder}")
        workspace = open_workspace(folder / CONFIG, folder)
        with watch(messages) as watcher:
            report = run_pass(workspace, choose_outlets(workspace.outlets, []), watcher, command="demo")
    if as_json:
        print_json(console, asdict(report) | {"dataset": _dataset(workspace)})
    else:
        show_run_result(report, console)
    if report.state != "done":
        raise typer.Exit(1)
    if as_json:
        return
    console.print()
    show_stories(open_readonly(workspace.catalog_url), console, order="widest", limit=STORIES_SHOWN)
    _say_what_next(folder, console, time.monotonic() - began)


def _dataset(workspace: Workspace) -> str | None:
    """The folder of the release; None where none was made."""
    from pipeline.publish.reading import latest_version

    version = latest_version(workspace.storage)
    return str(workspace.data_dir / "releases" / version) if version else None


def _say_what_next(folder: Path, console: Console, seconds: float) -> None:
    release = folder / "releases"
    console.print(
        f"\nThe dataset: {release}/latest.json names the version ({seconds:.0f} s in all). Next:", markup=False
    )
    program = "./wirecopy" if (ROOT / "wirecopy").is_file() else "wirecopy"
    for command, what in (
        ("stories", "every report with its copies"),
        ("story ID", "one report: who ran it, how much, credited or not"),
        ("compare A B", "two articles side by side"),
        ("rejected", "what did not become an article, and why"),
        ("run", "once more: adds nothing but the page that was corrected meanwhile"),
        ("web", "the same in a browser"),
    ):
        console.print(f"  {program} --data {folder} {command:12} # {what}", markup=False)
