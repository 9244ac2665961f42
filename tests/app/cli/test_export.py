"""`export` and `verify` as people call them, on a release in a data folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from app.cli.commands import app
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, NOON, TEXTS, content

RUN = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    first = replace(ARTICLES[0], article=replace(ARTICLES[0].article, url="urn:no-address"))
    made = content((first, *ARTICLES[1:]))
    publish_release(Storage(tmp_path / "data"), made, version="v1", published_at=NOON, with_text=False)
    return tmp_path / "data"


def test_the_feed_leads_to_where_the_pages_are_served(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "feed.xml"
    given = ["--data", str(data), "export", "--format", "rss", "--out", str(out)]
    done = RUN.invoke(app, [*given, "--site", "https://desk.example/", "--limit", "2"])
    assert done.exit_code == 0, done.output
    feed = etree.parse(out)
    assert len(feed.findall("channel/item")) == 2
    assert feed.findtext("channel/link") == "https://desk.example/"
    assert RUN.invoke(app, given).exit_code == 0
    links = [item.findtext("link") for item in etree.parse(out).iter("item")]
    assert "http://127.0.0.1:8080/story?id=s-bridge" in links


def test_a_release_without_text_is_verified_against_texts_somebody_holds(data: Path, tmp_path: Path) -> None:
    held = tmp_path / "held.jsonl"
    held.write_text("".join(json.dumps({"article_id": one, "body": body}) + "\n" for one, body in TEXTS), "utf-8")
    done = RUN.invoke(app, ["--data", str(data), "verify", str(held), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["verified"] == len(ARTICLES)
    held.write_text(json.dumps({"article_id": TEXTS[0][0], "body": "another"}) + "\n", "utf-8")
    assert RUN.invoke(app, ["--data", str(data), "verify", str(held)]).exit_code == 1


def test_what_verify_compared_is_told_in_words(data: Path, tmp_path: Path) -> None:
    held = tmp_path / "held.jsonl"
    held.write_text(json.dumps({"article_id": "of another dataset", "body": "another"}) + "\n", "utf-8")
    done = RUN.invoke(app, ["--data", str(data), "verify", str(held)])
    assert done.exit_code == 1
    assert "0 are those of the release" in done.stdout
    assert "1 given that it does not name" in done.stdout
    assert "no text of the release was among those given" in done.stdout
    assert "[]" not in done.stdout
