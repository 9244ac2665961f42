"""Sockets that answer whatever a case wants, byte by byte, and log every visit."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit


class Cut(Enum):
    """What a responder yields to end a connection otherwise than by closing it."""

    RESET = "reset"


@dataclass
class Visit:
    """One request as it arrived; target is empty where the bytes were no HTTP or none came."""

    listener: str
    phase: int
    at: float  # monotonic seconds
    method: str = ""
    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    status: int = 0
    nth: int = 1  # of this target on this listener, over all phases

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path if self.target.startswith("/") else self.target


Piece = bytes | float | Cut  # bytes to send, seconds to wait, or how to break off
Responder = Callable[[Visit], Iterable[Piece]]


class Site:
    """All listeners of the site, their log, and the phase (the number of the crawl that is under way)."""

    def __init__(self) -> None:
        self.phase = 1
        self.listeners: dict[str, Listener] = {}
        self.visits: list[Visit] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()

    def listen(self, name: str, address: str = "127.0.0.1", port: int = 0, canary: bool = False) -> Listener:
        """Open a listener; port 0 takes a free one. Raises OSError."""
        self.listeners[name] = Listener(self, name, address, port, canary)
        return self.listeners[name]

    def start(self) -> None:
        """Begin to answer."""
        for listener in self.listeners.values():
            listener.start()

    def stop(self) -> None:
        """Close every socket; waiting responders end."""
        self.stopping.set()
        for listener in self.listeners.values():
            listener.close()

    def note(self, visit: Visit) -> None:
        """Add a visit to the log and number it."""
        with self._lock:
            same = (visit.listener, visit.target)
            visit.nth = 1 + sum(1 for one in self.visits if (one.listener, one.target) == same)
            self.visits.append(visit)


class Listener:
    """One address and port. A canary only logs: nothing may ever connect to it."""

    def __init__(self, site: Site, name: str, address: str, port: int, canary: bool) -> None:
        self.site, self.name, self.address, self.canary = site, name, address, canary
        self.routes: dict[str, Responder] = {}
        self.prefixes: dict[str, Responder] = {}
        self.not_found: Responder = _not_found
        self.tls: ssl.SSLContext | None = None
        self._socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(256)
        self.port: int = self._socket.getsockname()[1]

    @property
    def origin(self) -> str:
        """Scheme, host and port as a URL starts with them."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def start(self) -> None:
        """Accept connections in a thread of its own."""
        threading.Thread(target=self._accept, name=f"site-{self.name}", daemon=True).start()

    def close(self) -> None:
        """Stop accepting."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def find(self, visit: Visit) -> Responder:
        """Who answers: the target, then its path, then the longest prefix."""
        for key in (visit.target, visit.path):
            if key in self.routes:
                return self.routes[key]
        fitting = [prefix for prefix in self.prefixes if visit.target.startswith(prefix)]
        return self.prefixes[max(fitting, key=len)] if fitting else self.not_found

    def _accept(self) -> None:
        while not self.site.stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        visit = Visit(self.name, self.site.phase, time.monotonic())
        if self.canary:
            self.site.note(visit)
        with contextlib.suppress(OSError), connection:
            connection.settimeout(2 if self.canary else 15)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            _read_request(connection, visit)
            if self.canary:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncanary")
                return
            self.site.note(visit)
            self._answer(connection, visit)

    def _answer(self, connection: socket.socket, visit: Visit) -> None:
        for piece in self.find(visit)(visit):
            if isinstance(piece, Cut):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if isinstance(piece, float):
                if not self._wait(connection, piece):
                    return
                continue
            if not visit.status and piece.startswith(b"HTTP/1.1 "):
                visit.status = int(piece[9:12]) if piece[9:12].isdigit() else 0
            connection.sendall(piece)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(0.5)
            connection.recv(1)

    def _wait(self, connection: socket.socket, seconds: float) -> bool:
        """Sleep; False when the other side hung up or the site stops."""
        until = time.monotonic() + seconds
        while not self.site.stopping.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return True
            readable, _, _ = select.select([connection], [], [], min(left, 0.5))
            if readable and not connection.recv(1024):
                return False
        return False


def _read_request(connection: socket.socket, visit: Visit) -> None:
    raw = b""
    while b"\r\n\r\n" not in raw and len(raw) < 65_536:
        more = connection.recv(8_192)
        if not more:
            break
        raw += more
    first, *lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        return
    visit.method, visit.target = words[0], words[1]
    pairs = (line.partition(":") for line in lines)
    visit.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}


def _not_found(visit: Visit) -> Iterable[Piece]:
    yield b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
    yield b"Content-Length: 10\r\nConnection: close\r\n\r\nnot found\n"
