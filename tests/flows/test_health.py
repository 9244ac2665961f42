"""Health checks: tables of cases, quiet weeks without an alarm, a changed template with one within a run."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.chance import tail
from flows.health import Figures, Past, examine

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
USUAL = Figures(
    pages=12, articles=12, rejected=0, dated=12, credited=7, words=260, log_words=5.5, log_spread=0.5, seconds=20.0
)


def runs(*figures: Figures) -> list[Past]:
    return [Past(START + index * HOUR, one) for index, one in enumerate(figures)]


def checks(current: Figures, past: list[Past], at: datetime | None = None) -> set[str]:
    return {one.check for one in examine(current, past, at or (past[-1].at + HOUR if past else START))}


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (USUAL, set()),
        (replace(USUAL, pages=2, articles=1, rejected=1, dated=1, credited=0), set()),
        (
            replace(USUAL, pages=12, articles=0, rejected=12, dated=0, credited=0, words=0, log_words=0.0),
            {"rejections"},
        ),
        (replace(USUAL, pages=14, articles=12, rejected=2), set()),
        (replace(USUAL, dated=0), {"dates"}),
        (replace(USUAL, dated=11), set()),
        (replace(USUAL, credited=0), {"credits"}),
        (replace(USUAL, credited=4), set()),
        (replace(USUAL, log_words=math.log(40), words=40), {"body_length"}),
        (replace(USUAL, log_words=math.log(2600), words=2600), {"body_length"}),
        (replace(USUAL, log_words=5.2), set()),
        (replace(USUAL, articles=2, pages=2, dated=2, credited=1, log_words=math.log(40)), set()),
        (replace(USUAL, seconds=59.0), set()),
        (replace(USUAL, seconds=900.0), {"duration"}),
        (replace(USUAL, failed=1, pages=0, articles=0), set()),
        (replace(USUAL, feed_errors=1), set()),
    ],
)
def test_a_run_against_ten_usual_ones(current: Figures, expected: set[str]) -> None:
    assert checks(current, runs(*[USUAL] * 10)) == expected


@pytest.mark.parametrize("known", range(5))
def test_nothing_is_said_before_five_runs_are_known(known: int) -> None:
    broken = replace(USUAL, articles=0, rejected=12, dated=0, credited=0, seconds=9_000.0)
    assert checks(broken, runs(*[USUAL] * known)) == set()


def test_a_crawl_that_fails_twice_in_a_row_is_told_and_once_is_not() -> None:
    failed = replace(USUAL, failed=1, pages=0, articles=0)
    assert checks(failed, runs(*[USUAL] * 10)) == set()
    assert checks(failed, runs(*[USUAL] * 9, failed)) == {"feed_errors"}
    assert checks(USUAL, runs(*[USUAL] * 9, failed)) == set()


def test_feeds_unreadable_in_three_runs_are_told_and_in_two_are_not() -> None:
    limping = replace(USUAL, feed_errors=1)
    assert checks(limping, runs(*[USUAL] * 9, limping)) == set()
    assert checks(limping, runs(*[USUAL] * 8, limping, limping)) == {"feed_errors"}


def test_a_feed_that_always_fails_beside_others_is_not_news() -> None:
    limping = replace(USUAL, feed_errors=1)
    assert checks(limping, runs(*[limping] * 10)) == set()


def test_few_pages_per_run_are_put_together() -> None:
    small = replace(USUAL, pages=3, articles=3, dated=3, credited=2)
    broken = replace(small, articles=0, rejected=3, dated=0, credited=0)
    once = replace(small, pages=1, articles=0, rejected=1, dated=0, credited=0)
    assert checks(once, runs(*[small] * 12)) == set()
    assert "rejections" in checks(broken, runs(*[small] * 12, broken))


def test_a_run_that_is_well_ends_the_alarm_at_once() -> None:
    broken = replace(USUAL, articles=0, rejected=12, dated=0, credited=0)
    assert checks(USUAL, runs(*[USUAL] * 8, broken, broken, broken)) == set()


def test_silence_is_told_when_it_is_twice_the_longest_known() -> None:
    quiet = replace(USUAL, pages=0, articles=0, dated=0, credited=0)
    nights = [USUAL, USUAL, quiet, quiet, quiet, USUAL] * 4
    past = runs(*nights)
    assert checks(quiet, past) == set()
    longer = runs(*nights * 2, *[quiet] * 9)
    assert checks(quiet, longer) == set()
    longest = runs(*nights * 2, *[quiet] * 14)
    assert checks(quiet, longest) == {"no_new_articles"}


def simulated_run(chance: random.Random, hour: int, is_broken: bool = False) -> Figures:
    """One hour of an outlet: bursts by day, silence at night, a few duds, own reports among the wire's."""
    busy = 8 if 7 <= hour % 24 <= 22 else 0.3
    pages = sum(chance.random() < busy / 20 for _ in range(20))
    if is_broken:
        pages = max(pages, 6)
    lost = 1.0 if is_broken else chance.betavariate(1, 24)
    rejected = sum(chance.random() < lost for _ in range(pages))
    lengths = [chance.gauss(5.5, 0.6) for _ in range(pages - rejected)]
    wire = chance.betavariate(5, 4)
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    spread = math.sqrt(sum((one - mean) ** 2 for one in lengths) / len(lengths)) if lengths else 0.0
    return Figures(
        pages=pages,
        articles=len(lengths),
        rejected=rejected,
        dated=sum(chance.random() < 0.97 for _ in lengths),
        credited=sum(chance.random() < wire for _ in lengths),
        log_words=mean,
        log_spread=spread,
        feed_errors=int(chance.random() < 0.02),
        seconds=chance.lognormvariate(3.2, 0.4),
    )


