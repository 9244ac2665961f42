"""The Hugging Face folder with `datasets`, the Croissant metadata with mlcroissant, the feed with lxml."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree

from pipeline.publish.exports import ExportOptions, export_release
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, LINKS, NOON, STORIES, TEXTS, content

# What third parties warn of when they are imported or used; nothing of ours.
OTHERS = [
    "ignore::DeprecationWarning",
    "ignore::PendingDeprecationWarning",
    "ignore::FutureWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))


def marks(test: object) -> object:
    for one in OTHERS:
        test = pytest.mark.filterwarnings(one)(test)
    return test


@marks
@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("where", ["export", "release"])
def test_datasets_loads_the_folder(where: str, published: Storage, tmp_path: Path) -> None:
    import datasets

    folder = Path(published.root) / "releases" / "v1"
    if where == "export":
        folder = tmp_path / "dataset"
        export_release(published, "huggingface", folder)
    cache = str(tmp_path / "cache")
    articles = datasets.load_dataset(str(folder), split="train", cache_dir=cache)
    assert articles.num_rows == len(ARTICLES)
    assert dict(zip(articles["article_id"], articles["body"], strict=True)) == dict(TEXTS)
    assert articles[0]["published_at"].tzinfo is not None
    copies = datasets.load_dataset(str(folder), "copies", split="train", cache_dir=cache)
    assert set(copies["relation"]) >= {"exact_copy", "digest_member"}
    assert datasets.load_dataset(str(folder), "stories", split="train", cache_dir=cache).num_rows == len(STORIES)


def test_the_card_s_front_matter_is_yaml_that_names_the_tables(published: Storage) -> None:
    import yaml

    card = published.read_bytes("releases/v1/README.md").decode()
    front = yaml.safe_load(card.split("---\n")[1])
    assert front["language"] == ["ar", "en", "tr"]
    assert [one["config_name"] for one in front["configs"]] == ["articles", "stories", "copies"]
    assert "| `matched_spans` |" in card
    assert "rejected | 2" in card


def test_a_hostile_value_cannot_break_the_card(storage: Storage) -> None:
    hostile = replace(content(), counts={"x | y\n---\n<script>": "1 | 2"}, settings={"a\n# b": "c"})
    publish_release(storage, hostile, version="v1", published_at=NOON)
    card = storage.read_bytes("releases/v1/README.md").decode()
    assert "<script>" not in card
    assert card.count("\n---\n") == 1
    assert "\n# b" not in card


@marks
def test_mlcroissant_validates_and_reads_the_records(published: Storage, tmp_path: Path) -> None:
    import mlcroissant

    folder = tmp_path / "dataset"
    export_release(published, "huggingface", folder)
    dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    records = list(dataset.records("articles"))
    assert {one["articles/article_id"].decode() for one in records} == {name for name, _ in TEXTS}
    first = next(one for one in records if one["articles/article_id"] == b"wire-1")
    assert first["articles/credits"][0]["articles/credits/agency_id"] == b"anadolu"
    assert len(list(dataset.records("stories"))) == len(STORIES)
    copies = list(dataset.records("copies"))
    assert len(copies) == len(LINKS)
    spans = {(one["copies/article_id"], one["copies/origin_article_id"]): one["copies/matched_spans"] for one in copies}
    assert spans[b"alpha-1", b"wire-1"][0]["copies/matched_spans/copy_start"] == 0


def test_croissant_names_the_checksums_of_the_manifest(published: Storage) -> None:
    stream = io.BytesIO()
    export_release(published, "croissant", stream)
    made = json.loads(stream.getvalue())
    manifest = json.loads(published.read_bytes("releases/v1/manifest.json"))
    for one in made["distribution"]:
        assert one["sha256"] == manifest["files"][one["name"]]["sha256"]


def feed(storage: Storage, limit: int = 100) -> etree._Element:
    stream = io.BytesIO()
    export_release(storage, "rss", stream, options=ExportOptions(site="https://wire.example/", limit=limit))
    return etree.fromstring(stream.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True))


def test_the_feed_is_rss_2_and_lists_the_newest_story_first(published: Storage) -> None:
    rss = feed(published)
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = rss.find("channel")
    assert channel is not None
    assert [channel.findtext(name) for name in ("title", "link")] == ["wirecopy: stories", "https://wire.example/"]
    assert channel.findtext("description")
    items = channel.findall("item")
    assert len(items) == len(STORIES)
    assert len({item.findtext("guid") for item in items}) == len(items)
    times = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items]
    assert times == sorted(times, reverse=True)
    assert times[0] == NOON + timedelta(minutes=1500)
    bridge = next(item for item in items if "s-bridge" in (item.findtext("guid") or ""))
    assert bridge.findtext("link") == "https://wire.example/wire-1?a=1"
    assert bridge.findtext("description") == "6 articles at 5 outlets; origin known."
    assert len(feed(published, limit=2).findall("channel/item")) == 2


def test_a_hostile_headline_stays_text(storage: Storage) -> None:
    bad = "\x00\x0b\u202e</title><script>alert(1)</script>&\ufffe"
    first = replace(STORIES[0], headline=bad)
    article = replace(ARTICLES[0], article=replace(ARTICLES[0].article, url="javascript:alert(1)"))
    made = content((article, *ARTICLES[1:]), (first, *STORIES[1:]))
    publish_release(storage, made, version="v1", published_at=NOON)
    item = next(one for one in feed(storage).iter("item") if "s-bridge" in (one.findtext("guid") or ""))
    title = item.findtext("title") or ""
    assert "<script>alert(1)</script>&" in title
    assert not re.search("[\x00-\x08\u202e]", title)
    assert item.findtext("link") == "https://wire.example/story?id=s-bridge"
