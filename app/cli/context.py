"""Where a command finds its configuration and its data, and how it talks to the terminal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from flows.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True)
class Context:
    """The options before the command."""

    config: Path | None
    data: Path
    data_given: bool

    @property
    def config_dir(self) -> Path:
        """The folder given; else the data folder's own (a demo has one), ./config, or the bundled one."""
        if self.config is not None:
            return self.config
        for folder in (self.data / "config", Path("config"), ROOT / "config"):
            if (folder / "outlets").is_dir() or (folder / "settings.yml").is_file():
                return folder
        return ROOT / "app" / "default_config"

    def workspace(self) -> Workspace:
        """Configuration checked, catalog not yet opened. Raises ConfigError."""
        from flows.workspace import open_workspace
        from pipeline.errors import ConfigError

        if self.config is not None and not self.config.is_dir():
            raise ConfigError(self.config, "", str(self.config), "a folder with settings.yml and outlets/")
        return open_workspace(self.config_dir, self.data)


def make_context(config: Path | None, data: Path | None) -> Context:
    """Options and environment into a context."""
    config = config or _from_environment("WIRECOPY_CONFIG")
    given = data or _from_environment("WIRECOPY_DATA")
    return Context(config, given or Path("data"), given is not None)


def _from_environment(name: str) -> Path | None:
    value = os.environ.get(name, "").strip()
    return Path(value) if value else None


def out() -> Console:
    """Data and tables: standard output."""
    from rich.console import Console

    return Console(highlight=False)


def err() -> Console:
    """Progress and messages: standard error, so that --json can be piped."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)
