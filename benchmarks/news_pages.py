"""Made-up pages of six news sites that are built as differently as real ones, with nothing of any real page in them.

Modelled on what was counted in 297 saved pages of 218 sites (scrapinghub's article-extraction-benchmark and the open
pages of Fundus's test data). Median, in brackets lower and upper quartile:

                               real pages            these
    kB                         149 (82 to 287)       131 (89 to 163)
    elements                   804 (522 to 1,111)    746 (471 to 827)
    links                      146 (89 to 228)       155 (105 to 182)
    list items                 102 (44 to 161)       111 (75 to 120)
    pictures                   15 (8 to 32)          20 (12 to 30)
    scripts                    30 (18 to 47)         29 (16 to 45)
    kB in them                 32 (13 to 81)         34 (8 to 42)
    kB of style rules          2 (0 to 32)           2 (0 to 32)
    words shown                1,292 (871 to 1,885)  1,338 (1,066 to 1,652)
    words of the article       597 (357 to 961)      541 (360 to 828)

Real pages vary more, as nearly each is another site's; the eight of a megabyte and more have no like here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.synthetic import Newsroom

_SMALL = ["في", "من", "على", "إلى", "أن", "عن", "مع", "هذا", "التي", "الذي", "كان", "بعد", "قد"]
_MONTHS = ["كانون الثاني", "فبراير", "مارس", "نيسان", "مايو", "يونيو"]
_UTILITIES = "flex relative mx-auto px-4 py-2 text-sm font-medium leading-6 md:w-1/2 lg:px-8 dark:bg-gray-900"
_SHORTEST, _USUAL, _LONGEST = 120, 370, 2_500  # words of an article
_ICON = (
    '<svg viewBox="0 0 24 24" width="24" height="24" class="icon"><path fill="currentColor" d="M12 2C6.48 2 2 6.48 2 '
    '12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm1 15h-2v-6h2v6zm0-8h-2V7h2v2z"/></svg>'
)
_WIDTHS = (320, 480, 640, 960, 1280)
_CODE = "(function(w,d){var s=w.slots||(w.slots=[]);s.push({id:'%d',size:[[300,250],[728,90]],path:'/n/%d'})})(window);"
_RULE = ".block-%d .inner{margin:0 auto 16px;padding:4px 8px;color:#1a1a1a;border-bottom:1px solid #e%d0e%d0}"


@dataclass(frozen=True, slots=True)
class Site:
    """How one site builds its pages: `dress` is the class of a part, the numbers are of items, or of kB."""

    dress: str
    semantic: bool  # article, section and aside; else div
    boxes: int  # around each part
    menu: int
    cards: int
    icons: int
    scripts: int
    script_kb: int
    style_kb: int
    has_linked_data: bool = True
    has_state: bool = False  # the article once more, as an application's data
    time_tag: bool = True


SITES = (
    Site("{part} entry-{part} wp-block-{part}", True, 2, 64, 10, 0, 46, 70, 32),
    Site("c-{part} c-{part}--{number} js-{part}", True, 4, 150, 28, 60, 30, 130, 2),
    Site(_UTILITIES, False, 6, 70, 18, 120, 44, 75, 0, has_state=True),
    Site("{part}_{number} clearfix", False, 3, 100, 30, 0, 18, 16, 0, has_linked_data=False, time_tag=False),
    Site("{part}", True, 2, 36, 6, 0, 12, 12, 120),
    Site("{part}__wrap{number} col-md-8", False, 5, 110, 14, 6, 30, 32, 1, time_tag=False),
)


def make_pages(count: int, seed: int = 7) -> Iterator[bytes]:
    """So many pages, of the sites in turn."""
    room = Newsroom(seed)
    for number in range(count):
        yield _Page(room, SITES[number % len(SITES)], number).markup().encode()


class _Page:
    """Writes one page."""

    def __init__(self, room: Newsroom, site: Site, number: int) -> None:
        self.room, self.site, self.number = room, site, number
        self.day, self.hour = number % 28 + 1, number % 24
        self.published = f"2026-03-{self.day:02d}T{self.hour:02d}:15:00+00:00"
        self.headline = self.line(10)
        words = int(np.clip(room.dice.lognormal(np.log(_USUAL), 0.7), _SHORTEST, _LONGEST))
        self.text = [f"{self.said(some)}." for some in room.paragraphs(words)]

    def markup(self) -> str:
        """The whole page."""
        head = f"{self.statements()}{self.styles()}{self.linked_data()}{self.scripts()}"
        main = self.box("main", self.article() + self.aside(), "main")
        return (
            f'<!doctype html><html lang="ar" dir="rtl"><head><title>{self.headline}</title>{head}</head><body>'
            f"{self.header()}{main}{self.footer()}{self.state()}{self.scripts()}</body></html>"
        )

    def line(self, words: int) -> str:
        """So many words."""
        return self.said(self.room.words(words))

    def said(self, words: list[str]) -> str:
        """Words as a sentence: readers of pages know text by the small words of its language."""
        return " ".join(
            f"{word} {_SMALL[at // 3 % len(_SMALL)]}" if at % 3 == 1 else word for at, word in enumerate(words)
        )

    def box(self, part: str, inner: str, tag: str = "div") -> str:
        """A part of the page in its boxes."""
        tag = tag if self.site.semantic else "div"
        dress = self.site.dress.format(part=part, number=len(inner) % 7)
        boxes = self.site.boxes - 1
        opened = f'<div class="{self.site.dress.format(part="inner", number=boxes)}" style="margin: 0 auto">' * boxes
        return f'<{tag} class="{dress}" data-component="{part}">{opened}{inner}{"</div>" * boxes}</{tag}>'

    def link(self, part: str, number: int, inner: str) -> str:
        """A link, with an address and a note for the counters as long as such are."""
        address = (
            f"https://www.news.example/{part}/2026/03/{self.day:02d}/{part}-of-the-day-and-what-came-of-it-{number}"
        )
        noted = f'data-track="zone:{part};place:{number};page:{self.number};kind:link" data-id="{part}-{number}"'
        return f'<a class="{part}-link" href="{address}" {noted}>{inner}</a>'

    def picture(self, number: int) -> str:
        """A picture in several sizes."""
        sizes = ", ".join(f"https://cdn.news.example/{number}/{wide}x{wide * 2 // 3}.jpg {wide}w" for wide in _WIDTHS)
        return (
            f'<img src="/p/{number}.jpg" srcset="{sizes}" sizes="100vw" width="320" height="213" alt="" loading="lazy">'
        )

    def statements(self) -> str:
        """Metas and links of the head."""
        named = {"og:title": self.headline, "og:type": "article", "og:url": f"https://news.example/{self.number}"}
        named |= {"og:description": self.text[0][:160], "article:published_time": self.published}
        named |= {f"app:{number}": self.line(2) for number in range(24)}
        metas = "".join(f'<meta property="{name}" content="{value}">' for name, value in named.items())
        fonts = "".join(f'<link rel="preload" as="font" href="/assets/{n}.woff2" crossorigin>' for n in range(20))
        return f'<meta charset="utf-8">{metas}{fonts}'

    def styles(self) -> str:
        rules = "".join(_RULE % (n, n % 10, n % 10) for n in range(self.site.style_kb * 1_000 // len(_RULE)))
        return f"<style>{rules}</style>" if rules else ""

    def scripts(self) -> str:
        """Half of the page's scripts: in the head, and again at the end."""
        each = self.site.script_kb * 1_000 // self.site.scripts // len(_CODE) + 1
        code = "".join(_CODE % (n, n) for n in range(each))
        return f'<script>{code}</script><script async src="/s.js"></script><!-- slot -->' * (self.site.scripts // 4)

    def linked_data(self) -> str:
        if not self.site.has_linked_data:
            return ""
        node: dict[str, object] = {"@type": "NewsArticle", "headline": self.headline, "datePublished": self.published}
        node |= {"author": {"@type": "Person", "name": self.line(2)}, "description": self.text[0]}
        return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'

    def state(self) -> str:
        if not self.site.has_state:
            return ""
        held = {"props": {"article": {"title": self.headline, "blocks": [{"type": "p", "text": t} for t in self.text]}}}
        return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(held, ensure_ascii=False)}</script>'

    def items(self, part: str, count: int, words: int = 2) -> str:
        """A list of links."""
        inner = "".join(f'<li id="{part}-{n}">{self.link(part, n, self.line(words))}</li>' for n in range(count))
        return self.box(part, f"<ul>{inner}</ul>", "nav")

    def icons(self, count: int) -> str:
        return _ICON * (count // 2)

    def form(self, part: str) -> str:
        fields = f'<input type="text" name="q"><input type="hidden" name="t" value="{self.number}">'
        return self.box(part, f'<form action="/{part}">{fields}<button type="submit">{self.line(1)}</button></form>')

    def header(self) -> str:
        logo = f'<a href="/"><img src="/logo.png" alt="{self.line(2)}"></a>{self.icons(self.site.icons // 2)}'
        return self.box("header", logo + self.items("menu", self.site.menu // 2) + self.form("search"), "header")

    def when(self) -> str:
        """The date as printed."""
        printed = f"{self.day} {_MONTHS[2]} 2026 - {self.hour:02d}:15"
        return (
            f'<time datetime="{self.published}">{printed}</time>' if self.site.time_tag else f"<span>{printed}</span>"
        )

    def article(self) -> str:
        picture = f"<figure>{self.picture(self.number)}<figcaption>{self.line(9)}</figcaption></figure>"
        by = self.box("byline", f'<span class="author"><a href="/author/7">{self.line(2)}</a></span> {self.when()}')
        share = self.box("share", f'<a href="/share"><i></i></a><span>{self.icons(8)}</span>' * 4)
        head = self.box("title", f"<h1>{self.headline}</h1><p>{self.line(18)}</p>", "header") + by + share + picture
        text = self.box("content", "".join(self.paragraphs()), "section")
        return self.box("article", head + text + self.items("tags", 6) + self.form("newsletter"), "article")

    def paragraphs(self) -> Iterator[str]:
        """The text, with links in it, a heading now and then, and what stands between its paragraphs."""
        for at, text in enumerate(self.text):
            first, _, rest = text.partition(" ")
            linked = f"{self.link('topic', at, first)} {rest}" if at % 3 == 1 else text
            yield f"<p>{linked}</p>"
            if at % 6 == 3:
                yield self.box("ad", f'<div id="slot-{at}"></div>')
            if at % 8 == 5:
                yield f"<h2>{self.line(5)}</h2>"
            if at == 4:
                yield self.box("related", self.link("news", at, self.line(8)), "aside")

    def aside(self) -> str:
        cards = "".join(
            self.box(
                "card",
                self.link("news", n, self.picture(n))
                + (f"<h3>{self.link('news', n, self.line(7))}</h3>" if n % 2 else self.link("news", n, self.line(7)))
                + f'<span class="label"><span>{self.line(1)}</span></span><span class="when">{self.when()}</span>'
                + (f"<p>{self.line(12)}</p>" if n % 4 == 0 else ""),
            )
            for n in range(self.site.cards)
        )
        return self.box("sidebar", self.items("popular", 5, 7) + cards, "aside")

    def footer(self) -> str:
        columns = self.items("sections", self.site.menu // 4) + self.items("about", self.site.menu // 4)
        return self.box("footer", columns + self.icons(self.site.icons // 2) + f"<p>{self.line(25)}</p>", "footer")
