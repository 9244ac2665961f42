"""The board that cases are pinned to: routes on listeners, announcements in feeds, sitemaps and sections, outlets."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from tests.site.hostile.answers import answer, by_phase
from tests.site.hostile.articles import Text
from tests.site.hostile.case import Case, Check
from tests.site.hostile.checks import Stored
from tests.site.hostile.pages import DRESSES, Dress, page
from tests.site.hostile.prose import write_text
from tests.site.hostile.server import Listener, Responder, Site

FEED, SITEMAP, SECTION = "feed", "sitemap", "section"
CANARIES = ("canary", "canary-host", "canary-far")


@dataclass(frozen=True)
class Entry:
    """A line in an outlet's feed, sitemap or section."""

    href: str
    title: str = ""
    modified: datetime | None = None
    modified_later: datetime | None = None  # what the second run is told


@dataclass
class Plan:
    """An outlet: its listener, what its file says, and what it announces."""

    id: str
    language: str
    listener: Listener
    time_zone: str = "UTC"
    crawl: dict[str, float] = field(default_factory=lambda: {"delay": 0, "concurrency": 8, "max_pages": 150})
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    also_origins: list[str] = field(default_factory=list)
    status: str = "live"
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {FEED: [], SITEMAP: [], SECTION: []})


class Board:
    """Collects the cases, and knows the site they run on. now is the time that pages date themselves by."""

    def __init__(self, site: Site, now: datetime, secret: Path) -> None:
        self.site, self.now, self.secret = site, now.replace(microsecond=0), secret
        self.cases: list[Case] = []
        self.plans: dict[str, Plan] = {}
        self._hours = 1.0
        self.canary = site.listen("canary", canary=True)

    def outlet(self, outlet_id: str, language: str, time_zone: str = "UTC", **crawl: float) -> Plan:
        """Add an outlet with a listener of its own."""
        plan = Plan(outlet_id, language, self.site.listen(outlet_id), time_zone)
        plan.crawl |= crawl
        self.plans[outlet_id] = plan
        return plan

    def origin(self, plan: Plan, name: str) -> Listener:
        """A further listener that plan's crawl may enter."""
        listener = self.site.listen(name)
        plan.also_origins.append(listener.origin)
        return listener

    def stamp(self) -> datetime:
        """A publication time of its own for each article: recent, to the minute."""
        self._hours += 0.25
        return (self.now - timedelta(hours=self._hours)).replace(second=0)

    def article(self, name: str, language: str = "en", **dress: object) -> tuple[Text, str]:
        """A text drawn by name, and a page for it."""
        text = write_text(name, language)
        given = {"style": DRESSES[len(self.cases) % len(DRESSES)], "published": self.stamp()} | dress
        return text, page(text, Dress(**given))  # type: ignore[arg-type]

    def announce(self, plan: Plan, where: str, entry: Entry) -> None:
        """Put an entry into plan's feed, sitemap or section."""
        plan.entries[where].append(entry)

    def add(
        self,
        plan: Plan,
        case_id: str,
        kind: str,
        responder: Responder | None,
        *checks: Check,
        about: str = "",
        where: str | None = FEED,
        href: str | None = None,
        marks: tuple[str, ...] = (),
        listener: Listener | None = None,
        path: str | None = None,
    ) -> str:
        """Pin a case: its page on a listener, its announcement, its checks. Returns its URL."""
        listener = listener or plan.listener
        path = path or f"/news/{case_id}"
        url = href or listener.origin + path
        if responder is not None:
            listener.routes[path] = responder
        if where is not None:
            self.announce(plan, where, Entry(url, title=case_id.replace("-", " ")))
        case = Case(case_id, kind, plan.id, checks, about, url, where or "none", marks or (case_id,))
        if any(one.id == case_id for one in self.cases):
            raise ValueError(f"two cases are called {case_id}")
        self.cases.append(case)
        return url

    def good(
        self, plan: Plan, text: Text, where: str = FEED, listener: Listener | None = None, **dress: object
    ) -> None:
        """Pin a good article."""
        published = self.stamp()
        style = DRESSES[len(self.cases) % len(DRESSES)]
        body = page(text, Dress(**({"style": style, "published": published} | dress)))  # type: ignore[arg-type]
        check = Stored(text, published, headline=True)
        about = "a good article among the others"
        self.add(plan, text.slug, "good", answer(body), check, about=about, where=where, listener=listener)

    def open(self, seed: int = 0) -> None:
        """Make the feeds, sitemaps and sections out of what was announced; a seed shuffles their order."""
        draw = random.Random(seed)
        for plan in self.plans.values():
            if seed:
                for lines in (*plan.entries.values(), plan.feeds, plan.sitemaps, plan.sections):
                    draw.shuffle(lines)  # type: ignore[arg-type]
            origin, routes = plan.listener.origin, plan.listener.routes
            if plan.entries[FEED]:
                plan.feeds.insert(0, f"{origin}/feed.xml")
                feeds = [
                    answer(feed(plan.entries[FEED], later), content_type="application/rss+xml") for later in (0, 1)
                ]
                routes["/feed.xml"] = by_phase(*feeds)
            if plan.entries[SITEMAP]:
                plan.sitemaps.insert(0, f"{origin}/sitemap.xml")
                maps = [answer(sitemap(plan.entries[SITEMAP], late), content_type="text/xml") for late in (0, 1)]
                routes["/sitemap.xml"] = by_phase(*maps)
            if plan.entries[SECTION]:
                plan.sections.insert(0, f"{origin}/latest")
                routes["/latest"] = answer(section(plan.entries[SECTION]))


def feed(entries: list[Entry], later: int = 0) -> str:
    """An RSS 2.0 feed; Atom's updated says when an item changed."""
    items = []
    for entry in entries:
        changed = (entry.modified_later if later else None) or entry.modified
        extra = f"<atom:updated>{changed.isoformat()}</atom:updated>" if changed else ""
        extra += f"<pubDate>{format_datetime(changed)}</pubDate>" if changed else ""
        link, title = escape(entry.href), escape(entry.title)
        items.append(f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>{extra}</item>")
    return rss("\n".join(items))


def rss(items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>', doctype: str = "") -> str:
    """A feed around items."""
    return (
        f'{declaration}\n{doctype}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Feed</title><link>/</link><description>News</description>\n{items}\n</channel></rss>"
    )


def sitemap(entries: list[Entry], later: int = 0) -> str:
    """A sitemap with lastmod where known."""
    rows = []
    for entry in entries:
        changed = (entry.modified_later if later else None) or entry.modified
        extra = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        rows.append(f"<url><loc>{escape(entry.href)}</loc>{extra}</url>")
    return urlset("".join(rows))


def urlset(rows: str, kind: str = "urlset") -> str:
    """A sitemap (or, by kind sitemapindex, an index) around rows."""
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{kind} xmlns="{space}">{rows}</{kind}>'


def section(entries: list[Entry], head: str = "", tail: str = "") -> str:
    """A listing page."""
    links = "".join(f'<li><a href="{escape(one.href)}">{escape(one.title or "more")}</a></li>' for one in entries)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Latest</title>{head}</head>'
        f"<body><h1>Latest</h1><ul>{links}</ul>{tail}</body></html>"
    )
