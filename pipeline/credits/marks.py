"""The marks of every agency as one compiled pattern, and the words around marks that decide what a mark amounts to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.agencies import Agencies, bundled_agencies
from pipeline.credits.folded import fold_pattern, fold_words
from pipeline.credits.mark_patterns import (
    NOT_PLAIN,
    PLAIN_LETTERS,
    WORD,
    Reference,
    any_of,
    clue_of,
    first_words,
    general_references,
    joined_marks,
    mark_source,
    phrases,
    places_of,
    references_of,
    sentences,
    trap_patterns,
    words_of,
)
from pipeline.credits.sieve import WordSieve, texts_holding

_WINDOW = 60  # characters on either side of a mark that tell what naming it amounts to


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to name one agency; agency_id None for agencies in general."""

    agency_id: str | None
    full: bool = False  # a full name such as «وكالة الأناضول»
    ambiguous: bool = False  # a common word or place as well
    photo_only: bool = False


class Hit(NamedTuple):
    """A mark at text[start:end] of a folded text."""

    start: int
    end: int
    mark: Mark


class Glance(NamedTuple):
    """What a quick look at a text says."""

    places: Sequence[int] | None  # where alone a mark may begin; None: anywhere
    has_footer: bool  # False: nothing stands in it that an agency leaves at the end

    def may_name(self, start: int = 0, end: int | None = None) -> bool:
        """False where no mark can stand in text[start:end]."""
        if self.places is None:
            return True
        first = bisect_left(self.places, start)
        return first < len(self.places) and (end is None or self.places[first] < end)


NOT_LOOKED = Glance(places=None, has_footer=True)


