"""Every configuration key, reason code, command and relation is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from pydantic import BaseModel

from app.cli.commands import app
from pipeline.outlets import Outlet
from pipeline.reasons import EXPLANATIONS
from pipeline.records import CreditStatus, Relation
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Key, default as the documentation writes it, and description of everything that can be configured."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{prefix}{name}.")
        else:
            yield (
                f"{prefix}{name}",
                "required" if field.is_required() else written(field.default),
                field.description or "",
            )


def written(default: object) -> str:
    return "none" if default is None else "[]" if default == () else f"`{default}`"


@pytest.mark.parametrize("model", [Settings, Outlet])
def test_every_configuration_key_stands_in_the_documentation(model: type[BaseModel]) -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = [f"| `{key}` | {default} | {meaning} |" for key, default, meaning in keys(model)]
    assert [row for row in rows if row not in text] == []


def test_every_reason_code_stands_in_the_documentation() -> None:
    text = (ROOT / "docs/reasons.md").read_text(encoding="utf-8")
    assert [code for code, meaning in EXPLANATIONS.items() if f"| `{code}` | {meaning} |" not in text] == []


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f"`{name}" not in text] == []


def test_every_relation_and_credit_status_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [word for word in (*Relation, *CreditStatus) if f"`{word}`" not in text] == []


# What `serve` and crawls tell their own child processes.
INTERNAL = {"WIRECOPY_OWNER", "WIRECOPY_PAGES_URL", "WIRECOPY_SERVE_PID"}


def test_every_environment_variable_stands_in_the_documentation() -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    sources = [one for folder in ("app", "flows", "crawlers", "pipeline") for one in (ROOT / folder).rglob("*.py")]
    used = {name for one in sources for name in re.findall(r"\bWIRECOPY_[A-Z_]+", one.read_text(encoding="utf-8"))}
    assert [name for name in sorted(used - INTERNAL) if f"| `{name}` |" not in text] == []
