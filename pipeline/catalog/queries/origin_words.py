"""Why an article counts as the origin, in words: dedupe writes a code with figures, people read sentences."""

from __future__ import annotations

from collections.abc import Mapping

_CODES = {
    "agency_page": "it stands on the agency's own site",
    "earliest_published": "it was published first of those that were crawled",
    "earliest_fetched": "none states a time, and it was fetched first",
    "only_article": "it is the only article",
}


def explain_origin(reason: str, agency_names: Mapping[str, str] | None = None) -> str:
    """The sentence behind a reason such as `agency_page agency=spa credited_by=9`; other text as it is."""
    code, *figures = reason.split() or [""]
    if code not in _CODES:
        return reason
    named = dict(one.split("=", 1) for one in figures if "=" in one)
    said = [_CODES[code]]
    credited, of, agency = named.get("credited_by", "0"), named.get("of"), named.get("agency")
    if agency and credited not in ("", "0"):
        verb = "credits" if credited == "1" else "credit"
        of_all = f" of {of} articles" if of else (" copy" if credited == "1" else " copies")
        said.append(f"{credited}{of_all} {verb} {(agency_names or {}).get(agency, agency)}")
    return "; ".join(said)
