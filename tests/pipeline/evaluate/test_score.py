"""Figures worked out by hand on invented labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.evaluate import evaluate
from pipeline.evaluate.groups import score_groups
from pipeline.evaluate.labels import PairLabel, StoryLabel
from pipeline.evaluate.pairs import score_pairs
from pipeline.records import CreditStatus, Link, Relation

SAME, PARTIAL, DIFFERENT = "same_wire_report", "partial", "different"


def write(folder: Path, **files: list[dict[str, Any]]) -> Path:
    for name, rows in files.items():
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    return folder


def pair(a: str, b: str, label: str, weight: float = 1.0) -> dict[str, Any]:
    return {"a": a, "b": b, "label": label, "weight": weight, "note": "for people"}


def link(article_id: str, origin: str, relation: Relation, status: CreditStatus = CreditStatus.CREDITED) -> Link:
    return Link("s", article_id, origin, relation, 0.5, 0.5, 0.5, None, status, (), "by hand", "test")


def test_pairs_unweighted_and_weighted(tmp_path: Path) -> None:
    rows = [
        pair("a", "b", SAME, 4),  # together: a true positive
        pair("a", "c", SAME, 1),  # apart: a false negative
        pair("a", "d", PARTIAL, 3),  # together: a false positive
        pair("e", "f", DIFFERENT, 9),  # apart: right
        pair("a", "e", "disputed", 100),
    ]
    found = evaluate(write(tmp_path, pairs=rows), {"a": "1", "b": "1", "c": "2", "d": "1", "e": "3", "f": "4"})
    assert found.pairs is not None
    assert found.pairs_weighted is not None
    assert (found.pairs.pairs, found.pairs.precision, found.pairs.recall, found.pairs.f1) == (4, 0.5, 0.5, 0.5)
    assert found.pairs_weighted.precision == pytest.approx(4 / 7)
    assert found.pairs_weighted.recall == pytest.approx(4 / 5)
    assert found.pairs_weighted.f1 == pytest.approx(2 / 3)
    assert (found.labelled_articles, found.missing_articles, found.stories, found.largest_story) == (6, 0, 4, 3)
    assert found.templates is None
    assert "templates" not in found.as_json()


def test_groups_worked_by_hand() -> None:
    labels = [StoryLabel(article, story) for article, story in zip("abcdef", "xxxyyz", strict=True)]
    found = score_groups(labels, {"a": "1", "b": "1", "c": "2", "d": "2", "e": "2", "f": "3"})
    # pairs together in both: ab, de = 2; labelled 3 + 1 = 4; found 1 + 3 = 4; of 15
    assert found.ari == pytest.approx((2 - 16 / 15) / (4 - 16 / 15))
    # shares of each article's found story that are right: a, b 2/2; c 1/3; d, e 2/3; f 1/1
    assert found.b_cubed_precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    # shares of each article's labelled story that are found: a, b 2/3; c 1/3; d, e 2/2; f 1/1
    assert found.b_cubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_a_missing_article_is_a_story_of_its_own_and_is_reported(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        pairs=[pair("a", "b", SAME), pair("c", "d", DIFFERENT)],
        templates=[{"article_id": "a", "story": "x"}, {"article_id": "e", "story": "x"}],
    )
    found = evaluate(folder, {"a": "1"})
    assert found.missing == ("b", "c", "d", "e")
    assert found.as_json()["missing_articles"] == 4
    assert found.pairs is not None
    assert (found.pairs.precision, found.pairs.recall, found.pairs.f1) == (1.0, 0.0, 0.0)
    assert found.stories == 5
    assert any("4 of them not found" in row[3] for row in found.rows())


def test_relations_and_credit_status(tmp_path: Path) -> None:
    rows = [
        {"article_id": "a", "origin_article_id": "o", "relation": "near_copy", "credit_status": "credited"},
        {"article_id": "b", "origin_article_id": "o", "relation": "abridged_copy", "credit_status": "uncredited"},
        {"article_id": "c", "origin_article_id": "o", "relation": "partial_reuse"},
        {"article_id": "d", "origin_article_id": "o", "relation": "digest_member"},
        {"article_id": "e", "origin_article_id": "o", "relation": "none"},
        {"article_id": "f", "origin_article_id": "o", "relation": "near_copy"},
    ]
    links = [
        link("a", "o", Relation.NEAR_COPY),
        link("b", "o", Relation.NEAR_COPY, CreditStatus.UNKNOWN),
        link("c", "o", Relation.PARTIAL_REUSE),
        link("d", "x", Relation.DIGEST_MEMBER),  # of a pair that is not labelled
        link("e", "o", Relation.FOLLOW_UP),
        link("o", "f", Relation.NEAR_COPY),  # the wrong way round
    ]
    stories = {"o": "1", "a": "1", "b": "1", "c": "2", "d": "3", "e": "4", "f": "1"}
    found = evaluate(write(tmp_path, relations=rows), stories, links).relations
    assert found is not None
    assert (found.rows, found.right_story, found.linked, found.reversed, found.right_relation) == (6, 6, 3, 1, 2)
    near = found.by_relation["near_copy"]
    assert (near.labelled, near.found, near.right, near.precision, near.recall) == (2, 2, 1, 0.5, 0.5)
    assert found.by_relation["abridged_copy"].f1 == 0.0
    assert found.by_relation["partial_reuse"].f1 == 1.0
    assert (found.by_relation["follow_up"].labelled, found.by_relation["follow_up"].precision) == (0, 0.0)
    assert (found.credit_labelled, found.credit_right) == (2, 1)
    assert found.credit_confusion == {"uncredited taken for unknown": 1}


def test_intervals_are_the_same_every_time_and_hold_the_value() -> None:
    labels = [PairLabel(f"a{n}", f"b{n}", n % 3 > 0, 1.0 + n % 5) for n in range(60)]
    stories = {f"{side}{n}": f"{n}" if side == "a" or n % 4 else "x" for side in "ab" for n in range(60)}
    first, second = (score_pairs(labels, stories, weighted=True) for _ in range(2))
    assert first == second
    assert 0 < first.f1_interval.low < first.f1 < first.f1_interval.high < 1


def test_an_interval_is_wide_where_little_was_seen() -> None:
    labels = [PairLabel(f"a{n}", f"b{n}", True, 3.0) for n in range(10)]
    stories = {f"{side}{n}": f"{n}" for side in "ab" for n in range(10)}
    found = score_pairs(labels, stories, weighted=False)
    # the 2.5th percentile of Beta(10.5, 0.5)
    assert found.precision_interval.low == pytest.approx(0.783, abs=0.01)
    assert found.precision_interval.high == 1.0
    assert found.precision_interval == score_pairs(labels, stories, weighted=True).precision_interval
    one_counts = [*labels[:9], PairLabel("a9", "b9", True, 3000.0)]
    assert score_pairs(one_counts, stories, weighted=True).precision_interval.low < 0.3
    none = score_pairs([], {}, weighted=True)
    assert (none.f1, none.f1_interval.low, none.f1_interval.high) == (1.0, 0.0, 1.0)


def test_the_result_goes_to_json_and_to_a_table(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        pairs=[pair("a", "b", SAME)],
        neighbours=[pair("a", "c", DIFFERENT)],
        templates=[{"article_id": "a", "story": "x"}, {"article_id": "c", "story": "y"}],
        relations=[{"article_id": "b", "origin_article_id": "a", "relation": "exact_copy"}],
    )
    found = evaluate(folder, {"a": "1", "b": "1", "c": "2"}, [link("b", "a", Relation.EXACT_COPY)])
    read = json.loads(json.dumps(found.as_json()))
    assert read["pairs"]["f1"] == 1.0
    low, high = read["pairs"]["f1_interval"]
    assert low < 0.5 < high == 1.0
    assert read["templates"]["ari"] == 1.0
    assert read["relations"]["by_relation"]["exact_copy"]["right"] == 1
    assert ("pairs", "F1", "1.000", f"{low:.3f} to 1.000") in found.rows()
    assert {len(row) for row in found.rows()} == {4}


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("pairs", "{not json", "Expecting"),
        ("pairs", "[1, 2]", "not an object"),
        ("pairs", '{"a": "x", "label": "partial"}', "the key b is missing"),
        ("pairs", '{"a": "x", "b": 7, "label": "partial"}', "b: 7 is not a text"),
        ("pairs", '{"a": "x", "b": "x", "label": "partial"}', "the same article"),
        ("pairs", '{"a": "x", "b": "y", "label": "same"}', "'same' is none of same_wire_report"),
        ("pairs", '{"a": "x", "b": "y", "label": "partial", "weight": NaN}', "weight: nan"),
        ("pairs", '{"a": "x", "b": "y", "label": "partial", "weight": -1}', "weight: -1"),
        ("pairs", '{"a": "x", "b": "y", "label": "partial", "weight": true}', "weight: True"),
        ("pairs", '{"a": "x", "b": "y", "label": "partial", "weight": 1' + "0" * 5000 + "}", "line 2"),
        ("neighbours", "[" * 100_000, "line 2"),
        ("templates", '{"article_id": "x"}', "the key story is missing"),
        ("relations", '{"article_id": "x", "origin_article_id": "y", "relation": "copy"}', "'copy' is none of"),
        (
            "relations",
            '{"article_id": "x", "origin_article_id": "y", "relation": "none", "credit_status": "stolen"}',
            "credit_status: 'stolen'",
        ),
    ],
)
def test_a_bad_row_is_told_with_file_and_line(tmp_path: Path, name: str, line: str, told: str) -> None:
    good = {
        "templates": '{"article_id": "x", "story": "s"}',
        "relations": '{"article_id": "x", "origin_article_id": "y", "relation": "none"}',
    }
    path = tmp_path / f"{name}.jsonl"
    path.write_text(good.get(name, '{"a": "x", "b": "y", "label": "partial"}') + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        evaluate(tmp_path, {})
    assert str(caught.value).startswith(f"{path}: line 2: ")
    assert told in str(caught.value)


def test_bytes_that_are_no_text_and_folders_without_labels_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no labels here; expected any of pairs\.jsonl"):
        evaluate(tmp_path / "nowhere", {})
    (tmp_path / "pairs.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not text in UTF-8"):
        evaluate(tmp_path, {})


@pytest.mark.parametrize("name", ["pairs.jsonl", "neighbours.jsonl", "mine.txt"])
def test_one_file_of_pairs_is_labels_too(name: str, tmp_path: Path) -> None:
    write(tmp_path, made=[pair("a", "b", SAME), pair("a", "c", DIFFERENT)])
    path = (tmp_path / "made.jsonl").rename(tmp_path / name)
    found = evaluate(path, {"a": "1", "b": "1", "c": "2"})
    score = found.neighbours if name.startswith("neighbours") else found.pairs
    assert score is not None
    assert (score.pairs, score.f1) == (2, 1.0)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"article_id": "a", "story": "s"}, "templates"),
        ({"article_id": "a", "origin_article_id": "b", "relation": "none"}, "relations"),
        ({"a": "a", "b": "b", "label": PARTIAL}, "pairs"),
    ],
)
def test_what_one_file_holds_is_told_by_its_first_row(row: dict[str, Any], field: str, tmp_path: Path) -> None:
    write(tmp_path, mine=[row])
    found = evaluate(tmp_path / "mine.jsonl", {"a": "1", "b": "2"})
    assert [name for name in ("pairs", "templates", "relations", "neighbours") if getattr(found, name)] == [field]


def test_one_file_that_is_broken_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("{not json\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.jsonl: line 1: Expecting"):
        evaluate(tmp_path / "mine.jsonl", {})


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text("{" + " " * 1_500_000, encoding="utf-8")
    with pytest.raises(InputError, match="line 1: longer than"):
        evaluate(tmp_path, {})


def test_empty_labels_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text("\n\n", encoding="utf-8")
    (tmp_path / "templates.jsonl").write_text("", encoding="utf-8")
    found = evaluate(tmp_path, {})
    assert found.pairs is not None
    assert found.templates is not None
    assert (found.pairs.pairs, found.pairs.f1, found.templates.ari) == (0, 1.0, None)


assignments = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"), min_size=2)


@given(assignments, st.data())
def test_a_perfect_answer_scores_one_and_names_do_not_matter(truth: dict[str, str], data: st.DataObject) -> None:
    renamed = data.draw(st.permutations("xyz"))
    found = {article: renamed[int(story) - 1] for article, story in truth.items()}
    score = score_groups([StoryLabel(article, story) for article, story in truth.items()], found)
    assert (score.ari, score.b_cubed_precision, score.b_cubed_recall) == (1.0, 1.0, 1.0)


@given(assignments, assignments)
def test_scores_stay_within_bounds(truth: dict[str, str], guess: dict[str, str]) -> None:
    stories = {article: guess.get(article, f"own {article}") for article in truth}
    score = score_groups([StoryLabel(article, story) for article, story in truth.items()], stories)
    assert score.ari is not None
    assert -1 <= score.ari <= 1 + 1e-9
    assert 0 < score.b_cubed_precision <= 1 + 1e-9
    assert 0 < score.b_cubed_recall <= 1 + 1e-9
