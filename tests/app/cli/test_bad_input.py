"""Whatever is wrong with what a user gives: one clear line, the right exit code, no traceback, nothing half-written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.main import main
from tests.catalogs import sqlite_only
from tests.crawlers.server import serve

OUTLET = """
id: {id}
name: The Lantern
language: en
time_zone: Europe/London
discover:
  feeds: [{feed}]
"""


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Wirecopy = Callable[..., Done]


@pytest.fixture
def wirecopy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Wirecopy:
    """The command line as a shell would start it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("WIRECOPY_CONFIG", "WIRECOPY_DATA"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["wirecopy", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration of one outlet that nobody answers for."""
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    write_outlet(folder, "lantern", "http://127.0.0.1:9/feed")
    (folder / "settings.yml").write_text("network: {allow_private: [127.0.0.0/8]}\n")
    return folder


def write_outlet(config: Path, outlet_id: str, feed: str) -> Path:
    path = config / "outlets" / f"{outlet_id}.yml"
    path.write_text(OUTLET.format(id=outlet_id, feed=feed))
    return path


def one_line(err: str) -> str:
    lines = [line for line in err.splitlines() if line]
    assert len(lines) == 1, err
    assert lines[0].startswith("wirecopy: ")
    return lines[0]


BROKEN_OUTLETS = {
    "no YAML": ("id: [lantern", "well-formed YAML"),
    "a tab": ("id:\tlantern\n\tname: x", "well-formed YAML"),
    "a list": ("- id", "keys and values"),
    "an unknown key": (OUTLET + "colour: red\n", "colour"),
    "a key that is nearly right": (OUTLET + "shedule: '* * * * *'\n", "did you mean schedule?"),
    "no sources": ("id: lantern\nname: x\nlanguage: en\ntime_zone: Europe/London\ndiscover: {}\n", "at least one of"),
    "another name": (OUTLET.format(id="candle", feed="http://127.0.0.1:9/feed"), "the file's name, lantern"),
    "a time zone of nowhere": (OUTLET.replace("Europe/London", "Mars/Base"), "an IANA time zone"),
    "a cron of four fields": (OUTLET + "schedule: '* * * *'\n", "five fields"),
    "a file as feed": (OUTLET.replace("{feed}", "file:///etc/passwd"), "http://"),
    "credentials": (OUTLET.replace("{feed}", "https://me:secret@lantern.example/feed"), "without user name"),
    "a pattern that is none": (OUTLET + "  article_urls: '('\n", "regular expression"),
    "the same key twice": (OUTLET + "name: again\n", "stands twice"),
    "an agency nobody knows": (OUTLET + "role: agency\nagency: nobody\n", "agencies.yml"),
    "a delay below zero": (OUTLET + "crawl: {{delay: -1}}\n", "greater than or equal to 0"),
}


@pytest.mark.parametrize("case", BROKEN_OUTLETS)
def test_a_broken_outlet_file_is_named_with_key_and_what_is_allowed(
    case: str, wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    text, says = BROKEN_OUTLETS[case]
    path = config / "outlets/lantern.yml"
    path.write_text(text.format(id="lantern", feed="http://127.0.0.1:9/feed") if "{id}" in text else text)
    done = wirecopy("--config", str(config), "run")
    assert done.code == 2
    assert str(path) in one_line(done.err)
    assert says in done.err
    assert "secret" not in done.err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config"], "bad configuration touches nothing"


WRONG_USE = {
    "an unknown command": ("fodl",),
    "an unknown option": ("run", "--fast"),
    "an unknown outlet": ("crawl", "nobody"),
    "no outlet": ("crawl",),
    "no configuration there": ("--config", "nowhere", "run"),
    "a file that is not there": ("fold", "missing.jsonl", "--out", "out"),
    "a folder as file": ("fold", ".", "--out", "out"),
    "no --out": ("fold", "x.jsonl"),
    "pages below one": ("run", "--max-pages", "0"),
    "a date of nowhen": ("ingest", "x.warc", "--since", "yesterday-ish"),
    "a WARC that is not there": ("ingest", "missing.warc.gz"),
    "an unknown format": ("export", "--format", "docx"),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_exit_2_and_touches_nothing(case: str, wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    given = WRONG_USE[case]
    done = wirecopy(*(given if "--config" in given else ("--config", str(config), *given)))
    assert done.code == 2, done
    assert done.err
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "data" / "releases").exists()


@pytest.mark.parametrize("command", ["run", "crawl"])
def test_an_outlet_that_is_switched_off_is_not_crawled_even_when_named(
    command: str, wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    with serve() as site:
        write_outlet(config, "candle", site.url("/feed.xml"))
        path = write_outlet(config, "lantern", site.url("/feed.xml"))
        path.write_text(path.read_text() + "status: paused\n")
        done = wirecopy("--config", str(config), command, "candle", "lantern")
        assert done.code == 2
        assert "'lantern' is paused" in one_line(done.err)
        assert site.log == []
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["stories", "rejected", "matrix", "runs", "run-report"])
def test_a_data_folder_without_a_catalog_says_what_makes_one(command: str, wirecopy: Wirecopy, config: Path) -> None:
    done = wirecopy("--config", str(config), command)
    assert done.code == 1
    assert "no catalog there yet; `wirecopy run` makes one" in one_line(done.err)


def test_an_outlet_nobody_answers_for_fails_alone(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    done = wirecopy("--config", str(config), "run", "--json")
    assert done.code == 1
    stages = {one["stage"]: one for one in json.loads(done.out)["stages"]}
    assert stages["crawl"]["state"] == "failed"
    assert "refused" in stages["crawl"]["message"]
    assert [stages[name]["state"] for name in ("extract", "dedupe", "publish")] == ["done"] * 3


def test_a_private_address_is_not_asked_unless_allowed(wirecopy: Wirecopy, config: Path) -> None:
    (config / "settings.yml").unlink()
    done = wirecopy("--config", str(config), "crawl", "lantern", "--json")
    assert done.code == 1
    (crawl,) = json.loads(done.out)["stages"]
    assert crawl["counts"]["rejected"] == {"blocked_address": 1}


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


@sqlite_only
def test_a_data_folder_that_is_a_file_is_one_line(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = wirecopy("--config", str(config), "run")
    assert done.code == 1
    assert "data" in one_line(done.err)


@sqlite_only
def test_a_catalog_that_is_no_database_is_one_line(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/catalog.sqlite").write_bytes(b"somebody's notes\n" * 100)
    for command in ("run", "stories"):
        done = wirecopy("--config", str(config), command)
        assert done.code == 1
        assert "catalog.sqlite" in one_line(done.err)
    assert (tmp_path / "data/catalog.sqlite").read_bytes().startswith(b"somebody's notes")
