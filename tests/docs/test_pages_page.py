"""docs/pages.md against the pages that are served, their limits, and the pictures it shows."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient

from app.web.application import create_app
from app.web.guard import LEAST_TOKEN
from app.web.serve import HOSTS_VARIABLE
from pipeline.catalog.engine import sqlite_url
from pipeline.catalog.queries.paging import MAX_SIZE
from tests.pipeline.catalog.sample_catalog import build_catalog

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "pages.md").read_text("utf-8")


def test_every_page_is_named_and_no_other(tmp_path: Path) -> None:
    build_catalog(tmp_path).dispose()
    app = create_app(sqlite_url(tmp_path), tmp_path)
    with TestClient(app, base_url="http://127.0.0.1:8080") as client:
        twins = {path for path in client.get("/openapi.json").json()["paths"] if path.endswith(".json")}
    named = {
        one.split("?")[0] for row in re.findall(r"^\| (`/[^|]+) \|", PAGE, re.M) for one in re.findall("`([^`]+)`", row)
    }
    assert named == {one.removesuffix(".json") for one in twins}


def test_limits_and_variables_are_those_of_the_program() -> None:
    assert f"at most {MAX_SIZE}" in PAGE
    assert f"at least {LEAST_TOKEN} characters" in PAGE
    assert f"`{HOSTS_VARIABLE}`" in PAGE


def test_the_pictures_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE)
    assert shown
    for name in (*shown, "pictures/demo.svg"):
        assert 1_000 < (DOCS / name).stat().st_size < 200_000


def test_the_picture_of_the_terminal_loads_nothing_from_elsewhere() -> None:
    drawn = (DOCS / "pictures" / "demo.svg").read_text("utf-8")
    assert "url(" not in drawn
    assert re.findall(r"https?://[^\"'\s]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert 'direction="rtl"' in drawn
