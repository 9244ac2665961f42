"""Responders: what a listener sends back for a path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.site.hostile.bombs import compress
from tests.site.hostile.server import Piece, Responder, Visit

Headers = Sequence[tuple[str, str]]
HTML = "text/html; charset=utf-8"
PHRASES = {200: "OK", 206: "Partial Content", 301: "Moved", 302: "Found", 304: "Not Modified", 401: "Unauthorized"}
FOREVER = 3_600.0


def head(status: int, headers: Headers) -> bytes:
    """Status line and headers of an answer."""
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, 'Status')}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def answer(
    body: str | bytes,
    status: int = 200,
    content_type: str | None = HTML,
    headers: Headers = (),
    length: int | None = None,
) -> Responder:
    """A plain answer; length overrides a true Content-Length."""
    content = body.encode("utf-8") if isinstance(body, str) else body
    stated: list[tuple[str, str]] = [("Content-Length", str(len(content) if length is None else length))]
    if content_type is not None:
        stated.append(("Content-Type", content_type))
    whole = head(status, [*stated, ("Connection", "close"), *headers]) + content
    return send(whole)


def send(*pieces: Piece) -> Responder:
    """Exactly these pieces."""

    def respond(visit: Visit) -> Iterable[Piece]:
        return pieces

    return respond


def repeat(opening: bytes, piece: bytes, pause: float = 0.0) -> Responder:
    """An opening, then a piece again and again without end."""

    def respond(visit: Visit) -> Iterator[Piece]:
        yield opening
        while True:
            yield piece
            if pause:
                yield pause

    return respond


def redirect(target: str, status: int = 302, headers: Headers = ()) -> Responder:
    """A redirect to target, sent as it stands."""
    return answer("", status, headers=[("Location", target), *headers])


def encoded(codec: str, body: str | bytes, content_type: str = HTML, headers: Headers = ()) -> Responder:
    """body compressed, and labelled so."""
    content = body.encode("utf-8") if isinstance(body, str) else body
    return answer(compress(codec, content), content_type=content_type, headers=[("Content-Encoding", codec), *headers])


def labelled(codec: str, content: bytes, content_type: str = HTML) -> Responder:
    """content as it stands, labelled as codec."""
    return answer(content, content_type=content_type, headers=[("Content-Encoding", codec)])


def in_turn(*responders: Responder) -> Responder:
    """The first visit gets the first responder, the last one answers all later visits."""

    def respond(visit: Visit) -> Iterable[Piece]:
        return responders[min(visit.nth, len(responders)) - 1](visit)

    return respond


def by_phase(*responders: Responder) -> Responder:
    """The first crawl gets the first responder, and so on."""

    def respond(visit: Visit) -> Iterable[Piece]:
        return responders[min(visit.phase, len(responders)) - 1](visit)

    return respond


def conditional(body: str, etag: str, content_type: str = HTML, headers: Headers = ()) -> Responder:
    """An answer with an ETag; 304 where the request names it."""
    whole = answer(body, content_type=content_type, headers=[("ETag", etag), *headers])

    def respond(visit: Visit) -> Iterable[Piece]:
        if etag in visit.headers.get("if-none-match", ""):
            return [head(304, [("ETag", etag), ("Connection", "close")])]
        return whole(visit)

    return respond
