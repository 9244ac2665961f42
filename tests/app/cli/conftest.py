"""The command line in an empty folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.cli.main import main
from tests.app.cli.command_line import Done, Wirecopy, write_outlet


@pytest.fixture
def wirecopy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Wirecopy:
    """The command line as a shell would start it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("WIRECOPY_CONFIG", "WIRECOPY_DATA"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["wirecopy", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration of one outlet that nobody answers for."""
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    write_outlet(folder, "lantern", "http://127.0.0.1:9/feed")
    (folder / "settings.yml").write_text("network: {allow_private: [127.0.0.0/8]}\n")
    return folder
