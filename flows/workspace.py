"""What every stage works on: configuration, catalog and data folder, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.agencies import Agencies, load_agencies
from pipeline.errors import ConfigError
from pipeline.outlets import Outlet, load_outlets, load_sound_outlets
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
    broken: dict[str, ConfigError] = field(default_factory=dict)  # outlets left out, by id

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
    workspace = Workspace(config_dir, data_dir, settings, load_outlets(config_dir))
    for outlet in workspace.outlets.values():
        _check_agency(workspace, outlet)
    return workspace


def open_what_is_sound(config_dir: Path, data_dir: Path) -> Workspace:
    """The same for work that goes on by itself: an outlet whose file is broken is left out and told of in `broken`.

    Raises ConfigError where what all outlets share is broken.
    """
    settings = load_settings(config_dir)
    outlets, broken = load_sound_outlets(config_dir)
    workspace = Workspace(config_dir, data_dir, settings, outlets, broken)
    for outlet in list(outlets.values()):
        try:
            _check_agency(workspace, outlet)
        except ConfigError as error:
            broken[outlet.id] = error
            del outlets[outlet.id]
    return workspace


def _check_agency(workspace: Workspace, outlet: Outlet) -> None:
    known = workspace.agencies.by_id
    if outlet.agency is not None and outlet.agency not in known:
        path = workspace.config_dir / "outlets" / f"{outlet.id}.yml"
        raise ConfigError(path, "agency", outlet.agency, f"an id of agencies.yml: {', '.join(sorted(known))}")
