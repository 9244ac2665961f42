"""Commands that do the work: demo, run, crawl, extract, dedupe, publish, ingest, fold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Context, Json, err, out

if TYPE_CHECKING:
    from flows.ledger import RunReport

Outlets = Annotated[
    list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids; default: every live one.")
]
MaxPages = Annotated[
    int | None, typer.Option("--max-pages", min=1, metavar="N", help="Fetch at most N pages per outlet.")
]
ARTICLES_FILES = (
    "JSONL(.gz) or Parquet with article_id and body, better with outlet_id, headline, byline, published_at, "
    "language, url."
)


def _scheduler(value: str | None) -> str | None:
    if value not in (None, "local") and not re.fullmatch(r"(?:tcp|tls)://\S+:\d{1,5}", value):
        raise typer.BadParameter(f"{value!r} is no address; `local` or tcp://host:port")
    return value


Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", callback=_scheduler, help="On Dask: `local` or tcp://host:port."),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (demo, run, crawl, extract, dedupe, publish, ingest, fold):
        app.command()(command)


def demo(context: typer.Context, as_json: Json = False) -> None:
    """Run the main job on bundled outlets. No internet is needed."""
    from app.cli.demo import run_demo

    run_demo(context.obj, out(), err(), as_json=as_json)


def run(context: typer.Context, outlets: Outlets = None, max_pages: MaxPages = None, as_json: Json = False) -> None:
    """Crawl, extract, dedupe and publish."""
    from app.cli.progress import watch
    from app.demo.folder import demo_outlets_for
    from flows.stages import run_pass
    from pipeline.outlets import choose_to_crawl

    where: Context = context.obj
    with demo_outlets_for(where.data):
        workspace = where.workspace()
        chosen = choose_to_crawl(workspace.outlets, outlets or [])
        with watch(err()) as watcher:
            report = run_pass(workspace, chosen, watcher, max_pages=max_pages)
    finish(report, as_json)


def crawl(
    context: typer.Context,
    outlets: Annotated[list[str], typer.Argument(metavar="OUTLET...", help="Outlet ids.")],
    max_pages: MaxPages = None,
    as_json: Json = False,
) -> None:
    """Crawl outlets: captures into the archive, nothing else."""
    from app.cli.progress import watch
    from app.demo.folder import demo_outlets_for
    from flows.ledger import RunReport, begin_run, run_state
    from flows.stages import crawl_stages
    from pipeline.outlets import choose_to_crawl

    where: Context = context.obj
    with demo_outlets_for(where.data):
        workspace = where.workspace()
        chosen = choose_to_crawl(workspace.outlets, outlets)
        with watch(err()) as watcher, begin_run(workspace, "crawl") as started:
            crawl_stages(started, chosen, watcher, max_pages)
    finish(RunReport(started.run_id, run_state(started.reports), tuple(started.reports)), as_json)


def extract(context: typer.Context, as_json: Json = False) -> None:
    """Extract every capture that waits for it."""
    _one_stage(context.obj, "extract", as_json)


def dedupe(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Fold all articles from scratch.")] = False,
    scheduler: Scheduler = None,
    as_json: Json = False,
) -> None:
    """Fold new and changed articles into stories."""
    if scheduler is not None and not everything:
        raise typer.BadParameter("--scheduler goes with --all: on Dask everything is folded")
    _one_stage(context.obj, "dedupe", as_json, everything=everything, scheduler=scheduler)


def publish(
    context: typer.Context,
    without_text: Annotated[bool, typer.Option("--without-text", help="Leave the bodies out.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if it has far fewer articles than the last one, or that is damaged.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish a release of what the catalog holds."""
    _one_stage(context.obj, "publish", as_json, with_text=False if without_text else None, force=force)


def ingest(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC, JSONL(.gz) or Parquet files.")],
    domain: Annotated[list[str] | None, typer.Option("--domain", help="Only pages of this domain.")] = None,
    language: Annotated[list[str] | None, typer.Option("--language", help="Only articles in this language.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only up to this day.")] = None,
    as_json: Json = False,
) -> None:
    """Read WARC files or articles files into the catalog. What they hold waits for dedupe and publish."""
    from app.cli.dates import parse_day
    from app.cli.progress import watch
    from flows.ingest_stage import InputFilter, check_files, ingest_files
    from flows.ledger import RunReport, begin_run, run_state

    wanted = InputFilter(
        tuple(domain or ()), tuple(language or ()), parse_day("--since", since), parse_day("--until", until, end=True)
    )
    workspace = context.obj.workspace()
    check_files(files)  # a slip of the pen is no run, and makes no catalog
    with watch(err()) as watcher, begin_run(workspace, "ingest") as started:
        ingest_files(started, files, wanted, watcher)
    finish(RunReport(started.run_id, run_state(started.reports), tuple(started.reports)), as_json)


def fold(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=ARTICLES_FILES)],
    to: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the three tables.")],
    scheduler: Scheduler = None,
    as_json: Json = False,
) -> None:
    """Fold articles files into three tables. No catalog, no network."""
    from app.cli.progress import watch
    from app.cli.show.frame import counted, print_json
    from flows.fold_files import fold_files

    with watch(err()) as watcher:
        summary = fold_files(context.obj.workspace(), files, to, watcher, scheduler)
    if as_json:
        print_json(out(), summary)
    else:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in summary["reasons"].items())
        out().print(
            f"{counted(summary['articles'], 'article')} in {counted(summary['stories'], 'story', 'stories')}, "
            f"{counted(summary['copies'], 'link')}"
            f" ({summary['rejected']:,} rows rejected{': ' if reasons else ''}{reasons}) -> {to}",
            markup=False,
            soft_wrap=True,
        )


def _one_stage(where: Context, stage: str, as_json: bool, **options: object) -> None:
    from app.cli.progress import watch
    from flows import stages
    from flows.ledger import RunReport, begin_run, run_state

    workspace = where.workspace()
    with watch(err()) as watcher, begin_run(workspace, stage) as started, stages.folding(started, watcher):
        getattr(stages, f"{stage}_stage")(started, watcher, **options)
    finish(RunReport(started.run_id, run_state(started.reports), tuple(started.reports)), as_json)


def finish(report: RunReport, as_json: bool) -> None:
    """Say what a run came to. Exit 1 where it failed."""
    from app.cli.reports import show_run_result
    from app.cli.show.frame import print_json

    if as_json:
        print_json(out(), report)
    else:
        show_run_result(report, out())
    if report.state != "done":
        raise typer.Exit(1)
