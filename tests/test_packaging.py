"""What is installed: pinned requirements that the project takes, with hashes and no address, and the whole project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = PROJECT["dependencies"]
DEV = RUN + PROJECT["optional-dependencies"]["dev"]


def pinned(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of every requirement of a file."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        found = re.match(r"([\w.-]+)==(\S+)", line)
        assert found, f"{name}: {line!r} is not pinned"
        yield canonicalize_name(found[1]), found[2], re.findall(r"--hash=(\S+)", line)


@pytest.mark.parametrize(("name", "wanted"), [("requirements.txt", RUN), ("requirements-dev.txt", DEV)])
def test_every_dependency_is_pinned_to_a_version_that_the_project_takes(name: str, wanted: list[str]) -> None:
    versions = {package: version for package, version, _ in pinned(name)}
    asked = [Requirement(one) for one in wanted]
    wrong = [str(one) for one in asked if not one.specifier.contains(versions.get(canonicalize_name(one.name), ""))]
    assert wrong == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    assert [package for package, _, hashes in pinned(name) if not hashes] == []
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_checks_run_on_the_versions_that_users_get() -> None:
    tested = {(package, version) for package, version, _ in pinned("requirements-dev.txt")}
    assert {(package, version) for package, version, _ in pinned("requirements.txt")} - tested == set()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as `pip install .` puts it elsewhere; its dependencies are those of the environment."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return folder


def wirecopy(installed: Path, folder: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, str(installed / "bin" / "wirecopy"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wirecopy_brings_its_version_and_its_configuration(installed: Path, tmp_path: Path) -> None:
    assert wirecopy(installed, tmp_path, "--version").strip() == f"wirecopy {PROJECT['version']}"
    outlets = {one["id"] for one in json.loads(wirecopy(installed, tmp_path, "outlet", "list", "--json"))}
    assert outlets == {path.stem for path in (ROOT / "config/outlets").glob("*.yml")}


def test_an_installed_wirecopy_holds_every_file_that_is_no_code(installed: Path) -> None:
    kept = [path for folder in ("pipeline", "crawlers", "flows", "app") for path in tracked_files(folder)]
    assert [path for path in kept if not (installed / path).is_file()] == []


def tracked_files(folder: str) -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.split("\0") if path]
