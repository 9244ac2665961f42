"""A release checked against texts that somebody holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import ReleaseError
from pipeline.publish.release import publish_release
from pipeline.publish.verify import verify_release
from pipeline.records import Span
from pipeline.storage import Storage
from tests.pipeline.publish.sample import LINKS, NOON, TEXTS, content


@pytest.fixture
def bare(storage: Storage) -> Storage:
    publish_release(storage, content(), version="v1", published_at=NOON, with_text=False)
    return storage


def test_the_very_texts_are_verified(bare: Storage) -> None:
    report = verify_release(bare, None, iter(TEXTS))
    assert report.ok
    assert (report.articles, report.verified, report.missing, report.links, report.spans) == (11, 11, 0, 9, 8)
    assert report.problems == []


def test_a_changed_text_is_found(bare: Storage) -> None:
    report = verify_release(bare, "v1", [(TEXTS[0][0], TEXTS[0][1] + " "), *TEXTS[1:]])
    assert not report.ok
    assert (report.verified, report.differing) == (10, 1)
    assert report.problems == ["wire-1: the text is not the one of the release"]
    assert report.links == 2  # those that do not touch the changed text


def test_some_texts_are_enough_and_unknown_ones_are_counted(bare: Storage) -> None:
    report = verify_release(bare, None, [TEXTS[0], TEXTS[0], ("who", "?")])
    assert report.ok
    assert (report.verified, report.unknown, report.missing) == (1, 2, 10)


def test_no_texts_verify_nothing(bare: Storage) -> None:
    assert not verify_release(bare, None, []).ok


@pytest.mark.parametrize("span", [Span(0, 10_000, 0, 5), Span(-1, 5, 0, 5), Span(0, 5, 9, 9), Span(0, 5, 7, 3)])
def test_a_span_outside_its_text_is_found(span: Span, storage: Storage) -> None:
    made = content(links=(replace(LINKS[0], spans=(span,)), *LINKS[1:]))
    publish_release(storage, made, version="v1", published_at=NOON, with_text=False)
    report = verify_release(storage, None, TEXTS)
    assert not report.ok
    assert report.bad_spans == 1
    assert "a span outside the texts" in report.problems[0]


def test_a_missing_release_is_told(storage: Storage) -> None:
    with pytest.raises(ReleaseError):
        verify_release(storage, None, TEXTS)
