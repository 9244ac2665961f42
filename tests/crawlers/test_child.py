"""The crawl child: what it says of errors is one line for the one who reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from crawlers.job import CrawlJob
from pipeline.outlets import Outlet
from pipeline.settings import Settings

FAILING = """
import logging
from crawlers.child import _pass_on_logs
_pass_on_logs()
try:
    raise ValueError("two\\nlines")
except ValueError:
    logging.getLogger("scrapy").exception("it went wrong")
"""


def said(environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr == ""
    event = json.loads(done.stdout)
    assert (event["event"], event["level"]) == ("log", "ERROR")
    return str(event["message"])


def test_an_exception_is_told_in_one_line_without_its_traceback() -> None:
    assert said({}) == "it went wrong (ValueError: two lines)"


def test_the_traceback_is_there_for_who_asks_for_it() -> None:
    assert "Traceback" in said({"WIRECOPY_TRACEBACK": "1"})


WITHOUT_FILES = """
import errno, os, sys
from crawlers import child
def refuse(job):
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "/data/x")
child._crawl = refuse
sys.exit(child.main())
"""


def test_what_the_machine_lacks_is_reported_in_one_line(tmp_path: Path) -> None:
    outlet = Outlet.model_validate(
        {
            "id": "paper",
            "name": "Paper",
            "language": "en",
            "time_zone": "UTC",
            "discover": {"feeds": ["https://paper.example/feed"]},
        }
    )
    job = CrawlJob(outlet, Settings(), tmp_path, f"sqlite:///{tmp_path}/x", "run", 1).to_json()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FILES], input=job + "\n", capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["event"], report["state"], done.stderr) == ("report", "failed", "")
    assert report["message"].startswith("/data/x: too many open files in one process")
