"""The JSON twins against snapshots. WIRECOPY_SNAPSHOTS=update writes them anew; then read the difference."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

SNAPSHOTS = Path(__file__).parent / "snapshots"
CASES = {
    "stories": "/stories.json?all=1&order=widest&size=3",
    "stories-search": "/stories.json?search=جسر الزيتون&credit=uncredited",
    "story": "/story.json?id=st-bridge",
    "article": "/article.json?id=bridge-edited",
    "compare": "/compare.json?a=library-origin&b=library-copy",
    "outlets": "/outlets.json",
    "outlet": "/outlet.json?id=madina",
    "agencies": "/agencies.json",
    "agency": "/agency.json?id=coastwire",
    "matrix": "/matrix.json",
    "latency": "/latency.json",
    "volumes": "/volumes.json",
    "capture": "/capture.json?id=cap-madina-45",
    "runs": "/runs.json",
    "run": "/run.json?id=run-1",
    "rejected": "/rejected.json?reason=too_short",
    "releases": "/releases.json",
}


@pytest.mark.parametrize("name", CASES)
def test_a_twin_gives_what_it_gave(client: TestClient, name: str) -> None:
    answer = client.get(CASES[name])
    assert answer.status_code == 200
    shown = json.dumps(answer.json(), ensure_ascii=False, indent=1) + "\n"
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("WIRECOPY_SNAPSHOTS") == "update":
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def test_every_twin_has_a_snapshot(client: TestClient) -> None:
    described = {path for path in client.get("/openapi.json").json()["paths"] if path.endswith(".json")}
    assert described == {path.split("?")[0] for path in CASES.values()}
