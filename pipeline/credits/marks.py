"""The marks of every agency as one compiled pattern, and the words around marks that decide what a mark amounts to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.agencies import ANY_MARK, Agencies, Agency, ByLanguage, bundled_agencies
from pipeline.credits.folded import fold_pattern, fold_words

_PLAIN_LETTERS = str.maketrans("أإآىة", "اااي" + "ه")
_WORD = re.compile(r"\w+")
_JOINED = ("و", "ل", "لل", "ول", "ولل", "ب", "وب", "ف")  # what Arabic writes as one word with the next
_WINDOW = 60  # characters on either side of a mark that tell what naming it amounts to
_ARABIC = frozenset(map(chr, range(0x0620, 0x06D4)))


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to name one agency; agency_id None for agencies in general."""

    agency_id: str | None
    full: bool = False  # a full name such as «وكالة الأناضول»
    ambiguous: bool = False  # a common word or place as well
    photo_only: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark at text[start:end] of a folded text."""

    start: int
    end: int
    mark: Mark


class Marks:
    """Everything about naming agencies, compiled once per configuration."""

    def __init__(self, agencies: Agencies) -> None:
        words = agencies.words
        self._marks: dict[str, Mark] = {}
        sources: set[str] = set()
        for mark, sensitive, meaning in _every_mark(agencies):
            for variant in {mark, mark.upper()} if sensitive else {mark}:
                self._marks.setdefault(_key(variant, fold_case=not sensitive), meaning)
                sources.add(_source(variant, sensitive))
        self._pattern = re.compile(rf"(?<!\w)و?({_grouped(sources)})(?!\w)")
        self._openings, self._raw_openings = _first_words(agencies)
        self.traps = {agency.id: _traps(agency) for agency in agencies.agencies}
        self.prefix = _phrases(words.prefixes)
        self.place_word = _phrases(words.place_words)
        self.source_label = _phrases(words.source_labels)
        self.photo_label = _phrases(words.photo_labels)
        self.job_title = _phrases(words.job_titles)
        self.contribution = _phrases(words.contributions)
        self.agency_noun = _phrases(words.agency_nouns)
        self.according = _phrases(words.according)
        self.mention_before = _phrases(words.mention_before)
        self.mention_after = _phrases(words.mention_after)
        self.self_references = {agency.id: _self_references(agency, agencies) for agency in agencies.agencies}
        self.trapped = {agency_id for agency_id, traps in self.traps.items() if any(traps)}
        self.joined, self.joined_agency = _joined(agencies)
        self.boilerplate = tuple(
            (agency.id, {one.has, one.has.translate(_PLAIN_LETTERS)}, re.compile(f"(?i:{fold_pattern(one.pattern)})"))
            for agency in agencies.agencies
            for one in agency.boilerplate
        )

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """The marks in a folded text, left to right, the longest first where several begin together."""
        if self._openings.isdisjoint(_WORD.findall(text, start, len(text) if end is None else end)):
            return []
        found = self._pattern.finditer(text, start, len(text) if end is None else end)
        hits = (Hit(match.start(1), match.end(1), self._meaning(match.group(1))) for match in found)
        return [hit for hit in hits if not self._is_namesake(text, hit)]

    def may_be_named(self, text: str) -> bool:
        """False where no mark can stand in a raw text: a quick look before it is folded. Diacritics may hide a mark."""
        return not self._raw_openings.isdisjoint(_WORD.findall(text))

    def may_have_footer(self, text: str) -> bool:
        """False where no footer or sign-off of an agency can stand in a raw text."""
        return any(piece in text for _, pieces, _ in self.boilerplate for piece in pieces)

    def self_reference(self, text: str, hit: Hit) -> tuple[int, int] | None:
        """Where the words around hit show that the agency speaks of itself: «اطلعت عليه الأناضول», "told Reuters"."""
        window = max(0, hit.start - _WINDOW), min(len(text), hit.end + _WINDOW)
        for pattern in self.self_references.get(hit.mark.agency_id or "", ()):
            for match in pattern.finditer(text, *window):
                if match.start() <= hit.start < match.end():
                    return match.end() - len(match.group().lstrip()), match.end()
        return None

    def _meaning(self, text: str) -> Mark:
        exact = self._marks.get(_key(text, fold_case=False))
        return exact or self._marks[_key(text, fold_case=True)]

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


def _first_words(agencies: Agencies) -> tuple[frozenset[str], frozenset[str]]:
    """Words without which no mark is named: the first of each in folded texts, and clues in raw ones."""
    certain = [name for agency in agencies.agencies for names in agency.names.values() for name in names]
    certain += [mark for agency in agencies.agencies for mark in agency.marks]
    nouns = [noun for words in agencies.words.agency_nouns.values() for phrase in words for noun in phrase.split()]
    ambiguous = [mark for agency in agencies.agencies for mark in agency.ambiguous]
    every = (*certain, *ambiguous, *agencies.generic.marks)
    folded = {form for phrase in every for form in _openings(fold_words(phrase))}
    spelled = set(nouns) | {
        form for phrase in certain if not set(phrase.split()) & set(nouns) for form in _clues(phrase)
    }
    spelled |= {form for mark in ambiguous if mark.isascii() for form in _clues(mark)}  # "told Anadolu"
    spelled |= {word.translate(_PLAIN_LETTERS) for word in spelled}
    joined = {
        before + word.removeprefix("ال" if before.endswith("لل") else "") for before in _JOINED for word in spelled
    }
    return frozenset(folded | {f"و{word}" for word in folded}), frozenset(
        spelled | {word for word in joined if len(word) > 3}
    )


def _clues(phrase: str) -> set[str]:
    """Words of a raw text without which the phrase is not in it: its last word, or an initial that is rare alone."""
    words = _WORD.findall(phrase)
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return set(words) - set("اأإوده")
    last = words[-1]
    return {last} if last[0] in _ARABIC else {last, last.lower(), last.upper(), last.capitalize()}


def _openings(phrase: str) -> set[str]:
    """The first word of a phrase as it may be printed: initials in part glued, Latin in any usual case."""
    words = _WORD.findall(phrase)
    if words[0][0] in _ARABIC:
        glued = {"".join(words[:count]) for count in range(1, len(words) + 1)} if len(words[0]) == 1 else set()
        return {words[0], *glued}
    return {words[0], words[0].lower(), words[0].upper(), words[0].capitalize()}


def _key(text: str, *, fold_case: bool) -> str:
    bare = re.sub(r"[\W_]+", "", text)
    return bare.casefold() if fold_case else "=" + bare


def _source(mark: str, sensitive: bool) -> str:
    """A mark as a regular expression."""
    words = mark.replace(".", " ").split()
    if len(words) > 1 and all(len(word) <= 2 for word in words) and any(len(word) == 1 for word in words):
        glued = "".join(words)
        return rf"(?!{glued}(?!\w)){r'[ .]{0,2}'.join(words)}(?![ .]{{1,2}}[^\W\dو](?!\w))(?:\.(?!\w))?"
    joined = r"[ '-]{1,3}".join(re.escape(part) for part in re.split(r"[ '-]+", mark))
    return joined if sensitive or not mark.isascii() else f"(?i:{joined})"


def _grouped(sources: Iterable[str]) -> str:
    """Alternatives grouped by their first letter, so that most positions of a text fail after one comparison."""
    groups: dict[str, list[str]] = defaultdict(list)
    for source in sorted(sources, key=lambda one: (-len(one), one)):
        letter = re.sub(r"^\(\?(?:i:|!)", "", source)[0]
        groups[letter.casefold()].append(source)
    return "|".join(f"(?=[{letter}{letter.upper()}])(?:{'|'.join(group)})" for letter, group in groups.items())


def _phrases(by_language: ByLanguage) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, with an attached Arabic conjunction or not."""
    phrases = {fold_words(phrase) for phrases in by_language.values() for phrase in phrases}
    alternatives = "|".join(re.escape(one) for one in sorted(phrases, key=lambda one: (-len(one), one)))
    return re.compile(rf"(?<!\w)(?:[وف](?=\w\w))?(?i:{alternatives or r'(?!)'})(?!\w)")


