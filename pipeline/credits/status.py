"""Whether a copy credits the agency that its story's origin came from.

The word for a missing credit is uncredited: a subscriber may owe none.
"""

from __future__ import annotations

from pipeline.records import Article, Credit, CreditKind, CreditStatus

_NOBODY: frozenset[str] = frozenset()


def credit_status(copy: Article, origin_agency_id: str | None) -> CreditStatus:
    """How copy credits the agency with origin_agency_id.

    None: nobody knows whose report it is, so that no more can be told than whether it credits agencies in general.
    Mentions, photo credits, left-over footers and self-references do not count. Of several named agencies one match is
    enough. A generic credit beside another agency may mean the origin's, so it is no conflict.
    """
    named = named_agencies(copy)
    if origin_agency_id in named:
        return CreditStatus.CREDITED
    if any(credit.kind is CreditKind.GENERIC for credit in copy.credits):
        return CreditStatus.CREDITED_GENERIC
    if origin_agency_id is None:
        return CreditStatus.UNKNOWN
    if named:
        return CreditStatus.CREDITED_OTHER
    return CreditStatus.UNCREDITED if _credit_would_show(copy) else CreditStatus.UNKNOWN


def named_agencies(article: Article) -> frozenset[str]:
    """Ids of the agencies that article credits; on an agency's own site that agency is among them."""
    if not article.credits and article.agency_id is None and article.own_agency_id is None:  # most name none
        return _NOBODY
    named = {credit.agency_id for credit in article.credits if _is_named(credit)}
    named.update((article.agency_id, article.own_agency_id))
    return frozenset(agency_id for agency_id in named if agency_id is not None)


def _is_named(credit: Credit) -> bool:
    return credit.kind is CreditKind.CREDIT


def _credit_would_show(copy: Article) -> bool:
    """True where the byline was stated (even as empty) or the page itself was read, so that silence means something."""
    return copy.byline is not None or bool(copy.authors) or copy.capture_id is not None
