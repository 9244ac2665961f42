"""Where words start and stop among marked letters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def edges_of(is_word: npt.NDArray[np.bool_]) -> tuple[Places, Places]:
    """The places of each run of marked letters: its first letter, and the one behind its last."""
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    if is_word[:1].any():
        edges = np.concatenate([[0], edges])
    if is_word[-1:].any():
        edges = np.append(edges, len(is_word))
    return edges[::2], edges[1::2]
