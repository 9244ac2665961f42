"""One page: from its bytes to an Article, or to a Rejection that says why it is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.extract.body import extract_body
from pipeline.extract.decode import decode_page
from pipeline.extract.headline import choose_headline
from pipeline.extract.language import detect_language
from pipeline.extract.metadata import authors_of, captions_of, read_head
from pipeline.extract.published import DateRules, choose_dates
from pipeline.extract.tree import parse_page
from pipeline.outlets import Outlet
from pipeline.reasons import Reason
from pipeline.records import Article, Discovery, Rejection

EXTRACTOR_VERSION = "1"


def extract_page(
    payload: bytes,
    *,
    url: str,
    content_type: str,
    outlet: Outlet | None,
    hints: Discovery | None,
    fetched_at: datetime,
    truncated: str | None,
) -> Article | Rejection:
    """Read one page. payload is the HTTP entity without content encoding. Pure; the caller fills in the ids."""
    outlet_id = outlet.id if outlet else (hints.outlet_id if hints else "")

    def reject(reason: Reason, detail: str) -> Rejection:
        return Rejection(outlet_id, url, "extract", reason, detail, fetched_at)

    text = decode_page(payload, content_type, outlet.language if outlet else None)
    page = parse_page(text)
    if page is None:
        return reject(Reason.NOT_HTML, "no markup")
    head = read_head(page, url)
    body = "\n".join(extract_body(page))
    if not body:
        return reject(Reason.NO_BODY, "")
    zone = outlet.zone if outlet else ZoneInfo("UTC")
    day_first = True if outlet is None or outlet.extract.day_first is None else outlet.extract.day_first
    dates = choose_dates(head, page.tree, DateRules(zone, day_first, fetched_at), hints, (None, None))
    article = Article(
        article_id="",
        outlet_id=outlet_id,
        url=url,
        body=body,
        fetched_at=fetched_at,
        canonical_url=head.canonical_url,
        headline=choose_headline(page, head, (outlet.name,) if outlet else (), hints.headline if hints else None),
        authors=authors_of(head),
        captions=captions_of(page.tree),
        language=detect_language(body, [head.html_language, outlet.language if outlet else None]),
        own_agency_id=outlet.agency if outlet else None,
        flags=("truncated",) if truncated else (),
        extractor_version=EXTRACTOR_VERSION,
    )
    if dates.published:
        article = replace(
            article,
            published_at=dates.published.at,
            published_source=dates.published.source,
            published_precision=dates.published.precision,
        )
    if dates.modified:
        article = replace(article, modified_at=dates.modified.at, modified_source=dates.modified.source)
    return article
