"""Section pages: which of their links are articles, and where the next page is."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from pipeline.archive.payload import gunzip
from pipeline.discover.found import Collector, Found, Source
from pipeline.discover.html_links import read_links
from pipeline.reasons import Reason
from pipeline.urls import clean_url, same_origin

FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz|rar|mp[34]|m4a|avi|mov|webm|apk|exe)$",
    re.IGNORECASE,
)
# Segments that name listings, services and people, in the languages crawled first.
NO_ARTICLE = re.compile(
    r"^(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|writers?|kategori|etiket|yazar(?:lar)?|search|arama|login|"
    r"log-?in|sign-?(?:in|up)|register|account|subscribe|subscription|newsletters?|(?:contact|about)(?:-us)?|"
    r"privacy(?:-policy)?|terms(?:-(?:of|and)-(?:use|service|conditions))?|cookies?(?:-policy)?|imprint|kunye|"
    r"archives?|arsiv|calendar|takvim|page|sayfa|feeds?|rss|sitemap|cart|shop|wp-(?:admin|login|json)|cdn-cgi|"
    r"كاتب|الكاتب|وسم|وسوم|تصنيف|بحث|ارشيف|أرشيف|اتصل-بنا|من-نحن)$",
    re.IGNORECASE,
)
DATED = re.compile(r"/(?:19|20)\d{2}/(?:0?[1-9]|1[0-2])(?:/\d{1,2})?/")
NUMBERED = re.compile(r"(?:^|[-_/=.])\d{4,}(?:\.\w{2,5})?$")
LETTERS = re.compile(r"[^\W\d_]")
MAX_SEGMENTS = 12
LEAST_SLUG_LETTERS = 18
LEAST_HEADLINE_LETTERS = 20
LEAST_HEADLINE_WORDS = 4


def parse_section(data: bytes, source: Source, article_urls: str | None = None) -> Found:
    """Article links of a section page: those that article_urls is found in, else those that look it. Never raises."""
    collector = Collector(source)
    inflated = gunzip(data, source.max_bytes)
    if inflated.problem is not None:
        collector.tell(inflated.problem, "the compressed page is not whole")
    page = read_links(inflated.data, source.content_type)
    base = _base(page.base, source.url)
    wanted = re.compile(article_urls) if article_urls else None
    for link in page.links:
        url, reason = clean_url(link.href, base)
        if reason is not None or url.rstrip("/") == source.url.rstrip("/"):
            continue
        if wanted.search(url) if wanted else (same_origin(url, source.url) and looks_like_article(url, link.text)):
            collector.add(
                url, headline=link.text if len(LETTERS.findall(link.text)) >= LEAST_HEADLINE_LETTERS else None
            )
    if page.cut:
        collector.tell(Reason.TOO_LARGE, f"more than {len(page.links)} links; the first ones are taken")
    next_page = None
    if page.next_href:
        url, reason = clean_url(page.next_href, base)
        next_page = url if reason is None and url != source.url else None
    return collector.found(next_page=next_page)


def looks_like_article(url: str, text: str) -> bool:
    """A guess from the address and the words of the link: a long slug, a number or a date, not a listing or a file."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    if not segments or len(segments) > MAX_SEGMENTS or FILES.search(path) or _repeats(segments):
        return False
    last = segments[-1]
    if any(NO_ARTICLE.match(segment) for segment in segments):
        return False
    if NUMBERED.search(last) or (not last.isdigit() and NUMBERED.search(parts.query)):
        return len(LETTERS.findall(text)) >= LEAST_HEADLINE_LETTERS / 2 or len(LETTERS.findall(last)) >= 8
    headline = len(LETTERS.findall(text)) >= LEAST_HEADLINE_LETTERS
    is_slug = len(re.findall(r"[-_ ]", last)) >= 2
    long_enough = headline or len(LETTERS.findall(last)) >= LEAST_SLUG_LETTERS
    if (is_slug and long_enough) or (bool(DATED.search(path)) and (headline or "-" in last)):
        return True
    # A link of a sentence's length to a page with a number of its own.
    return headline and len(text.split()) >= LEAST_HEADLINE_WORDS and any(letter.isdigit() for letter in last)


def _repeats(segments: list[str]) -> bool:
    return any(segments.count(segment) >= 3 for segment in set(segments))


def _base(stated: str | None, url: str) -> str:
    if not stated:
        return url
    try:
        joined = urljoin(url, stated)
    except ValueError:
        return url
    return joined if joined.startswith(("http://", "https://")) else url
