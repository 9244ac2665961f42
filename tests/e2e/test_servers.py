"""The whole main job on a real PostgreSQL and a real S3 API, and by several workers at once: the same stories."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import create_engine, text

from app.cli.main import main
from pipeline.catalog.engine import open_readonly, reading
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryOrder, list_stories
from tests.faults.runs import ROOT
from tests.faults.world import SmallWorld
from tests.servers import S3_SECRET, PostgreSQL

pytestmark = [pytest.mark.e2e, pytest.mark.server, pytest.mark.timeout(600)]
PATIENCE = 120.0
STORIES = (
    "SELECT s.headline, s.article_count, s.origin_known, a.outlet_id FROM stories s"
    " JOIN articles a ON a.article_id = s.origin_article_id"
)
ARTICLES = "SELECT outlet_id, headline, body_sha256, version, credits FROM articles"
LINKS = (
    "SELECT c.url, o.url, l.relation, l.credit_status, l.latency_seconds FROM links l"
    " JOIN articles c ON c.article_id = l.article_id JOIN articles o ON o.article_id = l.origin_article_id"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A configuration with a catalog of its own, and the command line on it."""

    config: Path
    data: Path
    catalog: str

    def start(self, *command: str, data: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "--config", self.config, "--data", data or self.data, *command],
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, code: int = 0, data: Path | None = None) -> str:
        process = self.start(*command, data=data)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, out + err
        assert "Traceback" not in err
        assert S3_SECRET not in out + err
        assert "locked" not in out + err
        return out + err

    def look(self, *command: str) -> str:
        """A command that only reads, in this process: starting a new one costs more than the command."""
        said, before = io.StringIO(), sys.argv
        sys.argv = ["wirecopy", "--config", str(self.config), "--data", str(self.data), *command]
        try:
            with redirect_stdout(said), redirect_stderr(said), warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # a command leaves closing to the end of its process
                with pytest.raises(SystemExit) as ended:
                    main()
                gc.collect()
        finally:
            sys.argv = before
        assert ended.value.code == 0, said.getvalue()
        assert S3_SECRET not in said.getvalue()
        return said.getvalue()

    @contextmanager
    def pages(self) -> Iterator[str]:
        """The address of the inspection pages while they are served."""
        process = self.start("web", "--port", "0")
        try:
            assert process.stderr is not None
            found = re.search(r"http://\S+/", process.stderr.readline())
            assert found is not None
            yield found[0]
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = create_engine(self.catalog)
        with engine.connect() as connection:
            found = sorted((tuple(row) for row in connection.execute(text(query))), key=repr)
        engine.dispose()
        return [tuple(bool(one) if isinstance(one, bool) else str(one) for one in row) for row in found]

    def stories(self) -> list[list[tuple[Any, ...]]]:
        plain = [self.rows(STORIES.replace("s.origin_known", "CASE WHEN s.origin_known THEN 1 ELSE 0 END"))]
        return [*plain, self.rows(ARTICLES.replace(", credits", "")), self.rows(LINKS)]


@pytest.fixture(scope="module")
def world() -> Iterator[SmallWorld]:
    with SmallWorld().serve() as served:
        yield served


Make = Callable[..., Installation]


