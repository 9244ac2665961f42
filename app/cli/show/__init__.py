"""Terminal views of the catalog's queries; each can give JSON instead."""

from app.cli.show.articles import show_article
from app.cli.show.comparison import show_compare
from app.cli.show.frame import to_json
from app.cli.show.numbers import show_agencies, show_latency, show_matrix, show_outlets
from app.cli.show.runs import show_rejected, show_releases, show_run_report, show_runs
from app.cli.show.stories import show_stories, show_story

__all__ = [
    "show_agencies",
    "show_article",
    "show_compare",
    "show_latency",
    "show_matrix",
    "show_outlets",
    "show_rejected",
    "show_releases",
    "show_run_report",
    "show_runs",
    "show_stories",
    "show_story",
    "to_json",
]
