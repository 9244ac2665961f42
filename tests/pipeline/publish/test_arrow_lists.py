"""Lists become arrays without pandas, which stays there for whoever wants it, and long texts in one step."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.arrow_lists import array_of

PROGRAM = """
import sys
import pyarrow as pa
from pipeline.publish.arrow_lists import spare_pandas

spare_pandas()
table = pa.Table.from_pylist([{"a": 1}])
assert "pandas" not in sys.modules
assert table.to_pandas()["a"].tolist() == [1]
import pandas
assert pa.array(pandas.Series([2, 3])).to_pylist() == [2, 3]
"""


def test_lists_become_arrays_without_pandas_and_data_frames_still_come() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_long_texts_become_the_array_that_pyarrow_makes(texts: list[str | None]) -> None:
    made = array_of(texts, pa.string(), long=True)
    made.validate(full=True)
    assert made.equals(pa.array(texts, pa.string()))


@pytest.mark.parametrize("texts", [["fine", 7], ["\ud800"]])
def test_what_is_no_text_is_refused(texts: list[object]) -> None:
    with pytest.raises((pa.ArrowException, TypeError, ValueError)):
        array_of(texts, pa.string(), long=True)
