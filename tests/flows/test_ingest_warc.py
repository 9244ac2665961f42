"""WARC files of other crawlers into the catalog: filtered while they stream, read again without harm."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest

from flows.extract_stage import extract_captures
from flows.ingest_stage import InputFilter, ingest_files, is_warc
from flows.ingest_warc import ingest_warc
from flows.ledger import begin_run
from flows.watcher import SILENT
from flows.workspace import Workspace
from pipeline.archive.payload import zstd
from pipeline.archive.writer import OUTLET_HEADER
from pipeline.catalog.captures import pending_captures
from pipeline.catalog.engine import reading
from pipeline.catalog.ledger import UrlState, entries_of
from pipeline.errors import InputError
from pipeline.outlets import Outlet
from pipeline.records import PageKind
from pipeline.settings import Settings
from tests.pipeline.archive.samples import chunked, http, members
from tests.pipeline.archive.samples import record as foreign
from tests.pipeline.extract.pages import page

CONFIG = Path(__file__).parents[2] / "config"
EVERYTHING = InputFilter()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(CONFIG, tmp_path / "data", Settings(), {})


def record(
    number: int, url: str, body: bytes, day: int = 19, head: str = "Content-Type: text/html", kind: str = "response"
) -> bytes:
    http = f"HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    lines = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.UUID(int=number + 1)}>\r\n"
        f"WARC-Date: 2025-11-{day}T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(lines.encode() + http + b"\r\n\r\n")


def read(workspace: Workspace, path: Path, wanted: InputFilter = EVERYTHING) -> Mapping[str, Any]:
    with begin_run(workspace, "ingest") as run:
        return ingest_warc(run, path, wanted, SILENT)


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Pages of two domains in two languages on two days, a picture, a request, and a page sent compressed."""
    english = page(headline="A library on wheels reaches the villages").replace('lang="ar"', 'lang="en"').encode()
    packed = "Content-Type: text/html\r\nContent-Encoding: gzip"
    records = [
        record(0, "https://one.example/1", page().encode()),
        record(1, "https://one.example/1", b"", kind="request"),
        record(2, "https://www.one.example/2", english, day=20),
        record(3, "https://two.example/3", gzip.compress(page(headline="خبر آخر من القرية").encode()), head=packed),
        record(4, "https://two.example/4.png", b"\x89PNG\r\n", head="Content-Type: image/png"),
    ]
    path = tmp_path / "other.warc.gz"
    path.write_bytes(b"".join(records))
    return path


@pytest.mark.parametrize(
    ("wanted", "captures"),
    [
        (InputFilter(), 3),
        (InputFilter(domains=("one.example",)), 2),
        (InputFilter(languages=("ar",)), 2),
        (InputFilter(since=datetime(2025, 11, 20, tzinfo=UTC)), 1),
        (InputFilter(until=datetime(2025, 11, 20, tzinfo=UTC)), 2),
        (InputFilter(domains=("one.example",), languages=("en",)), 1),
    ],
)
def test_filters(workspace: Workspace, crawl: Path, wanted: InputFilter, captures: int) -> None:
    counts = read(workspace, crawl, wanted)
    assert counts["captures"] == captures
    assert counts["records"] == counts["captures"] + counts.get("filtered_out", 0) + counts.get("other_records", 0)


