"""Where words start and stop: tables of marked letters."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.word_edges import edges_of


@given(st.lists(st.booleans()))
def test_edges_are_those_of_runs(marks: list[bool]) -> None:
    runs = re.finditer("1+", "".join("01"[mark] for mark in marks))
    starts, stops = edges_of(np.array(marks, np.bool_))
    assert list(zip(starts.tolist(), stops.tolist(), strict=True)) == [run.span() for run in runs]
