"""Stories in the terminal: the list, and one with its copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from app.cli.show.frame import (
    CREDIT_NAMES,
    CREDIT_STYLES,
    NOTHING,
    RELATION_NAMES,
    SHORT_RELATIONS,
    Screen,
    counted,
    counts_line,
    duration,
    moment,
    print_json,
    share,
)
from app.cli.show.rows import Column, print_rows
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.choices import MAX_CHOICES, story_choices
from pipeline.catalog.queries.cross_links import CrossLink, by_story
from pipeline.catalog.queries.origin_words import explain_origin
from pipeline.catalog.queries.paging import MAX_TERMINAL_SIZE, page_of
from pipeline.catalog.queries.story import StoryMember, StoryView, known_latencies, read_story
from pipeline.catalog.queries.story_filter import StoryFilter
from pipeline.catalog.queries.story_list import StoryList, StoryOrder, StoryRow, list_stories
from pipeline.errors import UsageError
from pipeline.records import CreditStatus, Relation

if TYPE_CHECKING:
    from pipeline.catalog.engine import Connection, Engine

LIST_COLUMNS = (
    Column("story"),
    Column("published", spare=1),
    Column("agency", spare=2),
    Column("articles", right=True, spare=4),
    Column("outlets", right=True),
    Column("within", right=True, spare=3),
    Column("credit"),
    Column("relations", spare=5),
    Column("headline", least=24),
)
MOST_RELATIONS = 36  # cells
# The ids are what `compare` wants, and how much was taken is what a story is looked at for: a headline goes first.
MEMBER_COLUMNS = (
    Column("article"),
    Column("outlet"),
    Column("published", spare=3),
    Column("after", right=True),
    Column("relation"),
    Column("of origin", right=True),
    Column("of copy", right=True, spare=1),
    Column("credit"),
    Column("headline", spare=2),
)
ACROSS_COLUMNS = (
    Column("relation"),
    Column("outlet"),
    Column("of origin", right=True, spare=1),
    Column("of copy", right=True, spare=3),
    Column("links", right=True, spare=4),
    Column("story"),
    Column("headline", spare=2),
)
# Stories across that a screen has room for.
MAX_LINKED = 12


def show_stories(
    engine: Engine,
    console: Console,
    *,
    as_json: bool = False,
    search: str | None = None,
    agency: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    relation: str | None = None,
    credit: str | None = None,
    order: str = "newest",
    limit: int = 20,
    page: int = 1,
    copied: bool = False,
) -> StoryList:
    """Print the stories that match; copied: only those with a copy. Raises UsageError for an unknown choice."""
    wanted = StoryFilter(
        search=search,
        agency=agency,
        outlet=outlet,
        language=language,
        since=since,
        until=until,
        relation=_one_of("relation", relation, [one.value for one in Relation]),
        credit=_one_of("credit", credit, [one.value for one in CreditStatus]),
        min_articles=2 if copied else 1,
    )
    first = StoryOrder(_one_of("order", order, [one.value for one in StoryOrder]) or "newest")
    with reading(engine) as connection:
        found = list_stories(connection, wanted, first, page_of(page, limit, MAX_TERMINAL_SIZE))
        unknown = "" if found.total else _unknown_names(connection, wanted)
    if as_json:
        print_json(console, found)
    else:
        _print_list(Screen.of(console), found, unknown)
    return found


def show_story(engine: Engine, console: Console, story_id: str, *, as_json: bool = False) -> StoryView:
    """Print one story with its copies. Raises UsageError where there is none of that id."""
    with reading(engine) as connection:
        story = read_story(connection, story_id)
    if story is None:
        raise UsageError(f"no story {story_id!r}; `wirecopy stories` lists them")
    if as_json:
        print_json(console, story)
    else:
        _print_story(Screen.of(console), story)
    return story


def _one_of(option: str, value: str | None, allowed: list[str]) -> str | None:
    if value and value not in allowed:
        raise UsageError(f"{option}: {value!r} is not allowed; allowed: {', '.join(allowed)}")
    return value or None


def _unknown_names(connection: Connection, wanted: StoryFilter) -> str:
    """What is asked for and nothing here has: a slip of the pen looks like an answer otherwise."""
    choices = story_choices(connection)
    asked = (
        ("outlet", wanted.outlet, [one.outlet_id for one in choices.outlets]),
        ("agency", wanted.agency, choices.agencies),
    )
    return "".join(
        f"; no {kind} here has the id {name!r}"
        for kind, name, known in asked
        if name and len(known) < MAX_CHOICES and name not in known
    )


def _print_list(screen: Screen, found: StoryList, unknown: str) -> None:
    if not found.stories:
        told = f"no story matches{unknown}" if found.total == 0 else f"no more: {found.total:,} in all"
        screen.console.print(told, markup=False, highlight=False)
        return
    rows = [_list_row(screen, row) for row in found.stories]
    print_rows(screen, LIST_COLUMNS, rows, [row.headline or "" for row in found.stories])
    first = found.page.offset + 1
    capped = " (many articles hold these words; the latest were looked through)" if found.search_capped else ""
    screen.console.print(
        f"\n{first:,}–{first + len(found.stories) - 1:,} of {counted(found.total, 'story', 'stories')}{capped}, "
        f"{found.order.value} first; `wirecopy story ID` shows one.\n"
        "Copies that credit the agency ✓, that do not ✗, otherwise or unknown ?",
        style="dim",
    )


def _list_row(screen: Screen, row: StoryRow) -> list[Text]:
    return [
        screen.cell(row.story_id),
        Text(moment(row.first_published_at)),
        screen.cell(row.agency_id, 14),
        Text(str(row.article_count)),
        Text(str(row.outlet_count)),
        Text(duration(row.spread_seconds) if row.article_count > 1 else NOTHING),
        _credit(row.credit),
        screen.cell(counts_line(row.relations, SHORT_RELATIONS), MOST_RELATIONS),
    ]


def _credit(credit: Mapping[str, int]) -> Text:
    """4✓ 1✗ 1?: copies with the agency's credit, without, and anything else."""
    with_credit, without = credit.get("credited", 0), credit.get("uncredited", 0)
    other = sum(credit.values()) - with_credit - without
    parts = [(f"{with_credit}✓", "green"), (f"{without}✗", "yellow"), (f"{other}?", "dim")]
    shown = [part for part in parts if not part[0].startswith("0")]
    return Text(" ").join(Text(*part) for part in shown) if shown else Text(NOTHING)


