"""The crawl child: what it says of errors is one line for the one who reads it."""

from __future__ import annotations

import json
import subprocess
import sys

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
