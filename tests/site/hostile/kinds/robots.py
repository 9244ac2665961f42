"""robots.txt in every state, one origin each, and servers that ask to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.site.hostile.answers import FOREVER, answer, encoded, head, in_turn, labelled, redirect, repeat, send
from tests.site.hostile.board import Board, Plan, feed
from tests.site.hostile.bombs import inflate_to_much
from tests.site.hostile.case import Check
from tests.site.hostile.checks import AskedAtMost, NeverAsked, Refused, Stored, Waited, either, refused
from tests.site.hostile.server import Cut, Piece, Responder, Visit

PLAIN = "text/plain"
CLOSED = refused("robots_unavailable")
FORBIDDEN = refused("robots_disallowed")
AGENT = "wirecopy"


def _rules(text: str) -> Responder:
    return answer(text, content_type=PLAIN)


def _variants(board: Board) -> dict[str, tuple[Responder, str]]:
    """Name to robots.txt and outcome: open, closed, forbidden, or either where the RFC leaves it to the crawler."""
    far = board.canary.origin
    forbid = "User-agent: *\nDisallow: /news/\n"
    own = f"User-agent: {AGENT}\n"
    long_tail = "# nothing to see here\n" * 100_000
    bomb = labelled("gzip", inflate_to_much("gzip", forbid.encode() + b"# "), PLAIN)
    return {
        "robots-500": (answer("oops", 500, PLAIN), "closed"),
        "robots-503": (answer("later", 503, PLAIN), "closed"),
        "robots-silent": (send(FOREVER), "closed"),
        "robots-reset": (send(Cut.RESET), "closed"),
        "robots-drip": (repeat(head(200, [("Content-Type", PLAIN)]), b"#", 0.5), "closed"),
        "robots-short": (answer(forbid[:14], content_type=PLAIN, length=400), "closed"),
        "robots-404": (answer("none", 404, PLAIN), "open"),
        "robots-403": (answer("no", 403, PLAIN), "open"),
        "robots-401": (answer("who?", 401, PLAIN), "open"),
        "robots-410": (answer("gone", 410, PLAIN), "open"),
        "robots-html": (answer("<html><body><h1>Welcome</h1></body></html>"), "open"),
        "robots-empty": (_rules(""), "open"),
        "robots-other-agent": (_rules("User-agent: badbot\nDisallow: /\n"), "open"),
        "robots-allow-wins": (_rules("User-agent: *\nDisallow: /\nAllow: /news/robots-allow-wins$\n"), "open"),
        "robots-all": (_rules("User-agent: *\nDisallow: /\n"), "forbidden"),
        "robots-agent": (_rules(f"User-agent: *\nAllow: /\n\nUser-agent: {AGENT}\nDisallow: /news/\n"), "forbidden"),
        "robots-bom": (answer(b"\xef\xbb\xbf" + forbid.encode(), content_type=PLAIN), "forbidden"),
        "robots-mac-lines": (_rules(forbid.replace("\n", "\r")), "forbidden"),
        "robots-gzip": (encoded("gzip", forbid, PLAIN), "forbidden"),
        "robots-pattern": (_rules("User-agent: *\nDisallow: /*ots-pat*n$\n"), "forbidden"),
        "robots-escaped": (_rules("User-agent: *\nDisallow: /n%65ws/\n"), "forbidden"),
        "robots-redirected": (redirect("/robots-real.txt"), "forbidden"),
        "robots-five-hops": (redirect("/hop-1"), "forbidden"),
        "robots-merged": (
            _rules(f"{own}Disallow: /x\n\nUser-agent: *\nAllow: /\n\n{own}Disallow: /news\n"),
            "forbidden",
        ),
        "robots-large": (_rules(forbid + long_tail), "forbidden"),
        "robots-huge": (_rules(forbid + "# filler " + "z" * 13_000_000), "shut"),
        "robots-bomb": (bomb, "shut"),
        "robots-off-origin": (redirect(far + "/robots.txt?robots-off-origin"), "either"),
        "robots-loop": (redirect("/robots.txt"), "either"),
    }


def add_robots(board: Board) -> None:
    """One origin for each variant, all announced by one feed."""
    plan = board.outlet("robots", "en", concurrency=12)
    for name, (responder, outcome) in _variants(board).items():
        listener = board.origin(plan, name)
        listener.routes["/robots.txt"] = responder
        listener.routes["/robots-real.txt"] = _rules("User-agent: *\nDisallow: /news/\n")
        for hop in range(1, 5):
            listener.routes[f"/hop-{hop}"] = redirect(f"/hop-{hop + 1}" if hop < 4 else "/robots-real.txt")
        text, body = board.article(name)
        checks: dict[str, tuple[Check, ...]] = {
            "open": (Stored(text),),
            "closed": (CLOSED, NeverAsked()),
            "forbidden": (FORBIDDEN, NeverAsked()),
            "shut": (refused("robots_disallowed", "robots_unavailable"), NeverAsked()),
            "either": (either(Stored(text), CLOSED),),
        }
        about = f"robots.txt, right answer: {outcome}"
        board.add(plan, name, "robots", answer(body), *checks[outcome], about=about, listener=listener)


def add_delays(board: Board) -> None:
    """Crawl-delay: kept where it is fair, capped or left for another run where it is not."""
    plan = board.outlet("delays", "en", concurrency=4)
    slow = board.origin(plan, "crawl-delay")
    slow.routes["/robots.txt"] = _rules("User-agent: *\nCrawl-delay: 1\n")
    for number in (1, 2, 3):
        name = f"crawl-delay-{number}"
        text, body = board.article(name)
        checks = (Stored(text), Waited(0.9, "crawl-delay"))
        board.add(plan, name, "manners", answer(body), *checks, about="Crawl-delay: 1", listener=slow)
    absurd = board.origin(plan, "crawl-delay-day")
    absurd.routes["/robots.txt"] = _rules("User-agent: *\nCrawl-delay: 86400\n")
    text, body = board.article("delay-of-a-day")
    check = either(Stored(text), Refused())
    about = "Crawl-delay of a day: the crawl ends all the same"
    board.add(plan, "delay-of-a-day", "manners", answer(body), check, about=about, listener=absurd)


def _in_seconds(seconds: int, then: Responder) -> Responder:
    """503 with a Retry-After date so many seconds after the first visit, then what comes after."""

    def respond(visit: Visit) -> list[Piece]:
        if visit.nth > 1:
            return list(then(visit))
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        return [head(503, [("Retry-After", date), ("Content-Length", "0"), ("Connection", "close")])]

    return respond


def _busy(status: int, *waits: str) -> Responder:
    return answer("busy", status, PLAIN, headers=[("Retry-After", wait) for wait in waits])


def add_busy(board: Board) -> Plan:
    """429 and 503 with every form of Retry-After."""
    plan = board.outlet("busy", "en", concurrency=8)
    listener = board.origin(plan, "busy-dated")
    text, body = board.article("retry-date")
    checks = (Stored(text), Waited(1.0))
    responder = _in_seconds(3, answer(body))
    board.add(
        plan, "retry-date", "manners", responder, *checks, about="503, a date three seconds on", listener=listener
    )
    for name, first, least in (
        ("retry-seconds", _busy(429, "2"), 1.9),
        ("retry-none", _busy(429), 0.1),
        ("retry-503", _busy(503), 0.1),
        ("retry-garbage", _busy(503, "soon, inshallah"), 0.1),
        ("retry-negative", _busy(429, "-5"), 0.1),
        ("retry-past", _busy(503, "Wed, 01 Jan 2020 00:00:00 GMT"), 0.1),
    ):
        text, body = board.article(name)
        fair = (Stored(text), Waited(least), AskedAtMost(3))
        origin = board.origin(plan, f"busy-{name}")
        board.add(plan, name, "manners", in_turn(first, answer(body)), *fair, about="then it works", listener=origin)
    for name, first in (
        ("retry-day", _busy(429, "86400")),
        ("retry-2099", _busy(503, "Thu, 01 Jan 2099 00:00:00 GMT")),
        ("retry-digits", _busy(503, "9" * 400)),
    ):
        body = board.article(name)[1]
        late = (refused("busy"), AskedAtMost(1))
        origin = board.origin(plan, f"busy-{name}")
        about = "an absurd wait means: not in this run"
        board.add(plan, name, "manners", in_turn(first, first, answer(body)), *late, about=about, listener=origin)
    broken = (refused("http_error", "busy"), AskedAtMost(5))
    board.add(plan, "error-500", "manners", answer("oops", 500), *broken, about="500 each time")
    board.add(plan, "error-teapot", "manners", answer("no", 418), refused("http_error"), AskedAtMost(1))
    board.add(plan, "error-999", "manners", answer("no", 999), refused("http_error", "bad_headers", "unreachable"))
    return plan


def add_busy_feed(board: Board, plan: Plan) -> None:
    """A feed that answers 503 first."""
    text, body = board.article("feed-busy-item")
    url = board.add(
        plan, "feed-busy-item", "manners", answer(body), Stored(text), where=None, about="its feed was busy"
    )
    content = feed([]).replace("\n\n", f"<item><link>{url}</link></item>")
    plan.listener.routes["/busy.xml"] = in_turn(_busy(503, "1"), answer(content, content_type="text/xml"))
    plan.feeds.append(f"{plan.listener.origin}/busy.xml")


def add_cases(board: Board) -> Plan:
    """Every case of this class; the outlet of busy servers is returned."""
    add_robots(board)
    add_delays(board)
    plan = add_busy(board)
    add_busy_feed(board, plan)
    return plan
