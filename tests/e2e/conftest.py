"""One demo for all end-to-end tests: made by the README's own first command, in a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Wirecopy = Callable[..., subprocess.CompletedProcess[str]]


def readme_commands() -> list[str]:
    """Every line of the README's shell blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def run_command(command: str, folder: Path, timeout: float = 150) -> subprocess.CompletedProcess[str]:
    """A README command as a reader would type it in the checkout, with its data under another folder."""
    line = command.replace("./wirecopy", str(ROOT / "wirecopy"), 1)
    return subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False)


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A demo that ran once, and a way to run commands on it."""

    folder: Path
    output: str

    @property
    def data(self) -> Path:
        return self.folder / "data" / "demo"

    def wirecopy(self, arguments: str, timeout: float = 150) -> subprocess.CompletedProcess[str]:
        return run_command(f"./wirecopy --data data/demo {arguments}", self.folder, timeout)

    def json(self, arguments: str) -> Any:
        done = self.wirecopy(f"{arguments} --json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    folder = tmp_path_factory.mktemp("demo")
    done = run_command(readme_commands()[0], folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return DemoFolder(folder, done.stdout)