class Marks:
    """Everything about naming agencies, compiled once per configuration."""

    def __init__(self, agencies: Agencies) -> None:
        words = agencies.words
        self._marks: dict[str, Mark] = {}
        sources: set[str] = set()
        for mark, sensitive, meaning in _every_mark(agencies):
            for variant in {mark, mark.upper()} if sensitive else {mark}:
                self._marks.setdefault(_key(variant, fold_case=not sensitive), meaning)
                sources.add(mark_source(variant, sensitive))
        self._pattern = re.compile(rf"(?<!\w)و?({any_of(sources)})(?!\w)")
        openings, self._raw_openings = first_words(agencies)
        self._openings = frozenset(openings)
        self.traps = {agency.id: trap_patterns(agency) for agency in agencies.agencies}
        self._other_meanings = {
            agency.id: re.compile(rf"(?<!\w)(?i:{words_of(agency.other_meanings)})(?!\w)")
            for agency in agencies.agencies
            if agency.other_meanings
        }
        self.named_in_turkish = {agency.id for agency in agencies.agencies if agency.names.get("tr")}
        self.prefix = phrases(words.prefixes)
        self.place_word = phrases(words.place_words)
        self.staff_word = phrases(words.staff_words)
        self.source_label = phrases(words.source_labels)
        self.photo_label = phrases(words.photo_labels)
        self.job_title = phrases(words.job_titles)
        self.contribution = phrases(words.contributions)
        self.credit_sentence = sentences(words.credit_sentences)
        self.agency_noun = phrases(words.agency_nouns)
        self.according = phrases(words.according)
        self.mention_before = phrases(words.mention_before)
        self.mention_after = phrases(words.mention_after)
        self._agencies = agencies
        self._references: dict[str, tuple[Reference, ...]] = {}
        self._clue = clue_of(general_references(agencies))
        self._own_clues = {one.id: clue_of(one.self_references) for one in agencies.agencies if one.self_references}
        self.trapped = {agency_id for agency_id, traps in self.traps.items() if any(traps)}
        self.joined, self.joined_agency = joined_marks(agencies)
        joined = {form: None for word in self.joined_agency for form in (word, f"و{word}")}
        self._sieve = WordSieve({**openings, **joined})
        self.boilerplate = tuple(
            (agency.id, {one.has, one.has.translate(PLAIN_LETTERS)}, re.compile(f"(?i:{fold_pattern(one.pattern)})"))
            for agency in agencies.agencies
            for one in agency.boilerplate
        )
        self._footer_pieces = tuple({piece: None for _, pieces, _ in self.boilerplate for piece in pieces})
        self._footer_clues = {  # what all spellings of a piece have in common
            max(one.has.translate(NOT_PLAIN).split("\n"), key=len)
            for agency in agencies.agencies
            for one in agency.boilerplate
        }

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """The marks in a folded text, left to right, the longest first where several begin together."""
        if end is None:
            end = len(text)
        openings = self._openings.intersection(WORD.findall(text, start, end))
        if not openings:
            return []
        hits = (
            Hit(match.start(1), match.end(1), self._meaning(match.group(1)))
            for match in self._each(text, start, end, openings)
        )
        return [hit for hit in hits if not self._is_namesake(text, hit)]

    def _each(self, text: str, start: int, end: int, openings: Iterable[str]) -> Iterator[re.Match[str]]:
        """The matches of the pattern, tried only where a mark may begin: at those words."""
        reached = start
        for place in sorted(place for word in openings for place in places_of(word, text, start, end)):
            if place >= reached and (match := self._pattern.match(text, place, end)):
                reached = match.end()
                yield match

    def may_be_named(self, text: str) -> bool:
        """False where no mark can stand in a raw text: a quick look before it is folded. Diacritics may hide a mark."""
        return not self._raw_openings.isdisjoint(WORD.findall(text))

    def may_have_footer(self, text: str) -> bool:
        """False where no footer or sign-off of an agency can stand in a raw text."""
        for piece in self._footer_pieces:  # noqa: SIM110  a generator takes twice the time, on every body
            if piece in text:
                return True
        return False

    def glance(self, texts: Sequence[str]) -> list[Glance]:
        """What many raw texts may name, at a quick look."""
        footed = texts_holding(self._footer_clues, texts)
        return [Glance(places, at in footed) for at, places in enumerate(self._sieve.find(texts))]

    def self_reference(self, text: str, hit: Hit) -> tuple[int, int] | None:
        """Where the words around hit show that the agency speaks of itself: «اطلعت عليه الأناضول», "told Reuters"."""
        window = max(0, hit.start - _WINDOW), min(len(text), hit.end + _WINDOW)
        own = self._own_clues.get(hit.mark.agency_id or "")
        if not (self._clue.search(text, *window) or (own and own.search(text, *window))):  # most mentions
            return None
        for reference in self._references_of(hit.mark.agency_id):
            if reference.clue.search(text, *window):
                for match in reference.pattern.finditer(text, *window):
                    if match.start() <= hit.start < match.end():
                        return match.end() - len(match.group().lstrip()), match.end()
        return None

    def _references_of(self, agency_id: str | None) -> tuple[Reference, ...]:
        agency = self._agencies.by_id.get(agency_id or "")
        if agency is None:
            return ()
        if agency.id not in self._references:
            self._references[agency.id] = references_of(agency, self._agencies)
        return self._references[agency.id]

    def _meaning(self, text: str) -> Mark:
        exact = self._marks.get(_key(text, fold_case=False))
        return exact or self._marks[_key(text, fold_case=True)]

    def is_beside_other_meaning(self, sentence: str, hit: Hit) -> bool:
        """True where a sentence holds a word that gives the mark another meaning: "two batteries of one size (AA)"."""
        others = self._other_meanings.get(hit.mark.agency_id or "")
        return bool(others and others.search(sentence))

    def _is_namesake(self, text: str, hit: Hit) -> bool:
        """True where the words beside the mark say that it is a region, a university, a prize."""
        before, after = self.traps.get(hit.mark.agency_id or "", (None, None))
        if before and not hit.mark.full and before.search(text[max(0, hit.start - 30) : hit.start]):
            return True
        return bool(after and after.match(text, hit.end))


class _ById:
    """Lets a configuration, which holds mappings and so has no hash, be a key of the cache by its identity."""

    def __init__(self, agencies: Agencies) -> None:
        self.agencies = agencies

    def __hash__(self) -> int:
        return id(self.agencies)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.agencies is self.agencies


@lru_cache(maxsize=8)
def _compiled(key: _ById) -> Marks:
    return Marks(key.agencies)


def marks_of(agencies: Agencies | None = None) -> Marks:
    """The compiled marks of a configuration (None: the bundled one); compiled on first use."""
    return _compiled(_ById(agencies or bundled_agencies()))


def _every_mark(agencies: Agencies) -> Iterable[tuple[str, bool, Mark]]:
    """Folded mark, whether its case matters, meaning. Ambiguous marks come last, so that a certain reading wins."""
    for agency in agencies.agencies:
        photo = agency.photo_only
        for name in (name for names in agency.names.values() for name in names):
            yield fold_words(name), False, Mark(agency.id, full=" " in name or "-" in name, photo_only=photo)
        for mark in agency.marks:
            yield fold_words(mark), True, Mark(agency.id, photo_only=photo)
        for mark in agency.ambiguous:
            yield fold_words(mark), True, Mark(agency.id, ambiguous=True, photo_only=photo)
    for mark in agencies.generic.marks:
        yield fold_words(mark), False, Mark(None)


def _key(text: str, *, fold_case: bool) -> str:
    bare = re.sub(r"[\W_]+", "", text)
    return bare.casefold() if fold_case else "=" + bare
