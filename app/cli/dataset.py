"""Commands about the dataset: export, verify, evaluate, and golden pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Context, Json, err, out

if TYPE_CHECKING:
    from pipeline.publish.verify import VerifyReport


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(export)
    app.command()(verify)
    app.command()(evaluate)
    app.add_typer(golden, name="golden")


def export(
    context: typer.Context,
    to_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="jsonl, csv, ninjs, rss, huggingface, croissant.")
    ],
    to: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Default: standard output.")] = None,
    version: Annotated[str | None, typer.Option("--version", help="Release; default: the latest.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="jsonl, csv: articles, stories or copies as it is.")
    ] = None,
    without_text: Annotated[
        bool, typer.Option("--without-text", help="jsonl, csv, ninjs: leave the bodies out.")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="csv: begin with a byte order mark, for Excel.")] = False,
    site: Annotated[str | None, typer.Option("--site", metavar="URL", help="rss: where `web` is served.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="rss: stories at most.")] = 100,
) -> None:
    """Write the latest release in another format."""
    from pipeline.publish.exports import ExportOptions, export_release

    workspace = context.obj.workspace()
    target = to if to is not None else sys.stdout.buffer
    options = ExportOptions(
        table=table, with_text=not without_text, bom=bom, limit=limit, **({"site": site} if site else {})
    )
    rows = export_release(workspace.storage, to_format, target, version, options)
    if to is not None:
        err().print(f"{rows:,} rows -> {to}")


def verify(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Articles files with article_id and body.")],
    version: Annotated[str | None, typer.Option("--version", help="Release; default: the latest.")] = None,
    as_json: Json = False,
) -> None:
    """Check a release, with or without text, against texts you hold."""
    from datetime import UTC, datetime

    from app.cli.show.frame import print_json
    from pipeline.inputs.articles_file import read_articles
    from pipeline.publish.verify import verify_release
    from pipeline.records import Article

    workspace = context.obj.workspace()
    read = read_articles(files, read_at=datetime.now(UTC))
    texts = ((one.article_id, one.body) for one in read if isinstance(one, Article))
    report = verify_release(workspace.storage, version, texts)
    if as_json:
        print_json(out(), report)
    else:
        _show_verified(report)
    if not report.ok:
        raise typer.Exit(1)


def evaluate(
    context: typer.Context,
    labels: Annotated[
        Path,
        typer.Argument(
            metavar="LABELS", help="Folder with pairs, templates, neighbours, relations .jsonl, or one such file."
        ),
    ],
    release: Annotated[
        str | None, typer.Option("--release", help="A release's version, or `latest`; default: the catalog.")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", metavar="DIR", help="Tables written by fold --out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Precision, recall, F1, B-cubed against labelled pairs."""
    from app.cli.evaluation_view import show_evaluation
    from app.cli.show.frame import print_json
    from flows.evaluation import evaluate_catalog, evaluate_release, evaluate_tables
    from pipeline.errors import InputError

    where: Context = context.obj
    if tables is not None:
        result = evaluate_tables(tables, labels)
    elif release is not None:
        result = evaluate_release(where.workspace(), labels, None if release == "latest" else release)
    else:
        result = evaluate_catalog(where.workspace(), labels)
    if result.labelled_articles == result.missing_articles:
        raise InputError(
            f"{labels}: none of the {result.labelled_articles:,} labelled articles is there, so nothing can be measured"
        )
    if as_json:
        print_json(out(), result.as_json())
    else:
        show_evaluation(result, out())


golden = typer.Typer(help="Golden pages: real templates with what extraction should give.", no_args_is_help=True)


@golden.command("add")
def add_golden(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the new golden page.")],
    page: Annotated[Path, typer.Argument(metavar="FILE", help="The page's HTML as received.")],
    url: Annotated[str, typer.Option("--url", help="The page's address.")],
    outlet: Annotated[str | None, typer.Option("--outlet", help="Configured outlet it belongs to.")] = None,
    content_type: Annotated[str, typer.Option("--content-type", help="As the server said it.")] = "text/html",
    folder: Annotated[Path, typer.Option("--to", metavar="DIR")] = Path("tests/golden"),
) -> None:
    """Make a golden page from a file; a person then corrects expected.json."""
    from datetime import UTC, datetime

    from pipeline.errors import InputError
    from pipeline.extract.golden import add_golden
    from pipeline.machine_errors import in_words
    from pipeline.outlets import choose_outlets
    from pipeline.urls import clean_url

    _, problem = clean_url(url)
    if problem is not None:
        raise InputError(f"{url!r} is no address of a page ({problem.value})")
    workspace = context.obj.workspace()
    chosen = choose_outlets(workspace.outlets, [outlet])[0] if outlet else None
    try:
        payload = page.read_bytes()
    except OSError as error:
        raise InputError(f"{page}: {in_words(error)}") from error
    made = add_golden(
        folder, name, payload, url=url, content_type=content_type, fetched_at=datetime.now(UTC), outlet=chosen
    )
    out().print(f"{made} written: now read expected.json and correct it", markup=False)


def _show_verified(report: VerifyReport) -> None:
    told = (
        ("release", report.version, f"{report.articles:,} articles"),
        ("texts", f"{report.verified:,} are those of the release", f"{report.differing:,} differ"),
        ("", f"{report.missing:,} were not given", f"{report.unknown:,} given that it does not name, or twice"),
        (
            "passages",
            f"{report.spans:,} of {report.links:,} links looked at",
            f"{report.bad_spans:,} outside their texts",
        ),
    )
    for label, *facts in told:
        out().print(f"{label:<12} {', '.join(facts)}", markup=False, highlight=False)
    for problem in report.problems:
        out().print(problem, markup=False, highlight=False)
    if not report.verified:
        out().print("no text of the release was among those given", markup=False)
