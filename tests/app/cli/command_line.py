"""What tests of the command line share: how a command ended, an outlet file, the one line it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OUTLET = """
id: {id}
name: The Lantern
language: en
time_zone: Europe/London
discover:
  feeds: [{feed}]
"""


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Wirecopy = Callable[..., Done]


def write_outlet(config: Path, outlet_id: str, feed: str) -> Path:
    path = config / "outlets" / f"{outlet_id}.yml"
    path.write_text(OUTLET.format(id=outlet_id, feed=feed))
    return path


def one_line(err: str) -> str:
    lines = [line for line in err.splitlines() if line]
    assert len(lines) == 1, err
    assert lines[0].startswith("wirecopy: ")
    return lines[0]
