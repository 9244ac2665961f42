"""One article in the terminal: its fields, versions, captures and links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from app.cli.show.addresses import readable_address
from app.cli.show.bidi import set_text
from app.cli.show.changes import print_changes
from app.cli.show.frame import (
    CREDIT_NAMES,
    RELATION_NAMES,
    Screen,
    counted,
    duration,
    moment,
    new_table,
    print_json,
    share,
)
from app.cli.show.paragraphs import LEFT_OUT, paragraphs_of
from app.cli.show.rows import Column, print_rows
from flows.article_view import view_article
from pipeline.catalog.engine import reading
from pipeline.catalog.queries.article import ArticleView
from pipeline.catalog.queries.cross_links import CrossLink
from pipeline.errors import UsageError
from pipeline.records import Credit

if TYPE_CHECKING:
    from pipeline.catalog.engine import Engine

EDGE_COLUMNS = (
    Column("relation"),
    Column("outlet"),
    Column("after", right=True, spare=1),
    Column("of origin", right=True),
    Column("of copy", right=True, spare=3),
    Column("credit", spare=2),
    Column("article"),
    Column("headline", spare=4),
)


def show_article(engine: Engine, console: Console, article_id: str, *, as_json: bool = False) -> ArticleView:
    """Print one article with all its fields. Raises UsageError where there is none of that id."""
    with reading(engine) as connection:
        found = view_article(connection, article_id)
    if found is None:
        raise UsageError(f"no article {article_id!r}; `wirecopy story ID` lists a story's articles")
    if as_json:
        print_json(console, found)
    else:
        _print_article(Screen.of(console), found)
    return found


def _print_article(screen: Screen, view: ArticleView) -> None:
    one = view.article
    lines = [
        ("article", f"{one.article_id}, version {one.version}, {view.status}"),
        ("headline", one.headline),
        ("outlet", f"{view.outlet.name} ({one.outlet_id})"),
        ("address", readable_address(one.url)),
        ("canonical", readable_address(one.canonical_url) if one.canonical_url != one.url else None),
        ("byline", one.byline),
        ("dateline", one.dateline),
        ("authors", ", ".join(one.authors)),
        ("language", one.language),
        ("published", _with_source(moment(one.published_at), one.published_source, one.published_precision)),
        ("modified", _with_source(moment(one.modified_at), one.modified_source, None) if one.modified_at else None),
        ("fetched", moment(one.fetched_at)),
        ("agency", one.agency_id),
        ("credits", _credits(one.credits)),
        ("flags", ", ".join(one.flags)),
        ("text", f"{counted(view.word_count, 'word')}, sha256 {view.body_sha256[:16]}…"),
        ("extracted", one.extractor_version),
        ("story", view.story_id),
    ]
    for label, value in lines:
        screen.line(label, value, "bold" if label == "headline" else "")
    _print_edges(screen, "derives from", view.draws_on, "origin_article_id")
    _print_edges(screen, "others that derive from it", view.drawn_by, "article_id")
    _print_history(screen, view)
    screen.console.print()
    for pieces in paragraphs_of(one.body, view.left_out):
        for text, is_left_out in pieces:  # each on a line of its own, as a terminal sets direction line by line
            line = Text(set_text(text, screen.mode), style="dim" if is_left_out else "")
            screen.console.print(line, soft_wrap=screen.mode == "off")
    if view.left_out:
        screen.console.print(f"\ndim text {LEFT_OUT}")


def _with_source(when: str, source: str | None, precision: str | None) -> str:
    detail = ", ".join(part for part in (source and f"from {source}", precision and f"to the {precision}") if part)
    return f"{when} ({detail})" if detail else when


def _credits(credits_: Sequence[Credit]) -> str:
    return "; ".join(
        f"{one.agency_id or 'generic'} ({one.kind.value}, {one.position.value}): {one.text}" for one in credits_
    )


def _print_edges(screen: Screen, title: str, links: tuple[CrossLink, ...], end: str) -> None:
    if not links:
        return
    screen.console.print(f"\n{title}", style="bold")
    rows = [
        [
            Text(RELATION_NAMES.get(one.relation, one.relation)),
            screen.cell(one.outlet.name, 18),
            Text(duration(one.latency_seconds)),
            Text(share(one.origin_coverage)),
            Text(share(one.copy_coverage)),
            Text(CREDIT_NAMES.get(one.credit_status, one.credit_status)),
            screen.cell(getattr(one, end)),
        ]
        for one in links
    ]
    print_rows(screen, EDGE_COLUMNS, rows, [one.headline or "" for one in links])


def _print_history(screen: Screen, view: ArticleView) -> None:
    if len(view.versions) > 1:
        screen.console.print("\nversions", style="bold")
        table = new_table("version", "fetched", "words", "added", "cut", "changed", "headline",
                          right=("version", "words", "added", "cut", "changed"))  # fmt: skip
        for one in view.versions:
            figures = (one.version, one.word_count, one.added_words, one.cut_words, one.changed_words)
            version, *rest = map(str, figures)
            table.add_row(version, moment(one.fetched_at), *rest, screen.cell(one.headline, screen.room(60)))
        screen.console.print(table)
        print_changes(screen, view.versions)
    if view.captures:
        screen.console.print("\ncaptures", style="bold")
        for capture in view.captures:
            screen.line("fetched", f"{moment(capture.fetched_at)}, status {capture.status}, {capture.capture_id}")
            screen.line("", f"{capture.warc_file} at {capture.warc_offset:,}, {capture.warc_length:,} bytes")
    for rejected in view.rejected:
        reason = f"{moment(rejected.rejected_at)} {rejected.reason}: {rejected.explanation} ({rejected.detail})"
        screen.line("rejected", reason, "yellow")
