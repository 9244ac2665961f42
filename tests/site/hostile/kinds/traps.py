"""Listings without end, and the many addresses of one article."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, quote, urlsplit

from tests.site.hostile.answers import answer, redirect
from tests.site.hostile.board import FEED, SITEMAP, Board, Entry, Plan, section
from tests.site.hostile.checks import AskedAtMost, ListenerAskedAtMost, Stored, Versions
from tests.site.hostile.server import Piece, Visit

LISTING_PAGES = 6  # limits.listing_pages of this site's settings


def add_listings(board: Board, plan: Plan) -> None:
    """Pages by rel=next, months of a calendar, paths that deepen, sessions in every link."""
    origin, routes, prefixes = plan.listener.origin, plan.listener.routes, plan.listener.prefixes

    def numbered(visit: Visit) -> Iterable[Piece]:
        page = int(parse_qs(urlsplit(visit.target).query).get("page", ["1"])[0])
        following = f'<link rel="next" href="{visit.path}?page={page + 1}">'
        links = [Entry(f"{origin}/news/listed-first", "first")]
        return answer(section(links, following, f'<a rel="next" href="?page={page + 1}">older</a>'))(visit)

    def monthly(visit: Visit) -> Iterable[Piece]:
        month = int(visit.path.rsplit("/", 1)[1])
        arrows = f'<a rel="prev" href="{month - 1}">&lt;</a> <a rel="next" href="{month + 1}">&gt;</a>'
        days = [Entry(f"/calendar/{month}/{day}", str(day)) for day in range(1, 32)]
        return answer(section(days, "", arrows))(visit)

    def deepening(visit: Visit) -> Iterable[Piece]:
        return answer(section([], '<link rel="next" href="deeper/">', '<a rel="next" href="deeper/">on</a>'))(visit)

    def with_session(visit: Visit) -> Iterable[Piece]:
        token = f"{visit.nth:03d}{'ab' * 14}"
        names = (";jsessionid={}", "?PHPSESSID={}", "?sid={}", "?sessionid={}")
        links = [Entry(f"{origin}/news/session-article{form.format(token)}", "story") for form in names]
        following = f'<link rel="next" href="/sessions?s={visit.nth + 1}{token}">'
        return answer(section(links, following))(visit)

    routes |= {"/numbered": numbered, "/sessions": with_session, "/next-is-self": answer(section([], _next("")))}
    prefixes |= {"/calendar/": monthly, "/deep/": deepening}
    plan.sections += [
        f"{origin}{path}" for path in ("/numbered", "/calendar/600", "/deep/", "/sessions", "/next-is-self")
    ]
    for name, mark, about in (
        ("listing-endless", "numbered", "rel=next for ever"),
        ("listing-calendar", "calendar", "months without end"),
        ("listing-deepening", "deep", "a path that grows with every page"),
        ("listing-sessions", "sessions", "a new session in every link"),
    ):
        bound = AskedAtMost(LISTING_PAGES, (mark,))
        board.add(plan, name, "trap", None, bound, where=None, marks=(mark,), about=about)
    bound = AskedAtMost(1, ("next-is-self",))
    board.add(plan, "listing-self", "trap", None, bound, where=None, about="the next page is the page itself")
    text, body = board.article("listed-first", "tr")
    board.add(plan, "listed-first", "trap", answer(body), Stored(text), AskedAtMost(1), where=None)
    text, body = board.article("session-article", "tr")
    checks = (Stored(text), AskedAtMost(2))
    prefixes["/news/session-article"] = answer(body)
    board.add(plan, "session-article", "variant", None, *checks, where=None, about="one article, ever new sessions")
    whole = ListenerAskedAtMost("traps", 150)
    board.add(plan, "traps-bounded", "trap", None, whole, where=None, about="the outlet as a whole stays in bounds")


def _next(href: str) -> str:
    return f'<link rel="next" href="{href}">'


def add_variants(board: Board, plan: Plan) -> None:
    """Addresses of one article: parameters, fragments, escapes, print and amp pages."""
    origin, port = plan.listener.origin, plan.listener.port
    name = "çeşme"
    variants = {
        "variant-utm": ["", "?utm_source=rss&utm_medium=feed", "?utm_campaign=%D8%A7", "?UTM_Source=x"],
        "variant-clicks": ["", "?fbclid=IwAR0abc", "?gclid=123", "?igshid=1&mc_cid=2&mc_eid=3", "?_ga=1.2"],
        "variant-fragment": ["", "#comments", "#:~:text=x", "#"],
        "variant-order": ["?id=7&part=2", "?part=2&id=7", "?id=7&part=2&utm_term=a"],
        "variant-escapes": [f"/{quote(name)}", f"/{name}", f"/{quote(name).lower()}", "/%C3%A7e%C5%9Fm%65"],
        "variant-unknown": ["", "?partner=msn", "?tok=8f8a7&pos=3", "?from=homepage_slot_4"],
        "variant-dots": ["", "/../variant-dots", "/./../variant-dots"],
    }
    for case_id, endings in variants.items():
        text, body = board.article(case_id, "tr")
        most = 2 if case_id != "variant-unknown" else 2 * len(endings)  # what they are is seen from their text
        checks = (Stored(text), AskedAtMost(most))
        for ending in endings[1:]:
            board.announce(plan, FEED, Entry(f"{origin}/news/{case_id}{ending}", case_id))
        plan.listener.prefixes[f"/news/{case_id}"] = answer(body)
        href = f"{origin}/news/{case_id}{endings[0]}"
        board.add(plan, case_id, "variant", None, *checks, href=href, where=SITEMAP, about=f"{len(endings)} spellings")
    text, body = board.article("variant-host", "tr")
    board.announce(plan, FEED, Entry(f"HTTP://127.0.0.1:{port}/news/variant-host", "x"))
    board.announce(plan, FEED, Entry(f"http://127.0.0.1:0{port}/news/variant-host", "x"))
    board.add(plan, "variant-host", "variant", answer(body), Stored(text), AskedAtMost(2), about="scheme in capitals")
    text, body = board.article("variant-redirects", "tr")
    board.announce(plan, FEED, Entry(f"{origin}/go/variant-redirects", "x"))
    plan.listener.routes["/go/variant-redirects"] = redirect("/news/variant-redirects?utm_source=go")
    board.add(plan, "variant-redirects", "variant", answer(body), Stored(text), about="a short link beside the address")


def add_twins(board: Board, plan: Plan) -> None:
    """Pages that name each other, or all the same page, as canonical."""
    origin = plan.listener.origin
    for case_id, forms in {
        "variant-amp": ("/amp/news/variant-amp", "/news/variant-amp/amp"),
        "variant-print": ("/news/variant-print?print=1", "/print/variant-print"),
        "variant-mobile": ("/m/news/variant-mobile", "/news/variant-mobile?view=mobile"),
    }.items():
        head = f'<link rel="canonical" href="{origin}/news/{case_id}">'
        text, body = board.article(case_id, "tr", head=head)
        for form in forms:
            plan.listener.routes[form] = answer(body)
            board.announce(plan, FEED, Entry(origin + form, case_id))
        board.add(plan, case_id, "variant", answer(body), Stored(text), about="with a canonical link to the article")
    for one, other in (("circle-left", "circle-right"), ("circle-right", "circle-left")):
        head = f'<link rel="canonical" href="{origin}/news/{other}">'
        body = board.article("circle", "tr", head=head)[1].replace("</p>", f" ({one[7:]})</p>", 1)
        board.add(plan, one, "variant", answer(body), AskedAtMost(2), about=f"its canonical is {other}")
    for case_id in ("canonical-fixed-1", "canonical-fixed-2", "canonical-fixed-3"):
        text, body = board.article(case_id, "tr", head='<link rel="canonical" href="/news/canonical-fixed-2">')
        about = "a template that names one article as the canonical of all"
        board.add(plan, case_id, "variant", answer(body), Stored(text), Versions(1), about=about)
    for case_id in ("canonical-home-1", "canonical-home-2"):
        text, body = board.article(case_id, "tr", head='<link rel="canonical" href="/">')
        board.add(plan, case_id, "variant", answer(body), Stored(text), about="every page says canonical is /")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("traps", "tr", "Europe/Istanbul")
    add_listings(board, plan)
    add_variants(board, plan)
    add_twins(board, plan)
    return plan
