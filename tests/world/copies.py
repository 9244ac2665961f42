"""Copies of a report as outlets run them: text edited, a headline of their own, the credit kept, changed or gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.records import CreditStatus, Relation
from tests.world import edits
from tests.world.edits import Paragraphs
from tests.world.reports import Bank, Writer

EXACT, NEAR = Relation.EXACT_COPY, Relation.NEAR_COPY
ABRIDGED, EXTENDED = Relation.ABRIDGED_COPY, Relation.EXTENDED_COPY
AGENCY_WORDS = {"anadolu": "الأناضول", "spa": "واس", "afp": "أ ف ب"}
OTHERS = {"anadolu": "رويترز", "spa": "أ ف ب", "afp": "د ب أ"}


@dataclass(frozen=True, slots=True)
class Copy:
    """An outlet's version: text, headline, byline, and what is right to say of it."""

    paragraphs: Paragraphs
    headline: str | None
    byline: str | None
    relations: frozenset[Relation]
    status: CreditStatus
    what: str


class Desk:
    """Makes copies by the dice of a writer."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.dice = writer, writer.dice
        self.outlet: Bank = writer.bank["outlet"]

    def own_ledes(self, most: int = 3) -> Paragraphs:
        """One to three paragraphs of the outlet's own."""
        first = self.writer.fill(self.dice.choice(self.outlet["ledes"]), {})
        if self.dice.random() < 0.6:
            first = self.writer.sentence()
        return (first, *(self.writer.sentence() for _ in range(self.dice.randint(0, most - 1))))

    def edit(self, text: Paragraphs) -> tuple[str, Paragraphs, frozenset[Relation]]:
        """One way to treat a text, and the relations that are right for it."""
        kinds: dict[str, tuple[int, Callable[[], Paragraphs], set[Relation]]] = {
            "verbatim": (14, lambda: text, {EXACT, NEAR}),
            "respell": (10, lambda: edits.respell(text, self.dice), {EXACT, NEAR}),
            "reword": (12, lambda: edits.reword(text, 0.15, self.dice), {NEAR}),
            "reorder": (6, lambda: edits.reorder(text, self.dice), {NEAR}),
            "two": (12, lambda: text[:2], {ABRIDGED}),
            "brief": (10, lambda: edits.brief(text, self.dice.randint(30, 60)), {ABRIDGED}),
            "drop": (10, lambda: self._dropped(text), {ABRIDGED}),
            "lede": (12, lambda: (*self.own_ledes(), *text), {EXTENDED}),
            "newlede": (6, lambda: (*self.own_ledes(1), *text[1:]), {NEAR, EXTENDED, ABRIDGED}),
            "tail": (8, lambda: (*text, *self._tail()), {EXTENDED}),
            "ledecut": (8, lambda: (*self.own_ledes(2), *text[: self.dice.randint(2, 3)]), {ABRIDGED, EXTENDED}),
        }
        names = list(kinds)
        name = self.dice.choices(names, [kinds[one][0] for one in names])[0]
        paragraphs = kinds[name][1]()
        if name not in ("respell", "verbatim") and self.dice.random() < 0.35:
            name, paragraphs = f"{name}+respell", edits.respell(paragraphs, self.dice)
        return name, paragraphs, frozenset(kinds[name.removesuffix("+respell")][2])

    def _tail(self) -> Paragraphs:
        own = self.dice.sample(self.outlet["tails"], 2)
        return (*own, self.writer.sentence())

    def _dropped(self, text: Paragraphs) -> Paragraphs:
        gone = set(self.dice.sample(range(1, len(text)), min(len(text) - 2, self.dice.randint(2, 4))))
        return tuple(one for number, one in enumerate(text) if number not in gone)

    def title(self, headline: str, retitled: tuple[str, ...]) -> str | None:
        """The same headline, another on the matter, one that says nothing of it, or none."""
        kind = self.dice.choices(("same", "new", "cold", "none"), (30, 35, 20, 15))[0]
        options = {"same": headline, "new": self.dice.choice(retitled), "cold": self.dice.choice(self.outlet["cold"])}
        return options.get(kind)

    def credit(self, agency: str, town: str, outlet: str) -> tuple[str | None, Paragraphs, Paragraphs, CreditStatus]:
        """Byline, a line to put before the text, one to put behind it, and the status they amount to."""
        word, other = AGENCY_WORDS[agency], OTHERS[agency]
        ways: list[tuple[int, tuple[str | None, Paragraphs, Paragraphs, CreditStatus]]] = [
            (14, (f"{town} - {word}", (), (), CreditStatus.CREDITED)),
            (8, (word, (), (), CreditStatus.CREDITED)),
            (8, (outlet, (), (f"({word})",), CreditStatus.CREDITED)),
            (5, (outlet, (f"{town} / {word}",), (), CreditStatus.CREDITED)),
            (4, (f"{town} ـ {word}:", (), (), CreditStatus.CREDITED)),
            (4, (f"{outlet} - {word} ووكالات", (), (), CreditStatus.CREDITED)),
            (3, (outlet, (), (f"المصدر: {word}",), CreditStatus.CREDITED)),
            (8, (f"{outlet} - وكالات", (), (), CreditStatus.CREDITED_GENERIC)),
            (4, ("وكالات", (), (), CreditStatus.CREDITED_GENERIC)),
            (8, (f"{town} - {other}", (), (), CreditStatus.CREDITED_OTHER)),
            (10, (f"كتب: {self.writer.name()}", (), (), CreditStatus.UNCREDITED)),
            (8, (outlet, (), (), CreditStatus.UNCREDITED)),
            (6, ("", (), (), CreditStatus.UNCREDITED)),
        ]
        return self.dice.choices([way for _, way in ways], [weight for weight, _ in ways])[0]

    def copy(
        self,
        text: Paragraphs,
        headline: str,
        retitled: tuple[str, ...],
        source: tuple[str, str, str],
        *,
        plain: bool = False,
    ) -> Copy:
        """A copy of text; source is the agency, the dateline's town and the outlet's name. plain: in full, credited."""
        agency, town, outlet = source
        what, paragraphs, relations = self.edit(text)
        title = self.title(headline, retitled)
        byline, before, after, status = self.credit(agency, town, outlet)
        if plain:
            what, paragraphs, relations, title = "verbatim", text, frozenset({EXACT, NEAR}), headline
            byline, before, after = f"{town} - {AGENCY_WORDS[agency]}", (), ()
            status = CreditStatus.CREDITED
        if relations == {EXACT, NEAR} and title in (headline, None) and not before and not after:
            relations = frozenset({EXACT})
        return Copy((*before, *paragraphs, *after), title, byline, relations, status, what)
