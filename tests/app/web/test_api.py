"""The JSON twins against their own description: whatever is asked, no answer is a failure of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from starlette.testclient import TestClient

from app.web.application import create_app
from pipeline.catalog.engine import sqlite_url
from tests.app.web.test_twins import CASES

# The client of schemathesis calls itself so.
CLIENT_HOST = "localhost"
RELEASE_FILE = "/releases/{version}/{file}"


@pytest.fixture(scope="session")
def described(data_dir: Path) -> Any:
    app = create_app(sqlite_url(data_dir), data_dir, hosts=[CLIENT_HOST, "testserver"])
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize("path", [*dict.fromkeys(one.split("?")[0] for one in CASES.values()), RELEASE_FILE])
def test_no_question_breaks_the_server(described: Any, path: str) -> None:
    operation = described[path]["GET"]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call()
        assert answer.status_code in (200, 304, 400, 404, 414), answer.text[:500]
        case.validate_response(answer, checks=[checks.not_a_server_error, checks.response_schema_conformance])

    ask()


def test_a_list_is_walked_by_its_links(client: TestClient) -> None:
    address, seen = "/stories.json?all=1&size=4&search=&order=widest", []
    for _ in range(9):
        answer = client.get(address)
        seen += [one["story_id"] for one in answer.json()["stories"]]
        if "next" not in answer.links:
            break
        address = answer.links["next"]["url"]
    assert len(seen) == len(set(seen)) == answer.json()["total"] == 6
    assert answer.links["prev"]["url"].endswith("page=1")
    assert "link" not in client.get("/matrix.json").headers


def test_the_description_is_offline_and_has_a_page(client: TestClient) -> None:
    text = client.get("/api").text
    assert "/stories.json" in text
    assert "cdn" not in text.lower()
    assert client.get("/openapi.json").json()["openapi"].startswith("3.")
