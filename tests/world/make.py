"""A world of pages: agencies' reports, what outlets make of them, and everything that only looks like a copy."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.records import Relation
from tests.world import edits
from tests.world.copies import AGENCY_WORDS, EXACT, NEAR, Desk
from tests.world.edits import Paragraphs
from tests.world.pages import COPIES, Answer, Page, World
from tests.world.reports import Report, Writer

START = datetime(2026, 2, 1, 6, tzinfo=UTC)
SITES = {"anadolu": ("agency-a", "https://www.aa.com.tr/ar/"), "spa": ("agency-s", "https://www.spa.gov.sa/")}
FORMS = ("cable", "weather", "market", "match")
DAYS = 9


class Maker:
    """Writes a world page by page."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.writer = Writer(self.dice)
        self.desk = Desk(self.writer)
        self.world = World()
        self.outlets = self.writer.bank["outlet"]["names"]
        self.held: set[str] = set()  # reports that digests held already

    def make(self, size: int) -> World:
        """About size pages."""
        topics = list(self.writer.bank["topics"])
        count = max(8, size // 12)
        agencies = ["anadolu"] * 7 + ["spa", "afp", "afp"]
        reports = [self.writer.report(f"r{number}", topics[number % len(topics)]) for number in range(count)]
        told = [(one, self._at(), agencies[number % len(agencies)]) for number, one in enumerate(reports)]
        for report, at, agency in told:
            self._run(report, at, agency)
        self._around(told)
        for number in range(count // 4):
            self._digest(told, number)
        for _ in range(count // 8):
            self._roundup(told)
        for kind in FORMS:
            for number in range(max(3, size // 90)):
                self._series(kind, number)
        while len(self.world.pages) < size:
            self._unrelated()
        self.dice.shuffle(self.world.pages)
        return self.world

    def _around(self, told: Sequence[tuple[Report, datetime, str]]) -> None:
        """What comes of reports: updates, follow-ups, own reports, reuse, opinion."""
        crawled = [one for one in told if one[2] in SITES]
        for some, write in ((0, self._update), (1, self._follow_up), (2, self._own_report)):
            for report, at, agency in crawled[some::4]:
                write(report, at, agency)
        for report, at, _ in told[::3]:
            self._reuse(report, at)
        for report, at, _ in told[::8]:
            self._column(report, at)

    def _at(self) -> datetime:
        return START + timedelta(minutes=self.dice.randint(0, DAYS * 24 * 60))

    def _page(
        self,
        outlet: str,
        at: datetime,
        headline: str | None,
        byline: str | None,
        text: Paragraphs,
        story: str,
        what: str,
        answers: Iterable[Answer] = (),
    ) -> Page:
        number = len(self.world.pages)
        if outlet in SITES:
            outlet_id, base = SITES[outlet]
        else:
            outlet_id = f"outlet-{self.outlets.index(outlet)}"
            base = f"https://{outlet_id}.example/"
        # An id says nothing, not even which page was made first.
        page_id = hashlib.sha256(f"{self.seed} {number}".encode()).hexdigest()[:12]
        page = Page(page_id, outlet_id, f"{base}{number}", headline, byline, at, text, story, what)
        page.answers.extend(answers)
        self.world.pages.append(page)
        return page

    def _agency_page(self, agency: str, at: datetime, headline: str, town: str, text: Paragraphs, story: str) -> Page:
        reporter = self.writer.name()
        word = AGENCY_WORDS[agency]
        head = f"{town} / {reporter} / {word}" if agency == "anadolu" else f"{town} - {word}"
        if self.dice.random() < 0.5:
            return self._page(agency, at, headline, reporter, (head, *text), story, "agency")
        return self._page(agency, at, headline, word, text, story, "agency")

    def _copies(
        self,
        text: Paragraphs,
        titles: tuple[str, tuple[str, ...]],
        source: tuple[str, str],
        at: datetime,
        story: str,
        count: int,
    ) -> list[Page]:
        agency, town = source
        crawled = agency in SITES
        pages = []
        for number, outlet in enumerate(self.dice.sample(self.outlets, min(count, len(self.outlets)))):
            plain = not crawled and number < 2
            copy = self.desk.copy(text, *titles, (agency, town, outlet), plain=plain)
            late = timedelta(minutes=self.dice.randint(4, 900))
            if crawled and self.dice.random() < 0.04:
                late = -timedelta(minutes=self.dice.randint(5, 170))
            late = timedelta(minutes=number) if plain else late
            answer = Answer(story, copy.relations, frozenset({copy.status}))
            is_origin = plain and number == 0
            pages.append(
                self._page(
                    outlet,
                    at + late,
                    copy.headline,
                    copy.byline,
                    copy.paragraphs,
                    story,
                    copy.what,
                    () if is_origin else (answer,),
                )
            )
        return pages

    def _run(self, report: Report, at: datetime, agency: str) -> None:
        story = report.key
        titles = report.headline, report.retitled
        if agency in SITES:
            origin = self._agency_page(agency, at, report.headline, report.town, report.paragraphs, story)
            self._copies(report.paragraphs, titles, (agency, report.town), at, story, self.dice.randint(1, 6))
        else:
            count = self.dice.randint(3, 6)
            origin = self._copies(report.paragraphs, titles, (agency, report.town), at, story, count)[0]
        self.world.origins[story] = (origin.page_id, agency in SITES, agency)

    def _update(self, report: Report, at: datetime, agency: str) -> None:
        text = edits.change_numbers(report.paragraphs, self.dice)
        headline = report.headline
        if self.dice.random() < 0.5:
            text, headline = (*text, self.writer.sentence()), self.dice.choice(report.retitled)
        later = at + timedelta(minutes=self.dice.randint(20, 300))
        page = self._agency_page(agency, later, headline, report.town, text, report.key)
        page.what = "update"
        page.answers.append(Answer(report.key, frozenset({Relation.UPDATE_OF})))
        for copy in self._copies(text, (headline, report.retitled), (agency, report.town), later, report.key, 2):
            copy.what += " of update"
            copy.answers[:] = [Answer(report.key, COPIES, one.statuses) for one in copy.answers]

    def _follow_up(self, report: Report, at: datetime, agency: str) -> None:
        story = f"{report.key}-next"
        text = (*report.new, *report.background)
        later = at + timedelta(hours=self.dice.randint(16, 40))
        page = self._agency_page(agency, later, report.new_headline, report.town, text, story)
        page.what = "follow-up"
        page.answers.append(Answer(report.key, frozenset({Relation.FOLLOW_UP})))
        titles = report.new_headline, ("تطورات جديدة", "اليوم التالي")
        self._copies(text, titles, (agency, report.town), later, story, self.dice.randint(1, 3))
        self.world.origins[story] = (page.page_id, True, agency)

    def _own_report(self, report: Report, at: datetime, agency: str) -> None:
        """Another agency's, or an outlet's, own report on the same event, with the same official's words."""
        story = f"{report.key}-own"
        own = self.dice.sample(report.own, 2)
        text = (
            own[0],
            self.writer.sentence(),
            own[1],
            report.statement,
            self.writer.sentence(),
            self.writer.sentence(),
        )
        later = at + timedelta(minutes=self.dice.randint(-60, 400))
        other = "spa" if agency == "anadolu" else "anadolu"
        optional = Answer(report.key, frozenset({Relation.PARTIAL_REUSE}), required=False)
        if self.dice.random() < 0.5:
            page = self._agency_page(other, later, report.retitled[0], report.town, text, story)
            page.answers.append(optional)
            self._copies(text, (report.retitled[0], report.retitled), (other, report.town), later, story, 2)
            self.world.origins[story] = (page.page_id, True, other)
        else:
            by = f"كتب: {self.writer.name()}"
            self._page(self.dice.choice(self.outlets), later, report.retitled[1], by, text, story, "own", [optional])

    def _near(self, told: Sequence[tuple[Report, datetime, str]], count: int) -> list[tuple[Report, datetime, str]]:
        """Reports of about one day."""
        first = self.dice.choice(told)
        by_time = sorted(told, key=lambda one: abs(one[1] - first[1]))[: count + 3]
        fresh = [one for one in by_time if one[0].key not in self.held]
        held = (fresh + [one for one in by_time if one not in fresh])[:count]
        self.held.update(one[0].key for one in held)
        return held

    def _digest(self, told: Sequence[tuple[Report, datetime, str]], number: int) -> None:
        held = self._near(told, self.dice.choice((3, 3, 3, 4, 5)))
        at = max(one[1] for one in held) + timedelta(minutes=self.dice.randint(30, 600))
        text = self._digested([report for report, _, _ in held])
        if self.dice.random() < 0.3:
            text = edits.respell(text, self.dice)
        headline = self.dice.choice(
            (self.desk.outlet["digest"][0].format(d="اليوم"), self.desk.outlet["digest"][2], held[0][0].headline, None)
        )
        if headline is not None and self.dice.random() < 0.3:
            headline = " / ".join(report.headline for report, _, _ in held)
        answers = [Answer(report.key, frozenset({Relation.DIGEST_MEMBER})) for report, _, _ in held]
        outlet = self.dice.choice(self.outlets)
        self._page(outlet, at, headline, "وكالات", text, f"digest{number}", "digest", answers)

    def _digested(self, held: Sequence[Report]) -> Paragraphs:
        """The first paragraphs of reports, or all of them; plain, numbered, or each below its headline."""
        each = self.dice.choice((1, 1, 1, 2, 2, None))
        style = self.dice.choice(("plain", "plain", "numbered", "headlines"))
        text: list[str] = []
        for place, report in enumerate(held, 1):
            if style == "headlines":
                text.append(report.headline)
            first, *others = report.paragraphs[:each]
            text += [f"{place}- {first}" if style == "numbered" else first, *others]
        return tuple(text)

    def _roundup(self, told: Sequence[tuple[Report, datetime, str]]) -> None:
        held = self._near(told, self.dice.randint(4, 5))
        at = max(one[1] for one in held) + timedelta(minutes=self.dice.randint(60, 900))
        joints = self.desk.outlet["roundup_between"]
        lines = [self.desk.outlet["roundup_lede"]]
        for place, (report, _, _) in enumerate(held):
            lines.append(f"{joints[place % len(joints)]} {report.statement}")
        answers = [Answer(report.key, frozenset({Relation.DIGEST_MEMBER})) for report, _, _ in held]
        story = f"roundup{len(self.world.pages)}"
        headline = self.dice.choice(self.desk.outlet["roundup"])
        self._page(self.dice.choice(self.outlets), at, headline, "وكالات", tuple(lines), story, "round-up", answers)

    def _reuse(self, report: Report, at: datetime) -> None:
        """An outlet's own report that takes two paragraphs from inside another."""
        text = (
            *self.desk.own_ledes(3),
            self.writer.sentence(),
            *report.paragraphs[2:4],
            self.writer.sentence(),
            self.writer.sentence(),
        )
        answer = Answer(report.key, frozenset({Relation.PARTIAL_REUSE}))
        story = f"{report.key}-reuse"
        later = at + timedelta(minutes=self.dice.randint(60, 1500))
        by = f"كتب: {self.writer.name()}"
        headline = self.dice.choice(self.desk.outlet["cold"])
        self._page(self.dice.choice(self.outlets), later, headline, by, text, story, "reuse", [answer])

    def _column(self, report: Report, at: datetime) -> None:
        own = list(self.desk.outlet["column_text"])
        self.dice.shuffle(own)
        mine = [self.writer.sentence() for _ in range(3)]
        text = (own[0], mine[0], report.lede, own[1], report.body[0], *mine[1:])
        later = at + timedelta(hours=self.dice.randint(4, 30))
        optional = Answer(report.key, frozenset({Relation.PARTIAL_REUSE}), required=False)
        headline, by = self.dice.choice(self.desk.outlet["column"]), self.writer.name()
        story = f"{report.key}-column"
        self._page(self.dice.choice(self.outlets), later, headline, by, text, story, "column", [optional])

    def _series(self, kind: str, number: int) -> None:
        headline, retitled, text = self.writer.form(kind)
        story = f"{kind}{number}"
        at = START + timedelta(hours=24 * number + 9, minutes=self.dice.randint(0, 90))
        if kind in ("cable", "match"):
            at = START + timedelta(hours=30 + self.dice.randint(0, 70))
        town = self.writer.facts()["t"]
        page = self._agency_page("anadolu", at, headline, town, text, story)
        self.world.origins[story] = (page.page_id, True, "anadolu")
        for outlet in self.dice.sample(self.outlets, self.dice.randint(1, 3)):
            copied = edits.respell(text, self.dice) if self.dice.random() < 0.4 else text
            title = self.dice.choice((headline, headline, None, self.dice.choice(retitled)))
            byline, before, after, status = self.desk.credit("anadolu", town, outlet)
            answer = Answer(story, frozenset({EXACT, NEAR}), frozenset({status}))
            later = at + timedelta(minutes=self.dice.randint(5, 400))
            self._page(outlet, later, title, byline, (*before, *copied, *after), story, kind, [answer])

    def _unrelated(self) -> None:
        text = (*self.desk.own_ledes(1), *(self.writer.sentence() for _ in range(self.dice.randint(3, 6))))
        headline = " ".join(text[-1].split()[3:9])
        story = f"own{len(self.world.pages)}"
        by: str | None = self.dice.choice((None, "", f"كتب: {self.writer.name()}"))
        self._page(self.dice.choice(self.outlets), self._at(), headline, by, text, story, "unrelated")


def make_world(seed: int, size: int = 512) -> World:
    """A world of about size pages, always the same for one seed."""
    return Maker(seed).make(size)
