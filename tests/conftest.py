"""Servers that tests of several packages share: started when the first test asks, stopped with the session."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pipeline.storage import Storage
from tests.catalogs import CHOICE, DATABASES, ON_POSTGRESQL, session
from tests.servers import S3_SECRET, PostgreSQL

# How long an example takes says more of what else the machine does; benchmarks measure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    if CHOICE not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"WIRECOPY_TEST_CATALOG is {CHOICE!r}; allowed: sqlite, postgresql")
    # Begun in the background or by nohup, pytest ignores some, and what tests start would inherit that.
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) is signal.SIG_IGN:
            signal.signal(told, signal.default_int_handler if told is signal.SIGINT else signal.SIG_DFL)
    if ON_POSTGRESQL:  # tests leave it to the end of the process to close a catalog; SQLite says nothing of that
        config.addinivalue_line("filterwarnings", "ignore:.*was deleted while still open:ResourceWarning")


def pytest_unconfigure() -> None:
    DATABASES.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One server for all test processes of a session; take a new_database() of it."""
    server = PostgreSQL(session())
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def catalog_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A catalog that is not there yet, on either database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_options(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    quick = {"retries": {"max_attempts": 1}}  # without botocore's own pauses
    return {"key": "tester", "secret": S3_SECRET, "endpoint_url": s3_endpoint, "config_kwargs": quick}


@pytest.fixture
def s3_client(s3_options: dict[str, Any]) -> Iterator[Any]:
    """The S3 API without the project's code."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=s3_options["endpoint_url"],
        aws_access_key_id=s3_options["key"],
        aws_secret_access_key=s3_options["secret"],
        region_name="us-east-1",
    )
    yield client
    client.close()


@pytest.fixture
def s3_bucket(s3_client: Any, request: pytest.FixtureRequest) -> str:
    """A new bucket of this test's own."""
    bucket = f"b{abs(hash(request.node.nodeid))}"
    s3_client.create_bucket(Bucket=bucket)
    return bucket


@pytest.fixture
def s3_storage(s3_options: dict[str, Any], s3_bucket: str) -> Storage:
    return Storage(f"s3://{s3_bucket}/some/prefix", options=s3_options)


@pytest.fixture
def s3_environment(s3_options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and credentials where processes of their own find them, as an installation gives them."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_options["endpoint_url"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_options["key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_options["secret"])
