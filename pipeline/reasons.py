"""Reason codes: why a page or a record did not become an article. One list, shown by `wirecopy rejected`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A code; its explanation for people stands in EXPLANATIONS."""

    # crawl: scope
    OUT_OF_SCOPE = "out_of_scope"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_SCHEME = "bad_scheme"
    BAD_URL = "bad_url"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    # crawl: limits
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_DEEP = "too_deep"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_MANY_REQUESTS = "too_many_requests"
    BAD_HEADERS = "bad_headers"
    # crawl: answers
    HTTP_ERROR = "http_error"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    BUSY = "busy"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad_encoding"
    # discovery
    BAD_FEED = "bad_feed"
    BAD_SITEMAP = "bad_sitemap"
    BAD_SECTION = "bad_section"
    BAD_DATE = "bad_date"
    # extract
    NOT_HTML = "not_html"
    NO_BODY = "no_body"
    TOO_SHORT = "too_short"
    SOFT_404 = "soft_404"
    LOGIN_WALL = "login_wall"
    CONSENT_WALL = "consent_wall"
    PAYWALL = "paywall"
    LISTING_PAGE = "listing_page"
    HALF_PAGE = "half_page"
    ARCHIVE_DAMAGED = "archive_damaged"
    EXTRACTION_TIMEOUT = "extraction_timeout"
    EXTRACTION_MEMORY = "extraction_memory"
    EXTRACTION_CRASH = "extraction_crash"
    # ingest
    BAD_RECORD = "bad_record"
    DUPLICATE_ID = "duplicate_id"
    FILTERED_OUT = "filtered_out"
    # any stage
    UNEXPECTED_ERROR = "unexpected_error"


EXPLANATIONS: dict[Reason, str] = {
    Reason.OUT_OF_SCOPE: "the address leaves the outlet's configured origins",
    Reason.BLOCKED_ADDRESS: "the host resolves to a private, loopback or link-local address",
    Reason.BAD_SCHEME: "only http and https are fetched",
    Reason.BAD_URL: "the address is malformed, too long or carries credentials",
    Reason.ROBOTS_DISALLOWED: "robots.txt does not allow it",
    Reason.ROBOTS_UNAVAILABLE: "robots.txt failed or stayed silent, so nothing is allowed",
    Reason.TOO_LARGE: "the answer, as received or inflated, or the text in it is larger than the limit",
    Reason.TOO_SLOW: "the answer took longer than the limit",
    Reason.TOO_DEEP: "too many hops, nested sitemaps or listing pages",
    Reason.TOO_MANY_REDIRECTS: "redirects loop or never end",
    Reason.TOO_MANY_REQUESTS: "the crawl's request budget is used up; the next run goes on",
    Reason.BAD_HEADERS: "the answer's headers are malformed or endless",
    Reason.HTTP_ERROR: "the server answered with an error",
    Reason.GONE: "the page is gone (404, 410); what was stored before is kept as withdrawn",
    Reason.UNREACHABLE: "no connection, or the name does not resolve",
    Reason.TLS_FAILED: "the certificate could not be verified",
    Reason.BUSY: "the server asked to wait (429, 503); tried again in a later run",
    Reason.TRUNCATED: "the connection ended before the answer did",
    Reason.BAD_ENCODING: "the content encoding is broken or unknown",
    Reason.BAD_FEED: "the feed is not RSS or Atom, or has no readable entry",
    Reason.BAD_SITEMAP: "the sitemap has no readable entry",
    Reason.BAD_SECTION: "the section page has no link to an article",
    Reason.BAD_DATE: "a stated date is impossible; the record is kept without it",
    Reason.NOT_HTML: "the bytes are not an HTML page",
    Reason.NO_BODY: "no article text was found",
    Reason.TOO_SHORT: "the text is too short to be an article",
    Reason.SOFT_404: "an error page that says 200",
    Reason.LOGIN_WALL: "a login form in place of the article",
    Reason.CONSENT_WALL: "a consent form in place of the article",
    Reason.PAYWALL: "only a teaser before a paywall",
    Reason.LISTING_PAGE: "a list of links, not an article",
    Reason.HALF_PAGE: "the page breaks off in the middle",
    Reason.ARCHIVE_DAMAGED: "the archived bytes are missing or do not match their digest",
    Reason.EXTRACTION_TIMEOUT: "reading the page took longer than the limit",
    Reason.EXTRACTION_MEMORY: "reading the page took more memory than the limit",
    Reason.EXTRACTION_CRASH: "the page ended the process that read it",
    Reason.BAD_RECORD: "a row lacks article_id or body, or a field has the wrong type",
    Reason.DUPLICATE_ID: "the article_id came before in the same input",
    Reason.FILTERED_OUT: "left out by a filter on the command line",
    Reason.UNEXPECTED_ERROR: "an unexpected error; the record is quarantined with its details",
}
