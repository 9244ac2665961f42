"""Whole articles in wrappings that servers really use, and wrappings made to break whoever opens them."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable

import brotli
import zstandard

from tests.site.hostile.answers import HTML, answer, head, labelled, repeat, send
from tests.site.hostile.board import Board, Plan
from tests.site.hostile.bombs import INFLATED_MEGABYTES, MEGABYTE
from tests.site.hostile.checks import AskedAtMost, Refused, Stored, refused
from tests.site.hostile.server import Cut, Responder

PAGE = [("Content-Type", HTML)]
CHUNKED = head(200, [*PAGE, ("Transfer-Encoding", "chunked")])


def _chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def _raw(*lines: bytes) -> Callable[[bytes], Responder]:
    """An answer whose head holds these lines as they stand."""

    def wrap(body: bytes) -> Responder:
        opening = [b"HTTP/1.1 200 OK", *lines, b"Content-Type: text/html", b"Content-Length: %d" % len(body)]
        return send(b"\r\n".join([*opening, b"", body]))

    return wrap


def _named(body: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile("../../../../tmp/page.html", "wb", fileobj=packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()


WHOLE: dict[str, Callable[[bytes], Responder]] = {
    "wrapped-members": lambda b: labelled(
        "gzip", gzip.compress(b[:999]) + gzip.compress(b"") * 200 + gzip.compress(b[999:])
    ),
    "wrapped-frames": lambda b: labelled("zstd", zstandard.compress(b[:999]) + zstandard.compress(b[999:])),
    "wrapped-skippable": lambda b: labelled(
        "zstd", struct.pack("<II", 0x184D2A50, 4) + b"skip" + zstandard.compress(b)
    ),
    "wrapped-brotli-gzip": lambda b: labelled("br, gzip", gzip.compress(brotli.compress(b))),
    "wrapped-two-headers": lambda b: answer(
        gzip.compress(brotli.compress(b)), headers=[("Content-Encoding", "br"), ("Content-Encoding", "gzip")]
    ),
    "wrapped-identity-gzip": lambda b: labelled("identity, gzip", gzip.compress(b)),
    "wrapped-no-name": lambda b: labelled("", b),
    "wrapped-file-name": lambda b: labelled("gzip", _named(b)),
    "wrapped-zeros": lambda b: send(CHUNKED, b"0000000%x\r\n%s\r\n0\r\n\r\n" % (len(b), b)),
    "wrapped-trailers": lambda b: send(CHUNKED, _chunks(b) + b"0\r\n" + b"X-Trailer: v\r\n" * 300 + b"\r\n"),
    "wrapped-length-twice": lambda b: send(head(200, [*PAGE, ("Content-Length", f"{len(b)}, {len(b)}")]), b),
    "wrapped-warnings": lambda b: answer(
        b"<br />\n<b>Warning</b>: Undefined index in <b>/x.php</b> on line 3<br />" * 3 + b
    ),
    "wrapped-blanks": lambda b: answer(b"\r\n \t" * 100_000 + b),
    "wrapped-marks": lambda b: answer(b"\xef\xbb\xbf\xef\xbb\xbf" + b),
    "wrapped-bare-lines": lambda b: send(
        b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: %d\n\n" % len(b) + b
    ),
    "wrapped-disposition": _raw(b"Content-Disposition: attachment; filename=../../../../etc/passwd"),
    "wrapped-nameless": _raw(b": nothing", b"no colon here", b"X : y"),
    "wrapped-name-of-two": _raw(b"X Y: z", b"X\0Z: z", b"X-\xff: z"),
    "wrapped-long-policy": _raw(b"Content-Security-Policy: " + b"https://a.example " * 1_700),
    "wrapped-odd-dates": _raw(
        b"Date: Tue, 99 Zog 2099", b"Age: -5", b"Last-Modified: Yesterday \xff", b'ETag: "a" W/"b"'
    ),
}


def _raw_bomb() -> bytes:
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
    return b"".join([*(squeeze.compress(MEGABYTE) for _ in range(INFLATED_MEGABYTES)), squeeze.flush()])


def add_broken(board: Board, plan: Plan) -> None:
    """Wrappings that hold nothing, too much, or another protocol."""
    named = head(200, [*PAGE, ("Content-Encoding", "gzip")]) + b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"
    trailer = CHUNKED + _chunks(b"<p>x</p>") + b"0\r\n"
    broken: dict[str, tuple[Responder, Refused]] = {
        "burst-members": (labelled("gzip", gzip.compress(b"") * 60_000 + gzip.compress(b"<p>x</p>")), Refused()),
        "burst-window": (labelled("zstd", b"\x28\xb5\x2f\xfd\x00\xf8" + bytes(20)), Refused()),
        "burst-raw": (labelled("deflate", _raw_bomb()), refused("too_large")),
        "burst-name": (repeat(named, b"name" * 20_000), refused("too_large", "too_slow", "truncated", "bad_encoding")),
        "burst-trailer": (repeat(trailer, b"X-Trailer: vvvvvvvvvvvvvvvvvv\r\n" * 2_000), Refused()),
        "burst-lzw": (labelled("compress", b"\x1f\x9d\x90" + b"x" * 500), Refused()),
        "burst-status-line": (send(b"HTTP/1.1 200 " + b"A" * 70_000 + b"\r\n\r\n"), refused("bad_headers")),
        "speaks-ssh": (send(b"SSH-2.0-OpenSSH_9.6\r\n"), Refused()),
        "speaks-radio": (send(b"ICY 200 OK\r\nicy-name: x\r\n\r\n" + b"\xff\xfb" * 500), Refused()),
        "speaks-http-2": (send(b"HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc"), Refused()),
        "speaks-socket": (send(head(101, [("Upgrade", "websocket"), ("Connection", "Upgrade")])), Refused()),
        "says-000": (send(b"HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n"), Refused()),
        "says-minus": (send(b"HTTP/1.1 -200 Odd\r\nContent-Length: 0\r\n\r\n"), Refused()),
        "says-twice": (send(b"HTTP/1.1 200 OK\r\nHTTP/1.1 500 No\r\n\r\n"), Refused()),
        "long-minus": (send(head(200, [*PAGE, ("Content-Length", "-5")]) + b"<p>x</p>"), Refused()),
        "long-400-digits": (send(head(200, [*PAGE, ("Content-Length", "9" * 400)]) + b"<p>x</p>"), Refused()),
        "coded-gzip": (send(head(200, [*PAGE, ("Transfer-Encoding", "gzip, chunked")]) + _chunks(b"x")), Refused()),
        "head-reset": (send(b"HTTP/1.1 200 OK\r\nContent-Ty", Cut.RESET), Refused()),
        "in-parts": (
            answer(b"--b\r\n\r\n<p>a</p>\r\n" * 50, content_type="multipart/x-mixed-replace; boundary=b"),
            Refused(),
        ),
    }
    for name, (responder, check) in broken.items():
        board.add(plan, name, "burst", responder, check, AskedAtMost(4))


def add_cases(board: Board) -> None:
    """Every case of this class."""
    plan = board.outlet("wrappings", "en")
    for name, wrap in WHOLE.items():
        text, body = board.article(name)
        board.add(plan, name, "wrapped", wrap(body.encode()), Stored(text))
    add_broken(board, plan)
