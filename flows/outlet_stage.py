"""Trying an outlet out, and proposing one from a site: real crawls into a data folder that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from crawlers.crawl import CrawlReport, crawl
from flows.extract_stage import extract_captures
from flows.ledger import begin_run
from flows.outlet_proposal import read_profile, write_proposal
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import read_capture
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import reading, sqlite_url, writing
from pipeline.catalog.tryout import captures_of_kind, discoveries_by_source, kept_articles, refusals
from pipeline.discover.site_sources import SiteSources, find_sources, usual_sources
from pipeline.errors import CrawlError, UsageError
from pipeline.outlets import Outlet
from pipeline.reasons import EXPLANATIONS
from pipeline.records import Article, PageKind, Rejection
from pipeline.urls import clean_url, origin_of, registrable_domain


@dataclass(frozen=True, slots=True)
class Trial:
    """What a dry crawl of an outlet would keep, and what not."""

    outlet_id: str
    report: CrawlReport
    kept: tuple[Article, ...]
    refused: tuple[Rejection, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; bodies by their length."""
        kept = [{**asdict(one), "body": f"{len(one.body)} characters"} for one in self.kept]
        return {"outlet_id": self.outlet_id, "report": asdict(self.report), "kept": kept,
                "refused": [asdict(one) for one in self.refused]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed outlet file."""

    outlet_id: str
    text: str


def try_outlet(workspace: Workspace, outlet: Outlet, pages: int) -> Trial:
    """Crawl a few pages of an outlet politely and extract them; nothing is kept. Raises CrawlError."""
    with _scratch(workspace, outlet) as scratch:
        report = _crawl(scratch, outlet, pages)
        if report.state != "done":
            raise CrawlError(report.message or f"the crawl of {outlet.id} {report.state}")
        with begin_run(scratch, "check") as run:
            extract_captures(scratch, run.run_id, SILENT)
        with reading(scratch.engine) as connection:
            return Trial(outlet.id, report, tuple(kept_articles(connection)), tuple(refusals(connection)))


def propose_outlet(workspace: Workspace, site: str, outlet_id: str | None) -> Proposal:
    """Look at a site's front page and robots.txt for feeds and sitemaps. Raises UsageError, CrawlError."""
    url, problem = clean_url(site if "://" in site else f"https://{site}")
    if problem is not None:
        raise UsageError(f"{site!r} is no address of a site ({problem.value})")
    name = outlet_id or registrable_domain(url).split(".")[0].replace("_", "-").lower()
    front = Outlet.model_validate(
        {"id": name, "name": name, "language": "und", "time_zone": "UTC", "discover": _front(url)}
    )
    with _scratch(workspace, front) as scratch:
        report = _crawl(scratch, front, 1)
        files = ArchiveFiles(scratch.data_dir)
        with reading(scratch.engine) as connection:
            pages = captures_of_kind(connection, PageKind.SECTION)
            robots = captures_of_kind(connection, PageKind.ROBOTS)
            linked = discoveries_by_source(connection)
        if not pages:
            raise CrawlError(_why_not(scratch, url, report))
        limit = workspace.settings.limits.page_bytes
        page = read_capture(files, pages[0]).payload(limit).data
        rules = read_capture(files, robots[0]).payload(limit).data if robots else b""
    found = find_sources(page, pages[0].final_url, rules, pages[0].content_type)
    counts = _count_entries(workspace, front, (*found.feeds, *found.sitemaps))
    if not (found.feeds or found.sitemaps):
        found, counts = _usual(workspace, front, pages[0].final_url)
    profile = read_profile(page, pages[0].final_url, pages[0].content_type)
    return Proposal(name, write_proposal(front, url, profile, found, counts | {url: sum(linked.values())}))


def _why_not(scratch: Workspace, url: str, report: CrawlReport) -> str:
    """In one line, why a front page could not be had."""
    with reading(scratch.engine) as connection:
        refused = refusals(connection)
    if not refused:
        return f"{url}: {report.message.removeprefix(f'{url}: ') or 'the front page could not be fetched'}"
    why, detail = EXPLANATIONS[refused[0].reason], refused[0].detail
    return f"{url}: {why}" if detail in (why, "") else f"{url}: {why} ({detail})"


def _front(url: str) -> dict[str, Any]:
    scheme, host, _ = origin_of(url)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    also = [f"{scheme}://{other}"] if "." in host and not host[-1].isdigit() else []
    return {"sections": [url], "also_origins": also}


def _count_entries(workspace: Workspace, front: Outlet, sources: tuple[str, ...]) -> dict[str, int]:
    """How many articles each source announces now; sources on other origins are left to a person to allow."""
    allowed = {origin_of(one) for one in (*front.start_urls, *front.discover.also_origins)}
    near = [one for one in sources if origin_of(one) in allowed][:10]
    if not near:
        return {}
    discover = front.discover.model_copy(update={"sections": (), "feeds": tuple(near)})
    trial = front.model_copy(update={"discover": discover})
    with _scratch(workspace, trial) as scratch:
        _crawl(scratch, trial, 1)
        with reading(scratch.engine) as connection:
            return discoveries_by_source(connection)


def _usual(workspace: Workspace, front: Outlet, url: str) -> tuple[SiteSources, dict[str, int]]:
    """Of the places where sites usually keep feeds and sitemaps, those that announce articles."""
    usual = usual_sources(url)
    counts = _count_entries(workspace, front, (*usual.feeds, *usual.sitemaps))
    feeds = tuple(one for one in usual.feeds if counts.get(one))[:1]  # the others are its twins
    return SiteSources(feeds, tuple(one for one in usual.sitemaps if counts.get(one))[:1]), counts


@contextmanager
def _scratch(workspace: Workspace, outlet: Outlet) -> Iterator[Workspace]:
    """A workspace of its own in a temporary folder, with this outlet alone."""
    with tempfile.TemporaryDirectory(prefix="wirecopy-") as folder:
        data = Path(folder)
        settings = workspace.settings.model_copy(update={"catalog": sqlite_url(data), "storage": None})
        scratch = replace(workspace, data_dir=data, settings=settings, outlets={outlet.id: outlet})
        with writing(scratch.engine) as connection:
            register_outlets(connection, [outlet])
        try:
            yield scratch
        finally:
            scratch.engine.dispose()


def _crawl(scratch: Workspace, outlet: Outlet, pages: int) -> CrawlReport:
    return crawl(
        outlet,
        scratch.settings,
        data_dir=scratch.data_dir,
        catalog_url=scratch.catalog_url,
        run_id="check",
        max_pages=pages,
    )
