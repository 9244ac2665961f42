"""The language of a text, checked against what the page and the outlet say."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

SHORTEST = 60  # letters below which a statement is better than detection
SAMPLE = 2_000
PRIMARY = re.compile(r"^\s*([a-zA-Z]{2,3})(?![a-zA-Z])")
ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ku", "ug", "sd", "ckb"})
ARABIC = re.compile(r"[\u0600-\u06ff]+")


# The commonest small words: where they confirm what the page states, no model needs to be asked.
SMALL_WORDS = {
    "ar": "في من على الى إلى أن ان التي الذي عن مع هذا هذه بعد كما وقال خلال بين ما لا كان",
    "fa": "در به از که این را با است برای آن های می شد خود تا کرد بر شده",
    "en": "the of and to in a is that for on with was as it he by at from are said",
    "tr": "ve bir bu için ile da de olarak olan daha çok kadar gibi sonra ise en göre olduğu dedi",
    "fr": "le la les de des du et en un une à dans que qui pour sur au par est il a pas ce",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es",
    "es": "de la que el en y a los se del las un por con una su para es al lo como",
}
SMALL = {tag: frozenset(words.split()) for tag, words in SMALL_WORDS.items()}
CONFIRMED = 0.15  # share of small words among all in running text (usually .25 to .45; below .08 in another language)


def _confirms(tag: str, sample: str) -> bool:
    words = sample.lower().split()[:400]
    own = sum(map(SMALL.get(tag, frozenset()).__contains__, words))
    if not own or own < CONFIRMED * len(words):
        return False
    return all(own >= sum(map(small.__contains__, words)) for small in SMALL.values())


@cache
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loads numpy; only where a text is judged

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str, stated: list[str | None]) -> str | None:
    """The primary subtag. `stated` by trust, for instance html lang before the outlet's."""
    primaries = [match.group(1).lower() for tag in stated if tag and (match := PRIMARY.match(tag))]
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < SHORTEST:
        return primaries[0] if primaries else None
    arabic = sum(map(len, ARABIC.findall(sample))) > letters / 2
    fitting = [tag for tag in primaries if (tag in ARABIC_SCRIPT) == arabic]
    if fitting and _confirms(fitting[0], sample):
        return fitting[0]
    found, sure = _detector().classify(sample)
    if found in fitting or not fitting:
        return str(found) if (found in ARABIC_SCRIPT) == arabic else ("ar" if arabic else str(found))
    # Close relatives (no/nb/da, hr/sr/bs, id/ms, xh/zu) are told apart better by the page than by letters.
    return str(found) if sure > 0.999 and fitting.count(fitting[0]) < 2 and letters > 300 else fitting[0]