def _traps(agency: Agency) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    before = "|".join(re.escape(fold_words(word)) for word in agency.not_after)
    after = "|".join(re.escape(fold_words(word)) for word in agency.not_before)
    return (
        re.compile(rf"(?<!\w)[وفبلك]?(?:ال|لل)?(?i:{before})[ '\"]{{1,2}}و?$") if before else None,
        re.compile(rf"[ '\"-]{{1,2}}(?:{after})(?!\w)") if after else None,
    )


def _self_references(agency: Agency, agencies: Agencies) -> tuple[re.Pattern[str], ...]:
    named = [name for names in agency.names.values() for name in names]
    marks = [fold_words(mark) for mark in (*named, *agency.marks, *agency.ambiguous)]
    filled = _grouped({_source(mark, sensitive=True) for mark in marks})
    general = (pattern for patterns in agencies.words.self_references.values() for pattern in patterns)
    return tuple(
        re.compile(fold_pattern(pattern).replace(ANY_MARK, rf"(?:{filled})(?!\w)"))
        for pattern in (*general, *agency.self_references)
    )


def _joined(agencies: Agencies) -> tuple[re.Pattern[str], dict[str, str]]:
    """Marks behind the preposition that Arabic joins to them («للأناضول», «لرويترز»), and whose they are."""
    forms = {}
    for agency in agencies.agencies:
        for word in map(fold_words, agency.marks):
            if len(word) >= 5 and word[0] in _ARABIC and " " not in word:
                forms["لل" + word[2:] if word.startswith("ال") else "ل" + word] = agency.id
    return re.compile(rf"(?<!\w)و?({'|'.join(map(re.escape, forms)) or '(?!)'})(?!\w)"), forms
