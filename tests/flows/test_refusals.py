"""Every refusal of a run is listed, by outlet and reason, in what `rejected` and `run-report` show."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from app.cli.show import show_rejected, show_run_report
from flows.ledger import begin_run
from flows.stages import crawl_stages, run_pass
from flows.workspace import Workspace
from pipeline.catalog.engine import Engine, open_readonly, reading
from pipeline.catalog.queries.runs import list_runs, read_run
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.crawlers.server import Server, answer, ok, page, redirect, serve

ELSEWHERE = "http://127.0.0.1:1/news/another-paper-altogether"
LOGIN = b"<html><title>Log in</title><body><form><input type=password></form><p>Log in to read on.</p></body></html>"
# What each outlet announces: (address, answer, stage, reason); a reason that is None: an article.
ANNOUNCED: dict[str, list[tuple[str, bytes | None, str, str | None]]] = {
    "north": [
        ("/north/a-good-report", ok(page("harbour wall")), "", None),
        ("/north/secret-report", ok(page("secret")), "crawl", "robots_disallowed"),
        ("/north/lost-report", None, "crawl", "gone"),
        ("/north/broken-report", answer(403), "crawl", "http_error"),
        ("/north/moved-report", redirect(ELSEWHERE), "crawl", "out_of_scope"),
        ("/north/circling-report", redirect("/north/circling-report"), "crawl", "too_many_redirects"),
        ("/north/login-report", ok(LOGIN), "extract", "login_wall"),
        ("/north/paper-report", ok(b"%PDF-1.4 of the council"), "extract", "not_html"),
        ("ftp://127.0.0.1/north/old-report", None, "crawl", "bad_scheme"),
        (ELSEWHERE, None, "crawl", "out_of_scope"),
    ],
    "south": [
        ("/south/another-good-report", ok(page("old mill")), "", None),
        ("/south/lost-report", None, "crawl", "gone"),
        ("/south/lost-report-of-the-mill", None, "crawl", "gone"),
        ("/south/packed-report", ok(b"\x80" * 900, "text/html", "Content-Encoding: exi"), "crawl", "bad_encoding"),
        ("/south/empty-report", ok(b"<html><body><img src=a></body></html>"), "extract", "no_body"),
    ],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Server]]:
    with serve() as site:
        site.routes["/robots.txt"] = ok(b"User-agent: *\nDisallow: /north/secret\n", "text/plain")
        outlets = {}
        for name, announced in ANNOUNCED.items():
            site.routes |= {path: content for path, content, _, _ in announced if content is not None}
            site.feed(*(path for path, _, _, _ in announced), path=f"/{name}/feed.xml")
            content: dict[str, Any] = {"id": name, "name": name.title(), "language": "en", "time_zone": "UTC"}
            content |= {"discover": {"feeds": [site.url(f"/{name}/feed.xml")]}, "crawl": {"delay": 0}}
            outlets[name] = Outlet.model_validate(content)
        folder = tmp_path_factory.mktemp("refusals")
        settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
        workspace = Workspace(folder, folder / "data", settings, outlets)
        assert run_pass(workspace, list(outlets.values())).state == "done"
        workspace.engine.dispose()
        yield workspace, site


@pytest.fixture(scope="module")
def engine(run: tuple[Workspace, Server]) -> Iterator[Engine]:
    catalog = open_readonly(run[0].catalog_url)
    yield catalog
    catalog.dispose()


@pytest.fixture(scope="module")
def expected(run: tuple[Workspace, Server]) -> set[tuple[str, str, str, str]]:
    """(outlet, address, stage, reason) of every refusal."""
    return {
        (name, path if "://" in path else run[1].url(path), stage, reason)
        for name, announced in ANNOUNCED.items()
        for path, _, stage, reason in announced
        if reason is not None
    }


def told(engine: Engine, **chosen: Any) -> Any:
    out = io.StringIO()
    show_rejected(engine, Console(file=out, width=200), as_json=True, **chosen)
    return json.loads(out.getvalue())


def by_reason(refusals: set[tuple[str, str, str, str]]) -> dict[tuple[str, str, str], int]:
    return Counter((outlet, stage, reason) for outlet, _, stage, reason in refusals)


def counted(counts: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    return {(one["outlet"]["outlet_id"], one["stage"], one["reason"]): one["pages"] for one in counts}


def test_rejected_lists_every_refusal(engine: Engine, expected: set[tuple[str, str, str, str]]) -> None:
    found = told(engine)
    rows = {(one["outlet_id"], one["url"], one["stage"], one["reason"]) for one in found["rejections"]}
    assert rows == expected
    assert found["total"] == len(found["rejections"]) == len(expected)
    assert counted(found["counts"]) == by_reason(expected)
    assert all(one["explanation"] for one in found["rejections"])


def test_rejected_can_be_asked_for_an_outlet_or_a_reason(
    engine: Engine, expected: set[tuple[str, str, str, str]]
) -> None:
    south = told(engine, outlet="south")
    assert {one["url"] for one in south["rejections"]} == {one[1] for one in expected if one[0] == "south"}
    gone = told(engine, reason="gone")
    assert {one["url"] for one in gone["rejections"]} == {one[1] for one in expected if one[3] == "gone"}
    assert told(engine, limit=2)["total"] == len(expected)


def test_the_run_report_counts_every_refusal(engine: Engine, expected: set[tuple[str, str, str, str]]) -> None:
    out = io.StringIO()
    report = show_run_report(engine, Console(file=out, width=200))
    assert {(one.outlet.outlet_id, one.stage, one.reason): one.pages for one in report.rejected} == by_reason(expected)
    stages = {(one.stage, one.outlet_id): one.counts["rejected"] for one in report.stages if "rejected" in one.counts}
    for name in ANNOUNCED:
        wanted = Counter(reason for outlet, _, stage, reason in expected if (outlet, stage) == (name, "crawl"))
        assert stages["crawl", name] == wanted
    shown = out.getvalue()
    assert f"{len(expected)} pages rejected" in shown
    for outlet, stage, reason in by_reason(expected):
        assert any(line.split()[:3] == [outlet, stage, reason] for line in shown.splitlines()), (outlet, reason)


def test_a_later_run_takes_nothing_from_the_report_of_an_older_one(tmp_path: Path) -> None:
    with serve() as site:
        settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
        content: dict[str, Any] = {"id": "north", "name": "North", "language": "en", "time_zone": "UTC"}
        content |= {"discover": {"feeds": [site.url("/feed.xml")]}, "crawl": {"delay": 0}}
        outlets = {"north": Outlet.model_validate(content)}
        workspace = Workspace(tmp_path, tmp_path / "data", settings, outlets)
        for announced in (["ftp://127.0.0.1/a", ELSEWHERE], ["ftp://127.0.0.1/a", "ftp://127.0.0.1/b"]):
            site.feed(*announced)
            with begin_run(workspace, "crawl") as run:
                assert [one.state for one in crawl_stages(run, [*outlets.values()])] == ["done"]
        with reading(workspace.engine) as connection:
            found = [read_run(connection, one.run_id) for one in list_runs(connection).runs]
        workspace.engine.dispose()
    later, older = ({one.reason: one.pages for one in view.rejected} for view in found if view is not None)
    assert older == {"bad_scheme": 1, "out_of_scope": 1}
    assert later == {"bad_scheme": 2}
