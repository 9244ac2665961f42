"""Commands that stay up or look after the data: serve, trigger, backfill, web, doctor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import Context, Json, err, out


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (serve, trigger, backfill, web, doctor):
        app.command()(command)


def serve(context: typer.Context) -> None:
    """Run the Prefect schedules until stopped. Manual triggers are taken meanwhile."""
    from app.demo.folder import demo_outlets_for
    from app.web.beside import pages_beside
    from flows.serve import serve_deployments

    where: Context = context.obj
    with demo_outlets_for(where.data):
        where.workspace()  # a bad configuration is said before a server starts
        serve_deployments(where.config_dir, where.data, err(), pages_beside)


def trigger(
    context: typer.Context,
    outlet: Annotated[str, typer.Argument(metavar="OUTLET", help="Outlet id.")],
    max_pages: Annotated[int | None, typer.Option("--max-pages", min=1, metavar="N")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Wait and show how it goes.")] = False,
) -> None:
    """Start a crawl by hand on the running server."""
    from flows.trigger import trigger_crawl
    from pipeline.outlets import choose_to_crawl

    workspace = context.obj.workspace()
    choose_to_crawl(workspace.outlets, [outlet])
    state = trigger_crawl(workspace, outlet, max_pages, watch, out())
    if state not in ("COMPLETED", "SCHEDULED", "PENDING", "RUNNING"):
        raise typer.Exit(1)


def backfill(
    context: typer.Context,
    outlet: Annotated[str, typer.Argument(metavar="OUTLET", help="Outlet id.")],
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="First day wanted.")],
    files: Annotated[
        list[Path] | None, typer.Option("--warc", metavar="PATH", help="WARC files or folders instead of the site.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch an outlet's past. Through its sitemaps, or from WARC files; resumable."""
    from app.cli.dates import parse_day
    from app.cli.progress import watch
    from app.cli.stages import finish
    from app.demo.folder import demo_outlets_for
    from flows.backfill import run_backfill
    from pipeline.outlets import choose_outlets, choose_to_crawl

    where: Context = context.obj
    with demo_outlets_for(where.data):
        workspace = where.workspace()
        (chosen,) = (choose_outlets if files else choose_to_crawl)(workspace.outlets, [outlet])
        start = parse_day("--since", since)
        assert start is not None  # noqa: S101  --since is required
        with watch(err()) as watcher:
            report = run_backfill(workspace, chosen, start, files or [], watcher)
    finish(report, as_json)


def web(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; anything but loopback needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8080,
    token: Annotated[
        str | None, typer.Option("--token", envvar="WIRECOPY_WEB_TOKEN", help="Token that readers must give.")
    ] = None,
) -> None:
    """Serve the inspection pages until stopped."""
    from app.web.serve import serve_web

    with suppress(KeyboardInterrupt):  # that is how it is stopped
        serve_web(context.obj.workspace(), host=host, port=port, token=token, console=err())


def doctor(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the catalog anew from the WARC files.")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended: cut WARC tails, captures without a row.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check catalog, archive and releases against each other."""
    from app.cli.doctor_view import show_findings
    from app.cli.progress import watch
    from flows.doctor import examine
    from flows.rebuild import rebuild_catalog
    from pipeline.errors import CatalogError

    workspace = context.obj.workspace()
    settings = workspace.settings
    if settings.catalog is None and settings.storage is None and not workspace.data_dir.exists():
        raise CatalogError(f"{workspace.data_dir}: no data folder there yet; `wirecopy run` makes one")
    with watch(err()) as watcher:
        if rebuild:
            rebuild_catalog(workspace, watcher)
        findings = examine(workspace, watcher, repair=repair)
    show_findings(findings, out(), as_json=as_json)
    if any(one.severe for one in findings):
        raise typer.Exit(1)
