"""Lines that hold nothing but place, reporter and agency: datelines above a text, sign-offs and sources behind it."""

from __future__ import annotations

import re

from pipeline.extract.months import MONTH_NAMES, fold
from pipeline.extract.notices import is_date_line, is_label, is_notice, opens_related, points_elsewhere
from pipeline.extract.wording import clean

MOST_WORDS_NAMED = 3  # of an agency that signs alone
LONGEST_LABEL = 12  # letters
MOST_WORDS_OF_AGENCY = 4
MOST_WORDS = 10  # of a line that names its source
MOST_WORDS_STOPPED = 6  # of one that ends in a full stop, and is no sentence
# Stands before news of any place.
TICKER = re.compile(
    r"(?:خبر |اخبار )?عاجله?|breaking(?: news)?|urgent|flash|alerte(?: info)?|son dakika|derniere minute"
)
SOURCE = re.compile(r"^\W*(?:(?:المصدر|نقلا عن|kaynak|source|quelle)\s*[:：]\W*\w|المصدر(?: \w+){1,2}$)")
SOURCE_LABEL = re.compile(r"\W*(?:المصدر|المصادر|kaynak(?:lar)?|sources?|quellen?)\W*")
# What says of itself that it is an agency, or agencies.
AGENCY = re.compile(
    r"وكالات(?: (?:ال)?انباء)?|وكاله \w.*|agencies|agence \w.*|agences|ajanslar|.*\w (?:news )?agency|.*\w ajansi"
)
# «أ ف ب», «د. ب. أ»: one name.
INITIALS = re.compile(r"(?<!\w)(?:[\u0620-\u064a][ .]\s?){1,3}[\u0620-\u064a](?!\w)")
SENTENCE = re.compile(r"[.!?؟۔](?:\s|$)")
# Place, and perhaps the agency in brackets, before a dash; or parts between slashes; or `place: agency`.
DATELINE = re.compile(
    r"^\s*(?P<line>"
    r"[^\W\d_][^.!?؟()|\n]{1,60}?\s*\([^()]{1,40}\)"  # ANKARA (AA) -
    r"|[^\W\d_][\w'’ .،,]{1,40}\s*[-–—/:]\s*\(?[^\W\d_][\w'’. ]{0,30}\)?"  # القاهرة - الأناضول -
    r"|(?:[A-ZÀ-ÞĞİŞÇÖÜ][A-ZÀ-ÞĞİŞÇÖÜ'’.]+)(?:[ ,]+[A-ZÀ-Þa-zĞİŞÇÖÜ'’.]+){0,4}"  # DUBLIN —
    r"|[\u0620-\u064a]+(?: [\u0620-\u064a]+){0,2}"  # القاهرة -
    r")\s*(?:[-–—ـ]+|:)\s+\S"
)
# «وأضاف: ...» introduces a quotation.
SAYS = re.compile(
    r"[وف]?(?:قال|اضاف|تابع|اوضح|ذكر|اكد|اشار|صرح|شدد|ختم|اردف|استطرد|زاد|مضي|كتب|علق|اعلن|سال|رد|يقول|تقول|بين|لفت)ت?(?:وا|ا)?\b"
)
SLASHED = re.compile(r"^[^\W\d_][^/.!?؟\n]{0,40}(?:\s*/\s*[^\W\d_][^/.!?؟\n]{0,40}){1,3}$")
PLACE_AND_AGENCY = re.compile(r"^\W?[^\W\d_][\w'’ .،,]{1,40}\s*[-–—/:|]\s*[^\W\d_][\w'’ .()،,]{1,40}\W*$")
# With the day of a month between them, and brackets or slashes around the agency: «أبوظبي في 19 نوفمبر / وام /».
PLACE_AND_DAY = re.compile(
    rf"[^\W\d_][\w'’ ]{{1,30}}?(?: في)?[\s،,\-–—]+\d{{1,2}}\s*"
    rf"(?:[-/]\s*\d{{1,2}}|(?:{MONTH_NAMES})(?:\s*/\s*(?:{MONTH_NAMES}))?)"
    r"\s*(?:\(\s*[^\W\d_][^()\d]{1,30}\)|/\s*[^\W\d_][^/\d]{0,30}/)[\s\-–—:.]*"
)
PARTS = re.compile(r"[-–—/:|()]")
PLACED = 2  # parts: place, agency
IN_BRACKETS = re.compile(r"^[-–—\s]*[(\[«][^()\[\]]{2,60}[)\]»]\W*$")


