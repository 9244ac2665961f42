"""The relation of an article to the one it derives from, read off their alignment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.dedupe.alignment import Alignment, Alignments, Marks
from pipeline.records import Relation

# Sub-editors change words and half-sentences; a passage of their own or one left out is a sentence at least. Twelve
# words is a short Arabic sentence; Turkish, which joins to a word what others say beside it, takes two thirds of that.
# In a brief it is a tenth of the text.
SENTENCE_WORDS, TURKISH_SENTENCE_WORDS = 12, 8
BRIEF_WORDS = 6
# Passages below this share of a text are a lost photo line or a new closing line, not a cut or an addition.
SMALL_SHARE = 0.04
# Across stories: fewer shared words than this are a quotation, a title or a formula, not reuse; of a brief a fifth is.
REUSED_WORDS = 25
REUSED_SHARE = 0.12
REUSED_WORDS_OF_BRIEF = 12
REUSED_SHARE_OF_BRIEF = 0.22
# A follow-up is the next day's news; sooner, the same text around other news is reuse.
FOLLOW_UP_HOURS = 12.0


class Pair(NamedTuple):
    """What a relation is decided on beside the texts."""

    same_words: bool  # bodies equal after normalising
    same_headline: bool  # equal after normalising, or one has none; asked only of the same words
    same_source: bool  # one outlet, or one agency's own sites
    hours: float | None  # copy's time minus origin's; None where one states none
    same_agency: bool = False  # both are, or credit, one agency's
    is_turkish: bool = False


def relation_within(alignment: Alignment, reverse: Alignment, pair: Pair) -> Relation:
    """Inside a story. A source's own later text is an update; a repost of the same words is a copy.

    reverse: the same two texts the other way round. What the origin says twice, as a page with a standfirst does, and
    the copy once is not cut.
    """
    if pair.same_words:
        return Relation.EXACT_COPY if pair.same_headline else Relation.NEAR_COPY
    if pair.same_source and (pair.hours is None or pair.hours >= 0):
        return Relation.UPDATE_OF
    sentence = TURKISH_SENTENCE_WORDS if pair.is_turkish else SENTENCE_WORDS
    added = _share(alignment.added(_shortest(alignment.copy_words, sentence)), alignment.copy_words)
    cut = _share(reverse.added(_shortest(alignment.origin_words, sentence)), alignment.origin_words)
    if added <= SMALL_SHARE and cut <= SMALL_SHARE:
        return Relation.NEAR_COPY
    return Relation.ABRIDGED_COPY if cut > added else Relation.EXTENDED_COPY


def are_reuse(aligned: Alignments, hold_it: Marks) -> Marks:
    """Whether articles of different stories share enough text for an edge.

    hold_it: which of the copies are digests that may hold the origin; of these a sentence is enough.
    """
    matched = aligned.matched[:, 0]
    shared = (aligned.matched / np.maximum(aligned.sizes, 1)).max(axis=1)
    reused: Marks = (matched >= REUSED_WORDS) & (shared >= REUSED_SHARE)
    reused |= (matched >= REUSED_WORDS_OF_BRIEF) & ((shared >= REUSED_SHARE_OF_BRIEF) | hold_it)
    return reused


def relation_across(alignment: Alignment, pair: Pair, *, is_digest: bool) -> Relation:
    """Between stories: a digest's part, the same source's next report with the old background, or reused passages."""
    if is_digest:
        return Relation.DIGEST_MEMBER
    is_later = pair.hours is not None and pair.hours >= FOLLOW_UP_HOURS
    is_own_next = is_later and (pair.same_source or pair.same_agency) and not _opens_with(alignment)
    return Relation.FOLLOW_UP if is_own_next else Relation.PARTIAL_REUSE


def _opens_with(alignment: Alignment) -> bool:
    """Whether the copy's first words come from the origin: then it is no report of something new."""
    opening = alignment.in_origin[: max(20, alignment.copy_words // 6)]
    return bool(len(opening)) and float(opening.mean()) > 0.5


def _shortest(words: int, sentence: int) -> int:
    return max(BRIEF_WORDS, min(sentence, words // 10))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
