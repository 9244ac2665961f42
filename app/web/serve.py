"""`wirecopy web`: the pages on an address of this machine, until stopped."""

from __future__ import annotations

import os
import socket
from functools import partial
from typing import TYPE_CHECKING

from app.web.application import create_app
from app.web.capture_page import MAX_SHOWN
from app.web.guard import check_exposure
from app.web.site import ArchivedBytes
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import read_capture
from pipeline.errors import UsageError
from pipeline.records import Capture

if TYPE_CHECKING:
    from rich.console import Console

    from flows.workspace import Workspace

BACKLOG = 128
# Names under which readers come from elsewhere: `desk.example:8080, 10.0.0.4`; without a port the one listened on.
HOSTS_VARIABLE = "WIRECOPY_WEB_HOSTS"
# Readers served at once; one more is told to come back.
MAX_CONNECTIONS = 200


def serve_web(workspace: Workspace, *, host: str, port: int, token: str | None, console: Console) -> None:
    """Serve until stopped. Raises UsageError where the address cannot be used, CatalogError where there is none."""
    import uvicorn

    check_exposure(host, token or None)
    listener = listen(host, port)
    bound: int = listener.getsockname()[1]
    try:
        app = create_app(
            workspace.catalog_url,
            workspace.data_dir,
            host=host,
            port=bound,
            token=token or None,
            hosts=further_hosts(os.environ.get(HOSTS_VARIABLE, ""), bound),
            storage=workspace.storage,
            agency_names={one.id: one.name() for one in workspace.agencies.agencies},
            prefect_url=os.environ.get("PREFECT_UI_URL"),
            read_capture=partial(read_archived, ArchiveFiles(workspace.data_dir, workspace.storage)),
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
        shown = f"[{host}]" if ":" in host else host
        if host in ("0.0.0.0", "::") and not os.environ.get(HOSTS_VARIABLE):  # noqa: S104 - compared, not listened on
            console.print(f"other machines are answered once {HOSTS_VARIABLE} names this one as they call it")

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                """Say where the pages are once a signal stops the server in order."""
                await super().startup(sockets)
                console.print(f"reading pages at http://{shown}:{bound}/ - stop with Ctrl+C", markup=False)

        Server(config).run(sockets=[listener])
    finally:
        listener.close()


def further_hosts(names: str, port: int) -> list[str]:
    """Values of the Host header that are answered beside loopback and the address listened on."""
    given = [one.strip() for one in names.split(",") if one.strip()]
    return [one if one.rpartition(":")[2].isdecimal() else f"{one}:{port}" for one in given]


def read_archived(files: ArchiveFiles, capture: Capture) -> ArchivedBytes:
    """The archived answer behind a capture. Raises ArchiveError."""
    stored = read_capture(files, capture)
    payload = stored.payload(MAX_SHOWN + 1)
    lines = [f"HTTP {stored.head.status}", *(f"{name}: {value}" for name, value in stored.head.headers)]
    return ArchivedBytes("\n".join(lines), payload.data, payload.problem is not None)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises UsageError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise UsageError(f"--host {host}: {error.strerror or error}") from error
    # The protocol is named: asyncio sends at once only on a socket that says TCP, else a page waits 40 ms for its end.
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError(f"--host {host} --port {port}: {error.strerror or error}") from error
    return listener
