"""What the cluster of a large fold says, and what of it nobody needs to hear."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from flows.fold_cluster import cluster


def test_a_call_that_is_interrupted_before_it_began_is_no_news_and_other_errors_are(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def sync() -> threading.Event:
        told = threading.Event()

        def cancel() -> None:  # as in distributed.utils.sync
            if future is not None:
                raise AssertionError

        def fail() -> None:
            raise ValueError("of another kind")

        for callback in (cancel, fail, told.set):
            client.loop.add_callback(callback)
        if told.is_set():  # never so early: the name stays without a value
            future = None
        return told

    with cluster("local", 1, tmp_path) as client, caplog.at_level(logging.ERROR, "tornado.application"):
        assert sync().wait(30)
    told = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(error) for error in told] == ["of another kind"]
