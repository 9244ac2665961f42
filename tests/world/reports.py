"""Reports about invented events, put together from a bank of sentences; nothing in two reports need be the same."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Bank = dict[str, Any]
_CHOICE = re.compile(r"\[([^\]]+)\]")
# So many sentences of a report come from its topic's frames, as those of others on the topic may, and so many do not.
FRAMED, OWN = (1, 3), (3, 5)


@dataclass(frozen=True, slots=True)
class Report:
    """One event as an agency reports it, with what else desks write about it."""

    key: str
    topic: str
    town: str
    headline: str
    retitled: tuple[str, ...]
    lede: str
    body: tuple[str, ...]
    statement: str
    background: tuple[str, ...]
    own: tuple[str, ...]
    new: tuple[str, ...]  # next day's news
    new_headline: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The whole text, without a dateline."""
        return (self.lede, *self.body, self.statement, *self.background)


@lru_cache(maxsize=1)
def read_bank() -> Bank:
    """The Arabic bank."""
    loaded: Bank = yaml.safe_load(Path(__file__).with_name("arabic.yml").read_text("utf-8"))
    return loaded


class Writer:
    """Writes reports from the bank by the dice it is given."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.bank = read_bank()
        self._countries = dice.sample(self.bank["country"], len(self.bank["country"]))

    def fill(self, frame: str, facts: dict[str, str]) -> str:
        """A frame with its wording chosen and its slots filled."""
        said = _CHOICE.sub(lambda match: self.dice.choice(match.group(1).split("|")), frame)
        return said.format_map(facts)

    def name(self) -> str:
        """A person."""
        return f"{self.dice.choice(self.bank['first'])} {self.dice.choice(self.bank['family'])}"

    def _thing(self) -> str:
        parts = self.bank["parts"]
        return f"{self.dice.choice(parts['thing'])} {self.dice.choice(parts['kind'])}"

    def _where(self) -> str:
        parts = self.bank["parts"]
        return (
            f"{self.dice.choice(parts['near'])} {self.dice.choice(parts['place'])} {self.dice.choice(parts['which'])}"
        )

    def sentence(self) -> str:
        """A sentence of parts, unlike any other."""
        dice, parts = self.dice, self.bank["parts"]
        first, second = dice.sample(parts["subject"], 2)
        said, role, name = dice.choice(parts["said"]), dice.choice(parts["role"]), self.name()
        did = f"{dice.choice(parts['verb'])} {self._thing()} {self._where()}"
        also = f"{dice.choice(parts['verb'])} {self._thing()} {dice.choice(parts['when'])}"
        between, result = dice.choice(parts["while"]), dice.choice(parts["result"])
        number = dice.randint(2, 400)
        return dice.choice(
            (
                f"و{said} {role} {name} أن {first} {did}، {between} {second} {also}، ف{result}.",
                f"ومن جانبه {said} {name}، وهو {role[2:]} متقاعد، أن {first} {also} {self._where()}، و{result}.",
                f"{first} {did} {dice.choice(parts['when'])}، وفق ما {said} {role} {name}، {between} {result}.",
                f"و{also} {second} نحو {number} من أصل {number + 90}، {between} {first} {did}، كما {said} {name}.",
                f"وعن السبب {said} {role} {name}: «{first} {did}»، ثم استدرك أن {second} {also} ف{result}.",
            )
        )

    def facts(self) -> dict[str, str]:
        """Names and numbers of an event."""
        dice, bank = self.dice, self.bank
        day, next_day = dice.sample(bank["day"], 2)
        return {
            "t": dice.choice(bank["town"]),
            "g": dice.choice(bank["region"]),
            "v": dice.choice(bank["valley"]),
            "o": dice.choice(bank["company"]),
            "d": day,
            "d2": next_day,
            **{f"p{number}": self.name() for number in range(1, 5)},
            "n1": str(dice.randint(12, 980)),
            "n2": str(dice.randint(11, 700)),
            "n3": str(dice.randint(3, 95)),
            "n4": str(dice.randint(20, 900)),
            "n5": str(dice.randint(2, 30)),
            "n6": str(dice.randint(3, 60)),
        }

    def report(self, key: str, topic: str) -> Report:
        """A report on a topic."""
        dice, frames, facts = self.dice, self.bank["topics"][topic], self.facts()
        framed = dice.sample(frames["body"], dice.randint(*FRAMED))
        body = [self.fill(one, facts) for one in framed] + [self.sentence() for _ in range(dice.randint(*OWN))]
        dice.shuffle(body)
        return Report(
            key=key,
            topic=topic,
            town=facts["t"],
            headline=self.fill(dice.choice(frames["headlines"]), facts),
            retitled=tuple(self.fill(one, facts) for one in frames["retitled"]),
            lede=self.fill(dice.choice(frames["ledes"]), facts),
            body=tuple(body),
            statement=f"{self.fill(frames['statement'], facts)} {self.sentence()}",
            background=(self.fill(dice.choice(frames["background"]), facts), self.sentence()),
            own=tuple(self.fill(one, facts) for one in frames["own"]),
            new=(*(self.fill(one, facts) for one in frames["new"][:2]), self.sentence(), self.sentence()),
            new_headline=self.fill(frames["new_headline"], facts),
        )

    def form(self, kind: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """A form filled in: headline, other headlines, paragraphs."""
        dice, bank, form = self.dice, self.bank, self.bank["forms"][kind]
        clubs, regions, companies = dice.sample(bank["club"], 4), dice.sample(bank["region"], 2), bank["company"]
        facts = self.facts() | {
            "chair": "ناصر الخزامي",
            "country": self._countries.pop() if kind == "cable" else "",
            "region1": regions[0],
            "region2": regions[1],
            "wind": dice.choice(bank["wind"]),
            "sea": dice.choice(bank["sea"]),
            "dir": dice.choice(bank["dir"]),
            "rank": dice.choice(bank["rank"]),
            "round": dice.choice(bank["round"]),
            **{f"c{number}": club for number, club in enumerate(clubs, 1)},
            **dict(zip(("o1", "o2"), dice.sample(companies, 2), strict=True)),
            **{f"n{number}": str(dice.randint(2, 90)) for number in range(1, 9)},
        }
        if kind == "market":
            facts["n2"], facts["n3"] = str(dice.randint(3_000, 9_000)), str(dice.randint(100, 900))
        filled = tuple(self.fill(one, facts) for one in form["paragraphs"])
        return self.fill(form["headline"], facts), tuple(form["retitled"]), filled
