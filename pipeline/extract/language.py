"""The language of a text, checked against what the page and the outlet say."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

SHORTEST = 60  # letters below which a statement is better than detection
SAMPLE = 3_000
PRIMARY = re.compile(r"^\s*([a-zA-Z]{2,3})(?![a-zA-Z])")
ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ku", "ug", "sd", "ckb"})
ARABIC = re.compile(r"[\u0600-\u06ff]")
LETTER = re.compile(r"[^\W\d_]")


@cache
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loads numpy; only where a text is judged

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str, stated: list[str | None]) -> str | None:
    """The primary subtag. `stated` by trust, for instance html lang before the outlet's."""
    primaries = [match.group(1).lower() for tag in stated if tag and (match := PRIMARY.match(tag))]
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    if letters < SHORTEST:
        return primaries[0] if primaries else None
    arabic = len(ARABIC.findall(sample)) > letters / 2
    fitting = [tag for tag in primaries if (tag in ARABIC_SCRIPT) == arabic]
    found, sure = _detector().classify(sample)
    if found in fitting or not fitting:
        return str(found) if (found in ARABIC_SCRIPT) == arabic else ("ar" if arabic else str(found))
    # Close relatives (no/nb/da, hr/sr/bs, id/ms, xh/zu) are told apart better by the page than by letters.
    return str(found) if sure > 0.999 and fitting.count(fitting[0]) < 2 and letters > 300 else fitting[0]
