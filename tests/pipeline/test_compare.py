from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare import Comparison, Piece, compare_texts
from pipeline.word_alignment import MAX_WORDS

REPORT = (
    "The harbour of Lowmere was closed on Monday after a barge sank at its mouth.\n"
    "Divers found nobody aboard, harbour master Ida Brandt said.\n"
    "The port should open again before the weekend, when the herring fleet returns."
)


def kinds(comparison: Comparison, side: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for row in comparison.rows for piece in getattr(row, side)]


def words_of(pieces: tuple[Piece, ...]) -> list[str]:
    return [word for piece in pieces for word in piece.text.split()]


def test_the_same_text_is_equal_throughout() -> None:
    found = compare_texts(REPORT, REPORT)
    assert found.identical
    assert [len(row.left) for row in found.rows] == [1, 1, 1]  # a row per paragraph
    assert all(row.left == row.right for row in found.rows)


def test_a_word_that_was_replaced_is_changed_on_both_sides() -> None:
    found = compare_texts(REPORT, REPORT.replace("Monday", "Sunday"))
    assert [one for one in kinds(found, "left") if one[0] != "equal"] == [("changed", "Monday")]
    assert [one for one in kinds(found, "right") if one[0] != "equal"] == [("changed", "Sunday")]
    assert (found.changed_left_words, found.changed_right_words) == (1, 1)


def test_a_paragraph_that_was_cut_stands_against_nothing() -> None:
    first, second, third = REPORT.split("\n")
    found = compare_texts(REPORT, f"{first}\n{third}")
    (row,) = [row for row in found.rows if not row.right]
    assert row.left == (Piece("cut", second),)
    assert found.cut_words == len(second.split())
    assert found.added_words == 0


def test_a_paragraph_that_was_added_stands_against_nothing() -> None:
    found = compare_texts(REPORT, f"{REPORT}\nA second barge waits outside.")
    assert found.rows[-1].left == ()
    assert found.rows[-1].right == (Piece("added", "A second barge waits outside."),)


def test_a_passage_in_another_place_is_moved() -> None:
    first, second, third = REPORT.split("\n")
    found = compare_texts(REPORT, "\n".join((third, first, second)))
    moved = " ".join(text for kind, text in kinds(found, "right") if kind == "moved")
    assert moved == third
    assert found.moved_words == len(third.split())
    assert (found.cut_words, found.added_words) == (0, 0)


def test_spelling_variants_and_punctuation_are_the_same_word() -> None:
    found = compare_texts("أعلنت إدارة المدرسة، السبت", "اعلنت اداره المدرسه السبت")
    assert found.identical


def test_scattered_common_words_do_not_make_a_passage() -> None:
    left = "In the valley of the three mills nobody had seen rain since the early spring of that year"
    right = "On the coast a museum of small boats has opened the doors of its new hall to guests"
    found = compare_texts(left, right)
    assert found.equal_words == 0
    assert found.changed_left_words == len(left.split())


def test_a_few_words_against_many_are_a_cut_and_an_addition() -> None:
    found = compare_texts("The mayor spoke. More follows", "The mayor spoke. " + "Then came rain over every hill. " * 4)
    assert (found.cut_words, found.changed_left_words) == (2, 0)
    assert found.added_words == 24


def test_an_absent_text_is_empty() -> None:
    assert compare_texts(None, None).rows == ()
    assert compare_texts(None, "two words").added_words == 2
    assert compare_texts("two words", "").cut_words == 2


def test_a_text_without_end_is_cut_and_says_so() -> None:
    found = compare_texts("word " * (MAX_WORDS + 5), "word")
    assert found.truncated
    assert found.left_words == MAX_WORDS


TEXTS = st.text(alphabet="ab cde\nأبو .،", max_size=80)


@given(TEXTS, TEXTS)
def test_no_word_is_lost_and_the_books_balance(left: str, right: str) -> None:
    found = compare_texts(left, right)
    assert [word for row in found.rows for word in words_of(row.left)] == left.split()
    assert [word for row in found.rows for word in words_of(row.right)] == right.split()
    assert found.left_words == found.equal_words + found.cut_words + found.changed_left_words + found.moved_words
    assert found.right_words == found.equal_words + found.added_words + found.changed_right_words + found.moved_words


@given(TEXTS)
def test_a_text_is_identical_to_itself(text: str) -> None:
    assert compare_texts(text, text).identical
