from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from app.web.serve import further_hosts, listen, read_archived, serve_web
from flows.workspace import open_workspace
from pipeline.archive.files import ArchiveFiles
from pipeline.errors import ArchiveError, CatalogError, UsageError
from pipeline.records import Capture, PageKind
from tests.pipeline.catalog.sample_catalog import START, build_catalog

ROOT = Path(__file__).resolve().parents[3]


def test_names_of_this_machine_get_the_port_they_lack() -> None:
    assert further_hosts("desk.example, 10.0.0.4:9000,,", 8080) == ["desk.example:8080", "10.0.0.4:9000"]
    assert further_hosts("", 8080) == []


def test_another_address_without_a_token_does_not_start(tmp_path: Path) -> None:
    workspace = open_workspace(ROOT / "config", tmp_path)
    with pytest.raises(UsageError, match="--token"):
        serve_web(workspace, host="0.0.0.0", port=0, token=None, console=Console())
    with pytest.raises(UsageError, match="--token"):
        serve_web(workspace, host="0.0.0.0", port=0, token="", console=Console())


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    build_catalog(tmp_path).dispose()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"--port {port}"):
            serve_web(
                open_workspace(ROOT / "config", tmp_path), host="127.0.0.1", port=port, token=None, console=Console()
            )


def test_without_a_catalog_nothing_is_served(tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        serve_web(open_workspace(ROOT / "config", tmp_path), host="127.0.0.1", port=0, token=None, console=Console())


def test_bytes_that_are_not_in_the_archive_are_an_archive_error(tmp_path: Path) -> None:
    url = "https://shaati.example/1"
    where = ("archive/none.warc.gz", 0, 10)
    capture = Capture("c", "shaati", PageKind.ARTICLE, url, url, 200, "text/html", START, "0" * 64, *where)
    with pytest.raises(ArchiveError):
        read_archived(ArchiveFiles(tmp_path), capture)


def test_answers_are_sent_at_once() -> None:
    """asyncio turns Nagle's waiting off only on sockets whose protocol is named; without, each page waits 40 ms."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_pages_are_served_until_stopped(tmp_path: Path, sign: signal.Signals) -> None:
    build_catalog(tmp_path).dispose()
    folders = ["--config", str(ROOT / "config"), "--data", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", *folders, "web", "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "reading pages at" in process.stderr.readline()
    process.send_signal(sign)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
