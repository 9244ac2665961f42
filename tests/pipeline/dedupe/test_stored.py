"""What a large fold keeps in partitions comes back as it was, whichever rows are asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from pipeline.dedupe.candidates import columns_of_bands, find_alike
from pipeline.dedupe.partitions import read_records, write_array, write_records
from pipeline.dedupe.signatures import sign
from pipeline.dedupe.stored import StoredSignatures, join_rows, read_texts_of, write_texts
from pipeline.dedupe.texts import Texts
from pipeline.dedupe.times import exactly
from pipeline.records import Article, Credit, CreditKind, CreditPosition, DatePrecision

PARTS = [
    [
        ("a", "فتح ميناء صور أبوابه اليوم", "ميناء صور"),
        ("b", "", ""),
        ("c", "The ferry ran again after 12 days", "Ferry"),
    ],
    [("d", "اليوم فتح السوق القديم أبوابه", "السوق اليوم"), ("e", "Limanda yeni iskele açıldı", "")],
]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    found = []
    for number, rows in enumerate(PARTS):
        bodies = Texts(body for _, body, _ in rows)
        headlines = Texts((headline for _, _, headline in rows), bodies.vocabulary)
        bodies.hashes = headlines.hashes
        path = tmp_path / f"{number}.parquet"
        write_texts(path, [article_id for article_id, _, _ in rows], bodies, headlines)
        found.append(path)
    return found


def words(texts: Texts, place: int) -> list[str]:
    return [texts.vocabulary.words[number] for number in texts[place].tolist()]


@pytest.mark.parametrize("wanted", [[[0, 1, 2], [0, 1]], [[1, 2], [1]], [[2], []], [[], [0]]])
def test_texts_of_partitions_have_one_vocabulary(paths: list[Path], wanted: list[list[int]]) -> None:
    chosen = [(path, np.array(rows, np.int64)) for path, rows in zip(paths, wanted, strict=True) if rows]
    known = read_texts_of(chosen)
    rows = [PARTS[part][row] for part, some in enumerate(wanted) for row in some]
    assert known.ids == [article_id for article_id, _, _ in rows]
    for texts, column in ((known.bodies, 1), (known.headlines, 2)):
        plain = Texts(row[column] for row in rows)
        assert [words(texts, place) for place in range(len(texts))] == [words(plain, at) for at in range(len(plain))]
        assert texts.hashes[texts.numbers].tolist() == plain.hashes[plain.numbers].tolist()
    assert len(set(known.bodies.vocabulary.words)) == len(known.bodies.vocabulary.words)


def test_signatures_are_read_by_bands_and_by_rows(tmp_path: Path) -> None:
    texts = Texts(f"report {n % 7} of the harbour says that {n % 7} ferries ran on day {n % 3}" for n in range(50))
    whole = sign(texts, 64)
    parts = [tmp_path / f"{part}.npy" for part in range(3)]
    for path, some in zip(parts, (slice(0, 20), slice(20, 40), slice(40, 50)), strict=True):
        write_array(path, whole[some].T)
    join_rows(parts, tmp_path / "rows.npy")
    stored = StoredSignatures(parts, tmp_path / "rows.npy")
    assert (len(stored), stored.shape) == (50, (50, 64))
    assert np.array_equal(stored[np.array([3, 44])], whole[[3, 44]])
    assert np.array_equal(stored[:, 5], whole[:, 5])
    for band in columns_of_bands(64, 32):
        assert np.array_equal(stored[:, band], whole[:, band])
    times = exactly(range(50))
    found = find_alike(stored, times, bands=32, window=20)
    assert len(found) > 100
    assert np.array_equal(found, find_alike(whole, times, bands=32, window=20))


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    credit = Credit(None, CreditKind.GENERIC, CreditPosition.BYLINE, "وكالات")
    at = datetime(2026, 3, 1, 8, 30, 0, 5, UTC)
    full = Article(
        "a", "o", "u", "نص", at, authors=("x", "y"), credits=(credit,), published_precision=DatePrecision.DAY
    )
    articles = [full, *(Article(f"a{n}", "o", "", f"body {n}", None, version=n) for n in range(2_500))]
    write_records(tmp_path / "articles.parquet", articles)
    assert list(read_records(tmp_path / "articles.parquet", Article)) == articles
    rows = [0, 7, 999, 1_000, 2_400]
    assert list(read_records(tmp_path / "articles.parquet", Article, rows)) == [articles[row] for row in rows]
