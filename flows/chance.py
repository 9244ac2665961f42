"""Chance: how likely what is seen would be if nothing had changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def tail(k: int, n: int, p: float) -> float:
    """The chance of k or more out of n at probability p each (binomial)."""
    if k <= 0 or p >= 1:
        return 1.0
    if p <= 0:
        return 0.0
    whole = math.lgamma(n + 1)
    logs = (
        whole - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k, n + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def sum_pairs(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """All k of all n."""
    k = n = 0
    for one_k, one_n in pairs:
        k, n = k + one_k, n + one_n
    return k, n


def unsteadiness(pairs: Sequence[tuple[int, int]]) -> float:
    """The standard deviation of the share itself: what the runs differ by beyond what their sizes let expect."""
    k, n = sum_pairs(pairs)
    share, runs = k / n, [(one_k, one_n) for one_k, one_n in pairs if one_n]
    seen = sum(one_n * (one_k / one_n - share) ** 2 for one_k, one_n in runs) / n
    by_chance = len(runs) * share * (1 - share) / n
    return math.sqrt(max(0.0, seen - by_chance))


def silence_by_chance(runs: int, giving: int, quiet: int) -> float:
    """The chance of that many quiet runs in a row after giving and quiet ones, their share itself being uncertain."""
    known = giving + quiet + 1
    return math.exp(
        math.lgamma(quiet + 1 + runs) - math.lgamma(quiet + 1) - math.lgamma(known + runs) + math.lgamma(known)
    )
