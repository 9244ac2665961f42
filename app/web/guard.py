"""The wall around the pages: who may ask, how, and with which headers every answer goes out. Plain ASGI, no framework.

Reading only: GET and HEAD. The Host list keeps other sites' pages from reaching a loopback server by a name of their
own (DNS rebinding); the token guards any address that is not loopback.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_TOKEN = 16
MAX_QUERY_BYTES = 4_000
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


def is_loopback(host: str) -> bool:
    """The address can be reached from this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, token: str | None) -> None:
    """Refuse to serve anything but loopback without a token that cannot be guessed. Raises UsageError."""
    if token is not None and len(token) < LEAST_TOKEN:
        raise UsageError(f"--token: at least {LEAST_TOKEN} characters, for instance from `openssl rand -hex 24`")
    if not is_loopback(host) and token is None:
        raise UsageError(f"--host {host} can be reached from other machines: give a --token, or listen on 127.0.0.1")


def allowed_hosts(host: str, port: int, further: Iterable[str] = ()) -> frozenset[str]:
    """The values of the Host header that are answered."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        names.append(host.lower())
    else:
        if not address.is_unspecified:
            names.append(f"[{address}]" if address.version == 6 else str(address))
    hosts = {f"{name}:{port}" for name in names} | {one.lower() for one in further}
    return frozenset(hosts | (set(names) if port == 80 else set()))


@dataclass(frozen=True, slots=True)
class Guard:
    """Wraps an application; every answer of it carries HEADERS."""

    app: ASGIApp
    hosts: frozenset[str]
    token: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, hand on the rest."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        head = scope["method"] == "HEAD"
        dressed = _dressed(send, head)
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(dressed, *refusal)
            return
        await self.app({**scope, "method": "GET"} if head else scope, receive, dressed)

    def _refusal(self, scope: Scope) -> tuple[int, str, list[tuple[bytes, bytes]]] | None:
        headers = scope["headers"]
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return 421, "This server does not answer to that name.", []
        if self.token is not None and not _carries(headers, self.token):
            return (
                401,
                "A token is needed: as a Bearer token, or as the password.",
                [(b"www-authenticate", b'Basic realm="wirecopy", charset="UTF-8"')],
            )
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "Pages here are only read.", [(b"allow", b"GET, HEAD")]
        if len(scope["query_string"]) > MAX_QUERY_BYTES:
            return 414, "The address is too long.", []
        return None


def _carries(headers: Iterable[tuple[bytes, bytes]], token: str) -> bool:
    """The token came as a Bearer token or as a Basic password; compared in constant time."""
    for name, value in headers:
        if name != b"authorization":
            continue
        scheme, _, rest = value.partition(b" ")
        given = rest.strip()
        if scheme.lower() == b"basic":
            try:
                given = base64.b64decode(given, validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                return False
        elif scheme.lower() != b"bearer":
            return False
        return hmac.compare_digest(given, token.encode())
    return False


def _dressed(send: Send, head: bool) -> Send:
    """send with the security headers, and without bodies where only the head was asked for."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in HEADERS}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in own]
            message = {**message, "headers": [*kept, *HEADERS]}
        elif message["type"] == "http.response.body" and head:
            message = {**message, "body": b""}
        await send(message)

    return dressed


async def _refuse(send: Send, status: int, reason: str, headers: list[tuple[bytes, bytes]]) -> None:
    body = f"{reason}\n".encode()
    about = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*about, *headers]})
    await send({"type": "http.response.body", "body": body})
