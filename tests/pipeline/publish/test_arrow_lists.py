"""Tables are written without pandas, which stays there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

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
