from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from sqlalchemy import update

from app.cli.show import (
    show_agencies,
    show_article,
    show_compare,
    show_latency,
    show_matrix,
    show_outlets,
    show_rejected,
    show_releases,
    show_run_report,
    show_runs,
    show_stories,
    show_story,
)
from app.cli.show.bidi import FSI, PDI, bidi_mode, plain, set_text, shorten
from app.cli.show.frame import duration, share
from pipeline.catalog.engine import Engine, open_readonly, sqlite_url
from pipeline.catalog.queries.story_list import StoryList, list_stories
from pipeline.catalog.tables import articles, links, run_stages
from pipeline.errors import UsageError
from tests.pipeline.catalog.sample_catalog import build_catalog

# A headline or a reason behind its label is left to the terminal to wrap.
LONGEST_LABELLED_LINE = 120
Show = Callable[..., Any]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("show")
    build_catalog(folder).dispose()
    opened = open_readonly(sqlite_url(folder))
    yield opened
    opened.dispose()


def shown(show: Show, engine: Engine, *given: str, terminal: bool = False, width: int = 160, **options: Any) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False, force_terminal=terminal, color_system=None)
    show(engine, console, *given, **options)
    return file.getvalue()


VIEWS: list[tuple[Show, tuple[str, ...]]] = [
    (show_stories, ()),
    (show_story, ("st-bridge",)),
    (show_article, ("bridge-edited",)),
    (show_compare, ("bridge-origin", "bridge-long")),
    (show_matrix, ()),
    (show_outlets, ()),
    (show_agencies, ()),
    (show_latency, ()),
    (show_runs, ()),
    (show_run_report, ("run-1",)),
    (show_rejected, ()),
    (show_releases, ()),
]


@pytest.mark.parametrize(("show", "given"), VIEWS, ids=[show.__name__ for show, _ in VIEWS])
def test_every_view_gives_json_alone(show: Show, given: tuple[str, ...], engine: Engine) -> None:
    text = shown(show, engine, *given, as_json=True)
    assert isinstance(json.loads(text), dict)
    assert "\x1b" not in text
    assert FSI not in text


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize(("show", "given"), VIEWS, ids=[show.__name__ for show, _ in VIEWS])
def test_every_view_fits_the_screen(show: Show, given: tuple[str, ...], engine: Engine, width: int) -> None:
    text = shown(show, engine, *given, terminal=True, width=width)
    assert text.strip()
    if show is not show_article:  # its text is left to the terminal to wrap
        assert max(cell_len(line) for line in text.splitlines()) <= max(width, LONGEST_LABELLED_LINE)


@pytest.mark.parametrize("show", [show_stories, show_matrix, show_outlets, show_agencies, show_runs, show_rejected])
def test_no_title_of_a_column_is_cut_on_a_narrow_screen(show: Show, engine: Engine) -> None:
    lines = shown(show, engine, terminal=True, width=80).splitlines()
    titles = next(line for line in lines if line.startswith(("story", "outlet", "agency", "run")))
    assert "…" not in titles


def test_a_narrow_screen_keeps_ids_and_how_much_was_taken(engine: Engine) -> None:
    lines = shown(show_story, engine, "st-bridge", terminal=True, width=80).splitlines()
    titles = next(line for line in lines if line.startswith("article "))
    assert any("6 articles in 5 outlets, 1 later version among them" in line for line in lines)
    assert "of origin" in titles
    assert "credit" in titles
    assert any(line.startswith("bridge-long ") and "%" in line for line in lines)


def test_long_figures_do_not_squeeze_the_names_of_stages(tmp_path: Path) -> None:
    catalog = build_catalog(tmp_path)
    with catalog.begin() as connection:
        connection.execute(update(run_stages).values(counts={f"figure_{number}": number for number in range(40)}))
    text = shown(show_run_report, catalog, "run-1", terminal=True, width=80)
    catalog.dispose()
    assert {"stage", "outlet", "state", "crawl", "extract"} <= set(text.split())
    assert "figure_39" in text


def test_a_run_names_the_outlets_that_are_not_as_usual_and_counts_the_others(engine: Engine) -> None:
    lines = shown(show_run_report, engine, "run-1").splitlines()
    assert [line.split()[:3] for line in lines if line.startswith("health ")] == [["health", "madina", "alarm"]]
    assert "health: 1 outlet as usual" in lines
    stages = json.loads(shown(show_run_report, engine, "run-1", as_json=True))["stages"]
    assert [one["outlet_id"] for one in stages if one["stage"] == "health"] == ["madina", "shaati"]


def test_a_narrow_screen_shows_the_agencies_that_fit_and_counts_the_others(engine: Engine) -> None:
    wide, narrow = (shown(show_matrix, engine, terminal=True, width=width) for width in (120, 45))
    assert "coastwire" in wide
    assert "more agenc" not in wide
    assert "1 more agency with --json" in " ".join(narrow.split())


def test_the_list_names_headline_counts_and_credit(engine: Engine) -> None:
    text = shown(show_stories, engine, order="widest")
    first = text.splitlines()[1]
    assert first.startswith("st-bridge")
    assert "افتتاح جسر وادي الزيتون في مرسى النخيل" in first
    assert "1✓ 1✗ 2?" in first
    assert "1–6 of 6 stories" in text


def test_filters_and_search_reach_the_query(engine: Engine) -> None:
    assert "st-library" in shown(show_stories, engine, search="harbour librar", agency="coastwire")
    assert "no story matches" in shown(show_stories, engine, search="harbour", agency="nakheel")
    found = json.loads(shown(show_stories, engine, as_json=True, credit="uncredited", language="en", limit=1))
    assert [one["story_id"] for one in found["stories"]] == ["st-library"]


