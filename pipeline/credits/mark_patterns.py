"""The configuration's marks and words as regular expressions over folded texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property

from pipeline.agencies import ANY_MARK, Agencies, Agency, ByLanguage, PatternsByLanguage
from pipeline.credits.folded import fold_pattern, fold_words
from pipeline.credits.sieve import Wanted

WORD = re.compile(r"\w+")
PLAIN_LETTERS = str.maketrans("أإآىة", "اااي" + "ه")
NOT_PLAIN = str.maketrans(dict.fromkeys(PLAIN_LETTERS, "\n"))
_JOINED = ("و", "ل", "لل", "ول", "ولل", "ب", "وب", "ف")  # what Arabic writes as one word with the next
_ARABIC = frozenset(map(chr, range(0x0620, 0x06D4)))
MASK = "\ue000"  # a letter that no text has: stands in place of each letter of a mark
# Names of reporters and other papers may stand beside the marks; in Latin letters they begin with a capital.
_NAME = r"(?-i:[A-Z])[\w.'-]{0,20}(?: (?-i:[A-Z])[\w.'-]{0,20}){0,3}"
_AND = r"(?:\s*[,/&+]\s*(?:and |ve |et |و)?|\s+(?:and|ve|et)\s+|\s+و\s*)"
_LEAD = r"(?:the |l'\s?|l'agence |agence |وكاله |لوكاله )?"
_AGENCIES = rf"(?:{_NAME}{_AND}){{0,3}}{_LEAD}{MASK}+(?:{_AND}{_LEAD}(?:{MASK}+|{_NAME})){{0,5}}"


def first_words(agencies: Agencies) -> tuple[Wanted, frozenset[str]]:
    """Words without which no mark is named: the first of each in folded texts, with what follows, and clues in raw
    ones.
    """
    certain = [name for agency in agencies.agencies for names in agency.names.values() for name in names]
    certain += [mark for agency in agencies.agencies for mark in agency.marks]
    nouns = [noun for words in agencies.words.agency_nouns.values() for phrase in words for noun in phrase.split()]
    ambiguous = [mark for agency in agencies.agencies for mark in agency.ambiguous]
    every = (*certain, *ambiguous, *agencies.generic.marks)
    folded: dict[str, frozenset[str] | None] = {}
    for phrase in every:
        for form, after in _openings(fold_words(phrase)).items():
            for opening in (form, f"و{form}"):
                known = folded.setdefault(opening, after)
                folded[opening] = None if known is None or after is None else known | after
    spelled = set(nouns) | {
        form for phrase in certain if not set(phrase.split()) & set(nouns) for form in _clues(phrase)
    }
    spelled |= {form for mark in ambiguous if mark.isascii() for form in _clues(mark)}  # "told Anadolu"
    spelled |= {word.translate(PLAIN_LETTERS) for word in spelled}
    joined = {
        before + word.removeprefix("ال" if before.endswith("لل") else "") for before in _JOINED for word in spelled
    }
    return folded, frozenset(spelled | {word for word in joined if len(word) > 3})


def _clues(phrase: str) -> set[str]:
    """Words of a raw text without which the phrase is not in it: its last word, or an initial that is rare alone."""
    words = WORD.findall(phrase)
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return set(words) - set("اأإوده")
    last = words[-1]
    return {last} if last[0] in _ARABIC else {last, last.lower(), last.upper(), last.capitalize()}


def _openings(phrase: str) -> dict[str, frozenset[str] | None]:
    """The first word of a phrase as it may be printed, initials in part glued, Latin in any usual case; and the words
    of which one follows it then, where that is certain.
    """
    words = WORD.findall(phrase)
    if words[0][0] not in _ARABIC:
        return dict.fromkeys((words[0], words[0].lower(), words[0].upper(), words[0].capitalize()))
    if not _are_initials(words):
        certain = len(words) > 1 and words[1][0] in _ARABIC
        return {words[0]: frozenset([words[1]]) if certain else None}
    openings = {}
    for count in range(1, len(words) if len(words[0]) == 1 else 2):  # all glued together they are another word
        rest = words[count:]
        glued = frozenset("".join(rest[:some]) for some in range(1, len(rest) + 1))
        openings["".join(words[:count])] = glued or None
    return openings


def _are_initials(words: Sequence[str]) -> bool:
    return len(words) > 1 and all(len(word) <= 2 for word in words) and any(len(word) == 1 for word in words)


def mark_source(mark: str, sensitive: bool) -> str:
    """A mark as a regular expression."""
    words = mark.replace(".", " ").split()
    if _are_initials(words):
        glued = "".join(words)
        return rf"(?!{glued}(?!\w)){r'[ .]{0,2}'.join(words)}(?![ .]{{1,2}}[^\W\dو](?!\w))(?:\.(?!\w))?"
    joined = r"[ '-]{1,3}".join(re.escape(part) for part in re.split(r"[ '-]+", mark))
    return joined if sensitive or not mark.isascii() else f"(?i:{joined})"


def any_of(sources: Iterable[str]) -> str:
    """Alternatives grouped by their first letter, so that most positions of a text fail after one comparison."""
    groups: dict[str, list[str]] = defaultdict(list)
    for source in sorted(sources, key=lambda one: (-len(one), one)):
        letter = re.sub(r"^\(\?(?:i:|!)", "", source)[0]
        groups[letter.casefold()].append(source)
    return "|".join(f"(?=[{letter}{letter.upper()}])(?:{'|'.join(group)})" for letter, group in groups.items())


def places_of(word: str, text: str, start: int, end: int) -> Iterator[int]:
    """Where text[start:end] has a word of its own that reads so."""
    place = text.find(word, start, end)
    while place >= 0:
        stop = place + len(word)
        if (place == start or not _in_word(text[place - 1])) and (stop == end or not _in_word(text[stop])):
            yield place
        place = text.find(word, stop, end)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def phrases(by_language: ByLanguage) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, with an attached Arabic conjunction or not."""
    phrases = {fold_words(phrase) for phrases in by_language.values() for phrase in phrases}
    alternatives = "|".join(re.escape(one) for one in sorted(phrases, key=lambda one: (-len(one), one)))
    return re.compile(rf"(?<!\w)(?:[وف](?=\w\w))?(?i:{alternatives or r'(?!)'})(?!\w)")


