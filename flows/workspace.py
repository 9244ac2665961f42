"""What every stage works on: configuration, catalog and data folder, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.agencies import Agencies, load_agencies
from pipeline.errors import ConfigError
from pipeline.outlets import Outlet, load_outlets
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine
    from pipeline.storage import Storage


@dataclass(frozen=True)
class Workspace:
    """A configuration folder and a data folder, with what is in them."""

    config_dir: Path
    data_dir: Path
    settings: Settings
    outlets: dict[str, Outlet]

    @cached_property
    def agencies(self) -> Agencies:
        """The agencies and how they are credited."""
        return load_agencies(self.config_dir)

    @property
    def catalog_url(self) -> str:
        """SQLAlchemy URL of the catalog."""
        from pipeline.catalog.engine import sqlite_url

        return self.settings.catalog or sqlite_url(self.data_dir)

    @cached_property
    def engine(self) -> Engine:
        """The catalog, opened for writing; made where there is none."""
        from pipeline.catalog.engine import open_catalog

        return open_catalog(self.catalog_url, self.settings.limits.catalog_seconds)

    @cached_property
    def storage(self) -> Storage:
        """Where archive and releases lie."""
        from pipeline.storage import Storage

        return Storage(self.settings.storage or str(self.data_dir))


def open_workspace(config_dir: Path, data_dir: Path) -> Workspace:
    """Read and check the configuration; nothing is written. Raises ConfigError."""
    settings = load_settings(config_dir)
    outlets = load_outlets(config_dir)
    workspace = Workspace(config_dir, data_dir, settings, outlets)
    known = workspace.agencies.by_id
    for outlet in outlets.values():
        if outlet.agency is not None and outlet.agency not in known:
            path = config_dir / "outlets" / f"{outlet.id}.yml"
            raise ConfigError(path, "agency", outlet.agency, f"an id of agencies.yml: {', '.join(sorted(known))}")
    return workspace
