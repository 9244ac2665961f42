"""How the input of a large fold is shared out, and put into the order of time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import fold_reading
from flows.fold_reading import EVEN_PARTS, LEAST_ARTICLES, Arrived, PartRead, lines_of, partition_of
from pipeline.dedupe.times import exactly
from pipeline.errors import InputError


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_lines_are_shared_out_by_number_across_files(tmp_path: Path) -> None:
    files = [write(tmp_path, "one", '{"a":1}', "", '{"a":2}'), write(tmp_path, "two", '{"a":3}')]
    parts = [[(one.file, one.line.number) for one in part] for part in lines_of(files, 2)]
    assert parts == [[(0, 1), (0, 3)], [(1, 1)]]


def test_long_lines_are_shared_out_by_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_reading, "MOST_BYTES", 40)
    file = write(tmp_path, "one", *('{"a":"%s"}' % ("x" * 20) for _ in range(5)))
    assert [len(part) for part in lines_of([file], 100)] == [2, 2, 1]


def test_a_small_file_is_shared_out_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_reading, "LEAST_BYTES", 20)
    file = write(tmp_path, "one", *('{"a":"%s"}' % ("x" * 20) for _ in range(16)))
    assert [len(part) for part in lines_of([file], 100)] == [2] * EVEN_PARTS


@pytest.mark.parametrize(
    ("count", "most", "partition"),
    [
        (0, 25_000, 1),
        (1, 25_000, 1),
        (2_500, 25_000, 2_500),
        (10_000, 25_000, 2_500),
        (40_000, 25_000, 5_000),
        (50_000, 25_000, 6_250),
        (225_000, 25_000, 14_063),
        (1_000_000, 25_000, 25_000),
        (300, 37, 34),
    ],
)
def test_partitions_are_even(count: int, most: int, partition: int) -> None:
    assert partition_of(count, most) == partition


@given(st.integers(0, 3_000_000), st.integers(1, 60_000))
def test_partitions_are_even_whatever_the_number(count: int, most: int) -> None:
    partition = partition_of(count, most)
    parts = -(-count // partition)
    assert 1 <= partition <= most
    assert partition >= LEAST_ARTICLES or parts <= -(-count // most)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone: cannot be read"):
        list(lines_of([tmp_path / "gone"], 10))


def test_ids_of_partitions_before_are_rejected() -> None:
    told = PartRead(ids=["a", "b", "c"], times=exactly([0] * 3), lines=[(0, 5), (1, 2), (0, 9)])
    assert told.take_new({"b", "z"}, ["one", "two"]).tolist() == [0, 2]
    assert told.rejected == [(1, 2, "duplicate_id", "two:2: b")]
    assert told.take_new(set(), ["one", "two"]).tolist() == [0, 1, 2]


@given(st.lists(st.lists(st.one_of(st.integers(0, 9), st.none()), max_size=6), max_size=5), st.integers(1, 7))
def test_articles_come_in_the_order_of_time(parts: list[list[int | None]], partition: int) -> None:
    arrived = Arrived()
    standing: dict[tuple[int, int], tuple[float, str]] = {}
    for part, hours in enumerate(parts):
        times = exactly(np.nan if one is None else one for one in hours)
        rows = np.arange(1, len(hours) + 1)  # the first row of each was rejected
        ids = [f"{part}-{row}" for row in rows.tolist()]
        arrived.add(part, ids, times, rows)
        standing |= {(part, int(row)): (time, one) for row, time, one in zip(rows, times[:, 1], ids, strict=True)}
    ids, times, sources = arrived.in_order(partition)
    wanted = sorted(standing.values(), key=lambda one: (np.isnan(one[0]), np.nan_to_num(one[0]), one[1]))
    assert ids == [one for _, one in wanted]
    assert np.array_equal(times, exactly(time for time, _ in wanted), equal_nan=True)
    found = {}
    for first, source in enumerate(sources):
        for part, rows, places in source:
            for row, place in zip(rows.tolist(), places.tolist(), strict=True):
                found[first * partition + place] = standing[part, row][1]
    assert [found[place] for place in sorted(found)] == ids