def sentences(by_language: PatternsByLanguage) -> re.Pattern[str]:
    """A pattern for whole sentences that credit, over texts whose marks are masked."""
    sources = [fold_pattern(pattern) for patterns in by_language.values() for pattern in patterns]
    every = "|".join(f"(?:{source})".replace(ANY_MARK, f"(?:{_AGENCIES})") for source in sources)
    return re.compile(f"(?i:{every or '(?!)'})")


def trap_patterns(agency: Agency) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What is searched right before a mark, and matched right behind it, when it is a namesake (None: nothing)."""
    before, after = words_of(agency.not_after), words_of(agency.not_before)
    return (
        re.compile(rf"(?<!\w)[وفبلك]?(?:ال|لل)?(?i:{before})[ '\"]{{1,2}}و?$") if before else None,
        re.compile(rf"[ '\"-]{{1,2}}(?:{after})(?!\w)") if after else None,
    )


def words_of(words: Iterable[str]) -> str:
    """Words of the configuration as alternatives."""
    return "|".join(re.escape(fold_words(word)) for word in words)


class Reference:
    """A phrase in which an agency speaks of itself; clue: what is found wherever the phrase is."""

    def __init__(self, clue: re.Pattern[str], source: str) -> None:
        self.clue, self._source = clue, source

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled where its clue is found: all phrases of all agencies take longer than some thousand articles."""
        return re.compile(self._source)


def references_of(agency: Agency, agencies: Agencies) -> tuple[Reference, ...]:
    """Phrases in which the agency speaks of itself, the general ones and its own."""
    named = [name for names in agency.names.values() for name in names]
    marks = [fold_words(mark) for mark in (*named, *agency.marks, *agency.ambiguous)]
    filled = any_of({mark_source(mark, sensitive=True) for mark in marks})
    return tuple(
        Reference(clue_of([pattern]), fold_pattern(pattern).replace(ANY_MARK, rf"(?:{filled})(?!\w)"))
        for pattern in (*general_references(agencies), *agency.self_references)
    )


def general_references(agencies: Agencies) -> list[str]:
    """Phrases in which any agency speaks of itself."""
    return [pattern for patterns in agencies.words.self_references.values() for pattern in patterns]


def clue_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """What is found wherever any of some phrases is, whoever's marks it has: of each what stands on one side of the
    mark.
    """
    return re.compile("|".join(f"(?:{fold_pattern(_beside_mark(pattern))})" for pattern in patterns) or "(?!)")


def _beside_mark(pattern: str) -> str:
    for side in sorted(pattern.split(ANY_MARK), key=len, reverse=True):
        with suppress(re.error):  # inside a group that the other side ends
            re.compile(side)
            return side
    return ""


def joined_marks(agencies: Agencies) -> tuple[re.Pattern[str], dict[str, str]]:
    """Marks behind the preposition that Arabic joins to them («للأناضول», «لرويترز»), and whose they are."""
    forms = {}
    for agency in agencies.agencies:
        for word in map(fold_words, agency.marks):
            if len(word) >= 5 and word[0] in _ARABIC and " " not in word:
                forms["لل" + word[2:] if word.startswith("ال") else "ل" + word] = agency.id
    return re.compile(rf"(?<!\w)و?({'|'.join(map(re.escape, forms)) or '(?!)'})(?!\w)"), forms
