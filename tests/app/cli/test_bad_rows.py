"""Articles files that are not what they should be, and folds and releases that must not be made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.app.cli.command_line import Wirecopy, one_line

ROWS = {
    "nothing": (b"", 0, 0),
    "blank lines": (b"\n\n \n", 0, 0),
    "no JSON": (b'{half\n{"article_id": "a", "body": "x"}\n', 1, 1),
    "no id": (b'{"body": "x"}\n', 0, 1),
    "an id twice": (b'{"article_id": "a", "body": "x"}\n{"article_id": "a", "body": "y"}\n', 1, 1),
    "other encodings": (
        '{"article_id": "a", "body": "مرحبا"}\n'.encode("cp1256") + b'{"article_id": "b", "body": "y"}\n',
        1,
        1,
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_bad_rows_are_counted_and_the_rest_is_folded(
    case: str, wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    data, articles, rejected = ROWS[case]
    (tmp_path / "rows.jsonl").write_bytes(data)
    done = wirecopy("--config", str(config), "fold", "rows.jsonl", "--out", "out", "--json")
    assert done.code == 0, done
    told = json.loads(done.out)
    assert (told["articles"], told["rejected"]) == (articles, rejected)
    assert (tmp_path / "out" / "articles.parquet").is_file()


NO_ROWS = {
    "a table of another kind": (b"article_id,body\na,text\n", "line 1: not JSON"),
    "half a line": (b"{half\n", "line 1: not JSON"),
    "another encoding": ('{"article_id": "a", "body": "مرحبا"}\n'.encode("cp1256"), "line 1: not UTF-8"),
    "values, no objects": (b"\n1\n[2]\n", "line 2: a JSON int"),
}


@pytest.mark.parametrize("case", NO_ROWS)
@pytest.mark.parametrize("command", [("fold", "--out", "out"), ("ingest",)], ids=["fold", "ingest"])
def test_a_file_without_one_object_is_no_articles_file(
    case: str, command: tuple[str, ...], wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    data, says = NO_ROWS[case]
    (tmp_path / "rows.jsonl").write_bytes(data)
    done = wirecopy("--config", str(config), *command, "rows.jsonl")
    assert done.code == (2 if "fold" in command else 1)
    told = " ".join((done.err + done.out).split())
    assert "rows.jsonl: not one line is a JSON object" in told
    assert says in told
    assert not (tmp_path / "out").exists()


def test_rows_left_out_are_named_up_to_a_few(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    rows = [{"article_id": f"a{number}", "body": "text of it" if number < 2 else None} for number in range(10)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    done = wirecopy("--config", str(config), "fold", "rows.jsonl", "--out", "out")
    assert done.code == 0
    assert "(8 rows rejected: bad_record 8) -> out" in done.out
    named = [line for line in done.err.splitlines() if "rows.jsonl:" in line]
    assert [line.split(":")[2] for line in named] == ["3", "4", "5"]
    assert "5 more" in done.err


@pytest.mark.parametrize(
    "command", [("fold", "rows.jsonl", "--out", "out"), ("dedupe", "--all")], ids=["fold", "dedupe"]
)
@pytest.mark.parametrize("address", ["somewhere", "tcp://", "tcp://127.0.0.1", "http://127.0.0.1:8786", ""])
def test_a_scheduler_that_is_no_address_is_told_before_any_work(
    address: str, command: tuple[str, ...], wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "rows.jsonl").write_text('{"article_id": "a", "body": "x"}\n')
    done = wirecopy("--config", str(config), *command, "--scheduler", address)
    assert done.code == 2
    assert "`local` or tcp://host:port" in " ".join(done.err.split())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config", "rows.jsonl"]


def test_a_release_that_lost_its_articles_is_published_only_by_force(
    wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    rows = [{"article_id": f"a{number}", "body": f"text number {number} of it"} for number in range(4)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (tmp_path / "one.jsonl").write_text(json.dumps(rows[0]) + "\n")
    given = ("--config", str(config), "--data", "data")
    for command in (("ingest", "rows.jsonl"), ("dedupe",), ("publish",)):
        assert wirecopy(*given, *command).code == 0
    smaller = ("--config", str(config), "--data", "smaller")
    for command in (("ingest", "one.jsonl"), ("dedupe",)):
        assert wirecopy(*smaller, *command).code == 0
    (tmp_path / "data/releases").rename(tmp_path / "smaller/releases")
    refused = wirecopy(*smaller, "publish")
    assert refused.code == 1
    assert "it has 1 articles" in refused.out
    assert "publish --force" in " ".join(refused.out.split())
    assert wirecopy(*smaller, "publish", "--force").code == 0
    assert "articles 1," in wirecopy(*smaller, "publish").out


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.parquet"])
def test_binary_noise_is_told_whatever_its_name(name: str, wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 20)
    done = wirecopy("--config", str(config), "fold", name, "--out", "out")
    assert done.code == 2
    assert "binary data" in one_line(done.err)
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_one_line(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"article_id": "a", "body": "x"}\n')
    (tmp_path / "out").write_text("a file")
    done = wirecopy("--config", str(config), "fold", "rows.jsonl", "--out", "out")
    assert done.code == 1
    assert "out" in one_line(done.err)
    assert (tmp_path / "out").read_text() == "a file"


OWN_FILES = {
    "the file that is folded": "articles.parquet",
    "somebody's notes": "README.md",
}


@pytest.mark.parametrize("case", OWN_FILES)
@pytest.mark.parametrize("more", [(), ("--scheduler", "local")], ids=["small", "large"])
def test_a_fold_writes_over_nothing_that_is_no_folds(
    case: str, more: tuple[str, ...], wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"article_id": ["a"], "body": ["x"]}), tmp_path / "articles.parquet")
    (tmp_path / "README.md").write_text("# Notes\n")
    given = "articles.parquet" if OWN_FILES[case] == "articles.parquet" else "rows.jsonl"
    (tmp_path / "rows.jsonl").write_text('{"article_id": "a", "body": "x"}\n')
    if given == "articles.parquet":
        (tmp_path / "README.md").unlink()
    else:
        (tmp_path / "articles.parquet").unlink()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    done = wirecopy("--config", str(config), "fold", given, "--out", ".", *more)
    assert done.code == 2
    assert f"{OWN_FILES[case]} would be written over" in one_line(done.err)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_fold_takes_the_place_of_an_earlier_one(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    for words in ("x", "x y"):
        (tmp_path / "rows.jsonl").write_text(json.dumps({"article_id": "a", "body": words}) + "\n")
        assert wirecopy("--config", str(config), "fold", "rows.jsonl", "--out", "out").code == 0
    assert pq.read_table(tmp_path / "out/articles.parquet")["body"].to_pylist() == ["x y"]
