"""What desks do to a report: each edit takes paragraphs and gives paragraphs."""

from __future__ import annotations

import random
import re

from app.demo.edits import VARIANTS, vary
from tests.world.reports import read_bank

Paragraphs = tuple[str, ...]
_WORD = re.compile(r"[^\s،.؛:]+")
_INVISIBLE = "\u200f"


def respell(paragraphs: Paragraphs, dice: random.Random) -> Paragraphs:
    """Another house's spelling, digits and marks."""
    chosen = tuple(name for name in VARIANTS if dice.random() < 0.6) or ("hamza", "arabic_digits")
    changed = [vary(one, chosen) for one in paragraphs]
    if dice.random() < 0.3:
        changed = [_INVISIBLE + one.replace(" ", f" {_INVISIBLE}", 2) for one in changed]
    return tuple(changed)


def reword(paragraphs: Paragraphs, share: float, dice: random.Random) -> Paragraphs:
    """About that share of all words replaced, left out or put in; names and numbers stay."""
    synonyms = read_bank()["synonyms"]
    fillers = ["أيضا", "كذلك", "فعلا", "تقريبا", "بحسب قوله", "من جهته"]

    def edit(match: re.Match[str]) -> str:
        word = match.group()
        if any(char.isdigit() for char in word):
            return word
        if word in synonyms and dice.random() < 0.8:
            return str(synonyms[word])
        if dice.random() < share / 2:
            return f"{word} {dice.choice(fillers)}"
        return "" if len(word) > 3 and dice.random() < share / 3 else word

    return tuple(" ".join(_WORD.sub(edit, one).split()) for one in paragraphs)


def reorder(paragraphs: Paragraphs, dice: random.Random) -> Paragraphs:
    """The lede stays, what follows comes in another order."""
    rest = list(paragraphs[1:])
    dice.shuffle(rest)
    return (paragraphs[0], *rest)


def brief(paragraphs: Paragraphs, words: int) -> Paragraphs:
    """The first sentences, up to about so many words."""
    kept: list[str] = []
    for one in paragraphs:
        if kept and sum(len(some.split()) for some in kept) + len(one.split()) > words:
            break
        kept.append(one)
    return tuple(kept)


def change_numbers(paragraphs: Paragraphs, dice: random.Random, most: int = 3) -> Paragraphs:
    """Some numbers go up: a later count."""
    left = most

    def raised(match: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        return str(int(match.group()) + dice.randint(1, 9)) if left >= 0 else match.group()

    return tuple(re.sub(r"\d+", raised, one) for one in paragraphs)