@pytest.mark.parametrize("seed", range(60))
def test_thirty_quiet_runs_give_no_alarm_and_a_changed_template_gives_one_at_once(seed: int) -> None:
    chance = random.Random(seed)
    past: list[Past] = []
    for hour in range(48):
        at = START + hour * HOUR
        figures = simulated_run(chance, at.hour)
        assert examine(figures, past, at) == []
        past.append(Past(at, figures))
    at = START + 48 * HOUR
    broken = simulated_run(chance, at.hour, is_broken=True)
    assert "rejections" in {one.check for one in examine(broken, past, at)}


def articles_of(chance: random.Random, pages: int, wire: float, spread: float) -> Figures:
    """A run of that many pages: a few of them duds, one in thirty articles without a date."""
    rejected = sum(chance.random() < 0.05 for _ in range(pages))
    lengths = [chance.gauss(5.5, spread) for _ in range(pages - rejected)]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    return Figures(
        pages=pages,
        articles=len(lengths),
        rejected=rejected,
        dated=sum(chance.random() < 0.97 for _ in lengths),
        credited=sum(chance.random() < wire for _ in lengths),
        log_words=mean,
        log_spread=math.sqrt(sum((one - mean) ** 2 for one in lengths) / len(lengths)) if lengths else 0.0,
        seconds=chance.lognormvariate(3.0, 0.3),
    )


