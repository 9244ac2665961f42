"""Publishing into a bucket: the same bytes, the pointer last, and what a failed upload leaves."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.errors import StorageError
from pipeline.publish.reading import check_release, latest_version
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content


@pytest.mark.server
def test_a_bucket_holds_the_same_bytes_and_its_pointer_moves_last(s3_storage: Storage, published: Storage) -> None:
    publish_release(s3_storage, content(), version="v1", published_at=NOON)
    assert s3_storage.list() == published.list()
    for path in published.list():
        assert s3_storage.read_bytes(path) == published.read_bytes(path)
    assert check_release(s3_storage) == []


@pytest.mark.server
@pytest.mark.parametrize("fails_at", range(1, 7))
def test_an_upload_that_fails_anywhere_leaves_the_last_release(
    fails_at: int, s3_storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_release(s3_storage, content(), version="v1", published_at=NOON)
    done: list[str] = []

    def counting(name: str) -> Any:
        real = getattr(s3_storage._fs, name)

        def put(*given: Any, **more: Any) -> Any:
            done.append(name)
            if len(done) == fails_at:
                raise PermissionError("injected")
            return real(*given, **more)

        return put

    with monkeypatch.context() as patched:
        for name in ("put_file", "pipe_file"):
            patched.setattr(s3_storage._fs, name, counting(name))
        with pytest.raises(StorageError, match="no permission"):
            publish_release(s3_storage, content(), version="v2", published_at=NOON)
    assert latest_version(s3_storage) == "v1"
    assert check_release(s3_storage) == []
    left = [path for path in s3_storage.list() if path.startswith("releases/v2/")]
    assert bool(left) == (fails_at == 6)  # all files were up; only the pointer was not
    publish_release(s3_storage, content(), version="v2", published_at=NOON)
    assert latest_version(s3_storage) == "v2"
    assert check_release(s3_storage) == []
