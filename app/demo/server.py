"""The demo outlets as real HTTP servers on the loopback address, one port each."""

from __future__ import annotations

import gzip
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from app.demo.config import write_config
from app.demo.pages import build_pages
from app.demo.render import Resource, render_site
from app.demo.world import World, load_world

ADDRESS = "127.0.0.1"
# Below the range that systems hand out to outgoing connections, so that the ports are free again later.
QUIET_PORTS = range(20_000, 32_000)
# A client that stays silent on an open connection loses it, so that servers can be closed.
IDLE_SECONDS = 10


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # idle keep-alive connections would hold the close up
    request_queue_size = 64

    resources: dict[str, Resource]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "wirecopy-demo"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer with the page, or 304 where the client has it."""
        self._answer(send_body=True)

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer(send_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        """Quiet."""

    def _answer(self, send_body: bool) -> None:
        # Clients differ in the letters of their percent-encoding; the query says nothing here.
        path = quote(unquote(self.path.partition("?")[0]))
        resource = self.server.resources.get(path)
        if resource is None:
            self._send(404, b"not found\n", {"Content-Type": "text/plain"}, send_body)
            return
        etag = f'"{hashlib.sha256(resource.body).hexdigest()[:24]}"'
        stamp = format_datetime(resource.modified_at, usegmt=True)
        headers = {"ETag": etag, "Last-Modified": stamp, "Vary": "Accept-Encoding"}
        if resource.status == 200 and self._is_fresh(etag, stamp):
            self._send(304, b"", headers, send_body)
            return
        body = resource.body
        if "gzip" in self.headers.get("Accept-Encoding", "") and resource.content_type != "application/gzip":
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(resource.status, body, headers | {"Content-Type": resource.content_type}, send_body)

    def _is_fresh(self, etag: str, stamp: str) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:  # RFC 9110 13.1.3: the tag decides, the date is not looked at
            return etag in known
        return self.headers.get("If-Modified-Since") == stamp

    def _send(self, status: int, body: bytes, headers: dict[str, str], send_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if send_body and status != 304:
            self.wfile.write(body)


def _bound_server(port: int | None) -> _Server:
    """A server that has its port, the given one or a free one. Raises OSError where none can be had."""
    choices = [port] if port else secrets.SystemRandom().sample(QUIET_PORTS, 200)
    for number, choice in enumerate(choices, 1):
        server = _Server((ADDRESS, choice), _Handler, bind_and_activate=False)
        try:
            server.server_bind()
            server.server_activate()  # at once: until one listens, several may bind to the same port
        except (OSError, OverflowError):  # OverflowError: a number that is no port
            server.server_close()
            if number == len(choices):
                raise
            continue
        return server
    raise OSError("no port was given")


class DemoWorld:
    """Loopback outlets that look fresh at the moment `now`; every date follows from it.

    With `corrected_at` the one page that changes in place shows its later version from the start.
    """

    def __init__(self, now: datetime, corrected_at: datetime | None = None, world: World | None = None) -> None:
        self.now = now.replace(microsecond=0)
        self.corrected_at = corrected_at
        self.world = world or load_world()
        self._servers: dict[str, _Server] = {}

    @property
    def ports(self) -> dict[str, int]:
        """Port of every outlet that is being served."""
        return {site_id: server.server_port for site_id, server in self._servers.items()}

    @property
    def base_urls(self) -> dict[str, str]:
        """Origin of every outlet that is being served, without a final slash."""
        return {site_id: f"http://{ADDRESS}:{port}" for site_id, port in self.ports.items()}

    @contextmanager
    def serve(self, ports: dict[str, int] | None = None) -> Iterator[DemoWorld]:
        """Serve until the block ends, on the given ports or on free ones. Raises OSError where a port is taken."""
        with ExitStack() as stack:
            for site_id in self.world.sites:
                server = _bound_server((ports or {}).get(site_id))
                stack.callback(server.server_close)
                self._servers[site_id] = server
            self._render()
            for server in self._servers.values():
                threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
                stack.callback(server.shutdown)
            try:
                yield self
            finally:
                stack.close()
                self._servers = {}

    def write_config(self, config_dir: Path) -> None:
        """Write the configuration of the outlets being served: settings.yml and outlets/<id>.yml. Raises OSError."""
        write_config(self.world, self.base_urls, config_dir)

    def correct(self, at: datetime) -> None:
        """From now on the page that changes in place shows its later version, changed at this time."""
        self.corrected_at = at
        self._render()

    def _render(self) -> None:
        pages = build_pages(self.world, self.now, self.corrected_at)
        base_urls = self.base_urls
        for site_id, server in self._servers.items():
            site, listed = self.world.sites[site_id], self.world.pages.get(site_id)
            server.resources = render_site(site, pages[site_id], listed.duds if listed else (), base_urls[site_id])
