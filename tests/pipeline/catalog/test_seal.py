"""The seal on a catalog at rest: it costs no row of another process, and tells of a flipped byte."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.catalog.engine import open_catalog, writing
from pipeline.catalog.seal import seal_catalog, seal_path, seal_problem

OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2:]:
    found = connection.execute(statement).fetchall()
connection.commit()
connection.close()
print(found)
"""


def another_process(catalog: Path, *statements: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", OTHER, str(catalog), *statements], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("look", [seal_catalog, seal_problem])
def test_nobody_loses_a_row_to_a_seal(tmp_path: Path, look: Callable[[Engine], object]) -> None:
    catalog = tmp_path / "catalog.sqlite"
    engine = open_catalog(f"sqlite:///{catalog}")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE notes (number INTEGER)"))
    assert seal_catalog(engine)
    with engine.connect() as stays:  # as one of a pool does
        assert stays.execute(text("SELECT * FROM notes")).all() == []
        stays.rollback()
        look(engine)
        assert another_process(catalog, "INSERT INTO notes VALUES (1)") == "[]"
        stays.exec_driver_sql("INSERT INTO notes VALUES (2)")
        stays.commit()
        assert another_process(catalog, "SELECT * FROM notes") == "[(1,), (2,)]"
        another_process(catalog, "INSERT INTO notes VALUES (3)")
    engine.dispose()
    assert another_process(catalog, "SELECT * FROM notes") == "[(1,), (2,), (3,)]"
    assert another_process(catalog, "PRAGMA integrity_check") == "[('ok',)]"


def test_a_seal_tells_of_a_flipped_byte_and_of_nothing_else(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.sqlite"
    engine = open_catalog(f"sqlite:///{catalog}")
    assert seal_catalog(engine)
    engine.dispose()
    assert seal_problem(engine) is None
    whole = catalog.read_bytes()
    catalog.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "bytes changed" in (seal_problem(engine) or "")
    catalog.write_bytes(whole)
    seal_path(catalog).write_text("soon", encoding="ascii")
    assert seal_problem(engine) is None
    sqlite3.connect(catalog).close()
