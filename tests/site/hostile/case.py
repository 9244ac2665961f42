"""A case: what the site does, where it is announced, and the checks that say whether the crawl stood it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tests.site.hostile.evidence import Evidence


class Check(Protocol):
    """One thing that must hold after the runs."""

    def fault(self, case: Case, evidence: Evidence) -> str:
        """What is wrong in one line; empty where nothing is."""


@dataclass(frozen=True)
class Case:
    """One hostile behaviour, or one good article. marks are the words its URLs carry."""

    id: str
    kind: str
    outlet: str
    checks: tuple[Check, ...]
    about: str
    path: str  # listener and path that answers, or the address announced
    where: str  # feed, sitemap, section, or none
    marks: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Result:
    """What the grader says of a case."""

    case_id: str
    kind: str
    passed: bool
    why: str
