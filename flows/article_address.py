"""Which address an article goes by: the page's own canonical link where that can be believed."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pipeline.urls import origin_of, url_key

# A number that tells one article from another (no year, no date), and a slug long enough to be one article's own.
ID = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d{5,}")
SHORTEST_SLUG = 12


def article_address(url: str, canonical: str | None) -> str:
    """The canonical address where it is the same article's by all signs, else the address the page came from.

    A template whose canonical link is always the front page, or always one article, must not fold a whole outlet into
    one article: the canonical must lie on the same origin and share the page's number or its slug.
    """
    if canonical is None or origin_of(canonical) != origin_of(url):
        return url
    if url_key(canonical) == url_key(url) or _marks(canonical) & _marks(url):
        return canonical
    return url


def _marks(url: str) -> set[str]:
    """Numbers and slugs of an address that can only be one article's."""
    parts = urlsplit(url)
    segments = [unquote(one).lower() for one in parts.path.split("/") if one]
    slugs = {one.removesuffix(".html").removesuffix(".amp") for one in segments[-2:] if len(one) >= SHORTEST_SLUG}
    return slugs | set(ID.findall(f"{'/'.join(segments[-2:])}?{parts.query}"))
