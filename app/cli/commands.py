"""The commands, the options before them, and the one boundary that turns errors into a line."""

from __future__ import annotations

import gc
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from app.cli import catalog, dataset, look, outlet, service, stages
from app.cli.context import make_context
from pipeline.errors import ConfigError, InputError, LeaseHeld, UsageError, WireError
from pipeline.machine_errors import in_words, with_file

# The base of typer's usage errors, which it does not export under a name of its own.
ClickError: type[Exception] = next(one for one in typer.BadParameter.__mro__ if one.__name__ == "ClickException")

INTERRUPTED = 130  # what typer makes of Ctrl-C

app = typer.Typer(
    name="wirecopy",
    help="Finds every copy of a wire report: who ran it, when, how much of it, with or without credit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: drawing boxes costs half a second at every start
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (stages, dataset, look, service):
    module.register(app)
app.add_typer(outlet.app, name="outlet")
app.add_typer(catalog.app, name="catalog")


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"wirecopy {version('wirecopy')}")
        except PackageNotFoundError:
            typer.echo("wirecopy (from a checkout)")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="DIR", help="Configuration folder.")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Data folder (default: ./data).")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = make_context(config, data)


def call() -> tuple[int, str]:
    """Run the command that the arguments name; exit code and what is to be said last. An interruption is raised."""
    try:
        return _run(), ""
    except ClickError as error:
        error.show()  # type: ignore[attr-defined]
        return 2, ""
    except typer.Abort as end:
        raise KeyboardInterrupt from end
    except (ConfigError, UsageError, InputError) as error:
        return 2, str(error)
    except LeaseHeld as held:
        return 0, str(held)
    except WireError as error:
        return 1, str(error)
    except BrokenPipeError:
        sys.stderr.close()  # the reader (head, less) went away: nothing to say and nobody to say it to
        return 0, ""
    except (OSError, MemoryError) as error:
        return 1, with_file(error, in_words(error))
    except Exception as error:
        if os.environ.get("WIRECOPY_TRACEBACK"):
            raise
        said = " ".join(str(error).split())[:300]  # a library that cannot be loaded says why on a page of its own
        return 1, f"unexpected {type(error).__name__}: {said} (WIRECOPY_TRACEBACK=1 shows where)"


def _run() -> int:
    code = app(prog_name="wirecopy", standalone_mode=False)
    gc.freeze()  # the process ends: nothing that is left need be searched for cycles
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0