# Pages of a run, by its number: every outlet has a rhythm of its own.
RHYTHMS: dict[str, Callable[[random.Random, int], int]] = {
    "steady": lambda chance, _: chance.randint(18, 26),
    "a few a day": lambda chance, _: int(chance.random() < 0.3),
    "bursts": lambda chance, _: chance.choice([0, 0, 0, 1, 2, 30]),
    "mornings": lambda chance, number: chance.randint(10, 30) if number % 24 == 5 else int(chance.random() < 0.05),
    "hardly ever": lambda chance, _: int(chance.random() < 0.04),
    "workdays": lambda chance, number: chance.randint(3, 9) if number // 24 % 7 < 5 else int(chance.random() < 0.1),
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_no_rhythm_gives_an_alarm_from_the_first_run_on(rhythm: str, seed: int) -> None:
    chance, past = random.Random(seed), list[Past]()
    wire, spread = chance.choice([0.2, 0.5, 0.8]), chance.uniform(0.3, 0.7)
    for number in range(90):
        at = START + number * HOUR
        figures = articles_of(chance, RHYTHMS[rhythm](chance, number), wire, spread)
        assert examine(figures, past, at) == []
        past.append(Past(at, figures))


CHANGED: dict[str, tuple[str, Callable[[Figures], Figures]]] = {
    "no body": ("rejections", lambda one: replace(one, articles=0, rejected=one.pages, dated=0, credited=0)),
    "no date": ("dates", lambda one: replace(one, dated=0)),
    "no credit": ("credits", lambda one: replace(one, credited=0)),
    "half the body": ("body_length", lambda one: replace(one, log_words=one.log_words - math.log(2))),
    "the first paragraph": ("body_length", lambda one: replace(one, log_words=math.log(45), log_spread=0.2)),
    "the page's furniture, too": ("body_length", lambda one: replace(one, log_words=one.log_words + math.log(2))),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_template_that_costs_one_thing_is_told_in_the_first_run_after_thirty(change: str) -> None:
    check, changed = CHANGED[change]
    told = 0
    for seed in range(30):
        chance = random.Random(seed)
        past = [Past(START + one * HOUR, articles_of(chance, chance.randint(18, 26), 0.6, 0.5)) for one in range(30)]
        figures = changed(articles_of(chance, 22, 0.6, 0.5))
        told += check in {one.check for one in examine(figures, past, START + 30 * HOUR)}
    # Half of what came by chance half as long again is what is usual, and so on.
    assert told >= 28


def test_an_outlet_that_often_fails_once_is_told_after_more_than_that() -> None:
    failed = replace(USUAL, failed=1, pages=0, articles=0)
    limping = runs(*[USUAL, failed] * 5, USUAL, failed)
    assert checks(failed, limping) == set()
    assert checks(failed, [*limping, Past(limping[-1].at + HOUR, failed)]) == {"feed_errors"}


def small_outlet_run(chance: random.Random, at: datetime, weekend: tuple[int, int], a_day: float) -> Figures:
    """A small outlet: none to three articles in most runs, little at night, next to nothing at the weekend."""
    pace = a_day / 16 * (1 if 7 <= at.hour <= 22 else 0.02) * (0.02 if at.weekday() in weekend else 1)
    pages = sum(chance.random() < min(1.0, pace / 3) for _ in range(3))
    rejected = sum(chance.random() < 0.08 for _ in range(pages))
    lengths = [chance.gauss(5.4, 0.7) for _ in range(pages - rejected)]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    return Figures(
        pages=pages,
        articles=len(lengths),
        rejected=rejected,
        dated=len(lengths),
        credited=sum(chance.random() < 0.5 for _ in lengths),
        log_words=mean,
        log_spread=math.sqrt(sum((one - mean) ** 2 for one in lengths) / len(lengths)) if lengths else 0.0,
        seconds=chance.lognormvariate(1.5, 0.5),
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weekend", [(4, 5), (5, 6)])
def test_small_outlets_and_their_weekends_give_no_alarm(seed: int, weekend: tuple[int, int]) -> None:
    chance = random.Random(seed)
    a_day, step = chance.uniform(2, 30), chance.choice([HOUR, 6 * HOUR])
    start, past = START + chance.randrange(168) * HOUR, list[Past]()
    for number in range(150):
        at = start + number * step
        figures = small_outlet_run(chance, at, weekend, a_day)
        assert examine(figures, past, at) == []
        past.append(Past(at, figures))


def test_an_outlet_that_dies_is_told_within_two_working_days() -> None:
    chance = random.Random(7)
    past = [Past(at, small_outlet_run(chance, at, (5, 6), 30)) for at in (START + hour * HOUR for hour in range(60))]
    dead, at = Figures(seconds=3.0), START + 60 * HOUR
    while not examine(dead, past, at):
        past.append(Past(at, dead))
        at += HOUR
    assert HOUR * 12 < at - past[59].at < HOUR * 48


@settings(max_examples=80, deadline=None)
@given(n=st.integers(1, 60), part=st.floats(0, 1), percent=st.integers(1, 99))
def test_the_chance_is_the_exact_binomial_one(n: int, part: float, percent: int) -> None:
    k = round(part * n)
    p = Fraction(percent, 100)
    exact = sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert tail(k, n, percent / 100) == pytest.approx(float(exact), rel=1e-6, abs=1e-12)


@given(st.builds(Figures, pages=st.integers(0, 10**6), seconds=st.floats(0, 1e6), failed=st.integers(0, 1)))
def test_figures_survive_the_ledger_and_unknown_keys_are_left_out(figures: Figures) -> None:
    assert Figures.from_counts({**figures.as_counts(), "alarms": ["dates"], "later": "key"}) == figures
