"""Addresses in every spelling that hides where they lead, and answers that name another place in passing."""

from __future__ import annotations

from tests.site.hostile.answers import answer, head, send
from tests.site.hostile.board import Board, Plan
from tests.site.hostile.checks import NeverAsked, Refused, Stored, either, refused

ODD = refused("bad_scheme", "out_of_scope", "bad_url")
OUT = refused("out_of_scope", "blocked_address", "bad_url")


def add_hosts(board: Board, plan: Plan) -> None:
    """Loopback, link-local and private hosts as numbers, names and IPv6; each with a canary behind it."""
    far, own = board.canary.port, plan.listener.port
    hosts = {
        "spelt-octal": "0177.0.0.1",
        "spelt-hex": "0x7f.0.0.1",
        "spelt-one-number": "0x7f000001",
        "spelt-short": "127.1",
        "spelt-dot": "127.0.0.1.",
        "spelt-name": "localhost",
        "spelt-wide": "１２７.０.０.１",
        "spelt-circled": "ⓛocalhost",
        "spelt-zone": "[fe80::1%25lo]",
        "spelt-mapped-zone": "[::ffff:127.0.0.1%25lo]",
        "spelt-compatible": "[::127.0.0.1]",
        "spelt-unspecified": "[::]",
        "spelt-wildcard-name": "127.0.0.1.nip.example",
        "spelt-broadcast": "255.255.255.255",
        "spelt-private": "10.0.0.1",
    }
    links = {name: (f"http://{host}:{far}/news/{name}", OUT) for name, host in hosts.items()}
    links |= {
        "spelt-capitals": (f"HTTP://127.0.0.1:{far}/news/spelt-capitals", OUT),
        "spelt-own-port": (f"http://localhost:{own}/news/spelt-own-port", OUT),
        "spelt-tab": (f"http://127.0.0.1:{own}\t@127.0.0.1:{far}/news/spelt-tab", ODD),
        "spelt-plus": (f"http://127.0.0.1:+{far}/news/spelt-plus", ODD),
        "spelt-port-0": ("http://127.0.0.1:0/news/spelt-port-0", ODD),
        "spelt-no-port": ("http://127.0.0.1:/news/spelt-no-port", OUT),
        "spelt-brackets": (f"http://[127.0.0.1]:{far}/news/spelt-brackets", ODD),
        "spelt-gopher": (f"gopher://127.0.0.1:{far}/news/spelt-gopher", ODD),
        "spelt-socket": (f"ws://127.0.0.1:{far}/news/spelt-socket", ODD),
        "spelt-feed": (f"feed://127.0.0.1:{far}/news/spelt-feed", ODD),
    }
    for name, (href, check) in links.items():
        board.add(plan, name, "spelling", None, check, NeverAsked(), href=href, about=href[:70])


def add_answers(board: Board, plan: Plan) -> None:
    """Locations with odd signs in them, on statuses that redirect nowhere, and twice."""
    far = board.canary.origin
    targets = {
        "location-octal": f"http://0177.0.0.1:{board.canary.port}/news/location-octal",
        "location-name": f"http://localhost:{plan.listener.port}/news/location-name",
        "location-line-break": f"/news/x%0d%0aHost:%20127.0.0.1:{board.canary.port}/location-line-break",
        "location-tab": f"\t{far}/news/location-tab",
        "location-nul": f"{far}\x00/news/location-nul",
        "location-escape": "/news/\x1b[2J/location-escape",
    }
    for name, target in targets.items():
        moved = send(head(302, [("Location", target), ("Content-Length", "0")]))
        board.add(plan, name, "spelling", moved, Refused(), about=repr(target)[:70])
    for status in (201, 300, 304, 305, 306, 401, 407):
        name = f"location-on-{status}"
        asks = [("WWW-Authenticate", "Negotiate"), ("Proxy-Authenticate", "Basic")]
        moved = answer("<p>go</p>", status, headers=[("Location", f"{far}/news/{name}"), *asks])
        board.add(plan, name, "spelling", moved, Refused(), about=f"status {status} with a Location")
    text, body = board.article("location-twice")
    plan.listener.routes["/news/at/location-twice"] = answer(body)
    twice = [("Location", "/news/at/location-twice"), ("Location", f"{far}/news/location-twice")]
    check = either(Stored(text), Refused())
    board.add(plan, "location-twice", "spelling", answer("", 302, headers=twice), check, about="two Locations")


def add_mentions(board: Board, plan: Plan) -> None:
    """Articles whose pages name another port in frames, pictures, forms and preloads."""
    far = board.canary.origin
    mentions = {
        "mention-frame": f"<iframe src='{far}/news/mention-frame'></iframe>",
        "mention-object": f"<object data='{far}/news/mention-object'></object><embed src='{far}/news/mention-object'>",
        "mention-preload": f"<link rel=preload href='{far}/news/mention-preload'><link rel=dns-prefetch href='{far}'>",
        "mention-form": f"<form action='{far}/news/mention-form'><button>Go</button></form>",
        "mention-amp": f"<link rel=amphtml href='{far}/news/mention-amp'>",
        "mention-drawing": f"<svg><image href='{far}/news/mention-drawing'/></svg>",
    }
    for name, markup in mentions.items():
        text, body = board.article(name, after=markup)
        board.add(plan, name, "hint", answer(body), Stored(text), about=markup[:70])


def add_cases(board: Board) -> None:
    """Every case of this class."""
    plan = board.outlet("spellings", "en")
    add_hosts(board, plan)
    add_answers(board, plan)
    add_mentions(board, plan)
