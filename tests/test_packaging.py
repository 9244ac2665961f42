"""The pinned requirements: every dependency of the project, in a version that it takes, with hashes and no address."""

from __future__ import annotations

import re
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
