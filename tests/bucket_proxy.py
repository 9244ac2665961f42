"""A way to a real S3 API that breaks on order: an error for an answer, half of one, none, or a slow one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from urllib.parse import urlsplit

BLOCK = 65_536
BUSY = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<half"
PATIENCE = 120.0
PAUSE = 0.05  # of a slow way, per block


class Way(StrEnum):
    """What becomes of requests."""

    OPEN = "open"
    BUSY = "busy"  # 503 to each
    CUT = "cut"  # the connection ends in the middle of what is sent
    SILENT = "silent"  # taken and never answered
    SLOW = "slow"  # everything arrives, a little at a time
    GONE = "gone"  # nobody listens there


class BucketProxy:
    """Listens on a port of its own and passes on to the real server as `way` says."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self._target = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._more = threading.Condition()
        self._way = Way.OPEN
        self.broken = 0  # connections that were not passed on whole

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def way(self) -> Way:
        return self._way

    @way.setter
    def way(self, way: Way) -> None:
        """From now on; connections that were kept open end."""
        was_gone, self._way = self._way is Way.GONE, way
        if way is Way.GONE and not was_gone:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
            self._listener.close()
        if was_gone and way is not Way.GONE:
            self._listener = socket.create_server(("127.0.0.1", self._port))
            self._listen()
        self._close_all()

    @contextmanager
    def serve(self) -> Iterator[BucketProxy]:
        self._listen()
        try:
            yield self
        finally:
            self._ended.set()
            self._listener.close()
            self._close_all()

    def await_broken(self, count: int) -> None:
        """Until so many connections were not passed on whole."""
        with self._more:
            assert self._more.wait_for(lambda: self.broken >= count, PATIENCE)

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(client)
            threading.Thread(target=self._answer, args=(client, self._way), daemon=True).start()

    def _answer(self, client: socket.socket, way: Way) -> None:
        with suppress(OSError), client:
            if way in (Way.OPEN, Way.SLOW):
                with socket.create_connection(self._target) as server:
                    back = threading.Thread(target=self._pass, args=(server, client, way), daemon=True)
                    back.start()
                    self._pass(client, server, way)
                    back.join()
                return
            with self._more:
                self.broken += 1
                self._more.notify_all()
            is_head = client.recv(BLOCK).startswith(b"HEAD ")
            if way is Way.BUSY:
                head = f"HTTP/1.1 503 Slow Down\r\nContent-Length: {len(BUSY)}\r\nConnection: close\r\n\r\n"
                client.sendall(head.encode() + (b"" if is_head else BUSY))
            elif way is Way.CUT:
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-" if is_head else HALF)
            else:
                self._ended.wait()
        with self._lock:
            self._open.discard(client)

    def _pass(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        with suppress(OSError):
            while data := source.recv(BLOCK if way is Way.OPEN else 2_000):
                target.sendall(data)
                if way is Way.SLOW:
                    self._ended.wait(PAUSE)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _close_all(self) -> None:
        with self._lock:
            left, self._open = self._open, set()
        for one in left:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