def test_a_file_read_twice_adds_nothing_and_a_longer_one_only_what_is_new(workspace: Workspace, crawl: Path) -> None:
    whole = crawl.read_bytes()
    crawl.write_bytes(whole[: len(whole) // 2])  # a download that broke off
    first = read(workspace, crawl)
    crawl.write_bytes(whole)
    second, third = read(workspace, crawl), read(workspace, crawl)
    assert 0 < first["captures"] < 3
    assert (second["captures"], second["known"]) == (3 - first["captures"], first["captures"])
    assert (third["captures"], third["known"]) == (0, 3)


def test_a_cut_member_is_one_damaged_record(workspace: Workspace, crawl: Path) -> None:
    crawl.write_bytes(crawl.read_bytes() + record(7, "https://one.example/7", page().encode())[:-30])
    counts = read(workspace, crawl)
    assert (counts["captures"], counts["damaged_records"]) == (3, 1)


@pytest.mark.parametrize("name", ["nothing.warc", "nothing.warc.gz", "nothing.warc.zst"])
def test_an_empty_file_holds_nothing(workspace: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    counts = read(workspace, tmp_path / name)
    assert (counts.get("captures", 0), counts["damaged_records"]) == (0, 0)


def test_a_file_of_anything_else_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "notes.warc"
    path.write_text("somebody's notes\n" * 50)
    with pytest.raises(InputError, match=r"notes\.warc: no page of a WARC file in it"):
        read(workspace, path)


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.zst", "crawl.gz", "crawl.bin"])
def test_a_file_is_known_by_its_first_bytes(workspace: Workspace, crawl: Path, tmp_path: Path, name: str) -> None:
    """Whatever it is called: plain, in zstd frames, in gzip members."""
    plain = gzip.decompress(crawl.read_bytes())
    packed = {"crawl.warc": plain, "crawl.warc.zst": zstd.compress(plain)}.get(name, crawl.read_bytes())
    path = tmp_path / name
    path.write_bytes(packed)
    assert is_warc(path)
    counts = read(workspace, path)
    assert (counts["captures"], counts["damaged_records"]) == (3, 0)


def test_every_page_becomes_an_article_of_its_domain(workspace: Workspace, crawl: Path) -> None:
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [crawl], EVERYTHING, SILENT)
        books = extract_captures(workspace, run.run_id, SILENT)
    assert (books["captures"], books["articles"]) == (3, 3)


def test_one_article_under_many_addresses_is_one_as_when_it_is_crawled(workspace: Workspace, tmp_path: Path) -> None:
    place = "https://one.example/news/library-on-wheels-comes"
    asked = ["?partner=msn", "?utm_source=x&tok=8f8a7", "?tok=8f8a8&pos=3", "#top", ""]
    records = [record(n, place + query, page().encode()) for n, query in enumerate(asked)]
    records.append(record(9, "https://one.example/news/another-library-goes?part=2", page(headline="خبر آخر").encode()))
    path = tmp_path / "variants.warc.gz"
    path.write_bytes(b"".join(records))
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [path], EVERYTHING, SILENT)
        books = extract_captures(workspace, run.run_id, SILENT)
    assert (books["captures"], books["articles"]) == (6, 2)


def test_an_older_copy_of_a_page_takes_nothing_from_what_the_ledger_knows(
    workspace: Workspace, crawl: Path, tmp_path: Path
) -> None:
    read(workspace, crawl)
    entries = ["https://one.example/1", "https://www.one.example/2"]
    with reading(workspace.engine) as connection:
        before = entries_of(connection, "one.example", PageKind.ARTICLE, entries)
    assert {one.state for one in before.values()} == {UrlState.FETCHED}
    path = tmp_path / "older.warc.gz"
    path.write_bytes(record(20, entries[0], page().encode(), day=11))
    assert read(workspace, path)["captures"] == 1
    with reading(workspace.engine) as connection:
        assert entries_of(connection, "one.example", PageKind.ARTICLE, entries) == before


@pytest.mark.parametrize(
    "address", ["http://", "http://[::1/x", "http://a b/c", "http://x.example:99999/", "http:///a", "http://\ud800/"]
)
def test_an_address_that_is_none_costs_no_other_page(address: str, workspace: Workspace, tmp_path: Path) -> None:
    whole = record(1, "https://one.example/1", page().encode())
    broken = gzip.compress(gzip.decompress(whole).replace(b"https://one.example/1", address.encode("utf-8", "replace")))
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(broken + whole)
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [path], EVERYTHING, SILENT)
        books = extract_captures(workspace, run.run_id, SILENT)
    assert [(one.state, one.counts["rejected"]) for one in run.reports] == [("done", {"bad_url": 1})]
    assert books["articles"] == 1


@pytest.mark.parametrize("claimed", ["paper", "../../north", "x" * 300, "an\tother"])
def test_a_record_cannot_claim_an_outlet_that_it_did_not_come_from(claimed: str, tmp_path: Path) -> None:
    discover = {"feeds": ["https://paper.example/feed"]}
    content = {"id": "paper", "name": "Paper", "language": "en", "time_zone": "UTC", "discover": discover}
    outlets = {"paper": Outlet.model_validate(content)}
    workspace = Workspace(CONFIG, tmp_path / "data", Settings(), outlets)
    own = record(1, "https://paper.example/1", page().encode())
    foreign = record(2, "https://one.example/2", page(headline="خبر آخر").encode())
    field = f"WARC-Type: response\r\n{OUTLET_HEADER}: {claimed}\r\n".encode()
    path = tmp_path / "claims.warc.gz"
    path.write_bytes(own + gzip.compress(gzip.decompress(foreign).replace(b"WARC-Type: response\r\n", field)))
    assert read(workspace, path)["captures"] == 2
    with reading(workspace.engine) as connection:
        found = {one.url: one.outlet_id for one in pending_captures(connection, [], 10)}
    assert found == {"https://paper.example/1": "paper", "https://one.example/2": "one.example"}


def test_pages_of_every_crawler_become_articles(workspace: Workspace, tmp_path: Path) -> None:
    """Bytes of the wire, bytes undone under the headers they had, no headers at all, a resource, no date."""
    pages = [page(headline=f"خبر من القرية رقم {number}").encode() for number in range(8)]
    zipped, chunks = "Content-Encoding: gzip", "Transfer-Encoding: chunked"
    blocks = [
        http(chunked(gzip.compress(pages[0])), zipped, chunks),
        http(chunked(pages[1]), zipped, chunks),
        http(pages[2], zipped, chunks),
        http(brotli.compress(pages[3]), "Content-Encoding: br"),
        http(pages[4], "Content-Encoding: br"),
        pages[5],
    ]

    def told(
        number: int,
        block: bytes,
        kind: str = "response",
        form: str = "application/http",
        at: str | None = "2025-11-19T10:00:00Z",
    ) -> bytes:
        name, url = f"<urn:uuid:{uuid.UUID(int=number + 1)}>", f"https://many.example/news/{number}"
        return foreign(block, kind, WARC_Record_ID=name, WARC_Target_URI=url, WARC_Date=at, Content_Type=form)

    records = [told(number, block) for number, block in enumerate(blocks)]
    records += [told(6, pages[6], "resource", "text/html"), told(7, http(pages[7]), at=None)]
    path = tmp_path / "many.warc.gz"
    path.write_bytes(members(*records))
    with begin_run(workspace, "ingest") as run:
        ingest_files(run, [path], EVERYTHING, SILENT)
        books = extract_captures(workspace, run.run_id, SILENT)
    assert (books["captures"], books["articles"]) == (8, 8)
