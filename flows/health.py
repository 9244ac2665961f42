"""Health checks with memory: an outlet's run against the outlet's own recent runs. No clock, no catalog, no Prefect.

A check speaks only where the run differs by more than chance and by enough to matter. Chance is measured with the
sizes at hand: two rejected pages of two prove nothing, ten of ten do. Nothing is said before MIN_RUNS runs are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import median, pstdev
from typing import Any

from flows.chance import silence_by_chance, sum_pairs, tail, unsteadiness

# Runs looked back on for the rhythm of a week: ten days of runs every quarter of an hour.
MEMORY = 1_000
# Runs that say what is usual: a week of hourly ones. What has changed for good is usual in turn.
RECENT = 200
MIN_RUNS = 5
MIN_PAGES = 20
# Ten outlets every quarter of an hour are a thousand runs a day with six checks each: less than one false alarm a day
# even if every quiet run lay at the edge, and in practice far fewer, since the change must be large as well.
CHANCE = 2e-4
# Runs put together where one alone has too few pages to tell.
RUNS_TOGETHER = 4
MIN_LENGTHS = 3
WHOLE = 0.95  # from this share on, all pages of a run are meant
PARTIAL_SPREADS = 3.0  # spreads among runs that a loss of some pages must exceed
# Until a night was seen, silence must outlast one.
RHYTHM_KNOWN = timedelta(hours=36)
# Until a week was seen, the days that are a weekend somewhere (Friday to Sunday) do not count.
WEEK_KNOWN = timedelta(days=8)
LONG_SILENCE = timedelta(hours=24)
SHORT_SILENCE = timedelta(hours=12)
WORKDAYS = range(4)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of one outlet gave; kept in the run ledger, so that later runs can be compared with it."""

    pages: int = 0  # read by extraction: articles and rejected ones
    articles: int = 0  # new or in a new version
    rejected: int = 0  # pages that extraction rejected
    dated: int = 0  # articles with a publication date
    credited: int = 0  # articles that credit an agency
    words: int = 0  # median of the articles
    log_words: float = 0.0  # mean of the logarithms of the word counts
    log_spread: float = 0.0  # their standard deviation
    feed_errors: int = 0  # feeds, sitemaps and sections that could not be read
    failed: int = 0  # 1: the crawl itself failed
    seconds: float = 0.0  # of the crawl

    def as_counts(self) -> dict[str, Any]:
        """For the run ledger."""
        return asdict(self)

    @classmethod
    def from_counts(cls, counts: Mapping[str, Any]) -> Figures:
        """Read what as_counts wrote; what an earlier version did not know is zero."""
        return cls(
            **{one.name: counts[one.name] for one in fields(cls) if isinstance(counts.get(one.name), int | float)}
        )


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier run: when and what."""

    at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class Alarm:
    """A check that spoke."""

    check: str
    message: str  # what is seen, and what is usual


def examine(current: Figures, past: Sequence[Past], now: datetime) -> list[Alarm]:
    """Compare a run with the earlier ones (the oldest first, MEMORY of them)."""
    earlier = [one.figures for one in past if not one.figures.failed][-RECENT:]
    found: list[Alarm | None] = [feed_errors(current, [one.figures for one in past])]
    if not current.failed and len(earlier) >= MIN_RUNS:
        found += [
            rejections(current, earlier),
            dates(current, earlier),
            credits_lost(current, earlier),
            body_length(current, earlier),
            no_new_articles(current, past, now),
            duration(current, earlier),
        ]
    return [one for one in found if one is not None]


def rejections(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """More pages rejected than usual: a changed template, a wall, an outage page."""
    share = _risen_share(current, earlier, lambda one: (one.rejected, one.pages), least_rise=0.3, floor=0.2)
    return _share_alarm("rejections", share, "{now:.0%} of the pages read are rejected; usual: {usual:.0%}")


def dates(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """Fewer articles with a publication date than usual."""
    share = _risen_share(
        current, earlier, lambda one: (one.articles - one.dated, one.articles), least_rise=0.3, floor=0.2
    )
    return _share_alarm("dates", share, "{now:.0%} of the articles have no date; usual: {usual:.0%}")


def credits_lost(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """Hardly an article that credits an agency. Hours of own reports are normal: a mere fall says nothing."""
    if sum(one.articles >= MIN_LENGTHS for one in earlier) < 2 * MIN_RUNS:
        return None
    share = _risen_share(
        current,
        earlier,
        lambda one: (one.articles - one.credited, one.articles),
        least_rise=0.3,
        floor=0.3,
        ups_and_downs=2.5,
        least_unsteady=0.02,
        pooled_chance=CHANCE / 10,  # hours of own reports follow each other
    )
    if share is None or share[0] < WHOLE:
        return None
    return _share_alarm("credits", share, "{now:.0%} of the articles credit no agency; usual: {usual:.0%}")


def body_length(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """Texts much shorter (cut off) or longer (boilerplate swallowed) than usual."""
    known = [one for one in earlier if one.articles]
    total = sum(one.articles for one in known)
    if current.articles < MIN_LENGTHS or len(known) < MIN_RUNS or total < MIN_PAGES:
        return None
    mean = sum(one.log_words * one.articles for one in known) / total
    within = sum(one.log_spread**2 * one.articles for one in known) / max(1, total - len(known))
    # What the runs differ by beyond what their sizes let expect.
    seen = sum(one.articles * (one.log_words - mean) ** 2 for one in known) / total
    between = max(0.0, seen - within * len(known) / total)
    error = math.sqrt(within / current.articles + between)
    away = current.log_words - mean
    if abs(away) < max(math.log(1.6), 3.7 * error * (1 + 5 / len(known))):
        return None
    usual = math.exp(mean)
    which = "shorter" if away < 0 else "longer"
    return Alarm(
        "body_length", f"texts are {which} than usual: {math.exp(current.log_words):.0f} words; usual: {usual:.0f}"
    )


def no_new_articles(current: Figures, past: Sequence[Past], now: datetime) -> Alarm | None:
    """Silence twice as long as the longest so far, in hours and in runs, and hardly a chance at the usual pace."""
    if current.articles:
        return None
    rows = [one for one in past if not one.figures.failed]
    giving = [index for index, one in enumerate(rows) if one.figures.articles]
    if len(giving) < MIN_RUNS:
        return None
    gaps = [(later - sooner, rows[later].at - rows[sooner].at) for sooner, later in pairwise(giving)]
    longest_runs, longest_time = max(runs for runs, _ in gaps), max(time for _, time in gaps)
    last = rows[giving[-1]].at
    silent_runs, silent_time = len(rows) - giving[-1], now - last
    known = last - rows[0].at
    counted = silent_time if known >= WEEK_KNOWN else _on_workdays(last, now)
    counted_runs = int(silent_runs * (counted / silent_time)) if silent_time else 0
    least = SHORT_SILENCE if known >= RHYTHM_KNOWN else LONG_SILENCE
    if counted_runs <= max(3, 2 * longest_runs) or counted <= max(least, 2 * longest_time):
        return None
    quiet = giving[-1] + 1 - len(giving)
    if silence_by_chance(counted_runs, len(giving), quiet) > 2 * CHANCE:
        return None
    return Alarm(
        "no_new_articles",
        f"nothing new in {silent_runs} runs over {_hours(silent_time)}; longest silence before: {_hours(longest_time)}",
    )


def feed_errors(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """Crawls that fail, or feeds that cannot be read, more runs in a row than ever. One failure is everyday life."""
    in_a_row, longest = _failing_in_a_row(current, earlier)
    if in_a_row < max(2 if current.failed else 3, longest + 2) or in_a_row > len(earlier):
        return None
    what = "the crawl failed" if current.failed else f"{current.feed_errors} feeds, sitemaps or sections are unreadable"
    return Alarm("feed_errors", f"{what}, run {in_a_row} in a row")


def duration(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """A crawl that takes far longer than any before. Below a minute nobody minds."""
    known = [one.seconds for one in earlier if one.seconds > 0]
    if len(known) < MIN_RUNS:
        return None
    spread = pstdev(math.log(one) for one in known)
    bar = max(60.0, 2 * max(known), median(known) * max(5.0, math.exp(5 * spread)) * (1 + 5 / len(known)))
    if current.seconds <= bar:
        return None
    return Alarm("duration", f"the crawl took {current.seconds:.0f} s; usual: {median(known):.0f} s")


def _failing_in_a_row(current: Figures, earlier: Sequence[Figures]) -> tuple[int, int]:
    """How many runs up to this one failed, and the longest such row before them."""
    rows = [len(list(row)) for failed, row in groupby([*earlier, current], _feeds_failed) if failed]
    return (rows[-1], max(rows[:-1], default=0)) if _feeds_failed(current) else (0, 0)


def _feeds_failed(figures: Figures) -> bool:
    return bool(figures.feed_errors or figures.failed)


def _hours(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def _on_workdays(start: datetime, end: datetime) -> timedelta:
    """How much of a time lies on days that are working days everywhere."""
    hours = int((end - start).total_seconds() // 3600)
    return timedelta(hours=sum((start + timedelta(hours=hour)).weekday() in WORKDAYS for hour in range(hours)))


def _risen_share(
    current: Figures,
    earlier: Sequence[Figures],
    of: Callable[[Figures], tuple[int, int]],
    least_rise: float,
    floor: float,
    ups_and_downs: float = 1.0,
    least_unsteady: float = 0.0,
    pooled_chance: float = CHANCE,
) -> tuple[float, float] | None:
    """(share now, usual share) where k of n lies above what chance and the usual unsteadiness explain, else None.

    Pages that fail come in clusters, which a binomial does not know: the bar lies above the usual share by the spread
    among runs that chance leaves unexplained, and the floor stands for the clusters not yet seen. A cluster takes some
    pages of a run; a template takes all.
    """
    if of(current)[1] and not of(current)[0]:  # all is well with what came in this run
        return None
    recent = [current]
    for together in range(RUNS_TOGETHER):
        if together:
            recent.append(earlier[-together])
        known = earlier[: len(earlier) - together]
        if len(known) < MIN_RUNS:
            return None
        k, n = sum_pairs(of(one) for one in recent)
        past_k, past_n = sum_pairs(of(one) for one in known)
        # Newest runs that were well would only thin out what this one shows.
        if n == 0 or past_n < MIN_PAGES or (together and of(recent[-1])[0] == 0):
            return None
        usual = past_k / past_n
        pairs = [of(one) for one in known if of(one)[1]]
        is_whole = k / n >= WHOLE
        spreads = ups_and_downs if is_whole else PARTIAL_SPREADS + 15 / len(pairs)
        bar = max(
            floor,
            (past_k + 1) / (past_n + 2) + spreads * (1 + 3 / len(pairs)) * max(least_unsteady, unsteadiness(pairs)),
        )
        if k / n - bar >= (least_rise if is_whole else least_rise + 0.1) and tail(k, n, bar) < (
            pooled_chance if together else CHANCE
        ):
            return k / n, usual
    return None


def _share_alarm(check: str, share: tuple[float, float] | None, wording: str) -> Alarm | None:
    return None if share is None else Alarm(check, wording.format(now=share[0], usual=share[1]))
