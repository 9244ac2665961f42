"""A small threaded server on loopback that sends exactly the bytes it is told to, and keeps a log."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Send = Callable[[bytes], None]
Script = Callable[["Asked", Send], None]
Route = bytes | Script


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    times: int  # how often this path was asked for, this time included


@dataclass
class Server:
    """Routes by path; every other path is 404."""

    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def asked(self, path: str) -> list[Asked]:
        return [one for one in self.log if one.path == path]

    def count(self, prefix: str = "/") -> int:
        return sum(one.path.startswith(prefix) for one in self.log)

    def feed(self, *paths: str, path: str = "/feed.xml") -> None:
        """Serve an RSS feed of these paths or URLs."""
        urls = [one if "://" in one else self.url(one) for one in paths]
        items = "".join(f"<item><title>Report {n}</title><link>{url}</link></item>" for n, url in enumerate(urls))
        self.routes[path] = ok(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "application/rss+xml")

    def pages(self, count: int, prefix: str = "/news/") -> list[str]:
        """Serve so many plain articles; returns their paths."""
        paths = [f"{prefix}report-number-{number}" for number in range(count)]
        self.routes |= {path: ok(page(path)) for path in paths}
        return paths


def page(name: str) -> bytes:
    text = f"<p>The council of {name} met on Monday and mended the wall of the old harbour.</p>" * 20
    return f"<html><head><title>{name}</title></head><body><article>{text}</article></body></html>".encode()


def ok(body: bytes, content_type: str = "text/html", *headers: str) -> bytes:
    return answer(200, body, f"Content-Type: {content_type}", *headers)


def answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(target: str, status: int = 302) -> bytes:
    return answer(status, b"", f"Location: {target}")


def in_turn(*answers: bytes) -> Script:
    """The first answer for the first request, and so on; the last one for all that follow."""
    return lambda asked, send: send(answers[min(asked.times, len(answers)) - 1])


def slowly(head: bytes, piece: bytes, pause: float, seconds: float = 30) -> Script:
    """A head, then piece after piece with pauses."""

    def script(_asked: Asked, send: Send) -> None:
        send(head)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            send(piece)
            time.sleep(pause)

    return script


def held(until: threading.Event, then: bytes) -> Script:
    """No answer before the event is set."""

    def script(_asked: Asked, send: Send) -> None:
        until.wait(30)
        send(then)

    return script


class _Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self) -> None:
        try:
            while self._answer_one():
                pass
        except (OSError, ValueError):
            return

    def _answer_one(self) -> bool:
        line = self.rfile.readline(65_536).decode("latin-1").split()
        if len(line) < 2:
            return False
        headers = {}
        while (text := self.rfile.readline(65_536).decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        server: Server = self.server.site  # type: ignore[attr-defined]
        with server.lock:
            times = sum(one.path == line[1] for one in server.log) + 1
            asked = Asked(line[0], line[1], headers, time.monotonic(), times)
            server.log.append(asked)
        route = server.routes.get(line[1], answer(404, b"not here"))
        if callable(route):
            route(asked, self.request.sendall)
            return False
        self.request.sendall(route)
        return True

    def finish(self) -> None:
        try:
            super().finish()
            self.request.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what is tested."""


@contextmanager
def serve() -> Iterator[Server]:
    """A server with an allow-all robots.txt until the block ends."""
    with _Listener(("127.0.0.1", 0), _Handler) as listener:
        site = Server(port=listener.server_address[1])
        site.routes["/robots.txt"] = answer(404)
        listener.site = site  # type: ignore[attr-defined]
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            listener.shutdown()
            thread.join()
