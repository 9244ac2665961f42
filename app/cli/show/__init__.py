"""Terminal views of the catalog's queries; each can give JSON instead. A view is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.cli.show.articles import show_article as show_article
    from app.cli.show.comparison import show_compare as show_compare
    from app.cli.show.frame import to_json as to_json
    from app.cli.show.numbers import show_agencies as show_agencies
    from app.cli.show.numbers import show_latency as show_latency
    from app.cli.show.numbers import show_matrix as show_matrix
    from app.cli.show.numbers import show_outlets as show_outlets
    from app.cli.show.runs import show_rejected as show_rejected
    from app.cli.show.runs import show_releases as show_releases
    from app.cli.show.runs import show_run_report as show_run_report
    from app.cli.show.runs import show_runs as show_runs
    from app.cli.show.stories import show_stories as show_stories
    from app.cli.show.stories import show_story as show_story

_MODULES = {
    "show_article": "articles",
    "show_compare": "comparison",
    "to_json": "frame",
    "show_agencies": "numbers",
    "show_latency": "numbers",
    "show_matrix": "numbers",
    "show_outlets": "numbers",
    "show_rejected": "runs",
    "show_releases": "runs",
    "show_run_report": "runs",
    "show_runs": "runs",
    "show_stories": "stories",
    "show_story": "stories",
}


def __getattr__(name: str) -> Any:
    """The view of that name."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"app.cli.show.{_MODULES[name]}"), name)
