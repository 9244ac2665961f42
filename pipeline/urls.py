"""URLs: cleaning what a page links to, and one key for all the addresses of one article."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_from_bytes, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna

from pipeline.reasons import Reason

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Longer addresses exist, but none that a news site announces; common servers refuse 8 KB, the ledger's key holds 2,100.
MAX_URL_LENGTH = 2_000
DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where a reader came from, not what is shown. Names as the vendors document them.
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|"
    r"mc_[ce]id|mkt_tok|_ga|_gl|_hsenc|_hsmi|__hs\w+|hsctatracking|vero_id|vero_conv|wickedid|oly_(?:enc|anon)_id|"
    r"rb_clickid|s_cid|cmpid|cmp|ncid|ito|smid|smtyp|xtor|at_(?:medium|campaign|custom\w*|bbc_team|link_\w+|format|ptr_\w+)|"
    r"pk_(?:campaign|kwd|source|medium)|mtm_\w+|matomo_\w+|piwik_\w+|spm|_branch_match_id|__twitter_impression|"
    r"share_?id|srsltid|campaign_id|ref_src|ref_url|guccounter|guce_\w+)$",
    re.IGNORECASE,
)
# Names that track or mean something, by their value: `ref=rss` tracks, `ref=A-4711` may be the article.
MAYBE_TRACKING = frozenset({"ref", "source", "src", "from", "via", "share", "origin", "referrer"})
TRACKING_VALUES = frozenset(
    re.split(
        r"\s+",
        "rss feed atom twitter x facebook fb whatsapp telegram instagram linkedin pinterest email mail newsletter push "
        "home homepage mainpage google googlenews share social mobile app tw wa tg",
    )
)
SESSION = re.compile(
    r"^(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|oscsid|zenid|cfid|cftoken)$",
    re.IGNORECASE,
)
# `sid` is a session id where it looks random, and an article's number where it does not.
SHORT_SESSION = re.compile(r"^(?:sid|sess|session|s)$", re.IGNORECASE)
RANDOM_VALUE = re.compile(r"^(?=.*[a-zA-Z])(?=.*\d)[a-zA-Z0-9,_-]{16,}$")
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/?;]*", re.IGNORECASE)
PATH_SEGMENT_SESSION = re.compile(r"/\((?:S|A|F)\([a-zA-Z0-9]{20,}\)\)(?=/)")  # ASP.NET cookieless sessions
VIEW = frozenset({("outputtype", "amp"), ("output", "amp"), ("view", "amp"), ("view", "print"), ("view", "mobile")})
SWITCH = frozenset({"amp", "print", "printable", "mobile", "m"})
SWITCHED_ON = frozenset({"", "1", "true", "yes", "on", "y"})
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
HOST_PREFIX = re.compile(r"^(?:www\d?|m|mobile|mobil|amp|wap)\.")
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"`{}|^]")
SAFE_IN_PATH = "/~!$&'()*+,;=:@-._"
SAFE_IN_QUERY = "/?~!$'()*,;:@-._"

Origin = tuple[str, str, int]


@lru_cache(maxsize=1024)  # a crawl asks these of one address a dozen times
def clean_url(href: str, base: str | None = None) -> tuple[str, Reason | None]:
    """An absolute http(s) URL without fragment, host in ASCII; the reason where href is none that can be fetched."""
    text = href.strip(" \t\r\n\f\v\u200b\u200e\u200f\ufeff").replace("\n", "").replace("\r", "").replace("\t", "")
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        if parts.scheme not in DEFAULT_PORTS:
            return text, Reason.BAD_SCHEME if parts.scheme else Reason.BAD_URL
        if not parts.hostname or "@" in parts.netloc or "\\" in joined:
            return text, Reason.BAD_URL
        host, port = ascii_host(parts.hostname), parts.port
    except ValueError:
        return text, Reason.BAD_URL
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path = _escape(parts.path, SAFE_IN_PATH + "%") or "/"
    query = _escape(parts.query, SAFE_IN_QUERY + "&=+%[]")
    url = urlunsplit((parts.scheme, netloc, path, query, ""))
    bad = len(url) > MAX_URL_LENGTH or FORBIDDEN.search(url) or port == 0
    return url, Reason.BAD_URL if bad else None


@lru_cache(maxsize=1024)
def ascii_host(host: str) -> str:
    """A host name in lower-case ASCII (IDNA 2008 with UTS 46). Raises ValueError where it is none."""
    host = host.rstrip(".").lower()
    if ":" in host or _is_ipv4(host):
        return str(ipaddress.ip_address(host.partition("%")[0]))
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        # Underscores and hyphens in odd places are no IDNA, and still serve pages.
        if host.isascii() and re.fullmatch(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", host):
            return host
        raise ValueError(f"no host name: {host[:80]!r}") from error


@lru_cache(maxsize=1024)
def origin_of(url: str) -> Origin:
    """(scheme, host, port) of a URL. Raises ValueError."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"no host in {url[:80]!r}")
    port = parts.port if parts.port is not None else DEFAULT_PORTS.get(parts.scheme)
    if port is None:
        raise ValueError(f"no http or https URL: {url[:80]!r}")
    return parts.scheme, ascii_host(parts.hostname), port


