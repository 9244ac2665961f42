"""Answers that break off, never come, never end or are framed wrongly."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

from tests.site.hostile.answers import FOREVER, HTML, answer, head, labelled, repeat, send
from tests.site.hostile.board import Board, Plan
from tests.site.hostile.bombs import compress
from tests.site.hostile.checks import AskedAtMost, Flagged, Refused, Stored, either, refused
from tests.site.hostile.server import Cut, Piece, Responder, Visit

HALF = Flagged(frozenset({"truncated", "half_page"}))
CUT = refused("truncated", "bad_encoding", "half_page")
FRAMING = refused(
    "bad_headers", "http_error", "unreachable", "truncated", "too_slow", "too_large", "not_html", "no_body"
)
OPEN = head(200, [("Content-Type", HTML)])


def _chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def add_cut_short(board: Board, plan: Plan) -> None:
    """Bodies that end before they are whole."""
    chunked = head(200, [("Content-Type", HTML), ("Transfer-Encoding", "chunked"), ("Connection", "close")])
    for codec in ("gzip", "deflate", "br", "zstd"):
        body = board.article(f"cut-{codec}")[1]
        packed = compress(codec, body.encode())
        responder = labelled(codec, packed[: len(packed) * 2 // 3])
        board.add(plan, f"cut-{codec}", "cut", responder, CUT, about=f"two thirds of a {codec} stream, length agrees")
    body = board.article("cut-gzip-trailer")[1]
    responder = labelled("gzip", gzip.compress(body.encode())[:-8])
    whole = either(CUT, HALF)
    board.add(plan, "cut-gzip-trailer", "cut", responder, whole, about="gzip without its checksum")
    damaged = bytearray(gzip.compress(board.article("bad-gzip-checksum")[1].encode()))
    damaged[-6] ^= 0xFF
    board.add(plan, "bad-gzip-checksum", "cut", labelled("gzip", bytes(damaged)), either(CUT, HALF))
    body = board.article("cut-length")[1]
    half = body.encode()[: len(body) * 2 // 3]
    about = "Content-Length larger than what was sent"
    board.add(plan, "cut-length", "cut", answer(half, length=len(body.encode())), refused("truncated"), about=about)
    half = board.article("cut-chunked")[1].encode()[:2500]
    board.add(plan, "cut-chunked", "cut", send(chunked + _chunks(half)), refused("truncated"), about="no last chunk")
    half = board.article("cut-chunk-size")[1].encode()[:2500]
    broken = send(chunked + _chunks(half) + b"zz\r\nwhat\r\n")
    check = refused("truncated", "bad_headers", "unreachable", "http_error")
    board.add(plan, "cut-chunk-size", "cut", broken, check, about="a chunk size that is no number")
    half = board.article("cut-reset")[1].encode()[:2500]
    opening = head(200, [("Content-Type", HTML), ("Content-Length", "9000")]) + half
    reset = send(opening, 0.3, Cut.RESET)
    board.add(plan, "cut-reset", "cut", reset, refused("truncated", "unreachable"), about="reset in the middle")
    half = board.article("cut-markup")[1].encode()
    half = half[: half.rindex(b"</p>", 0, len(half) * 3 // 4) - 30]
    about = "breaks off inside a sentence, length agrees"
    board.add(plan, "cut-markup", "cut", answer(half), either(refused("half_page", "truncated"), HALF), about=about)
    half = board.article("cut-206")[1].encode()[:2500]
    ranged = answer(half, 206, headers=[("Content-Range", "bytes 0-2499/7000")])
    part = either(refused("truncated", "http_error", "half_page"), HALF)
    board.add(plan, "cut-206", "cut", ranged, part, about="206 that nobody asked for")


def add_packed(board: Board, plan: Plan) -> None:
    """Whole articles in every encoding that a server may choose; none may be lost to the cases above."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)

    def halves(body: bytes) -> bytes:
        return gzip.compress(body[:2000]) + gzip.compress(body[2000:])

    packers: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "packed-gzip": ("gzip", gzip.compress),
        "packed-capitals": ("GZIP", gzip.compress),
        "packed-x-gzip": ("x-gzip", gzip.compress),
        "packed-two-members": ("gzip", halves),
        "packed-deflate": ("deflate", zlib.compress),
        "packed-raw-deflate": ("deflate", lambda body: raw.compress(body) + raw.flush()),
        "packed-br": ("br", lambda body: compress("br", body)),
        "packed-zstd": ("zstd", lambda body: compress("zstd", body)),
        "packed-identity": ("identity", bytes),
    }
    for name, (label, pack) in packers.items():
        text, body = board.article(name)
        board.add(plan, name, "packed", labelled(label, pack(body.encode())), Stored(text), about=f"called {label}")
    text, body = board.article("packed-twice")
    twice = labelled("gzip, gzip", gzip.compress(gzip.compress(body.encode())))
    board.add(plan, "packed-twice", "packed", twice, either(Stored(text), refused("bad_encoding")), about="gzip, gzip")


