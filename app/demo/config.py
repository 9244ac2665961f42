"""Configuration of the demo outlets in the contract's format: settings.yml and outlets/<id>.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from app.demo.render import SOURCE_PATHS
from app.demo.world import Site, World
from pipeline.outlets import load_outlets
from pipeline.settings import load_settings

# The bundled outlets listen on the loopback network, which crawls do not enter otherwise.
# A pass every minute, so that `wirecopy serve` on a demo shows a scheduled run's release by itself.
SETTINGS = {
    "network": {"allow_private": ["127.0.0.0/8"]},
    "limits": {"page_seconds": 15, "crawl_seconds": 120},
    "serve": {"schedule": "* * * * *", "release_minutes": 0},
}
DISCOVER_KEYS = {"rss2": "feeds", "rss1": "feeds", "atom": "feeds", "sections": "sections"}


def write_config(world: World, base_urls: dict[str, str], config_dir: Path) -> None:
    """Write settings.yml and one file per outlet, and read them back. Raises ConfigError, OSError."""
    outlets_dir = config_dir / "outlets"
    outlets_dir.mkdir(parents=True, exist_ok=True)
    _write(config_dir / "settings.yml", SETTINGS)
    for site in world.sites.values():
        _write(outlets_dir / f"{site.id}.yml", outlet_config(site, base_urls[site.id]))
    load_settings(config_dir)
    load_outlets(config_dir)


def outlet_config(site: Site, base_url: str) -> dict[str, Any]:
    """The content of an outlet's file; base_url is where it is served, without a final slash."""
    discover: dict[str, Any] = {}
    for source in site.sources:
        discover.setdefault(DISCOVER_KEYS.get(source, "sitemaps"), []).append(base_url + SOURCE_PATHS[source])
    if site.article_urls:
        discover["article_urls"] = site.article_urls
    content: dict[str, Any] = {"id": site.id, "name": site.name, "role": site.role}
    if site.agency:
        content["agency"] = site.agency
    content |= {"language": site.language, "time_zone": site.time_zone, "discover": discover}
    content["crawl"] = {"delay": 0, "concurrency": 8, "max_pages": 100}
    if site.selectors:
        content["extract"] = {
            key: value if isinstance(value, str) else list(value) for key, value in site.selectors.items()
        }
    return content


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