def same_origin(url: str, other: str) -> bool:
    """True where both URLs have the same scheme, host and port; False where one is malformed."""
    try:
        return origin_of(url) == origin_of(other)
    except ValueError:
        return False


def registrable_domain(url: str) -> str:
    """The domain somebody registered (`news.site.co.uk` -> `site.co.uk`); else the host. Raises ValueError."""
    return domain_of_host(origin_of(url)[1])


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """The list of public suffixes that comes with tldextract; nothing is fetched, nothing is cached on disk."""
    from tldextract import TLDExtract  # takes as long to load as some hundred articles to fold

    return TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)


def domain_of_host(host: str) -> str:
    """The same of a host. Under an ending that the list of public suffixes does not know it is one label more."""
    found = _suffixes()(host)
    if found.suffix or ":" in host or _is_ipv4(host):
        return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else host
    return ".".join(host.split(".")[-2:])


@lru_cache(maxsize=4096)  # from a feed that announces a page to the visit
def url_key(url: str) -> str:
    """The same text for every address of one article, different for different articles. Never raises.

    Left out: scheme, default port, fragment, www, mobile and AMP forms, tracking and session parameters, a trailing
    slash or index page. Kept: path, and every other parameter, sorted by name.
    """
    cleaned, reason = clean_url(_undo_entities(url))
    if reason is not None and reason is not Reason.BAD_URL:
        return f"invalid:{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()}"
    try:
        parts = urlsplit(cleaned)
        host, port = _plain_host(ascii_host(parts.hostname or "")), parts.port
    except ValueError:
        return f"invalid:{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()}"
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme):
        place += f":{port}"
    query = _plain_query(parts.query)
    key = place + _plain_path(parts.path) + (f"?{query}" if query else "") + _hashbang(url)
    if len(key) > MAX_URL_LENGTH:
        key = f"{key[: MAX_URL_LENGTH - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"
    return key


def article_id(outlet_id: str, url: str) -> str:
    """The stable id of the article that this outlet has under this URL: 96 bits of a hash, hex."""
    return keyed_article_id(outlet_id, url_key(url))


def keyed_article_id(outlet_id: str, key: str) -> str:
    """The same from the url_key."""
    return hashlib.sha256(f"{outlet_id}\n{key}".encode("utf-8", "replace")).hexdigest()[:24]


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _undo_entities(url: str) -> str:
    return url.replace("&amp;", "&").replace("&#38;", "&")


@lru_cache(maxsize=1024)
def _plain_host(host: str) -> str:
    for _ in range(2):  # www.m.site.example
        match = HOST_PREFIX.match(host)
        if not match or not _has_domain(host[match.end() :]):
            break
        host = host[match.end() :]
    return host


def _has_domain(host: str) -> bool:
    found = _suffixes()(host)
    return bool(found.domain) and (bool(found.suffix) or "." in host)


def _plain_path(path: str) -> str:
    path = PATH_SEGMENT_SESSION.sub("", PATH_SESSION.sub("", path))
    path = _same_escapes(path, SAFE_IN_PATH)
    path = re.sub("/{2,}", "/", path)
    path = _without_dots(path)
    path = re.sub(r"^/amp(?=/.)", "", path)
    path = re.sub(r"/amp/?$", "", path)
    path = re.sub(r"[./]amp(\.html?)$", r"\1", path)
    path = re.sub(r"\.amp$", "", path)
    path = INDEX_PAGE.sub("", path)
    return path.rstrip("/")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _plain_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, encoding="utf-8", errors="surrogateescape")
    kept = sorted((pair for pair in pairs if not _is_idle(*pair)), key=lambda pair: pair[0])
    return "&".join(_quoted(name) + (f"={_quoted(value)}" if value else "") for name, value in kept)


def _is_idle(name: str, value: str) -> bool:
    """True for a parameter that does not decide which article is shown."""
    low, said = name.lower(), value.lower()
    return bool(
        TRACKING.match(low)
        or SESSION.match(low)
        or (low in MAYBE_TRACKING and said in TRACKING_VALUES)
        or (SHORT_SESSION.match(low) and RANDOM_VALUE.match(value))
        or (low, said) in VIEW
        or (low in SWITCH and said in SWITCHED_ON)
    )


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe=SAFE_IN_QUERY)


def _escape(text: str, safe: str) -> str:
    """Escape what may not stand in a URL, leaving escapes as they are; a lone % becomes %25."""
    return quote(re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text).encode("utf-8", "surrogatepass"), safe=safe)


def _same_escapes(text: str, safe: str) -> str:
    """One spelling for every escape: decoded where it may be, upper-case hex where not; an escaped slash stays one."""
    parts = re.split("(%2[fF])", text)
    return "".join(
        "%2F" if part.upper() == "%2F" else quote_from_bytes(unquote_to_bytes(part), safe=safe) for part in parts
    )


def _hashbang(url: str) -> str:
    """`#!/story/7` names a page; any other fragment is a place in it."""
    _, mark, rest = url.partition("#!")
    return f"#!{quote(rest.strip().encode('utf-8', 'replace'), safe=SAFE_IN_PATH)}" if mark and len(rest) > 1 else ""
