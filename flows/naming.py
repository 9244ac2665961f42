"""Give an article the agencies it names: one way for pages, ingested files and fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.agencies import Agencies
from pipeline.credits.find import credited_agency, find_credits
from pipeline.outlets import Outlet
from pipeline.records import Article


def name_agencies(article: Article, agencies: Agencies, outlets: Mapping[str, Outlet]) -> Article:
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
    )
    return replace(article, own_agency_id=own, credits=found, agency_id=credited_agency(found, own))