@pytest.fixture(scope="module")
def make(world: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> Make:
    def made(name: str, catalog: str | None = None, storage: str | None = None) -> Installation:
        folder = tmp_path_factory.mktemp(name)
        config = folder / "config"
        world.write_config(config)
        path = config / "settings.yml"
        settings = {**yaml.safe_load(path.read_text()), "catalog": catalog, "storage": storage}
        path.write_text(yaml.safe_dump({key: value for key, value in settings.items() if value is not None}))
        data = folder / "data"
        return Installation(config, data, catalog or f"sqlite:///{data / 'catalog.sqlite'}")

    return made


@pytest.fixture(scope="module")
def plain(make: Make) -> Installation:
    """The default, SQLite and a folder, after a run."""
    made = make("plain")
    made.run("run")
    return made


@pytest.fixture(scope="module")
def expected(plain: Installation) -> list[list[tuple[Any, ...]]]:
    """What the default comes to."""
    found = plain.stories()
    assert [len(one) for one in found] == [3, 6, 3]
    return found


def look_into(there: Installation) -> None:
    """Every command that shows something, and the pages, down to the bytes of a capture in the bucket."""
    (story,) = json.loads(there.look("stories", "footbridge", "--json"))["stories"]
    assert story["headline"] == "Footbridge over Karasu opens"
    article_id = json.loads(there.look("story", story["story_id"], "--json"))["origin_article_id"]
    assert "eleven months of work" in there.look("article", article_id)
    assert "gone" in there.look("rejected")
    assert "done" in there.look("runs")
    assert "extract" in there.look("run-report")
    assert "anadolu" in there.look("matrix").lower()
    with there.pages() as address:
        assert "Footbridge over Karasu opens" in httpx.get(f"{address}stories").text
        article = httpx.get(f"{address}article", params={"id": article_id}).text
        capture = re.search(r"capture\?id=[^\"&]+", article)
        assert capture is not None
        assert "eleven months of work" in httpx.get(f"{address}{capture[0]}").text


@pytest.mark.usefixtures("s3_environment")
def test_the_main_job_on_postgresql_and_s3(
    make: Make, postgresql: PostgreSQL, s3_bucket: str, expected: list[list[tuple[Any, ...]]]
) -> None:
    big = make("big", postgresql.new_database(), f"s3://{s3_bucket}/wire")
    big.run("run")
    assert big.stories() == expected
    assert not list(big.data.rglob("*.warc.gz"))
    assert "everything is in order" in big.run("doctor")
    look_into(big)
    again = big.run("run")
    assert "nothing changed" in again
    assert "everything is in order" in big.run("doctor", "--rebuild")
    assert big.stories() == expected
    assert "6 rows" in big.look("export", "--format", "csv", "--out", str(big.data / "articles.csv"))


@contextmanager
def read_along(there: Installation) -> Iterator[None]:
    """Ask for the stories again and again, as pages do, while the block lasts; no question may fail."""
    ended, engine = threading.Event(), open_readonly(there.catalog)

    def ask() -> int:
        asked = 0
        while not ended.wait(0.02):
            with reading(engine) as connection:
                list_stories(connection, StoryFilter(), StoryOrder.NEWEST)
            asked += 1
        return asked

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(ask)
        try:
            yield
        finally:
            ended.set()
        assert reader.result() > 10
    engine.dispose()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_several_workers_none_does_the_others_work_and_a_killed_one_is_replaced(
    database: str, make: Make, postgresql: PostgreSQL, world: SmallWorld, expected: list[list[tuple[Any, ...]]]
) -> None:
    many = make("many", postgresql.new_database() if database == "postgresql" else None)
    world.forget()
    world.hold("wire")
    try:
        killed = many.start("crawl", "wire")
        assert world.servers["wire"].reached.wait(PATIENCE)
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate(timeout=PATIENCE)
    finally:
        world.let_go("wire")
    crawls = [["crawl", "wire"], ["crawl", "north"], ["crawl", "south", "north"], ["crawl", "wire"]]
    with read_along(many), ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda command: many.run(*command), [*crawls, ["extract"], ["dedupe"]]))
    for name in ("north", "south"):
        assert {path: times for path, times in world.asked(name).items() if times > 1 and "feed" not in path} == {}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: many.run("extract"), range(3)))
    assert many.rows("SELECT count(*) FROM captures WHERE extracted = 'pending'") == [("0",)]
    assert many.rows("SELECT count(*) FROM article_versions") == [("0",)]
    many.run("dedupe")
    assert many.stories() == expected
    assert "everything is in order" in many.run("doctor")


def test_a_server_that_ends_every_connection_in_the_middle_loses_nothing(
    make: Make, postgresql: PostgreSQL, world: SmallWorld, expected: list[list[tuple[Any, ...]]]
) -> None:
    shaken = make("shaken", postgresql.new_database())
    world.hold("wire")
    try:
        process = shaken.start("run")
        assert world.servers["wire"].reached.wait(PATIENCE)
        assert postgresql.break_connections(shaken.catalog) > 0
    finally:
        world.let_go("wire")
    while process.poll() is None:
        postgresql.break_connections(shaken.catalog)
        time.sleep(0.5)
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in out + err
    shaken.run("run")
    assert shaken.stories() == expected
    assert "everything is in order" in shaken.run("doctor")


def test_a_server_that_crashes_and_comes_back_is_waited_for(
    make: Make, world: SmallWorld, expected: list[list[tuple[Any, ...]]]
) -> None:
    server = PostgreSQL(f"own-{os.getpid()}", durable=True)
    try:
        crashed = make("crashed", server.new_database())
        world.hold("wire")
        try:
            process = crashed.start("run")
            assert world.servers["wire"].reached.wait(PATIENCE)
            server.crash_and_restart()
        finally:
            world.let_go("wire")
        out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in out + err
        assert process.returncode == 0, out + err
        assert crashed.stories() == expected, out + err
    finally:
        server.stop()
