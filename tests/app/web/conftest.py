"""The sample catalog behind the application, asked in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.web.application import create_app
from app.web.site import ArchivedBytes
from pipeline.catalog.engine import sqlite_url
from pipeline.errors import ArchiveError
from pipeline.records import Capture
from tests.pipeline.catalog.sample_catalog import build_catalog

PORT = 8080
SOURCE = "<html><body onload=alert(7)><p>نص</p></body></html>".encode()


def read_sample(capture: Capture) -> ArchivedBytes:
    if capture.capture_id == "cap-madina-400":
        raise ArchiveError("archive/sample.warc.gz: the bytes do not match their digest")
    return ArchivedBytes("HTTP 200\nserver: <b>x</b>", SOURCE)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    build_catalog(folder).dispose()
    release = folder / "releases" / "2026-03-02T0806"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text('{"rows": 12}')
    (folder / "secret.txt").write_text("not for readers")
    return folder


@pytest.fixture(scope="session")
def application(data_dir: Path) -> ASGIApp:
    names = {"nakheel": "Nakheel Agency", "coastwire": "Coast Wire"}
    return create_app(sqlite_url(data_dir), data_dir, port=PORT, agency_names=names, read_capture=read_sample)


@pytest.fixture(scope="session")
def client(application: ASGIApp) -> Iterator[TestClient]:
    with TestClient(application, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False) as opened:
        yield opened
