"""Lists become Arrow arrays: without pandas, and long texts without a copy more than it takes.

pyarrow imports pandas, where it is installed, at the first list that it converts, to see whether that is one of its
arrays. Here none is, and the import takes as long as folding a thousand articles.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.abc import MetaPathFinder
from typing import Any

import numpy as np
import pyarrow as pa

_LONGEST = 2**31 - 1  # bytes of all texts of an array


class _WithoutPandas(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


@lru_cache(maxsize=1)
def spare_pandas() -> None:
    """Let pyarrow look for pandas where it does not find it; whoever asks it for a data frame still gets one."""
    if "pandas" in sys.modules:
        return
    finder = _WithoutPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)


def array_of(values: Sequence[Any], kind: pa.DataType, *, long: bool = False) -> pa.Array:
    """An array of that type; long: texts that are worth the trouble. Raises what pyarrow raises."""
    if not long or kind != pa.string() or not all(isinstance(one, str | None) for one in values):
        return pa.array(values, kind)
    encoded = [b"" if one is None else one.encode() for one in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    if ends[-1] > _LONGEST:
        return pa.array(values, kind)
    is_there = pa.array([one is not None for one in values], pa.bool_())
    buffers = [is_there.buffers()[1], pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(kind, len(values), buffers)
