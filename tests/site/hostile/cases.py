"""The table of cases: every class of hostility, and the good articles in between."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.site.hostile.articles import good_texts, read_texts
from tests.site.hostile.board import FEED, SECTION, SITEMAP, Board, Plan
from tests.site.hostile.kinds import (
    changes,
    feeds,
    heavy,
    letters,
    manifold,
    misleading,
    not_articles,
    robots,
    scope,
    sitemaps,
    sources,
    spellings,
    stand_ins,
    transport,
    traps,
    wrappings,
)
from tests.site.hostile.server import Site


def build_board(site: Site, now: datetime, secret: Path, seed: int = 0) -> Board:
    """Every outlet and case on site, ready to start. secret is a file to write that no crawl may read.

    A seed other than 0 shuffles what is announced, and in which order sources stand.
    """
    board = Board(site, now, secret)
    front = board.outlet("front", "ar", "Asia/Riyadh")
    scope.add_cases(board, front)
    letters_plan, pages_plan = letters.add_cases(board), not_articles.add_cases(board)
    plans = {
        "ar": [front, letters_plan],
        "en": [pages_plan, transport.add_cases(board), heavy.add_cases(board), robots.add_cases(board)],
        "tr": [sitemaps.add_cases(board), traps.add_cases(board), changes.add_cases(board)],
    }
    plans["en"].append(feeds.add_cases(board))
    manifold.add_cases(board)
    for kind in (sources, spellings, wrappings, misleading, stand_ins):
        kind.add_cases(board)
    add_good(board, plans)
    board.open(seed)
    return board


def add_good(board: Board, plans: dict[str, list[Plan]]) -> None:
    """The good articles, spread over the outlets and the three ways to announce one."""
    for language, outlets in plans.items():
        for number, text in enumerate(read_texts(language).values()):
            where = (FEED, SITEMAP, SECTION)[number % 3]
            board.good(outlets[number % len(outlets)], text, where)
    assert len([case for case in board.cases if case.kind == "good"]) == len(good_texts())
