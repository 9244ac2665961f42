"""Whatever is wrong with what a user gives: one clear line, the right exit code, no traceback, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.command_line import OUTLET, Wirecopy, one_line, write_outlet
from tests.catalogs import sqlite_only
from tests.crawlers.server import serve

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
    "the last day of all": ("ingest", "x.warc", "--until", "9999-12-31"),
    "the first day of all": ("ingest", "x.warc", "--since", "0001-01-01"),
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


def test_a_missing_file_is_no_run(wirecopy: Wirecopy, config: Path, tmp_path: Path) -> None:
    done = wirecopy("--config", str(config), "ingest", "missing.jsonl")
    assert done.code == 2
    assert "missing.jsonl: no such file" in one_line(done.err)
    assert not (tmp_path / "data").exists()


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


@pytest.mark.parametrize("more", [(), ("--rebuild",), ("--repair",)], ids=["look", "rebuild", "repair"])
def test_the_doctor_finds_no_data_folder_in_order_that_is_not_there(
    more: tuple[str, ...], wirecopy: Wirecopy, config: Path, tmp_path: Path
) -> None:
    done = wirecopy("--config", str(config), "--data", "nowhere", "doctor", *more)
    assert done.code == 1
    assert "nowhere: no data folder there yet; `wirecopy run` makes one" in one_line(done.err)
    assert not (tmp_path / "nowhere").exists()


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
