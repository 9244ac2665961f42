"""Health checks with memory: an outlet's run against the outlet's own recent runs. No clock, no catalog, no Prefect.

A check speaks only where the run differs by more than chance and by enough to matter. Chance is measured with the
sizes at hand: two rejected pages of two prove nothing, ten of ten do. Nothing is said before MIN_RUNS runs are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median, pstdev
from typing import Any

# Runs looked back on for the rhythm of a week: ten days of runs every quarter of an hour.
MEMORY = 1_000
# Runs that say what is usual: a week of hourly ones. What has changed for good is usual in turn.
RECENT = 200
MIN_RUNS = 5
MIN_PAGES = 20
# Ten outlets every quarter of an hour are a thousand runs a day with six checks each: less than one false alarm a day
# even if every quiet run lay at the edge, and in practice far fewer, since the change must be large as well.
CHANCE = 1e-4
# Runs put together where one alone has too few pages to tell.
RUNS_TOGETHER = 4
MIN_LENGTHS = 3
WHOLE = 0.95  # from this share on, all pages of a run are meant
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
    """Fewer articles that credit an agency than usual. Whole hours of own reports are normal, so the bar is high."""
    share = _risen_share(
        current,
        earlier,
        lambda one: (one.articles - one.credited, one.articles),
        least_rise=0.4,
        floor=0.3,
        steadiness=0.9,
    )
    return _share_alarm("credits", share, "{now:.0%} of the articles credit no agency; usual: {usual:.0%}")


def body_length(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """Texts much shorter (cut off) or longer (boilerplate swallowed) than usual."""
    known = [one for one in earlier if one.articles >= MIN_LENGTHS]
    if current.articles < MIN_LENGTHS or len(known) < MIN_RUNS:
        return None
    total = sum(one.articles for one in known)
    mean = sum(one.log_words * one.articles for one in known) / total
    within = math.sqrt(sum(one.log_spread**2 * one.articles for one in known) / total)
    between = math.sqrt(sum((one.log_words - mean) ** 2 for one in known) / len(known))
    # The spread among runs holds the chance of their own sizes too: rather twice than not at all.
    error = math.hypot(within / math.sqrt(current.articles), between)
    away = current.log_words - mean
    if abs(away) < max(math.log(1.6), 4.5 * error * (1 + 3 / len(known))):
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
    if _silence_by_chance(counted_runs, len(giving), quiet) > 10 * CHANCE:
        return None
    return Alarm(
        "no_new_articles",
        f"nothing new in {silent_runs} runs over {_hours(silent_time)}; longest silence before: {_hours(longest_time)}",
    )


def feed_errors(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """A crawl that fails twice in a row, or feeds that cannot be read in three runs. One failure is everyday life."""
    in_a_row = 2 if current.failed else 3
    before = earlier[len(earlier) - in_a_row + 1 :] if len(earlier) >= in_a_row - 1 else ()
    if not _feeds_failed(current) or not before or not all(map(_feeds_failed, before)):
        return None
    older = earlier[: len(earlier) - in_a_row + 1]
    if len(older) >= MIN_RUNS and sum(map(_feeds_failed, older)) > 0.5 * len(older):
        return None
    what = "the crawl failed" if current.failed else f"{current.feed_errors} feeds, sitemaps or sections are unreadable"
    return Alarm("feed_errors", f"{what}, run {in_a_row} in a row")


def duration(current: Figures, earlier: Sequence[Figures]) -> Alarm | None:
    """A crawl that takes far longer than any before. Below a minute nobody minds."""
    known = [one.seconds for one in earlier if one.seconds > 0]
    if len(known) < MIN_RUNS:
        return None
    spread = pstdev(math.log(one) for one in known)
    bar = max(60.0, 2 * max(known), median(known) * max(5.0, math.exp(5 * spread)))
    if current.seconds <= bar:
        return None
    return Alarm("duration", f"the crawl took {current.seconds:.0f} s; usual: {median(known):.0f} s")


def _feeds_failed(figures: Figures) -> bool:
    return bool(figures.feed_errors or figures.failed)


def _hours(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def _silence_by_chance(runs: int, giving: int, quiet: int) -> float:
    """The chance of that many quiet runs in a row after giving and quiet ones, their share itself being uncertain."""
    known = giving + quiet + 1
    return math.exp(
        math.lgamma(quiet + 1 + runs) - math.lgamma(quiet + 1) - math.lgamma(known + runs) + math.lgamma(known)
    )


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
    steadiness: float = 0.75,
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
        k, n = _sum(of(one) for one in recent)
        past_k, past_n = _sum(of(one) for one in known)
        # Newest runs that were well would only thin out what this one shows.
        if n == 0 or past_n < MIN_PAGES or (together and of(recent[-1])[0] == 0):
            return None
        usual = past_k / past_n
        pairs = [of(one) for one in known]
        bar = max(floor, (past_k + 1) / (past_n + 2), _quantile(pairs, steadiness))
        if k / n < WHOLE:
            bar = max(bar, usual + 2.5 * _unsteadiness(pairs))
        if k / n - bar >= least_rise and tail(k, n, bar) < CHANCE:
            return k / n, usual
    return None


def _quantile(pairs: Sequence[tuple[int, int]], steadiness: float) -> float:
    shares = sorted(k / n for k, n in pairs if n >= MIN_LENGTHS)
    return shares[min(len(shares) - 1, int(steadiness * len(shares)))] if shares else 0.0


def _unsteadiness(pairs: Sequence[tuple[int, int]]) -> float:
    """The standard deviation of the share itself: what the runs differ by beyond what their sizes let expect."""
    k, n = _sum(pairs)
    share, runs = k / n, [(one_k, one_n) for one_k, one_n in pairs if one_n]
    seen = sum(one_n * (one_k / one_n - share) ** 2 for one_k, one_n in runs) / n
    by_chance = len(runs) * share * (1 - share) / n
    return math.sqrt(max(0.0, seen - by_chance))


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    k = n = 0
    for one_k, one_n in pairs:
        k, n = k + one_k, n + one_n
    return k, n


def tail(k: int, n: int, p: float) -> float:
    """The chance of k or more out of n at probability p each (binomial)."""
    if k <= 0 or p >= 1:
        return 1.0
    if p <= 0:
        return 0.0
    whole = math.lgamma(n + 1)
    logs = (
        whole - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k, n + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def _share_alarm(check: str, share: tuple[float, float] | None, wording: str) -> Alarm | None:
    return None if share is None else Alarm(check, wording.format(now=share[0], usual=share[1]))
