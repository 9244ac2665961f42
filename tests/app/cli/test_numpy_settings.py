"""What numpy is told before its first import."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli.numpy_settings import WIDE, numpy_settings

FIRST = "processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: {family}\nmodel\t\t: 17\nflags\t\t: fpu {flags}\n\n"


@pytest.mark.parametrize(
    ("vendor", "family", "flags", "is_narrowed"),
    [
        ("AuthenticAMD", "25", "avx2 avx512f avx512dq", True),
        ("AuthenticAMD", "25", "avx2", False),  # Zen 3 has none to switch off
        ("AuthenticAMD", "26", "avx2 avx512f", False),
        ("AuthenticAMD", "2", "avx512f", False),
        ("GenuineIntel", "25", "avx2 avx512f", False),
        ("GenuineIntel", "6", "avx2 avx512f", False),
    ],
)
def test_wide_instructions_are_off_where_sorting_by_them_is_slow(
    tmp_path: Path, vendor: str, family: str, flags: str, is_narrowed: bool
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    another = FIRST.format(vendor="AuthenticAMD", family="25", flags="avx512f")
    cpuinfo.write_text(FIRST.format(vendor=vendor, family=family, flags=flags) + another, encoding="utf-8")
    assert (numpy_settings(cpuinfo).get("NPY_DISABLE_CPU_FEATURES") == WIDE) is is_narrowed


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe no colon", b"processor : 0\nHardware : BCM2835\n"])
def test_nothing_is_said_of_a_processor_that_is_not_known(tmp_path: Path, content: bytes | None) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if content is not None:
        cpuinfo.write_bytes(content)
    assert numpy_settings(cpuinfo) == {"OPENBLAS_NUM_THREADS": "1"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the name is one of x86")
def test_numpy_knows_the_name() -> None:
    assert WIDE in np._core._multiarray_umath.__cpu_dispatch__  # type: ignore[attr-defined]


def test_numpy_takes_the_settings_of_this_machine_without_a_word() -> None:
    command = [sys.executable, "-W", "error", "-c", "import numpy; numpy.sort([2, 1])"]
    done = subprocess.run(command, env=os.environ | numpy_settings(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
