"""The doctor on a real data folder: finds whatever byte was flipped, mends cut tails, makes the catalog anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from flows.doctor import Finding, examine
from flows.rebuild import rebuild_catalog
from flows.stages import run_pass
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.catalog.engine import reading, writing
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.catalogs import ON_POSTGRESQL, copy_data
from tests.crawlers.server import Server, ok, serve

FLIPS = 20  # of each kind of file
SUBJECTS = ("ferry", "orchard", "tunnel", "library", "harvest", "festival", "bridge", "school")


def page(subject: str, hour: int = 8) -> bytes:
    text = "".join(
        f"<p>Paragraph {number} of the report: the {subject} of the town was looked at by {number + 3} people of the "
        f"council on Monday, and the {subject} will be mended before the winter, said the mayor.</p>"
        for number in range(8)
    )
    stamp = f'<meta property="article:published_time" content="2026-03-02T{hour:02}:00:00+00:00">'
    head = f"<head><title>The {subject} is mended</title>{stamp}</head>"
    return f"<html>{head}<body><article><h1>The {subject} is mended</h1>{text}</article></body></html>".encode()


def workspace_of(data: Path, site: Server) -> Workspace:
    outlets = {}
    for name, prefix in (("north", "/n/"), ("south", "/s/")):
        content = {"id": name, "name": name.title(), "language": "en", "time_zone": "UTC"}
        content |= {"discover": {"feeds": [site.url(f"{prefix}feed.xml")]}, "crawl": {"delay": 0, "concurrency": 4}}  # type: ignore[dict-item]
        outlets[name] = Outlet.model_validate(content)
    settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
    return Workspace(data.parent, data, settings, outlets)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Server]]:
    """Two outlets with eight reports, half of them in both."""
    with serve() as site:
        for prefix, subjects in (("/n/", SUBJECTS[:6]), ("/s/", SUBJECTS[2:])):
            paths = [f"{prefix}the-{subject}-is-mended" for subject in subjects]
            site.routes |= {path: ok(page(subject)) for path, subject in zip(paths, subjects, strict=True)}
            site.feed(*paths, path=f"{prefix}feed.xml")
        workspace = workspace_of(tmp_path_factory.mktemp("doctor") / "data", site)
        assert run_pass(workspace, list(workspace.outlets.values())).state == "done"
        workspace.engine.dispose()
        yield workspace, site


@pytest.fixture
def patient(crawled: tuple[Workspace, Server], tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the data folder to be spoilt."""
    original, site = crawled
    copy_data(original.data_dir, tmp_path / "data")
    workspace = workspace_of(tmp_path / "data", site)
    yield workspace
    close(workspace)


def close(workspace: Workspace) -> None:
    """Close a catalog that could be opened."""
    if "engine" in workspace.__dict__:
        workspace.engine.dispose()


def severe(findings: list[Finding]) -> set[str]:
    return {one.part for one in findings if one.severe}


def files_of(data: Path, part: str) -> list[Path]:
    if part == "catalog":
        return [data / "catalog.sqlite"]
    return sorted(one for one in (data / part).rglob("*") if one.is_file())


def flip(path: Path, draw: random.Random) -> Callable[[], None]:
    """Flip one bit; returns what puts it back."""
    content = path.read_bytes()
    at = draw.randrange(len(content))
    path.write_bytes(content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1 :])

    def put_back() -> None:
        path.write_bytes(content)

    return put_back


def undetected(original: Workspace, site: Server, part: str, flips: int, seed: int) -> list[str]:
    """Flips in files of one part that the doctor passes over."""
    draw, missed = random.Random(seed), []
    for _ in range(flips):
        path = draw.choice(files_of(original.data_dir, part))
        put_back = flip(path, draw)
        workspace = workspace_of(original.data_dir, site)
        try:
            if not severe(examine(workspace, SILENT)):
                missed.append(path.name)
        except Exception as error:  # noqa: BLE001  a traceback in place of a finding is what is looked for
            missed.append(f"{path.name}: {error!r}")
        finally:
            close(workspace)
            put_back()
    return missed


def test_a_folder_that_was_left_alone_is_in_order(patient: Workspace) -> None:
    assert examine(patient, SILENT) == []


def test_signs_that_no_database_holds_are_no_damage(tmp_path: Path) -> None:
    with serve() as site:
        paths = site.pages(1, "/n/")
        site.routes[paths[0]] = ok(page("ferry"), "text/html\0; charset=utf-8", 'ETag: "\xff\0"')
        site.feed(*paths, path="/n/feed.xml")
        site.feed(path="/s/feed.xml")
        workspace = workspace_of(tmp_path / "data", site)
        assert run_pass(workspace, list(workspace.outlets.values())).state == "done"
        assert len(stories(workspace)) == 1
        assert examine(workspace, SILENT) == []
        close(workspace)


PARTS = ["archive", "releases"] if ON_POSTGRESQL else ["catalog", "archive", "releases"]  # a server keeps its own bytes


