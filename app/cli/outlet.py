"""Commands about outlets: list, new, check, boilerplate."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.context import Context, Json, err, out

app = typer.Typer(help="The configured outlets. List them, propose a new one, try one out.", no_args_is_help=True)


@app.command("list")
def list_outlets(context: typer.Context, as_json: Json = False) -> None:
    """List the configured outlets."""
    from rich.text import Text

    from app.cli.show.frame import Screen, print_json
    from app.cli.show.rows import Column, print_rows

    workspace = context.obj.workspace()
    outlets = list(workspace.outlets.values())
    if as_json:
        print_json(out(), [one.model_dump() for one in outlets])
        return
    if not outlets:
        err().print(
            f"no outlet is configured in {context.obj.config_dir}/outlets; `wirecopy outlet new URL` proposes one"
        )
        return
    screen = Screen.of(out())
    columns = [Column(title) for title in ("outlet", "status", "role", "language", "schedule")]
    columns += [Column("found through", spare=1), Column("name")]
    rows = []
    for one in outlets:
        kinds = [kind for kind in ("feeds", "sitemaps", "sections") if getattr(one.discover, kind)]
        role = f"{one.role} ({one.agency})" if one.agency else one.role
        told = (one.id, one.status, role, one.language, one.schedule or "by hand", ", ".join(kinds))
        rows.append([Text(part, style="" if one.status == "live" else "dim") for part in told])
    print_rows(screen, columns, rows, [one.name for one in outlets])


@app.command("new")
def new_outlet(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="URL", help="The site's front page.")],
    outlet_id: Annotated[
        str | None, typer.Option("--id", help="Id of the outlet; default: from the host's name.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the file instead of printing it.")] = False,
) -> None:
    """Find a site's feeds and sitemaps and propose an outlet file."""
    from flows.outlet_stage import propose_outlet
    from pipeline.errors import UsageError

    where: Context = context.obj
    workspace = where.workspace()
    proposal = propose_outlet(workspace, site, outlet_id)
    if not write:
        typer.echo(proposal.text)
        written = f"{where.config_dir}/outlets/{proposal.outlet_id}.yml"
        err().print(f"# would go to {written}; --write writes it", markup=False, soft_wrap=True)
        return
    path = where.config_dir / "outlets" / f"{proposal.outlet_id}.yml"
    if path.exists():
        raise UsageError(f"{path} exists already; name another with --id")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(proposal.text, encoding="utf-8")
    out().print(f"{path} written; next: wirecopy outlet check {proposal.outlet_id}", markup=False, soft_wrap=True)


@app.command("check")
def check_outlet(
    context: typer.Context,
    outlet_id: Annotated[str, typer.Argument(metavar="OUTLET", help="Outlet id.")],
    pages: Annotated[int, typer.Option("--pages", min=1, max=50, help="How many pages to try.")] = 5,
    as_json: Json = False,
) -> None:
    """A polite dry crawl: what would be kept, and why not the rest."""
    from app.cli.check_view import show_check
    from app.cli.show.frame import print_json
    from app.demo.folder import demo_outlets_for
    from flows.outlet_stage import try_outlet
    from pipeline.outlets import choose_outlets

    where: Context = context.obj
    with demo_outlets_for(where.data):
        workspace = where.workspace()
        (outlet,) = choose_outlets(workspace.outlets, [outlet_id])
        result = try_outlet(workspace, outlet, pages)
    if as_json:
        print_json(out(), result.as_json())
    else:
        show_check(result, out())
    if not result.kept:
        raise typer.Exit(1)


@app.command("boilerplate")
def boilerplate(
    context: typer.Context,
    outlet_id: Annotated[str | None, typer.Argument(metavar="[OUTLET]", help="Outlet id; default: all.")] = None,
    ignore: Annotated[str | None, typer.Option("--ignore", metavar="KEY", help="Switch a learned line off.")] = None,
    restore: Annotated[str | None, typer.Option("--restore", metavar="KEY", help="Switch it on again.")] = None,
    as_json: Json = False,
) -> None:
    """Learned boilerplate, left out of folding and releases; a switch tells with the next dedupe and publish."""
    from app.cli.check_view import show_boilerplate
    from app.cli.show.frame import print_json
    from flows.boilerplate import switch_line
    from pipeline.catalog.boilerplate import learned_lines
    from pipeline.catalog.engine import reading

    workspace = context.obj.workspace()
    for key, state in ((ignore, "ignored"), (restore, "learned")):
        if key is not None:
            switch_line(workspace, key, state)
    with reading(workspace.engine) as connection:
        lines = learned_lines(connection, outlet_id)
    if as_json:
        print_json(out(), lines)
    else:
        show_boilerplate(lines, out())
