"""Readers beside a publisher: whatever a reader finds named is whole."""

from __future__ import annotations

import threading
from datetime import timedelta

from pipeline.publish.reading import check_release, list_releases, read_release
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, LINKS, NOON, STORIES, content

RELEASES = 15


def test_a_reader_never_sees_a_half_release(published: Storage) -> None:
    stop = threading.Event()
    seen: list[str] = []
    problems: list[str] = []

    def read() -> None:
        while not stop.is_set():
            problems.extend(check_release(published))
            release = read_release(published)
            seen.append(release.version)
            for version in list_releases(published):
                problems.extend(check_release(published, version))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(2, RELEASES + 2):
            less = content(ARTICLES[:-1], STORIES[:-1], LINKS[:-1]) if number % 2 else content()
            publish_release(published, less, version=f"v{number}", published_at=NOON + timedelta(hours=number))
    finally:
        stop.set()
        reader.join()
    assert problems == []
    assert len(set(seen)) > 1  # the reader saw releases come


def test_two_publishers_at_once_leave_two_whole_releases(published: Storage) -> None:
    failed: list[BaseException] = []

    def publish(version: str) -> None:
        try:
            publish_release(published, content(), version=version, published_at=NOON)
        except BaseException as error:  # noqa: BLE001  handed to the test below
            failed.append(error)

    threads = [threading.Thread(target=publish, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list_releases(published) == ["v1", "w0", "w1", "w2", "w3"]
    assert all(check_release(published, version) == [] for version in list_releases(published))
    assert read_release(published).version.startswith("w")