def is_dateline_only(line: str) -> bool:
    """A line that is nothing but place, reporter and agency."""
    if len(line) > 90 or len(line.split()) > 9 or points_elsewhere(line):
        return False
    if any(map(str.isdigit, line)):
        return PLACE_AND_DAY.fullmatch(fold(line)) is not None
    if _is_ticker(re.split(r"[:|]", line, maxsplit=1)[0]):
        return False
    if re.search(r"[.!?؟]\s+\S", line) or (SENTENCE.search(line) and len(line.split()) > 5):
        return False  # a sentence
    return bool(SLASHED.match(line) or PLACE_AND_AGENCY.match(line) or IN_BRACKETS.match(line))


def names_reporter(line: str) -> bool:
    """Whether a dateline holds more than place and agency: «رام الله / عوض الرجوب / الأناضول»."""
    return sum(any(map(str.isalpha, part)) for part in PARTS.split(line)) > PLACED


def is_agency(line: str) -> bool:
    """A line that says of itself that it is an agency's name: «وكالة الأناضول», «وكالات», «أ ف ب»."""
    folded = fold(line).strip(" .-–—:")
    named = AGENCY.fullmatch(folded) is not None and len(folded.split()) <= MOST_WORDS_OF_AGENCY
    return (named or INITIALS.fullmatch(folded) is not None) and not any(map(str.isdigit, line))


def is_sentence(line: str) -> bool:
    """A line of some words that ends as sentences do."""
    return len(line.split()) > MOST_WORDS_STOPPED and line.endswith((".", "!", "?", "؟", "…"))


def _is_ticker(words: str) -> bool:
    return TICKER.fullmatch(fold(words).strip()) is not None


def is_sign_off(line: str) -> bool:
    """A closing line such as «القاهرة - الأناضول», (AA) or a bare agency name."""
    if len(line) > 90 or is_label(line) or is_notice(line) or opens_related(line) or is_date_line(line):
        return False
    name = INITIALS.sub("_", line).strip(" -–—")  # «- د ب أ»
    words = len(name.split())
    name = name.rstrip(" .") if words < MOST_WORDS_NAMED else name  # «الأناضول.»
    short = words <= MOST_WORDS_NAMED and len(line) <= 30 and not SENTENCE.search(name)
    return is_dateline_only(line) or names_source(line) or short


def places_agency(line: str) -> bool:
    """A line such as «القاهرة - الأناضول» or (AA), whose shape says enough wherever it stands right behind a text."""
    return is_dateline_only(line) and not any(mark in line for mark in ":|،,")


def names_source(line: str) -> bool:
    """A line such as «المصدر: الأناضول + رويترز» or «Kaynak: AA»."""
    short = len(line) <= 90 and len(line.split()) <= MOST_WORDS
    return short and SOURCE.match(fold(line)) is not None and not is_sentence(line)


def labels_source(line: str) -> bool:
    """The word «المصدر» alone, whose value stands in an element of its own."""
    return len(line) <= LONGEST_LABEL and SOURCE_LABEL.fullmatch(fold(line)) is not None


def find_dateline(first_line: str) -> str | None:
    """The dateline that a text begins with, without the dash behind it."""
    if is_dateline_only(first_line):
        return first_line
    match = DATELINE.match(first_line[:160])
    if match and (_is_ticker(match["line"]) or SAYS.match(fold(match["line"])) or points_elsewhere(first_line)):
        return None
    return clean(match["line"]) if match and len(match["line"].split()) <= 9 else None
