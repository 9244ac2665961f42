"""What desks do to wire copy, as functions from text to text: spelling customs of Arabic houses, cuts and swaps."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.demo.dates import TO_ARABIC_DIGITS

TATWEEL = "\u0640"
# Letters that join the next one; a tatweel can only follow these.
JOINING = "بتثجحخسشصضطظعغفقكلمنهي"
# Words that houses with full spelling print with their marks.
MARKED = {
    "أن": "أنَّ",
    "إن": "إنَّ",
    "أكد": "أكَّد",
    "عدة": "عدَّة",
    "مدة": "مدَّة",
    "ثم": "ثُمَّ",
    "كل": "كُلّ",
    "تم": "تمَّ",
    "لكن": "لكنَّ",
    "قدم": "قدَّم",
    "حول": "حولَ",
    "منذ": "مُنذُ",
    "بعد": "بعدَ",
    "عن": "عَن",
}
_WORD = re.compile(r"[\u0621-\u064a]+")


def _hamza(text: str) -> str:
    return re.sub(r"[أإآ]", "ا", text)


def _ya(text: str) -> str:
    return re.sub(r"ي(?![\u0621-\u0652])", "ى", text)


def _ta_marbuta(text: str) -> str:
    return text.replace("ة", "ه")


def _arabic_digits(text: str) -> str:
    return text.translate(TO_ARABIC_DIGITS)


def _tatweel(text: str) -> str:
    """Stretch one letter of every eighth word that has room for it."""
    count = 0

    def stretch(match: re.Match[str]) -> str:
        nonlocal count
        word = match.group()
        count += 1
        spots = [at for at in range(1, len(word) - 1) if word[at] in JOINING]
        if count % 8 or len(word) < 5 or not spots:
            return word
        at = spots[-1] + 1
        return word[:at] + TATWEEL * 2 + word[at:]

    return _WORD.sub(stretch, text)


def _diacritics(text: str) -> str:
    return _WORD.sub(lambda match: MARKED.get(match.group(), match.group()), text)


VARIANTS: dict[str, Callable[[str], str]] = {
    "hamza": _hamza,
    "ya": _ya,
    "ta_marbuta": _ta_marbuta,
    "arabic_digits": _arabic_digits,
    "tatweel": _tatweel,
    "diacritics": _diacritics,
}


def vary(text: str, variants: tuple[str, ...]) -> str:
    """The text in the spelling of a house; marks go on before letters change, so that words are still known."""
    for name in sorted(variants, key=lambda one: one != "diacritics"):
        text = VARIANTS[name](text)
    return text


def swap(paragraphs: tuple[str, ...], replace: dict[str, str]) -> tuple[str, ...]:
    """Replace phrases. Raises ValueError for one that does not occur: the data would say what is not so."""
    for old in replace:
        if not any(old in one for one in paragraphs):
            raise ValueError(f"nothing to replace: {old!r}")
    for old, new in replace.items():
        paragraphs = tuple(one.replace(old, new) for one in paragraphs)
    return paragraphs


def cut(paragraphs: tuple[str, ...], take: int | None, drop: tuple[int, ...]) -> tuple[str, ...]:
    """The first paragraphs, without those dropped (counted from 1)."""
    kept = paragraphs[:take]
    return tuple(one for number, one in enumerate(kept, start=1) if number not in drop)
