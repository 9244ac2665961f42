"""The body of an article as folding sees it: without the site's boilerplate and without what is nothing but credit.

A dateline that an outlet drops, or the closing tag that it adds, makes no other text of a report, and tags that two
reports share make no copies of them.
"""

from __future__ import annotations

from pipeline.dedupe.boilerplate import without_boilerplate
from pipeline.records import Article, CreditKind, CreditPosition

# Where a body says nothing but whose report it is.
_PLACES = frozenset({CreditPosition.DATELINE, CreditPosition.TAIL, CreditPosition.SOURCE_LABEL})
_TEXT = frozenset({CreditKind.MENTION, CreditKind.SELF_REFERENCE})
# A longer credit is a sentence of the report.
_LONGEST = 160


def report_text(article: Article, boilerplate: frozenset[str]) -> str:
    """The body with boilerplate lines and credits blanked out: every other character keeps its place."""
    body = without_boilerplate(article.headline, article.body, boilerplate)
    for credit in article.credits:
        is_footer = credit.kind is CreditKind.BOILERPLATE
        if credit.position not in _PLACES or credit.kind in _TEXT or (len(credit.text) > _LONGEST and not is_footer):
            continue
        is_head = credit.position is CreditPosition.DATELINE
        at = body.find(credit.text) if is_head else body.rfind(credit.text)
        if at >= 0 and (is_footer or 2 * len(credit.text) < len(body.strip())):
            body = body[:at] + " " * len(credit.text) + body[at + len(credit.text) :]
    return body
