"""The site's outlets and settings as a configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.site.hostile.board import Board, Plan
from tests.site.hostile.kinds.sitemaps import SITEMAP_REQUESTS
from tests.site.hostile.kinds.traps import LISTING_PAGES

SETTINGS = {
    "user_agent": "wirecopy/0.1 (+http://127.0.0.1/about)",
    "network": {"allow_private": ["127.0.0.1/32"]},
    "limits": {
        "page_seconds": 5,
        "crawl_seconds": 120,
        "crawl_requests": 400,
        "sitemap_requests": SITEMAP_REQUESTS,
        "listing_pages": LISTING_PAGES,
        "feed_items": 300,
        "extraction_seconds": 10,
    },
}


def outlet_file(plan: Plan) -> dict[str, Any]:
    """The content of one outlet's file."""
    sources: dict[str, Any] = {"feeds": plan.feeds, "sitemaps": plan.sitemaps, "sections": plan.sections}
    discover = {key: value for key, value in sources.items() if value}
    discover["article_urls"] = "/(news|go|amp|m|print)/"
    if plan.also_origins:
        discover["also_origins"] = plan.also_origins
    return {
        "id": plan.id,
        "name": f"The {plan.id} outlet",
        "language": plan.language,
        "time_zone": plan.time_zone,
        "discover": discover,
        "crawl": {key: (value if key == "delay" else int(value)) for key, value in plan.crawl.items()},
        "status": plan.status,
    }


def write_config(board: Board, config_dir: Path) -> None:
    """Write settings.yml and outlets/<id>.yml for every outlet on board."""
    (config_dir / "outlets").mkdir(parents=True, exist_ok=True)
    (config_dir / "settings.yml").write_text(yaml.safe_dump(SETTINGS), "utf-8")
    for plan in board.plans.values():
        content = yaml.safe_dump(outlet_file(plan), allow_unicode=True, sort_keys=False)
        (config_dir / "outlets" / f"{plan.id}.yml").write_text(content, "utf-8")
