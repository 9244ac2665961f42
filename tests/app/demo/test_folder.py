"""The rule for a demo's data folder."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.folder import MARKER, demo_outlets_for, prepare, start_demo
from pipeline.errors import UsageError
from pipeline.outlets import load_outlets
from tests.app.demo.conftest import NOW


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert [entry.name for entry in (tmp_path / "a" / "b").iterdir()] == [MARKER]


def test_an_earlier_demo_is_replaced(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "releases" / "v1").mkdir(parents=True)
    (tmp_path / "catalog.sqlite-wal").write_text("x")
    prepare(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == [MARKER]


def test_a_link_in_the_folder_is_removed_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    (kept / "file").write_text("precious")
    prepare(tmp_path / "demo")
    (tmp_path / "demo" / "archive").symlink_to(kept)
    prepare(tmp_path / "demo")
    assert (kept / "file").read_text() == "precious"


@pytest.mark.parametrize("marker", [None, "", "[]", '{"format": 2}', '{"format": 1, "more": 1}', "x" * 200_000])
def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path, marker: str | None) -> None:
    (tmp_path / "catalog.sqlite").write_text("theirs")
    if marker is not None:
        (tmp_path / MARKER).write_text(marker)
    with pytest.raises(UsageError, match=r"no earlier demo; name another folder with --data"):
        prepare(tmp_path)
    assert (tmp_path / "catalog.sqlite").read_text() == "theirs"
    with demo_outlets_for(tmp_path) as world:
        assert world is None


def test_foreign_files_in_a_demo_folder_are_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "archive").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt, which no demo made"):
        prepare(tmp_path)
    assert (tmp_path / "archive").is_dir()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="Not a directory"):
        prepare(tmp_path / "file")


def test_a_demo_is_served_again_on_its_ports(tmp_path: Path) -> None:
    with start_demo(tmp_path, NOW) as first:
        ports = first.ports
        assert first.corrected_at is None
    with demo_outlets_for(tmp_path) as second:
        assert second is not None
        assert (second.ports, second.now) == (ports, NOW)
        corrected_at = second.corrected_at
        assert corrected_at is not None
        outlets = load_outlets(tmp_path / "config")
        assert outlets["alshatie"].start_urls[0].startswith(second.base_urls["alshatie"])
    with demo_outlets_for(tmp_path) as third:
        assert third is not None
        assert third.corrected_at == corrected_at


def test_other_folders_are_served_nothing(tmp_path: Path) -> None:
    with demo_outlets_for(tmp_path) as world:
        assert world is None
    prepare(tmp_path)
    with demo_outlets_for(tmp_path) as world:
        assert world is None


def test_while_one_command_serves_another_uses_its_servers(tmp_path: Path) -> None:
    with start_demo(tmp_path, NOW), demo_outlets_for(tmp_path) as world:
        assert world is None
        with pytest.raises(UsageError, match="another command serves this demo now"):
            prepare(tmp_path)


def test_who_serves_waits_for_those_who_use_its_servers(tmp_path: Path) -> None:
    is_served, is_used, may_end = threading.Event(), threading.Event(), threading.Event()

    def serve() -> None:
        with start_demo(tmp_path, NOW):
            is_served.set()
            is_used.wait(30)

    def use() -> None:
        with demo_outlets_for(tmp_path) as world:
            assert world is None
            is_used.set()
            may_end.wait(30)

    with ThreadPoolExecutor(2) as pool:
        serving = pool.submit(serve)
        assert is_served.wait(30)
        using = pool.submit(use)
        assert is_used.wait(30)
        with pytest.raises(TimeoutError):
            serving.result(0.3)
        ports = json.loads((tmp_path / MARKER).read_text())["ports"].values()
        for port in ports:
            socket.create_connection(("127.0.0.1", port), 5).close()
        may_end.set()
        using.result(30)
        serving.result(30)
    with demo_outlets_for(tmp_path) as world:
        assert world is not None


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with start_demo(tmp_path, NOW) as world:
        port = world.ports["alshatie"]
    with socket.create_server(("127.0.0.1", port)), pytest.raises(UsageError) as caught, demo_outlets_for(tmp_path):
        pass
    assert f"wirecopy --data {tmp_path} demo" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_tampered_port_is_said_too(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / MARKER).write_text(json.dumps({"now": NOW.isoformat(), "ports": {"alshatie": 99_999}}))
    with pytest.raises(UsageError, match="99999"), demo_outlets_for(tmp_path):
        pass


def test_a_new_demo_starts_from_the_first_version(tmp_path: Path) -> None:
    with start_demo(tmp_path, NOW):
        pass
    with demo_outlets_for(tmp_path):
        pass
    with start_demo(tmp_path, NOW + timedelta(hours=1)) as world:
        assert world.corrected_at is None
        assert world.now == NOW + timedelta(hours=1)