def test_an_outlet_or_agency_that_nothing_has_is_said_to_be_unknown(engine: Engine) -> None:
    assert "no outlet here has the id 'madinah'" in shown(show_stories, engine, outlet="madinah")
    assert "no agency here has the id 'nakhil'" in shown(show_stories, engine, agency="nakhil", outlet="madina")
    assert shown(show_stories, engine, outlet="madina", search="nothing of the kind") == "no story matches\n"


def test_a_search_that_looked_through_the_latest_only_says_so(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def capped(*given: Any) -> StoryList:
        return replace(list_stories(*given), search_capped=True)

    monkeypatch.setattr("app.cli.show.stories.list_stories", capped)
    assert "the latest were looked through" in " ".join(shown(show_stories, engine).split())


@pytest.mark.parametrize(
    "options", [{"order": "cheapest"}, {"relation": "theft"}, {"credit": "stolen"}], ids=["order", "relation", "credit"]
)
def test_an_unknown_choice_names_what_is_allowed(engine: Engine, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"allowed: .+, .+"):
        shown(show_stories, engine, **options)


@pytest.mark.parametrize("show", [show_story, show_article, show_run_report])
def test_what_is_not_there_is_said(engine: Engine, show: Show) -> None:
    with pytest.raises(UsageError, match="nothing"):
        shown(show, engine, "nothing")
    with pytest.raises(UsageError, match="nothing"):
        shown(show_compare, engine, "ferry", "nothing")


def test_a_story_lists_its_copies_and_what_draws_on_it(engine: Engine) -> None:
    text = shown(show_story, engine, "st-bridge")
    for part in ("bridge-exact", "exact copy", "12 min", "abridged", "48%", "in a digest", "follow-up", "st-digest"):
        assert part in text
    assert "st-bridge-early went into this story." in shown(show_story, engine, "st-bridge-early")


def test_a_comparison_without_colour_marks_words_like_a_word_diff(engine: Engine) -> None:
    text = shown(show_compare, engine, "library-origin", "library-copy")
    assert "{+Neighbours brought cake.+}" in text
    assert "{~Tuesday,~}" in text
    assert "{~yesterday,~}" in text


def test_a_comparison_isolates_each_line_for_the_terminal(engine: Engine) -> None:
    text = shown(show_compare, engine, "bridge-origin", "bridge-edited", terminal=True)
    lines = [line for line in text.splitlines() if "الزيتون" in line]
    assert lines
    assert all(line.count(FSI) == line.count(PDI) > 0 for line in lines)


def test_hostile_text_moves_neither_cursor_nor_line(engine: Engine) -> None:
    for show, given in ((show_stories, ()), (show_article, ("hostile/../?#&",)), (show_story, ("st-hostile",))):
        text = shown(show, engine, *given, terminal=True)
        assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\x07\x9b")
    assert plain("a\x1b[31mb\r\nc\u202ed\ue000") == "a [31mb c d\ue000"


@pytest.mark.parametrize(
    ("terminal", "environ", "mode"),
    [
        (True, {}, "isolate"),
        (True, {"WIRECOPY_BIDI": "visual"}, "visual"),
        (True, {"WIRECOPY_BIDI": "off"}, "off"),
        (True, {"WIRECOPY_BIDI": "nonsense"}, "isolate"),
        (False, {"WIRECOPY_BIDI": "visual"}, "off"),  # a pipe gets the text as it is
    ],
)
def test_the_terminal_and_the_environment_decide(terminal: bool, environ: dict[str, str], mode: str) -> None:
    assert bidi_mode(Console(file=io.StringIO(), force_terminal=terminal), environ) == mode


def test_text_of_each_direction() -> None:
    assert set_text("سلام", "isolate") == f"{FSI}سلام{PDI}"
    assert set_text("سلام", "visual") == "مالس"
    assert set_text("سلام", "off") == "سلام"
    assert set_text("peace", "isolate") == "peace"
    assert set_text(None, "isolate") == ""


def test_text_is_cut_to_cells_not_characters() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("日本語テキスト", 6) == "日本…"
    marked = "مُحَمَّد يكتب كتابا"
    assert cell_len(shorten(marked, 8)) <= 8


def test_durations_and_shares_read_well() -> None:
    given = (None, 40, 720, 11_100, 187_200, -300)
    assert [duration(one) for one in given] == ["–", "40 s", "12 min", "3 h 05", "2 d 4 h", "−5 min"]
    assert [share(None), share(0.48)] == ["–", "48%"]


def test_importing_the_views_stays_light() -> None:
    heavy = {"fastapi", "scipy", "pyarrow", "jinja2", "rapidfuzz"}
    code = f"import sys, app.cli.show; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_copy_of_a_day_without_an_hour_is_not_said_to_be_hours_early(tmp_path: Path) -> None:
    catalog = build_catalog(tmp_path)
    with catalog.begin() as connection:
        connection.execute(
            update(articles).where(articles.c.article_id == "bridge-exact").values(published_precision="day")
        )
        connection.execute(update(links).where(links.c.article_id == "bridge-exact").values(latency_seconds=-32_400))
    for show, given in (
        (show_story, ("st-bridge",)),
        (show_article, ("bridge-exact",)),
        (show_compare, ("bridge-origin", "bridge-exact")),
    ):
        assert "−9 h" not in shown(show, catalog, *given)
    catalog.dispose()
