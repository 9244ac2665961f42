"""Finding the server, and what is set for it; no Prefect is imported for any of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows import prefect_environment as environment
from flows import server
from flows.serve import _prepare_environment
from flows.server import _keep_small, _last_words, answers, choose_port, only_one
from pipeline.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [one for one in os.environ if one.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))


def test_no_server_is_configured_by_default() -> None:
    assert environment.configured_server() is None


def test_the_environment_names_the_server_first_then_the_active_profile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    profiles = 'active = "work"\n[profiles.work]\nPREFECT_API_URL = "http://profile/api"\n[profiles.other]\n'
    (tmp_path / "home" / "profiles.toml").write_text(profiles, encoding="utf-8")
    assert environment.configured_server() == "http://profile/api"
    monkeypatch.setenv("PREFECT_PROFILE", "other")
    assert environment.configured_server() is None
    monkeypatch.setenv("PREFECT_API_URL", " http://given/api ")
    assert environment.configured_server() == "http://given/api"


@pytest.mark.parametrize("content", ["", "active = 3", "not toml [", 'active = "a"\nprofiles = 3'])
def test_a_broken_profile_file_configures_nothing(content: str, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "profiles.toml").write_text(content, encoding="utf-8")
    assert environment.configured_server() is None


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_LOGGING_LEVEL", "DEBUG")
    environment.apply({"PREFECT_SERVER_LOGGING_LEVEL": "WARNING"})
    assert os.environ["PREFECT_SERVER_LOGGING_LEVEL"] == "DEBUG"


def test_nothing_is_sent_home() -> None:
    settings = environment.quiet_environment()
    assert (settings["DO_NOT_TRACK"], settings["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")


def test_the_address_is_found_again_until_it_is_dropped(tmp_path: Path) -> None:
    environment.prefect_home(tmp_path).mkdir()
    assert environment.read_address(tmp_path) is None
    environment.write_address(tmp_path, "http://127.0.0.1:1/api")
    assert environment.read_address(tmp_path) == "http://127.0.0.1:1/api"
    environment.drop_address(tmp_path)
    assert environment.read_address(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"api_url": 3}', "x" * 20_000])
def test_a_broken_address_is_none(content: str, tmp_path: Path) -> None:
    environment.prefect_home(tmp_path).mkdir()
    (environment.prefect_home(tmp_path) / environment.ADDRESS_FILE).write_text(content, encoding="utf-8")
    assert environment.read_address(tmp_path) is None


def test_a_taken_port_is_refused_when_asked_for_and_avoided_when_not() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)):
            choose_port(port)
        assert choose_port(None) != port


class _Locked(BaseHTTPRequestHandler):
    """A server that wants a key."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.mark.parametrize(("status", "expected"), [(200, True), (401, True), (403, True), (404, False), (500, False)])
def test_a_server_that_wants_a_key_is_there(status: int, expected: bool) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Locked) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            assert answers(f"http://127.0.0.1:{server.server_address[1]}/{status}") is expected
        finally:
            server.shutdown()


@pytest.mark.parametrize("is_local", [True, False])
def test_only_a_server_of_our_own_gets_a_home_of_its_own(
    is_local: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "WIRECOPY_CONFIG", "WIRECOPY_DATA", "WIRECOPY_SERVE_PID", "PYTHONPATH", "PREFECT_HOME", "PREFECT_API_URL"
    ):  # fmt: skip
        monkeypatch.setenv(name, "before")
    monkeypatch.delenv("PREFECT_HOME")
    before = dict(os.environ)
    try:
        _prepare_environment(tmp_path, tmp_path / "data", "http://127.0.0.1:1/api", is_local=is_local)
        # A configured server's key may stand in a profile of the user's own home.
        assert os.environ.get("PREFECT_HOME") == (str(tmp_path / "data" / "prefect") if is_local else None)
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_why_a_server_did_not_start_is_its_last_error(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text(
        "first line\nTraceback (most recent call last):\n  File x\n"
        'some.exceptions.FeatureError: extension "trigrams" is not available\n\nERROR:    Startup failed.\n',
        encoding="utf-8",
    )
    assert _last_words(log) == 'some.exceptions.FeatureError: extension "trigrams" is not available'
    log.write_text("only this\n", encoding="utf-8")
    assert _last_words(log) == "only this"


def test_a_server_s_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOG_BYTES", 10)
    log = tmp_path / "server.log"
    for _ in range(3):
        _keep_small(log)
        log.write_text("x" * 20, encoding="utf-8")
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["server.log", "server.log.1"]


def test_one_serve_per_data_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(UsageError, match="another"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_prefect_is_not_imported_by_what_does_not_schedule() -> None:
    modules = (
        "app.cli.main, app.cli.service, flows.stages, flows.health, flows.health_stage, flows.backfill, "
        "flows.attempts, flows.turns, flows.serve, flows.trigger, flows.parameters"
    )
    code = f"import sys, {modules}; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
