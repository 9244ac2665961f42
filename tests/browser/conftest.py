"""The command `wirecopy web` in a process of its own on the sample catalog, and a headless Chromium that reads it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.pipeline.catalog.sample_catalog import build_catalog

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages are served."""
    data = tmp_path_factory.mktemp("data")
    build_catalog(data).dispose()
    command = [sys.executable, "-m", "app.cli.main", "--data", str(data), "web", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            first = server.stderr.readline()
            found = re.search(r"http://\S+?(?=/ )", first)
            assert found, first + server.stderr.read()
            yield found.group()
        finally:
            server.terminate()
            server.communicate(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    executable = os.environ.get("WIRECOPY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium here; WIRECOPY_CHROMIUM names one")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=["light-desktop", "dark-phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page, light and wide or dark and narrow. An error on its console or a request to elsewhere fails the test."""
    scheme, device = request.param.split("-")
    context = browser.new_context(
        base_url=address,
        color_scheme=scheme,
        viewport={"width": 390, "height": 844} if device == "phone" else {"width": 1280, "height": 900},
    )
    opened = context.new_page()
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:  # a missing page is one of those looked at
            said.append(message.text)

    def look(asked: Request) -> None:
        if not asked.url.startswith(address):
            said.append(f"asked {asked.url}")

    def dismiss(dialog: Dialog) -> None:
        said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    opened.on("console", listen)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", dismiss)
    opened.on("request", look)
    yield opened
    context.close()
    assert said == []