def _stutter(body: bytes) -> Responder:
    def respond(visit: Visit) -> Iterator[Piece]:
        yield head(200, [("Content-Type", HTML), ("Content-Length", str(len(body)))])
        for start in range(0, len(body), 2_000):
            yield body[start : start + 2_000]
            yield 0.15

    return respond


def add_slow(board: Board, plan: Plan) -> None:
    """Answers that take for ever, and one that is only slow."""
    slow = refused("too_slow", "unreachable")
    responders = {
        "slow-drip": (repeat(OPEN, b" ", 0.5), "one byte every half second"),
        "slow-header-drip": (repeat(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", 0.5), "a header, byte by byte"),
        "slow-never": (send(FOREVER), "never answers"),
        "slow-after-head": (send(head(200, [("Content-Length", "500")]), FOREVER), "headers, then silence"),
        "slow-last-byte": (send(OPEN + b"<p>all but the end</p>" * 40, FOREVER), "never closes"),
    }
    for name, (responder, about) in responders.items():
        board.add(plan, name, "slow", responder, slow, AskedAtMost(4), about=about)
    text, body = board.article("slow-but-whole")
    board.add(plan, "slow-but-whole", "slow", _stutter(body.encode()), Stored(text), about="slow, yet within limits")


def add_endless(board: Board, plan: Plan) -> None:
    """Headers and bodies without end or with absurd lengths."""
    line = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"h" * 200) for number in range(300))
    headers = refused("bad_headers", "too_large", "too_slow", "unreachable")
    large = refused("too_large", "too_slow")
    one_line = b"HTTP/1.1 200 OK\r\nX-Long: "
    board.add(plan, "endless-headers", "endless", repeat(b"HTTP/1.1 200 OK\r\n", line), headers, AskedAtMost(4))
    board.add(plan, "endless-header-line", "endless", repeat(one_line, b"y" * 65_536), headers, AskedAtMost(4))
    board.add(plan, "endless-body", "endless", repeat(OPEN, b"<p>again and again</p>" * 3_000), large, AskedAtMost(2))
    chunked = head(200, [("Content-Type", HTML), ("Transfer-Encoding", "chunked")])
    chunk = _chunks(b"<p>chunk after chunk</p>" * 3_000)
    board.add(plan, "endless-chunks", "endless", repeat(chunked, chunk), large, AskedAtMost(2))
    body = board.article("length-of-5-gb")[1]
    about = "says five gigabytes, sends little"
    check = refused("too_large", "truncated")
    board.add(plan, "length-of-5-gb", "endless", answer(body, length=5_000_000_000), check, about=about)
    zipped = zlib.compressobj(9, zlib.DEFLATED, 31)
    opening = zipped.compress(b"<p>") + zipped.flush(zlib.Z_SYNC_FLUSH)
    piece = zipped.compress(b"<p>inflate me</p>" * 60_000) + zipped.flush(zlib.Z_FULL_FLUSH)
    start = head(200, [("Content-Type", HTML), ("Content-Encoding", "gzip")]) + opening
    board.add(plan, "endless-gzip", "endless", repeat(start, piece), large, about="a gzip stream without end")


def add_framing(board: Board, plan: Plan) -> None:
    """Broken status lines, lengths and labels."""
    body = b"<p>" + b"half a protocol " * 60 + b"</p>"
    raw: dict[str, Piece] = {
        "reset-at-once": Cut.RESET,
        "close-at-once": b"",
        "no-status-line": b"<html>" + body + b"</html>",
        "bad-status-line": b"HTTP/1.1 abc OK\r\nContent-Length: 3\r\n\r\nabc",
        "bad-length": b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n" + body,
        "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 900\r\n\r\n" + body,
        "binary-headers": b"HTTP/1.1 200 OK\r\n\x00\xff\xfe: \x01\r\nno colon here\r\n\r\n" + body,
        "status-only": b"HTTP/1.1 200 OK\r\n",
    }
    for name, piece in raw.items():
        check = Refused() if name in ("binary-headers", "two-lengths") else FRAMING
        board.add(plan, name, "framing", send(piece), check, AskedAtMost(4), about=repr(piece)[:60])
    junk = bytes(range(256)) * 20
    check = refused("bad_encoding", "not_html", "no_body")
    board.add(plan, "unknown-encoding", "framing", labelled("rot13", junk), check, about="Content-Encoding: rot13")
    board.add(plan, "empty-body", "framing", answer(""), refused("no_body", "not_html", "too_short"))
    board.add(plan, "no-content", "framing", send(head(204, [("Connection", "close")])), Refused(), about="204")
    early = send(head(304, [("Connection", "close")]))
    board.add(plan, "unasked-304", "framing", early, Refused(), AskedAtMost(4), about="304 without a condition")
    text, page = board.article("plain-called-gzip")
    check_plain = either(Stored(text), refused("bad_encoding"))
    board.add(plan, "plain-called-gzip", "framing", labelled("gzip", page.encode()), check_plain)
    text, page = board.article("no-content-type")
    board.add(plan, "no-content-type", "framing", answer(page, content_type=None), Stored(text))


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("transport", "en", concurrency=12)
    add_cut_short(board, plan)
    add_packed(board, plan)
    add_slow(board, plan)
    add_endless(board, plan)
    add_framing(board, plan)
    return plan
