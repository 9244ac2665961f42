"""Pages of the site: an article's text in one of several dresses, with the furniture that news pages have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

from tests.site.hostile.articles import Text

FURNITURE = {
    "en": ("Home", "World", "Sport", "Most read today", "All rights reserved"),
    "ar": ("الرئيسية", "العالم", "رياضة", "الأكثر قراءة اليوم", "جميع الحقوق محفوظة"),
    "tr": ("Ana sayfa", "Dünya", "Spor", "Bugün en çok okunanlar", "Tüm hakları saklıdır"),
    "fa": ("خانه", "جهان", "ورزش", "پربازدیدهای امروز", "همه‌ی حقوق محفوظ است"),
}
DRESSES = ("jsonld", "og", "microdata", "time")


@dataclass(frozen=True)
class Dress:
    """How a page shows its text: where the date stands, what else is in the head and around the body."""

    style: str = "jsonld"
    published: datetime | None = None
    modified: datetime | None = None
    head: str = ""
    before: str = ""
    after: str = ""
    charset: str | None = "utf-8"
    date_text: str | None = None  # the date as printed, instead of the ISO form


def _metadata(text: Text, dress: Dress) -> str:
    stamp = dress.date_text or (dress.published.isoformat() if dress.published else None)
    if dress.style == "jsonld":
        record = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": text.headline}
        record |= {"author": {"@type": "Person", "name": text.author}}  # type: ignore[dict-item]
        record |= {"datePublished": stamp} if stamp else {}
        record |= {"dateModified": dress.modified.isoformat()} if dress.modified else {}
        return f'<script type="application/ld+json">{json.dumps(record, ensure_ascii=False)}</script>'
    if dress.style == "og":
        tags = {"og:type": "article", "og:title": text.headline}
        tags |= {"article:published_time": stamp} if stamp else {}
        tags |= {"article:modified_time": dress.modified.isoformat()} if dress.modified else {}
        return "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in tags.items())
    return ""


def _dateline(text: Text, dress: Dress) -> str:
    if dress.style == "microdata" and dress.published:
        stamp = dress.published.isoformat()
        return f'<span itemprop="author">{escape(text.author)}</span> <meta itemprop="datePublished" content="{stamp}">'
    if dress.style == "time" and dress.published:
        stamp = dress.published.isoformat()
        return f'<span class="author">{escape(text.author)}</span> <time datetime="{stamp}">{stamp[:10]}</time>'
    return f'<span class="author">{escape(text.author)}</span>'


def page(text: Text, dress: Dress = Dress()) -> str:
    """A whole HTML page around text."""
    home, world, sport, most_read, rights = FURNITURE[text.language]
    direction = "rtl" if text.language in ("ar", "fa") else "ltr"
    scope = ' itemscope itemtype="https://schema.org/NewsArticle"' if dress.style == "microdata" else ""
    charset = f'<meta charset="{dress.charset}">' if dress.charset else ""
    paragraphs = "\n".join(f"<p>{escape(one, quote=False)}</p>" for one in text.paragraphs)
    return f"""<!doctype html>
<html lang="{text.language}" dir="{direction}">
<head>{charset}<title>{escape(text.headline)}</title>
{_metadata(text, dress)}
{dress.head}</head>
<body>
<header><nav><a href="/">{home}</a> <a href="/world">{world}</a> <a href="/sport">{sport}</a></nav></header>
{dress.before}
<main><article{scope}>
<h1 itemprop="headline">{escape(text.headline)}</h1>
<div class="byline">{_dateline(text, dress)}</div>
<div class="article-body" itemprop="articleBody">
{paragraphs}
</div>
</article></main>
{dress.after}
<aside><h3>{most_read}</h3><ul><li><a href="/world">{world}</a></li><li><a href="/sport">{sport}</a></li></ul></aside>
<footer><p>&copy; 2024 {rights}</p></footer>
</body></html>
"""


def bare(title: str, inner: str, language: str = "en", head: str = "") -> str:
    """A page that is no article."""
    home, world, sport, _, rights = FURNITURE[language]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<nav><a href="/">{home}</a> <a href="/world">{world}</a> <a href="/sport">{sport}</a></nav>'
        f"<main>{inner}</main><footer>&copy; {rights}</footer></body></html>"
    )
