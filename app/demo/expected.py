"""What the right answer for the demo world is: story, relation and credit status of every article, known as written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.demo.pages import Page, build_pages
from app.demo.world import PageSpec, Report, World
from pipeline.records import CreditStatus, Relation

# Outlet id and percent-encoded path: where a page stands, whatever port it is served on.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExpectedLink:
    """An edge to an origin; any of the relations is right, and so is an edge to via where there is one."""

    origin: Place
    relations: tuple[Relation, ...]
    credit_statuses: tuple[CreditStatus, ...]  # empty: nothing is said of it
    required: bool = True  # false: the edge is right, and so is none
    via: Place | None = None  # the copy that this copy was made from


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer for one article; story is the key that all articles of one story share."""

    outlet_id: str
    path: str
    story: str
    links: tuple[ExpectedLink, ...]


@dataclass(frozen=True, slots=True)
class ExpectedRejection:
    """A URL that an outlet announces and that gives no article, with the reason codes that fit."""

    outlet_id: str
    path: str
    reasons: tuple[str, ...]


def expected_articles(world: World, now: datetime) -> dict[Place, Expected]:
    """The right answer for every article page of the world served at now."""
    pages = [page for some in build_pages(world, now).values() for page in some]
    origins = {page.made_from.key: _place(page) for page in pages if isinstance(page.made_from, Report)}
    own = {(page.site.id, page.made_from.id): page for page in pages if isinstance(page.made_from, PageSpec)}
    return {_place(page): _expect(page, origins, own) for page in pages}


def expected_rejections(world: World) -> tuple[ExpectedRejection, ...]:
    """What the crawl or the extraction should reject."""
    return tuple(
        ExpectedRejection(outlet_id, dud.path, dud.reasons)
        for outlet_id, listed in world.pages.items()
        for dud in listed.duds
    )


def _place(page: Page) -> Place:
    return page.site.id, page.path


def _find(own: dict[tuple[str, int], Page], via: str) -> Place:
    outlet_id, _, number = via.partition("/")
    return _place(own[outlet_id, int(number)])


def _expect(page: Page, origins: dict[str, Place], own: dict[tuple[str, int], Page]) -> Expected:
    made_from = page.made_from
    links = [ExpectedLink(origins[one.to], one.relation, (), one.required) for one in made_from.links]
    if isinstance(made_from, Report):
        return Expected(page.site.id, page.path, made_from.key, tuple(links))
    story = made_from.story or made_from.report or f"{page.site.id}:{made_from.repost_of or made_from.id}"
    if made_from.report:
        via = _find(own, made_from.via) if made_from.via else None
        origin = origins[made_from.report]
        links.insert(0, ExpectedLink(origin, made_from.relation, made_from.credit_status, via=via))
    if made_from.repost_of:
        first = own[page.site.id, made_from.repost_of]
        links.insert(0, ExpectedLink(_place(first), made_from.relation, made_from.credit_status))
    return Expected(page.site.id, page.path, story, tuple(links))
