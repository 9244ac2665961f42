"""Lists become Arrow arrays without pandas.

pyarrow imports pandas, where it is installed, at the first list that it converts, to see whether that is one of its
arrays. Here none is, and the import takes as long as folding a thousand articles.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.abc import MetaPathFinder

import pyarrow as pa


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
