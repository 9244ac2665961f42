"""Which address an article goes by: the page's own canonical link where that can be believed, or its path alone."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from pipeline.urls import origin_of, url_key

# A number that tells one article from another (no year, no date), and a slug long enough to be one article's own.
ID = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d{5,}")
SHORTEST_SLUG = 12
FEWEST_WORDS = 3  # of a slug that names an article whatever the query says
NAMING = re.compile(r"(?:id|no|num|nr|key|page|part|article|story|item|post)$|^[pnat]$", re.IGNORECASE)  # parameters
PROGRAM = re.compile(r"\.(?:php\d?|aspx?|jspx?|cgi|cfm|do|pl|dll)$", re.IGNORECASE)  # shows what its query asks for


def article_address(url: str, canonical: str | None) -> str:
    """The canonical address where it is the same article's by all signs, else the address the page came from.

    A template whose canonical link is always the front page, or always one article, must not fold a whole outlet into
    one article: the canonical must lie on the same origin and share the page's number or its slug, or be the page's
    own address with fewer parameters, one of which holds a number.
    """
    if canonical is None or origin_of(canonical) != origin_of(url):
        return url
    if url_key(canonical) == url_key(url) or _marks(canonical) & _marks(url) or _says_less(canonical, url):
        return canonical
    return url


def place_of(url: str) -> str | None:
    """The address without its query, where the path names one article by itself: by its number or a slug of words.

    A slug that is short does so where no parameter looks like an article's number.
    """
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    if PROGRAM.search(last):
        return None
    pieces = [piece for piece in re.split(r"[\W_]+", last.removesuffix(".html")) if piece]
    words = [piece for piece in pieces if len(piece) > 1 and not any(letter.isdigit() for letter in piece)]
    is_short = len(pieces) > 1 and bool(words) and not any(_is_number(*one) for one in parse_qsl(parts.query))
    if not (ID.search(last) or len(words) >= FEWEST_WORDS or is_short):
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _is_number(name: str, value: str) -> bool:
    return NAMING.search(name) is not None and any(letter.isdigit() for letter in value)


def _says_less(canonical: str, url: str) -> bool:
    """`story?id=7` on the page `story?id=7&from=top`."""
    asked, page = urlsplit(canonical), urlsplit(url)
    kept = set(parse_qsl(asked.query))
    named = any(any(letter.isdigit() for letter in value) for _, value in kept)
    return asked.path == page.path and named and kept < set(parse_qsl(page.query))


def _marks(url: str) -> set[str]:
    """Numbers and slugs of an address that can only be one article's."""
    parts = urlsplit(url)
    segments = [unquote(one).lower() for one in parts.path.split("/") if one]
    slugs = {one.removesuffix(".html").removesuffix(".amp") for one in segments[-2:] if len(one) >= SHORTEST_SLUG}
    return slugs | set(ID.findall(f"{'/'.join(segments[-2:])}?{parts.query}"))
