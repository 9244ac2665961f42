from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.web.application import create_app
from app.web.guard import allowed_hosts, check_exposure, is_loopback
from pipeline.catalog.engine import sqlite_url
from pipeline.errors import CatalogError, UsageError
from tests.catalogs import sqlite_only

TOKEN = "a-token-of-some-length"
PAGES = (
    "/", "/stories", "/story?id=st-bridge", "/article?id=bridge-edited", "/compare?a=bridge-origin&b=bridge-long",
    "/outlets", "/outlet?id=shaati", "/agencies", "/agency?id=nakheel", "/matrix", "/latency", "/volumes", "/runs",
    "/run?id=run-1", "/rejected", "/releases", "/capture?id=cap-madina-45", "/api", "/openapi.json",
)  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1", "[::1]"])
def test_loopback_needs_no_token(host: str) -> None:
    check_exposure(host, None)
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "news.example", "127.0.0.1.example"])
def test_any_other_address_is_refused_without_a_token(host: str) -> None:
    with pytest.raises(UsageError, match="--token"):
        check_exposure(host, None)
    check_exposure(host, TOKEN)


def test_a_short_token_is_refused() -> None:
    with pytest.raises(UsageError, match="16 characters"):
        check_exposure("127.0.0.1", "short")


def test_the_hosts_that_are_answered() -> None:
    assert allowed_hosts("127.0.0.1", 8080) == {"127.0.0.1:8080", "localhost:8080", "[::1]:8080"}
    assert "192.168.1.4:9000" in allowed_hosts("192.168.1.4", 9000)
    assert "0.0.0.0:9000" not in allowed_hosts("0.0.0.0", 9000)
    assert "localhost" in allowed_hosts("127.0.0.1", 80)
    assert "desk.example:443" in allowed_hosts("0.0.0.0", 9000, ["Desk.example:443"])


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:81", "localhost.evil.example:8080", ""])
def test_another_host_name_is_misdirected(client: TestClient, host: str) -> None:
    assert client.get("/stories", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "LOCALHOST:8080", "[::1]:8080"])
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/stories", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/stories", "/stories.json", "/nothing"])
def test_only_get_and_head_are_answered(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", PAGES)
def test_head_gives_the_head_of_get(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/story?id=nothing", "/stories?page=x", "/static/wirecopy.css"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"


def test_refusals_carry_the_headers_too(client: TestClient) -> None:
    for answer in (client.post("/"), client.get("/", headers={"host": "evil.example"})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_an_endless_address_is_refused(client: TestClient) -> None:
    assert client.get("/stories?search=" + "x" * 5_000).status_code == 414


@pytest.fixture
def guarded(data_dir: Path) -> TestClient:
    app = create_app(sqlite_url(data_dir), data_dir, host="0.0.0.0", port=8080, token=TOKEN)
    return TestClient(app, base_url="http://localhost:8080")


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"reader:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (basic(TOKEN), 200),
        ("Bearer wrong-token-of-length", 401),
        (basic("wrong"), 401),
        ("Basic %%%", 401),
        (f"Digest {TOKEN}", 401),
        ("Bearer", 401),
    ],
)
def test_the_token_opens(guarded: TestClient, given: str | None, status: int) -> None:
    answer = guarded.get("/stories", headers={"authorization": given} if given else {})
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_the_token_does_not_count_in_the_address(guarded: TestClient) -> None:
    assert guarded.get(f"/stories?token={TOKEN}").status_code == 401


def test_without_a_catalog_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog there yet"):
        create_app(sqlite_url(tmp_path), tmp_path)


@sqlite_only
def test_reading_every_page_leaves_the_catalog_as_it_was(client: TestClient, data_dir: Path) -> None:
    def digest() -> str:
        return hashlib.sha256((data_dir / "catalog.sqlite").read_bytes()).hexdigest()

    before = digest()
    for path in PAGES:
        assert client.get(path).status_code == 200
    assert digest() == before


def test_a_websocket_is_closed(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/stories"):
        pass
