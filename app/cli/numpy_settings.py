"""What numpy is told by environment variables before its first import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

# Instructions of AVX-512, by numpy's name.
WIDE = "X86_V4"
# numpy sorts with AVX-512 by storing chosen elements to memory, which is microcode on AMD's Zen 4 (family 25; "Software
# Optimization Guide for the AMD Zen4 Microarchitecture", 2.11.2): without, millions of numbers are sorted three times
# as fast there and the whole fold takes a fifth less. OpenJDK has the same exception (8317976).
_SLOW_VENDOR, _SLOW_FAMILY = "AuthenticAMD", "25"
_CPUINFO = Path("/proc/cpuinfo")


def numpy_settings(cpuinfo: Path = _CPUINFO) -> dict[str, str]:
    """Variables by name; cpuinfo: what Linux says of the processor, nothing is known where there is no such file."""
    # Nothing here multiplies matrices: numpy's threads for that would only wait, and at first that costs their time.
    settings = {"OPENBLAS_NUM_THREADS": "1"}
    told = dict(_first_processor(cpuinfo))
    is_slow = (told.get("vendor_id"), told.get("cpu family")) == (_SLOW_VENDOR, _SLOW_FAMILY)
    if is_slow and "avx512f" in told.get("flags", "").split():
        settings["NPY_DISABLE_CPU_FEATURES"] = WIDE
    return settings


def _first_processor(cpuinfo: Path) -> Iterator[tuple[str, str]]:
    with suppress(OSError), cpuinfo.open(encoding="utf-8", errors="replace") as lines:
        for line in takewhile(str.strip, lines):
            name, _, value = line.partition(":")
            yield name.strip(), value.strip()
