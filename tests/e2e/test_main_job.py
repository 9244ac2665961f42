"""The main job on the demo outlets: twice in a row, judged against what the demo world knows of itself."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow.parquet as pq
import pytest

from app.demo.expected import Expected, Place, expected_articles, expected_rejections
from app.demo.world import load_world
from tests.e2e.conftest import DemoFolder, readme_commands, run_command

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
Rows = list[dict[str, Any]]


def release(data: Path) -> tuple[str, Rows, Rows, Rows]:
    """Version and rows of the latest release."""
    version = json.loads((data / "releases/latest.json").read_text())["version"]
    folder = data / "releases" / version
    tables = [pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("articles", "stories", "copies")]
    return version, tables[0], tables[1], tables[2]


def place(row: dict[str, Any]) -> Place:
    return row["outlet_id"], urlsplit(row["url"]).path


@pytest.fixture(scope="module")
def tables(demo: DemoFolder) -> tuple[str, Rows, Rows, Rows]:
    return release(demo.data)


@pytest.fixture(scope="module")
def expected(demo: DemoFolder) -> dict[Place, Expected]:
    kept = json.loads((demo.data / ".wirecopy-demo").read_text())
    return expected_articles(load_world(), datetime.fromisoformat(kept["now"]).astimezone(UTC))


def test_every_page_is_an_article_or_a_rejection(
    demo: DemoFolder, tables: tuple[str, Rows, Rows, Rows], expected: dict[Place, Expected]
) -> None:
    assert {place(row) for row in tables[1]} == expected.keys()
    refused = {
        (one["outlet_id"], urlsplit(one["url"]).path): one["reason"] for one in demo.json("rejected")["rejections"]
    }
    duds = {(one.outlet_id, one.path): one.reasons for one in expected_rejections(load_world())}
    assert refused.keys() == duds.keys()
    assert {at: reason for at, reason in refused.items() if reason not in duds[at]} == {}


def test_stories_are_the_reports(tables: tuple[str, Rows, Rows, Rows], expected: dict[Place, Expected]) -> None:
    by_story: dict[str, set[str]] = defaultdict(set)
    by_report: dict[str, set[str]] = defaultdict(set)
    for row in tables[1]:
        if place(row) in expected:
            by_story[row["story_id"]].add(expected[place(row)].story)
            by_report[expected[place(row)].story].add(row["story_id"])
    assert {story: reports for story, reports in by_story.items() if len(reports) > 1} == {}, "merged"
    assert {report: ids for report, ids in by_report.items() if len(ids) > 1} == {}, "split"


def test_links_say_what_became_of_the_report(
    tables: tuple[str, Rows, Rows, Rows], expected: dict[Place, Expected]
) -> None:
    _, articles, _, copies = tables
    place_of = {row["article_id"]: place(row) for row in articles}
    made = {(place_of[row["article_id"]], place_of[row["origin_article_id"]]): row for row in copies}
    wrong: list[tuple[object, ...]] = []
    for at, answer in expected.items():
        for link in answer.links:
            row = made.get((at, link.origin)) or (made.get((at, link.via)) if link.via else None)
            if row is None:
                if link.required:
                    wrong.append((at, "no link to", link.origin))
            elif row["relation"] not in link.relations:
                wrong.append((at, row["relation"], link.relations))
            elif link.credit_statuses and row["credit_status"] not in link.credit_statuses:
                wrong.append((at, row["credit_status"], link.credit_statuses))
    assert wrong == []


def test_the_agency_is_the_origin_and_is_known(tables: tuple[str, Rows, Rows, Rows]) -> None:
    _, articles, stories, copies = tables
    outlet_of = {row["article_id"]: row["outlet_id"] for row in articles}
    for story in stories:
        if story["outlet_count"] > 1:
            assert outlet_of[story["origin_article_id"]].startswith("anadolu-"), story
            assert story["origin_known"] and story["agency_id"] == "anadolu"
    spans = [(row, span) for row in copies for span in row["matched_spans"]]
    bodies = {row["article_id"]: row["body"] for row in articles}
    assert spans
    for row, span in spans:
        assert 0 <= span["copy_start"] < span["copy_end"] <= len(bodies[row["article_id"]])
        assert 0 <= span["origin_start"] < span["origin_end"] <= len(bodies[row["origin_article_id"]])


def test_the_demo_shows_what_it_did(demo: DemoFolder) -> None:
    assert "stories" in demo.output
    assert "releases" in demo.output
    assert "./wirecopy --data" in demo.output


def test_the_demo_as_json_names_the_dataset(tmp_path: Path) -> None:
    done = run_command("./wirecopy demo --json", tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["state"] == "done"
    version, articles, _, _ = release(tmp_path / "data" / "demo")
    assert told["dataset"] == f"data/demo/releases/{version}"
    (published,) = [one for one in told["stages"] if one["stage"] == "publish"]
    assert published["counts"]["articles"] == len(articles)


def test_the_demo_refuses_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = run_command("./wirecopy --data mine demo", tmp_path)
    assert done.returncode == 2
    assert "thesis.txt" in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").exists()


README_COMMANDS = [one for one in readme_commands()[1:] if one != "./check"]  # ./check is what runs this test


@pytest.mark.parametrize("command", README_COMMANDS)
def test_every_command_of_the_readme_works(demo: DemoFolder, command: str) -> None:
    done = run_command(command, demo.folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "Traceback" not in done.stderr


def test_a_second_run_adds_nothing_but_the_correction(demo: DemoFolder) -> None:
    demo.wirecopy("run")  # the correction, where no README command brought it yet
    version, articles, stories, copies = release(demo.data)
    assert sorted(row["version"] for row in articles)[-2:] == [1, 2]
    report = demo.json("run")
    assert report["state"] == "done"
    counts = {one["stage"]: one["counts"] for one in report["stages"]}
    assert counts["dedupe"]["new"] == 0
    assert release(demo.data) == (version, articles, stories, copies)
    assert demo.wirecopy("doctor").returncode == 0


def test_a_rebuilt_catalog_tells_the_same_stories(demo: DemoFolder) -> None:
    _, articles, stories, _ = release(demo.data)
    done = demo.wirecopy("doctor --rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    assert demo.wirecopy("publish").returncode == 0
    _, again, stories_again, _ = release(demo.data)

    assert {row["article_id"]: row["story_id"] for row in again} == {
        row["article_id"]: row["story_id"] for row in articles
    }
    assert {row["origin_article_id"] for row in stories_again} == {row["origin_article_id"] for row in stories}
