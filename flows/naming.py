"""Give an article the agencies it names: one way for pages, ingested files and fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from pipeline.agencies import Agencies
from pipeline.credits.find import credited_agency, find_credits, glance_at
from pipeline.credits.marks import NOT_LOOKED, Glance
from pipeline.outlets import Outlet
from pipeline.records import Article

_AT_ONCE = 200


def name_agencies_of(
    articles: Iterable[Article], agencies: Agencies, outlets: Mapping[str, Outlet]
) -> Iterator[Article]:
    """Many articles with their credits, at less cost than one by one."""
    remaining = iter(articles)
    while some := list(islice(remaining, _AT_ONCE)):
        for one, glance in zip(some, glance_at([one.body for one in some], agencies), strict=True):
            yield name_agencies(one, agencies, outlets, glance)


def name_agencies(
    article: Article, agencies: Agencies, outlets: Mapping[str, Outlet], glance: Glance = NOT_LOOKED
) -> Article:
    """The article with its credits; an agency's own site is one by configuration or, unconfigured, by its domain."""
    outlet = outlets.get(article.outlet_id)
    own = outlet.agency if outlet else agencies.agency_of_url(article.url)
    found = find_credits(
        byline=article.byline,
        dateline=article.dateline,
        authors=article.authors,
        captions=article.captions,
        body=article.body,
        outlet_name=outlet.name if outlet else None,
        own_agency_id=own,
        agencies=agencies,
        glance=glance,
    )
    named = found, credited_agency(found, own), own
    if named == (article.credits, article.agency_id, article.own_agency_id):  # most name none
        return article
    return replace(article, credits=found, agency_id=named[1], own_agency_id=own)
