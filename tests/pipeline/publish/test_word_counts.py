"""Words are counted as str.split finds them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.publish.word_counts import count_words

SPACES = "".join(char for char in map(chr, range(0x10000)) if char.isspace())
TEXTS = st.lists(
    st.text(st.one_of(st.sampled_from(SPACES + "ab\u0627\u200b\ud83d\ude00\U0001f600"), st.characters()), max_size=20)
)


@given(TEXTS)
@example(["", "  ", "one", " two  words\n", "\U0001f600 \U0001f600\u00a0x", "\ud800 y"])
def test_words_are_what_splitting_finds(texts: list[str]) -> None:
    assert count_words(texts) == [len(text.split()) for text in texts]