def _print_story(screen: Screen, story: StoryView) -> None:
    if story.asked_id != story.story_id and not story.story_id.startswith(story.asked_id):
        screen.console.print(f"{story.asked_id} went into this story.", style="yellow", markup=False)
    screen.line("story", story.story_id)
    screen.line("headline", story.headline, "bold")
    screen.line("agency", story.agency_id or "not known")
    origin = story.origin
    known = "the agency's own page" if story.origin_known else "earliest known; the agency's page was not crawled"
    if origin:
        screen.line("origin", origin.outlet.name, after=f", {moment(origin.published_at)}")
    screen.line("why", f"{known}: {explain_origin(story.origin_reason)}")
    later = f", {counted(story.updates, 'later version')} among them" if story.updates else ""
    spread = f"{counted(story.article_count, 'article')} in {counted(story.outlet_count, 'outlet')}{later}"
    screen.line("spread", spread)
    screen.line("credit", counts_line(_tally(story), CREDIT_NAMES))
    screen.console.print()
    _print_members(screen, story.members)
    _print_links(screen, "draws on other stories", story.reuses)
    _print_links(screen, "other stories that draw on it", story.reused_by)


def _tally(story: StoryView) -> dict[str, int]:
    tally: dict[str, int] = {}
    for one in story.copies:
        if one.credit_status:
            tally[one.credit_status] = tally.get(one.credit_status, 0) + 1
    return tally


def _print_members(screen: Screen, members: tuple[StoryMember, ...]) -> None:
    known = known_latencies(members)
    rows = [_member_row(screen, one, known[one.article_id]) for one in members]
    print_rows(screen, MEMBER_COLUMNS, rows, [one.headline or "" for one in members])


def _member_row(screen: Screen, one: StoryMember, latency: int | None) -> list[Text]:
    relation = "origin" if one.is_origin else RELATION_NAMES.get(one.relation or "", one.relation or NOTHING)
    status = one.credit_status or ""
    return [
        screen.cell(one.article_id),
        screen.cell(one.outlet.name, 18),
        Text(moment(one.published_at)),
        Text(NOTHING if one.is_origin else duration(latency)),
        Text(relation, style="bold" if one.is_origin else ""),
        Text(share(one.origin_coverage)),
        Text(share(one.copy_coverage)),
        Text(CREDIT_NAMES.get(status, NOTHING), style=CREDIT_STYLES.get(status, "")),
    ]


def _print_links(screen: Screen, title: str, links: tuple[CrossLink, ...]) -> None:
    if not links:
        return
    screen.console.print(f"\n{title}", style="bold")
    linked = by_story(links)
    rows = [
        [
            Text(", ".join(RELATION_NAMES.get(relation, relation) for relation in row.relations)),
            screen.cell(row.strongest.outlet.name, 18),
            Text(share(row.strongest.origin_coverage)),
            Text(share(row.strongest.copy_coverage)),
            Text(str(row.links)),
            screen.cell(row.strongest.story_id),
        ]
        for row in linked[:MAX_LINKED]
    ]
    print_rows(screen, ACROSS_COLUMNS, rows, [row.strongest.headline or "" for row in linked[:MAX_LINKED]])
    if len(linked) > MAX_LINKED:
        screen.console.print(f"{len(linked) - MAX_LINKED:,} more with --json", style="dim")
