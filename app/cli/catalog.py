"""Commands about the catalog's database: copy it into another, upgrade its schema, say which schema it has."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.context import Json, err, out

app = typer.Typer(help="The catalog's database: copy it, upgrade it, see its version.", no_args_is_help=True)

Url = Annotated[
    str | None, typer.Argument(metavar="[URL]", help="Database URL or SQLite file; default: the configured catalog.")
]


@app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Database URL or SQLite file of the catalog.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Database URL or SQLite file, empty or not there yet.")],
    as_json: Json = False,
) -> None:
    """Copy a catalog into a new database, SQLite or PostgreSQL. Interrupted, the same again finishes it."""
    from app.cli.progress import watch
    from app.cli.show.frame import counted, new_table, print_json
    from flows.catalog_copy import copy_catalog, url_of

    with watch(err()) as watcher:
        tables = copy_catalog(url_of(source), url_of(target), watcher)
    if as_json:
        print_json(out(), [asdict(one) for one in tables])
        return
    table = new_table("table", "rows", "written now", "deleted", right=("rows", "written now", "deleted"))
    for one in tables:
        table.add_row(one.name, f"{one.rows:,}", f"{one.written:,}", f"{one.deleted:,}")
    out().print(table)
    out().print(
        f"{counted(sum(one.rows for one in tables), 'row')}: every one that was written was read back and is right"
    )


@app.command("upgrade")
def upgrade(context: typer.Context, url: Url = None) -> None:
    """Bring the catalog's schema up to date, as any command that writes does."""
    from flows.catalog_copy import upgrade_catalog, url_of

    before, after = upgrade_catalog(url_of(url) if url else context.obj.workspace().catalog_url)
    what = "was up to date" if before == after else f"came from {before.revision or 'before there were numbers'}"
    out().print(f"{after.catalog}: schema {after.revision}, {what}", markup=False, soft_wrap=True)


@app.command("current")
def current(context: typer.Context, url: Url = None, as_json: Json = False) -> None:
    """Say which schema the catalog has, and which this program knows."""
    from app.cli.show.frame import print_json
    from flows.catalog_copy import revision_of, url_of

    found = revision_of(url_of(url) if url else context.obj.workspace().catalog_url)
    if as_json:
        print_json(out(), found)
        return
    told = f"{found.catalog}: schema {found.revision or 'from before there were numbers'}; the newest is {found.newest}"
    out().print(told, markup=False, soft_wrap=True)
