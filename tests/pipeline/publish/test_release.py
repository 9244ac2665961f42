"""Publishing: exact columns, checks that refuse, order, bytes, and what a failure leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.errors import ReleaseError
from pipeline.publish.manifest import KEYS
from pipeline.publish.reading import check_release, latest_version, list_releases, read_release
from pipeline.publish.release import Content, publish_release, write_tables
from pipeline.publish.rows import ReleaseArticle
from pipeline.records import Relation
from pipeline.storage import Storage
from tests.pipeline.publish.sample import ARTICLES, LINKS, NOON, STORIES, TEXTS, content

FILES = ["README.md", "articles.parquet", "copies.parquet", "manifest.json", "stories.parquet"]
# Written out here once more, so that a change of the contract's columns has to be meant.
CONTRACT = {
    "articles": "article_id url canonical_url outlet_id headline byline dateline language published_at modified_at "
    "fetched_at body word_count body_sha256 agency_id credits story_id version",
    "stories": "story_id origin_article_id origin_known agency_id headline language first_published_at "
    "last_published_at article_count outlet_count",
    "copies": "story_id article_id origin_article_id relation jaccard origin_coverage copy_coverage latency_seconds "
    "credit_status matched_spans reason method_version",
}


def test_a_release_has_the_files_of_the_contract_and_is_the_latest(published: Storage) -> None:
    assert published.list() == ["releases/latest.json", *(f"releases/v1/{name}" for name in FILES)]
    assert json.loads(published.read_bytes("releases/latest.json")) == {"version": "v1"}
    assert check_release(published) == check_release(published, "v1") == []


@pytest.mark.parametrize("name", CONTRACT)
def test_the_tables_have_exactly_the_columns_of_the_contract(name: str, published: Storage) -> None:
    schema = read_release(published).table(name).schema
    assert schema.names == CONTRACT[name].split()
    times = [field.type for field in schema if field.name.endswith("_at")]
    assert all(kind == pa.timestamp("us", tz="UTC") for kind in times)


def test_rows_say_what_the_records_said(published: Storage) -> None:
    release = read_release(published)
    articles = {row["article_id"]: row for row in release.rows("articles")}
    assert list(articles) == sorted(articles)
    assert {key: row["body"] for key, row in articles.items()} == dict(TEXTS)
    first = articles["wire-1"]
    assert first["published_at"] == NOON
    assert first["credits"] == [{"agency_id": "anadolu", "kind": "credit", "position": "byline", "text": "الأناضول"}]
    assert articles["gamma-1"]["credits"][0]["agency_id"] is None
    assert articles["beta-2"]["published_at"] is None
    assert articles["wire-2"]["version"] == 2
    stories = {row["story_id"]: row for row in release.rows("stories")}
    assert (stories["s-bridge"]["article_count"], stories["s-bridge"]["outlet_count"]) == (6, 5)
    copies = {(row["article_id"], row["origin_article_id"]): row for row in release.rows("copies")}
    assert len(copies) == len(LINKS)
    assert copies["alpha-1", "wire-1"]["latency_seconds"] == 240
    assert copies["gamma-2", "wire-3"]["story_id"] == "s-ferry"
    assert copies["delta-2", "wire-1"]["matched_spans"] == []


def test_the_manifest_has_every_key_and_the_counts(published: Storage) -> None:
    manifest = read_release(published).manifest
    assert list(manifest) == list(KEYS)
    assert manifest["counts"] == {
        "rejected": 2,
        "articles": 11,
        "articles_by_language": {"ar": 8, "en": 2, "tr": 1},
        "stories": 5,
        "copies": 9,
        "copies_by_relation": {
            "abridged_copy": 1,
            "digest_member": 2,
            "exact_copy": 2,
            "extended_copy": 1,
            "follow_up": 1,
            "near_copy": 1,
            "update_of": 1,
        },
        "copies_by_credit_status": {
            "credited": 2,
            "credited_generic": 1,
            "credited_other": 1,
            "uncredited": 4,
            "unknown": 1,
        },
    }
    assert manifest["files"]["articles.parquet"]["rows"] == 11
    assert manifest["previous_version"] is None
    assert manifest["evaluation"] == {"pair_f1": 0.9}


def test_without_text_there_is_no_body_but_its_hash(storage: Storage) -> None:
    publish_release(storage, content(), version="v1", published_at=NOON, with_text=False)
    release = read_release(storage)
    assert release.manifest["with_text"] is False
    assert release.table("articles").column("body").null_count == len(ARTICLES)
    for name in FILES:
        data = storage.read_bytes(f"releases/v1/{name}")
        assert not any(body.split("\n")[-1].encode() in data for _, body in TEXTS)
    assert all(len(row["body_sha256"]) == 64 for row in release.rows("articles"))


def test_order_and_batches_of_the_input_change_no_byte(tmp_path: Path) -> None:
    forward, backward = Storage(tmp_path / "a"), Storage(tmp_path / "b")
    publish_release(forward, content(), version="v1", published_at=NOON)
    publish_release(backward, content(ARTICLES[::-1], STORIES[::-1], LINKS[::-1]), version="v1", published_at=NOON)
    for path in forward.list():
        assert forward.read_bytes(path) == backward.read_bytes(path), path


def test_the_same_release_again_changes_nothing_and_another_under_its_name_is_refused(published: Storage) -> None:
    before = {path: published.read_bytes(path) for path in published.list()}
    publish_release(published, content(), version="v1", published_at=NOON)
    assert {path: published.read_bytes(path) for path in published.list()} == before
    with pytest.raises(ReleaseError, match="v1 exists with other content"):
        publish_release(published, content(links=LINKS[:-1]), version="v1", published_at=NOON)
    assert {path: published.read_bytes(path) for path in published.list()} == before


def test_releases_follow_each_other(published: Storage) -> None:
    manifest = publish_release(published, content(), version="v2", published_at=NOON + timedelta(days=1))
    assert manifest["previous_version"] == "v1"
    assert list_releases(published) == ["v1", "v2"]
    assert latest_version(published) == "v2"
    assert read_release(published, "v1").version == "v1"


def test_an_empty_release_is_a_release(storage: Storage) -> None:
    publish_release(storage, Content([], [], []), version="v0", published_at=NOON)
    assert check_release(storage) == []
    assert read_release(storage).table("articles").num_rows == 0


BAD: dict[str, tuple[Content, str]] = {
    "article without a story": (content(stories=STORIES[:-1]), "articles without their story: 1 (delta-2)"),
    "story without its origin": (
        content(stories=(replace(STORIES[0], origin_article_id="gone"), *STORIES[1:])),
        "stories whose origin is not among the articles: 1 (s-bridge)",
    ),
    "origin of another story": (
        content(stories=(replace(STORIES[0], origin_article_id="wire-3"), *STORIES[1:])),
        "stories whose origin belongs to another story: 1 (s-bridge)",
    ),
    "wrong number of articles": (
        content(stories=(replace(STORIES[0], member_ids=("wire-1",)), *STORIES[1:])),
        "stories with a wrong article_count: 1 (s-bridge)",
    ),
    "wrong number of outlets": (
        content(stories=(replace(STORIES[0], outlet_count=99), *STORIES[1:])),
        "stories with a wrong outlet_count: 1 (s-bridge)",
    ),
    "story without articles": (
        content(stories=(*STORIES, replace(STORIES[0], story_id="s-none"))),
        "stories with a wrong article_count: 1 (s-none)",
    ),
    "link to an unknown article": (
        content(links=(*LINKS, replace(LINKS[0], origin_article_id="gone"))),
        "links to an unknown article: 1 (gone)",
    ),
    "link from an unknown article": (
        content(links=(*LINKS, replace(LINKS[0], article_id="gone"))),
        "links from an unknown article: 1 (gone)",
    ),
    "link to itself": (
        content(links=(*LINKS, replace(LINKS[0], article_id="wire-1"))),
        "links from an article to itself: 1 (wire-1)",
    ),
    "link of another story": (
        content(links=(replace(LINKS[0], story_id="s-snow"), *LINKS[1:])),
        "links whose story_id is not their origin's: 1 (alpha-1)",
    ),
    "copy across stories": (
        content(links=(replace(LINKS[6], relation=Relation.NEAR_COPY), *LINKS[:6], *LINKS[7:])),
        "links inside a story whose articles are in two stories: 1 (gamma-2)",
    ),
    "article twice": (content(articles=(*ARTICLES, ARTICLES[0])), "articles: the same article_id twice: 1 (wire-1)"),
    "story twice": (content(stories=(*STORIES, STORIES[0])), "stories: the same story_id twice: 1 (s-bridge)"),
    "link twice": (content(links=(*LINKS, LINKS[0])), "the same article_id and origin_article_id twice: 1 (alpha-1)"),
    "share above one": (content(links=(replace(LINKS[0], jaccard=1.01), *LINKS[1:])), "jaccard outside 0 to 1"),
    "share below zero": (
        content(links=(replace(LINKS[0], copy_coverage=-0.1), *LINKS[1:])),
        "copy_coverage outside 0 to 1",
    ),
    "share that is no number": (
        content(links=(replace(LINKS[0], origin_coverage=float("nan")), *LINKS[1:])),
        "origin_coverage outside 0 to 1",
    ),
    "time without a zone": (
        content(stories=(replace(STORIES[0], first_published_at=datetime(2026, 3, 1)), *STORIES[1:])),  # noqa: DTZ001
        "a time without a zone",
    ),
    "number that does not fit": (
        content(links=(replace(LINKS[0], latency_seconds=2**70), *LINKS[1:])),
        "a row does not fit its schema",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_release_that_fails_a_check_is_refused_and_leaves_the_last_in_place(case: str, published: Storage) -> None:
    bad, says = BAD[case]
    bad = replace(bad, articles=list(bad.articles), stories=list(bad.stories), links=list(bad.links))
    before = {path: published.read_bytes(path) for path in published.list()}
    with pytest.raises(ReleaseError) as caught:
        publish_release(published, bad, version="v2", published_at=NOON)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert {path: published.read_bytes(path) for path in published.list()} == before
    assert sorted(one.name for one in Path(published.root).iterdir()) == ["releases"]


def test_a_release_that_shrinks_needs_force(published: Storage) -> None:
    one = content(ARTICLES[9:10], STORIES[3:4], ())
    with pytest.raises(ReleaseError, match="it has 1 articles, v1 had 11; that loses more than 20%"):
        publish_release(published, one, version="v2", published_at=NOON)
    assert latest_version(published) == "v1"
    publish_release(published, content(ARTICLES[9:10], STORIES[3:4], ()), version="v2", published_at=NOON, force=True)
    assert latest_version(published) == "v2"


def test_a_little_less_than_before_needs_no_force(published: Storage) -> None:
    fewer = content(ARTICLES[:-1], STORIES[:-1], LINKS[:-1])
    publish_release(published, fewer, version="v2", published_at=NOON)
    assert latest_version(published) == "v2"


@pytest.mark.parametrize("version", ["", "..", "a/b", "../x", ".hidden", "a b", "x" * 101, "a..b"])
def test_a_version_must_name_a_folder(version: str, storage: Storage) -> None:
    with pytest.raises(ReleaseError, match="cannot name a release"):
        publish_release(storage, content(), version=version, published_at=NOON)
    assert storage.list() == []


@pytest.mark.parametrize("pointer", [b"", b"{}", b"[1]", b"\xff", b'{"version": "../x"}', b'{"version": "gone"}'])
def test_a_broken_pointer_is_told_and_force_goes_on(pointer: bytes, published: Storage) -> None:
    published.write_bytes("releases/latest.json", pointer)
    assert len(check_release(published)) == 1
    with pytest.raises(ReleaseError, match="the last release cannot be read"):
        publish_release(published, content(), version="v2", published_at=NOON)
    publish_release(published, content(), version="v2", published_at=NOON, force=True)
    assert check_release(published) == []


def test_fold_writes_the_same_files_into_its_folder(tmp_path: Path, published: Storage) -> None:
    out = tmp_path / "out"
    write_tables(out, content(), version="v1", published_at=NOON)
    assert sorted(one.name for one in out.iterdir()) == FILES
    for name in FILES:
        assert (out / name).read_bytes() == published.read_bytes(f"releases/v1/{name}")
    assert check_release(Storage(out)) == []
    write_tables(out, content(), version="v2", published_at=NOON)
    assert read_release(Storage(out)).version == "v2"
    assert sorted(one.name for one in out.iterdir()) == FILES


def test_fold_leaves_other_files_alone_and_a_refused_one_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_tables(tmp_path, content(), version="v1", published_at=NOON)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with pytest.raises(ReleaseError):
        write_tables(tmp_path, content(stories=STORIES[1:]), version="v2", published_at=NOON)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
    assert before["notes.txt"] == b"mine"


def test_text_that_is_no_unicode_is_published_with_marks_in_its_place(storage: Storage) -> None:
    odd = replace(ARTICLES[9].article, body="a\ud800b", headline="\udfff", article_id="alpha-2")
    made = content((*ARTICLES[:9], ReleaseArticle(odd, "s-snow"), ARTICLES[10]))
    publish_release(storage, made, version="v1", published_at=NOON)
    row = next(row for row in read_release(storage).rows("articles") if row["article_id"] == "alpha-2")
    assert (row["body"], row["headline"]) == ("a?b", "?")


def test_an_unchanged_dataset_is_published_once_when_asked(published: Storage) -> None:
    again = publish_release(published, content(), version="v2", published_at=NOON, skip_unchanged=True)
    assert again["version"] == "v1"
    assert list_releases(published) == ["v1"]
    changed = content(links=LINKS[:-1])
    assert publish_release(published, changed, version="v2", published_at=NOON, skip_unchanged=True)["version"] == "v2"


def test_a_staging_folder_in_use_is_left_and_a_dead_one_is_swept(storage: Storage) -> None:
    import fcntl
    import os

    root = Path(storage.root)
    used, dead = root / ".tmp-release-used", root / ".tmp-release-dead"
    for one in (used, dead):
        (one / "release").mkdir(parents=True)
    lock = os.open(used, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        publish_release(storage, content(), version="v1", published_at=NOON)
    finally:
        os.close(lock)
    assert sorted(one.name for one in root.iterdir()) == [".tmp-release-used", "releases"]