@pytest.mark.parametrize("part", PARTS)
def test_every_flipped_bit_is_found(patient: Workspace, crawled: tuple[Workspace, Server], part: str) -> None:
    assert undetected(patient, crawled[1], part, FLIPS, seed=len(part)) == []


@pytest.mark.parametrize("size", [1, 3, 9, 11, 40, 200])
def test_a_half_written_record_is_cut_off_and_nothing_is_lost(patient: Workspace, size: int) -> None:
    (warc,) = (one for one in files_of(patient.data_dir, "archive") if "north" in str(one))
    whole = warc.read_bytes()
    warc.write_bytes(whole + whole[:size])
    findings = examine(patient, SILENT)
    assert findings
    assert not [one.what for one in findings if one.severe]
    examine(patient, SILENT, repair=True)
    assert warc.read_bytes() == whole
    assert examine(patient, SILENT) == []


@pytest.mark.parametrize("lost", [1, 9, 40, 600])
def test_a_record_cut_in_two_is_fetched_again(patient: Workspace, lost: int) -> None:
    (warc,) = (one for one in files_of(patient.data_dir, "archive") if "north" in str(one))
    warc.write_bytes(warc.read_bytes()[:-lost])
    assert severe(examine(patient, SILENT)) == {"archive"}
    examine(patient, SILENT, repair=True)
    after = examine(patient, SILENT)
    assert not [one.what for one in after if one.severe]
    before = stories(patient)
    assert run_pass(patient, list(patient.outlets.values())).state == "done"
    assert stories(patient) == before
    assert examine(patient, SILENT) == []
    assert rows(patient, "SELECT count(*) FROM articles WHERE capture_id IS NULL") == [(0,)]


def test_a_file_that_is_gone_is_missed(patient: Workspace) -> None:
    for part in ("archive", "releases"):
        path = max(files_of(patient.data_dir, part), key=lambda one: one.stat().st_size)
        content = path.read_bytes()
        path.unlink()
        assert severe(examine(patient, SILENT)) == {part}
        path.write_bytes(content)


@pytest.mark.skipif(ON_POSTGRESQL, reason="a column of PostgreSQL holds values of one kind")
@pytest.mark.parametrize("value", ["x'fffe00'", "5", "x''"])
def test_a_value_of_another_kind_is_told_with_its_row(patient: Workspace, value: str) -> None:
    chosen = "article_id IN (SELECT article_id FROM articles ORDER BY article_id LIMIT 2)"
    with writing(patient.engine) as connection:
        connection.execute(text(f"UPDATE articles SET body = {value} WHERE {chosen}"))
    broken = [one[0] for one in rows(patient, f"SELECT article_id FROM articles WHERE {chosen} ORDER BY article_id")]
    said = sorted(one.what for one in examine(patient, SILENT) if "digest" in one.what)
    assert said == [f"articles {one} version 1: the row does not match its digest" for one in broken]


def stories(workspace: Workspace) -> list[tuple[object, ...]]:
    return rows(workspace, "SELECT article_id, body_sha256, published_at, story_id FROM articles ORDER BY article_id")


def rows(workspace: Workspace, query: str) -> list[tuple[object, ...]]:
    with reading(workspace.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_catalog_made_anew_tells_the_same(patient: Workspace) -> None:
    before = stories(patient)
    assert len(before) == 12
    patient.engine.dispose()
    del patient.__dict__["engine"]
    for ending in ("", "-wal", "-shm", ".sha256"):
        (patient.data_dir / f"catalog.sqlite{ending}").unlink(missing_ok=True)
    fresh = workspace_of(patient.data_dir, Server())
    fresh = Workspace(fresh.config_dir, fresh.data_dir, fresh.settings, patient.outlets)
    rebuild_catalog(fresh, SILENT)
    assert stories(fresh) == before
    assert severe(examine(fresh, SILENT)) == set()
    fresh.engine.dispose()


def test_a_catalog_made_anew_keeps_the_ids_that_the_latest_release_cites(tmp_path: Path) -> None:
    """The copy came first and gave the story its id; then the report that it was made from."""
    with serve() as site:
        for prefix, hour in (("/s/", 10), ("/n/", 8)):
            site.routes[f"{prefix}the-ferry"] = ok(page("ferry", hour))
            site.feed(f"{prefix}the-ferry", path=f"{prefix}feed.xml")
        workspace = workspace_of(tmp_path / "data", site)
        for name in ("south", "north"):
            assert run_pass(workspace, [workspace.outlets[name]]).state == "done"
        before = stories(workspace)
        assert len({row[-1] for row in before}) == 1
        rebuild_catalog(workspace, SILENT)
        workspace.engine.dispose()  # its connections know the catalog that was set aside
        assert stories(workspace) == before
        for pointer in files_of(workspace.data_dir, "releases"):
            pointer.unlink()
        rebuild_catalog(workspace, SILENT)
        workspace.engine.dispose()
        assert [row[:-1] for row in stories(workspace)] == [row[:-1] for row in before]
        assert {row[-1] for row in stories(workspace)} != {row[-1] for row in before}
        workspace.engine.dispose()
