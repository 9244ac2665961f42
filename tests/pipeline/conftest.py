"""A real S3 API on loopback, for the tests that write to a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.storage import Storage

S3_SECRET = "not-so-secret-key-0123456789"


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
def s3_storage(s3_options: dict[str, Any], request: pytest.FixtureRequest) -> Storage:
    import boto3

    bucket = f"b{abs(hash(request.node.nodeid))}"
    client = boto3.client(
        "s3",
        endpoint_url=s3_options["endpoint_url"],
        aws_access_key_id="tester",
        aws_secret_access_key=S3_SECRET,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=bucket)
    client.close()
    return Storage(f"s3://{bucket}/some/prefix", options=s3_options)
