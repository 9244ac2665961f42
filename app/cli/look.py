"""Commands that look into the dataset and into what ran, each as a page of `web` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Json, out

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine

Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Rows at most.")]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Outlet id.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (stories, story, article, compare, outlets, agencies, matrix, latency, releases, runs, rejected):
        app.command()(command)
    app.command("run-report")(run_report)


def stories(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words that stand in one article, headline or text, in any spelling."),
    ] = None,
    agency: Annotated[str | None, typer.Option("--agency", help="Agency id.")] = None,
    outlet: OutletOption = None,
    language: Annotated[str | None, typer.Option("--language", help="BCP 47 tag of the origin.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="First published from this day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="First published up to this day.")
    ] = None,
    relation: Annotated[
        str | None, typer.Option("--relation", help="Only stories with such a copy, as exact_copy.")
    ] = None,
    credit: Annotated[
        str | None, typer.Option("--credit", help="Only stories with a copy credited so, as uncredited.")
    ] = None,
    order: Annotated[str, typer.Option("--order", help="newest, widest or fastest.")] = "newest",
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """List and search stories."""
    from app.cli.dates import parse_day
    from app.cli.show import show_stories

    show_stories(
        _engine(context),
        out(),
        as_json=as_json,
        search=" ".join(words) if words else None,
        agency=agency,
        outlet=outlet,
        language=language,
        since=parse_day("--since", since),
        until=parse_day("--until", until, end=True),
        relation=relation,
        credit=credit,
        order=order,
        limit=limit,
    )


def story(
    context: typer.Context, story_id: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Show one story with its copies."""
    from app.cli.show import show_story

    show_story(_engine(context), out(), story_id, as_json=as_json)


def article(
    context: typer.Context, article_id: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Show one article. Its fields, versions, captures and links."""
    from app.cli.show import show_article

    show_article(_engine(context), out(), article_id, as_json=as_json)


def compare(
    context: typer.Context,
    left: Annotated[str, typer.Argument(metavar="A", help="Article id.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Article id.")],
    as_json: Json = False,
) -> None:
    """Show two articles word by word. What is shared, added, cut and changed."""
    from app.cli.show import show_compare

    show_compare(_engine(context), out(), left, right, as_json=as_json)


def matrix(context: typer.Context, as_json: Json = False) -> None:
    """Show which outlets live on which agency. Share of copied articles, credited or not."""
    from app.cli.show import show_matrix

    show_matrix(_engine(context), out(), as_json=as_json)


def outlets(context: typer.Context, as_json: Json = False) -> None:
    """Show how much of each outlet is its own. And how many of its copies name no source."""
    from app.cli.show import show_outlets

    show_outlets(_engine(context), out(), as_json=as_json)


def agencies(context: typer.Context, as_json: Json = False) -> None:
    """Show what others ran of each agency's reports. With or without credit."""
    from app.cli.show import show_agencies

    show_agencies(_engine(context), out(), as_json=as_json)


def latency(
    context: typer.Context,
    outlet: OutletOption = None,
    agency: Annotated[str | None, typer.Option("--agency", help="Agency id.")] = None,
    as_json: Json = False,
) -> None:
    """Show how long after the report its copies appear."""
    from app.cli.show import show_latency

    show_latency(_engine(context), out(), outlet=outlet, agency=agency, as_json=as_json)


def releases(context: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """List the releases with their counts and what was measured."""
    from app.cli.show import show_releases

    show_releases(_engine(context), out(), limit=limit, as_json=as_json)


def runs(context: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """List the runs with their figures."""
    from app.cli.show import show_runs

    show_runs(_engine(context), out(), limit=limit, as_json=as_json)


def run_report(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Run id; default: the latest.")] = None,
    as_json: Json = False,
) -> None:
    """Show one run: stages, figures and reasons per outlet."""
    from app.cli.show import show_run_report

    show_run_report(_engine(context), out(), run_id, as_json=as_json)


def rejected(
    context: typer.Context,
    outlet: OutletOption = None,
    reason: Annotated[str | None, typer.Option("--reason", help="A reason code.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, max=100_000, help="Rows at most; default: 50, as JSON all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what became no article, and why. With counts by reason."""
    from app.cli.show import show_rejected

    show_rejected(_engine(context), out(), outlet=outlet, reason=reason, limit=limit, as_json=as_json)


def _engine(context: typer.Context) -> Engine:
    from pipeline.catalog.engine import open_readonly

    return open_readonly(context.obj.workspace().catalog_url, statement_seconds=30)
