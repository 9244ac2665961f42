"""The compose file of docs/scaling.md: valid, and made of commands, settings and variables that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import prefect.settings
import pytest
import typer.main
import yaml
from prefect.settings.base import PrefectBaseSettings

from app.cli.commands import app
from pipeline.catalog.engine import open_unchecked
from pipeline.settings import Settings
from pipeline.storage import Storage

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
# Of PostgreSQL's client and image, of the S3 client, and the convention against telemetry.
OTHERS = {"PGPASSWORD", "POSTGRES_USER", "POSTGRES_PASSWORD", "DO_NOT_TRACK", "AWS_DEFAULT_REGION"}
OTHERS |= {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(BLOCKS[1])
    return loaded


def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_the_settings_are_settings() -> None:
    settings = Settings.model_validate(yaml.safe_load(BLOCKS[0]))
    assert settings.catalog is not None
    assert settings.storage is not None
    assert not Storage(settings.storage).is_local
    engine = open_unchecked(settings.catalog)  # nothing is connected to before it is used
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
    engine.dispose()


def test_every_service_names_what_is_there(compose: dict[str, Any]) -> None:
    for name, service in services(compose).items():
        assert {"image", "command", "restart"} <= service.keys(), name
        for other in service.get("depends_on", {}):
            assert other in services(compose)
        for mounted in service.get("volumes", []):
            source = mounted.partition(":")[0]
            assert source.startswith(("./", "/")) or source in compose["volumes"], mounted
        for one in service.get("configs", []):
            assert one["source"] in compose["configs"]


def test_commands_of_the_program_exist(compose: dict[str, Any]) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    written = [service["command"] for service in services(compose).values()]
    written += re.findall(r"(?<!\w)wirecopy (?!\.)[a-z]+[^`\n;,]*", re.sub(r"```yaml.*?```", "", TEXT, flags=re.DOTALL))
    seen = set()
    for one in written:
        words = shlex.split(one.replace("./wirecopy", "wirecopy"))
        if words[0] != "wirecopy":
            continue
        command = commands[words[1]]
        if hasattr(command, "commands") and len(words) > 2:
            command = command.commands[words[2]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, one
        seen.add(command.name)
    assert {"web", "doctor", "copy", "current", "upgrade", "run"} <= seen


def prefect_variables(model: type[PrefectBaseSettings]) -> set[str]:
    """Every environment variable that Prefect reads."""
    found = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, PrefectBaseSettings):
            found |= prefect_variables(kind)
        else:
            found.add(f"{model.model_config.get('env_prefix', 'PREFECT_')}{name}".upper())
    return found


def test_environment_variables_exist(compose: dict[str, Any]) -> None:
    documented = set(re.findall(r"`(WIRECOPY_\w+)`", (ROOT / "docs/configuration.md").read_text(encoding="utf-8")))
    scheduled = set(re.findall(r"\$(WIRECOPY_\w+)", (ROOT / "prefect.yaml").read_text(encoding="utf-8")))
    known = documented | scheduled | prefect_variables(prefect.settings.Settings) | OTHERS
    used = set().union(*(service.get("environment", {}) for service in services(compose).values()))
    assert used - known == set()
    assert scheduled <= used


def test_the_pool_is_the_one_of_the_deployments(compose: dict[str, Any]) -> None:
    pool = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["definitions"]["pool"]["name"]
    for name in ("deploy", "worker"):
        assert pool in shlex.split(services(compose)[name]["command"].replace('"', "")), name


def test_the_image_is_made_of_what_is_there(compose: dict[str, Any]) -> None:
    lines = compose["x-wirecopy"]["build"]["dockerfile_inline"].splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [word for word in copied if not (ROOT / word).exists()] == []
    packages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").is_file()} - {"tests", "benchmarks"}
    assert packages <= set(copied)


def test_lines_that_say_something_say_what_for(compose: dict[str, Any]) -> None:
    """Each key of what all share, and each service, carries a comment."""
    for key in [*compose["x-wirecopy"], *(name for name in services(compose) if name != "database")]:
        (line,) = [one for one in BLOCKS[1].splitlines() if re.match(rf"  {key}:", one)][:1]
        assert "#" in line or key in ("environment", "volumes", "depends_on"), line
