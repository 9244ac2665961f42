"""The inspection pages beside `wirecopy serve`: a child process that ends with it, so that a run's links open.

`python -m app.web.beside PARENT PORT CONFIG DATA` is that child.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.parentage import die_with_parent
from flows.server import choose_port, end_child

if TYPE_CHECKING:
    from flows.workspace import Workspace

USUAL_PORT = 8080
LOG = "pages.log"


@contextmanager
def pages_beside(workspace: Workspace, prefect_url: str) -> Iterator[str]:
    """The address of the pages while the block lasts; the one that is configured, where somebody else shows them."""
    configured = workspace.settings.serve.pages_url
    if configured is not None:
        yield configured
        return
    port = choose_port(None, USUAL_PORT)
    workspace.engine.dispose()  # makes the catalog where there is none yet: the pages only read
    folder = workspace.data_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG).open("wb") as output:
        child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "app.web.beside",
                str(os.getpid()),
                str(port),
                workspace.config_dir,
                workspace.data_dir,
            ],
            env={"PREFECT_UI_URL": prefect_url} | os.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches `serve`, which stops the pages
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end_child(child)


def main(parent: int, port: int, config_dir: Path, data_dir: Path) -> None:
    """Show the pages until SIGTERM."""
    die_with_parent(parent, signal.SIGTERM)
    from app.cli.context import err
    from app.web.serve import serve_web
    from flows.workspace import open_workspace

    token = os.environ.get("WIRECOPY_WEB_TOKEN")
    serve_web(open_workspace(config_dir, data_dir), host="127.0.0.1", port=port, token=token, console=err())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
