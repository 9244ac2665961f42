"""Servers on the loopback address that the scheduling tests talk to: a slow outlet and a receiver of alarms."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SLOW_PAGES = 400
FEW_PAGES = 14


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def answer(self, status: int, kind: str, body: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        if status == 302:
            self.send_header("location", "/elsewhere")
        self.end_headers()
        self.wfile.write(data)


class SlowSite(_Quiet):
    """An outlet with many pages, so that a crawl of it lasts as long as a test needs."""

    def do_GET(self) -> None:
        base = f"http://{self.headers['host']}"
        self.server.received.append(self.path)  # type: ignore[attr-defined]
        if self.path in ("/feed.xml", "/few.xml"):
            some = range(SLOW_PAGES) if self.path == "/feed.xml" else range(1_000, 1_000 + FEW_PAGES)
            items = "".join(
                f"<item><title>Ferry notice number {n}</title><link>{base}/n/{n}</link></item>" for n in some
            )
            self.answer(200, "application/rss+xml", f'<rss version="2.0"><channel>{items}</channel></rss>')
        elif self.path.startswith("/n/"):
            number = self.path.rsplit("/", 1)[1]
            text = f"The ferry {number} to the northern islands leaves at noon and carries mail and fruit. " * 12
            self.answer(
                200, "text/html", f"<html><body><article><h1>Ferry {number}</h1><p>{text}</p></article></body></html>"
            )
        else:
            self.answer(404, "text/plain", "no")


class Receiver(_Quiet):
    """A webhook's receiver."""

    received: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        alarm = json.loads(body)
        self.server.received.append(alarm)  # type: ignore[attr-defined]
        # An alarm whose check is a status is answered so.
        self.answer(int(alarm["check"]) if alarm["check"].isdigit() else 200, "text/plain", "ok")


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """A server on a free port of the loopback address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.received = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
