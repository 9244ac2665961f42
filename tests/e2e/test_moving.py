"""An installation with releases, folds and runs moves to PostgreSQL and a bucket, works there, and moves back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.test_servers import Installation, Make
from tests.e2e.test_servers import make as make
from tests.e2e.test_servers import plain as plain
from tests.e2e.test_servers import world as world
from tests.faults.world import SmallWorld
from tests.servers import PostgreSQL

pytestmark = [pytest.mark.e2e, pytest.mark.server, pytest.mark.timeout(600)]
PARTS = ("archive", "releases")
# What must come along beside the stories; times are kept to the microsecond.
TABLES = {
    "runs": "run_id, command, state, started_at, finished_at",
    "run_stages": "run_id, stage, outlet_id, state",
    "releases": "version, published_at, run_id",
    "signatures": "article_id, scheme, permutations",
    "pairs": "left_id, right_id",
    "captures": "capture_id, extracted",
    "urls": "outlet_id, url_key, state",
}


def kept(there: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of those tables; SQLite keeps times without the zone, which is UTC."""
    found = {name: there.rows(f"SELECT {columns} FROM {name}") for name, columns in TABLES.items()}
    return {
        name: [tuple(str(one).removesuffix("+00:00") for one in row) for row in rows] for name, rows in found.items()
    }


def upload(there: Installation, client: Any, bucket: str) -> None:
    for part in PARTS:
        for path in sorted(one for one in (there.data / part).rglob("*") if one.is_file()):
            client.upload_file(str(path), bucket, f"wire/{path.relative_to(there.data).as_posix()}")


def download(client: Any, bucket: str, there: Installation) -> None:
    for found in client.list_objects_v2(Bucket=bucket, Prefix="wire/")["Contents"]:
        path = there.data / found["Key"].removeprefix("wire/")
        path.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(bucket, found["Key"], str(path))


@pytest.mark.usefixtures("s3_environment")
def test_an_installation_moves_there_and_back_as_the_documentation_says(
    make: Make, plain: Installation, world: SmallWorld, postgresql: PostgreSQL, s3_bucket: str, s3_client: Any
) -> None:
    moved = make("moved", postgresql.new_database(), f"s3://{s3_bucket}/wire")
    moved.run("catalog", "copy", str(plain.data / "catalog.sqlite"), moved.catalog)
    upload(plain, s3_client, s3_bucket)
    assert "everything is in order" in moved.run("doctor")
    assert "nothing changed" in moved.run("run")
    assert moved.stories() == plain.stories()
    assert moved.run("export", "--format", "csv") == plain.run("export", "--format", "csv")

    world.add_copy()
    try:
        assert "new_release yes" in moved.run("run")
        back = make("back")
        back.run("catalog", "copy", moved.catalog, str(back.data / "catalog.sqlite"))
        download(s3_client, s3_bucket, back)
        found = kept(moved)
        assert kept(back) == found
        assert [len(found[name]) for name in ("runs", "releases", "signatures")] == [3, 2, 7]
        assert back.stories() == moved.stories() != plain.stories()
        assert "everything is in order" in back.run("doctor")
        assert "nothing changed" in back.run("run")
        back.run("dedupe", "--all")
        assert back.stories() == moved.stories()
        assert back.run("export", "--format", "csv") == moved.run("export", "--format", "csv")
    finally:
        world.take_copy_back()
