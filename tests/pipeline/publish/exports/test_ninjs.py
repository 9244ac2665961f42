"""ninjs 3.1 against IPTC's own schema."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish.exports import export_release
from pipeline.publish.exports.ninjs import file_name, to_ninjs
from pipeline.publish.release import publish_release
from pipeline.storage import Storage
from tests.pipeline.publish.sample import NOON, content

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "ninjs-schema_3.1.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
URI = re.compile(r"^[a-z][a-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$")


def exported(storage: Storage) -> dict[str, dict[str, Any]]:
    stream = io.BytesIO()
    export_release(storage, "ninjs", stream)
    return {one["altIds"][0]["value"]: one for one in map(json.loads, stream.getvalue().splitlines())}


def test_the_validator_would_notice(published: Storage) -> None:
    one = exported(published)["wire-1"]
    assert list(VALIDATOR.iter_errors({**one, "versioncreated": "2026"}))
    assert list(VALIDATOR.iter_errors({**one, "firstCreated": "yesterday"}))


@pytest.mark.parametrize("with_text", [True, False])
def test_every_article_validates(with_text: bool, storage: Storage) -> None:
    publish_release(storage, content(), version="v1", published_at=NOON, with_text=with_text)
    made = exported(storage)
    assert len(made) == 11
    for one in made.values():
        VALIDATOR.validate(one)
        assert URI.match(one["uri"])
        assert ("bodies" in one) == with_text
        assert one["representationType"] == ("full" if with_text else "partial")


def test_the_copy_relation_stands_in_the_associations(published: Storage) -> None:
    made = exported(published)
    (origin,) = made["beta-1"]["associations"]
    assert origin["rel"] == "abridged_copy"
    assert origin["name"] == "origin"
    assert origin["uri"] == made["wire-1"]["uri"]
    assert "credit_status: uncredited" in origin["edNote"]
    assert [one["rel"] for one in made["gamma-2"]["associations"]] == ["digest_member", "digest_member"]
    assert "associations" not in made["wire-1"]
    assert made["delta-1"]["infoSources"][0] == {
        "name": "(أ ف ب)",
        "role": "credit",
        "literal": "afp",
        "uri": "urn:wirecopy:agency:afp",
    }


def test_a_folder_gets_one_file_per_article(published: Storage, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert export_release(published, "ninjs", out) == 11
    files = sorted(out.iterdir())
    assert len(files) == 11
    for file in files:
        VALIDATOR.validate(json.loads(file.read_text("utf-8")))


@given(st.text(min_size=1, max_size=300))
def test_a_file_name_never_leaves_its_folder(article_id: str) -> None:
    article_id = article_id.encode("utf-8", "replace").decode()
    name = file_name(article_id)
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name) < 200


def test_long_ids_that_begin_alike_get_different_files() -> None:
    assert file_name("x" * 500 + "a") != file_name("x" * 500 + "b")


texts = st.text(max_size=30) | st.none()


@settings(max_examples=60, deadline=None)
@given(
    strings=st.fixed_dictionaries(
        dict.fromkeys(("url", "canonical_url", "headline", "byline", "dateline", "language", "body"), texts)
    ),
    agency=texts,
    article_id=st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()),
)
def test_any_article_validates(strings: dict[str, str | None], agency: str | None, article_id: str) -> None:
    row = {
        **strings,
        "article_id": article_id,
        "outlet_id": "o",
        "published_at": NOON,
        "modified_at": None,
        "fetched_at": None,
        "word_count": 3,
        "body_sha256": "0" * 64,
        "agency_id": agency,
        "credits": [{"agency_id": agency, "kind": None, "position": None, "text": None}],
        "story_id": "s",
        "version": 1,
    }
    VALIDATOR.validate(to_ninjs(row, []))
