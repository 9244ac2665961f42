"""What shares its line with a date: a name, or the place and the agency between which an agency prints its dates."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.extract.counters import SAID_OF_TIME, beside_counters
from pipeline.extract.dates import CLOCK, NAMED, NUMERIC
from pipeline.extract.months import fold
from pipeline.extract.notices import PRINTED_DATE, beside_date
from pipeline.extract.wording import clean

MOST_DATES = 2  # in a line: published, changed
MOST_WORDS_BEHIND = 3  # of an agency
MOST_WORDS_PLACE = 4
BARS = re.compile(r"\s*[|•·]\s*")
WORD = re.compile(r"\w+")
SECTION = re.compile(
    r"(?:في )?(?:ال)?(?:اخبار|محليات|سياسه|اقتصاد|رياضه|ثقافه|منوعات|عربي|دولي|عاجل|عالم|خاص|تقارير|حوادث|مجتمع|صحه)"
    r"(?: (?:و|ال)?\w+)?|(?:world|local|breaking|top)? ?news|gundem|dunya|ekonomi|spor|haberler|actualites?"
)
ARABIC_DAY = r"ال(?:سبت|احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه)"
DAY_NAME = re.compile(
    rf"{ARABIC_DAY}|(?:سبت|احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه)|[a-z]+day|pazar(?:tesi)?|sali|carsamba|persembe"
    r"|cuma(?:rtesi)?|[a-z]+di|dimanche"
)
HIJRI_YEAR = re.compile(r"(?<!\d)1[34]\d{2}\s*ه")
HIJRI = re.compile(
    r"(?<!\d)\d{1,2}\s+[\u0620-\u065f]+(?:\s+[\u0620-\u065f]+)?\s+\d{4}\s*ه(?:جري\w?)?(?!\w)"
    r"|(?<!\d)(?:1[34]\d{2}([/-])\d{1,2}\1\d{1,2}|\d{1,2}([/-])\d{1,2}\2\s?1[34]\d{2})(?!\d)\s*(?:ه(?:جري\w?)?(?!\w))?"
    r"|(?<!\w)(?:muharram|safar|rabi|jumada|rajab|sha.?ban|ramadan|shawwal|dhu|thul)[\w' \-]{0,16} \d{1,2},? 1[34]\d{2}"
    r"(?: ?a?h(?!\w))?"
)
STROKE = re.compile(r"(?<=ه)\u0640(?!\w)")  # «1448 هـ»: folding would drop it, and move what stands behind it
ERA = r"(?:م(?:يلادي\w?)?|ه(?:جري\w?)?)(?!\w)"
BESIDE = rf"(?:{ERA}|الموافق|في|يوم|بتاريخ|{ARABIC_DAY})"
BETWEEN = re.compile(rf"\W*(?:{BESIDE}\W*)*")  # two dates that are one day
BEFORE = re.compile(rf"(?:(?<!\w){BESIDE}[\s،,/:\-–—(]*)+$")
BEHIND = re.compile(rf"(?:\s*{ERA})?")
EDGES = " -–—,،:|/("
DASHES = ("-", "–", "—")  # before the report
ENCLOSED = re.compile(r"\s*([/(\[])\s*[^/()\[\]]{2,30}[/)\]][\s\-–—:.]*")
OPENS = re.compile(r"\s*(?:[-–—]|[/(\[][^/()\[\]]{2,30}[/)\]])")  # behind the day, before the report
INITIALS = re.compile(r"(?:\w[ .]\s?){1,3}\w|[A-Z]{2,5}")  # «أ ش أ», AFP


class _Date(NamedTuple):
    """Where a day is printed in a line, in one calendar or in two, with the words that belong to it."""

    start: int
    end: int
    is_formal: bool  # the calendar is named, as agencies do over their reports


def without_date(line: str) -> str:
    """A byline without date, age and counters that share its line."""
    line = STROKE.sub("", line)
    beside = beside_counters(line)
    line = line if beside is None else beside
    rest = " | ".join(part for part in BARS.split(line) if part and not _is_date(part))
    for _ in range(MOST_DATES):
        rest = _beside_first_date(rest)
    rest = clean(rest).strip("-–—|,،•· ")
    before, bar, last = rest.rpartition(" - ")
    return before.strip("-–—|,،•· ") if bar and DAY_NAME.fullmatch(fold(last)) else rest


def dates_its_place(line: str) -> bool:
    """Whether a text's line opens with a place and the day: «الكويت - 19 - 11 - 2025 (كونا) ...»."""
    folded = fold(line)
    date = _first_date(folded)
    if date is None or not 0 < len(WORD.findall(folded[: date.start])) <= MOST_WORDS_PLACE:
        return False
    return date.is_formal or OPENS.match(folded, date.end) is not None


def _is_date(part: str) -> bool:
    folded = fold(part)
    return beside_date(HIJRI.sub("", folded)) == [] or CLOCK.fullmatch(folded) is not None


def _beside_first_date(line: str) -> str:
    """What stands before a line's first date, with the agency behind it; where nothing does, what stands behind."""
    if not any(map(str.isdigit, line)):  # most lines
        return line
    folded = fold(line)
    date = _first_date(folded) if len(folded) == len(line) else None  # folding kept every letter in its place
    if date is None:
        return line
    before, behind = line[: date.start].rstrip(EDGES), line[date.end :]
    return f"{before}{_agency_in(behind, date)}" if before else behind


def _first_date(folded: str) -> _Date | None:
    spots = [
        (match.start(), match.end(), match.re is HIJRI)
        for one in (HIJRI, NAMED, NUMERIC)
        for match in one.finditer(folded)
    ]
    if not spots:
        return None
    start, end, is_formal = min(spots)
    for begin, stop, is_hijri in sorted(spots):
        if begin < end or BETWEEN.fullmatch(folded, end, begin):
            end, is_formal = max(end, stop), is_formal or is_hijri
    before, behind = BEFORE.search(folded, 0, start), BEHIND.match(folded, end)
    stop = behind.end() if behind else end
    return _Date(before.start() if before else start, stop, is_formal or stop > end)


def _agency_in(behind: str, date: _Date) -> str:
    """The agency behind the date that follows a place, with what parts them: «(كونا)», «/وام/», «م واس»."""
    name = behind.strip(" -–—:،,./")
    words = WORD.findall(fold(name))
    if not 0 < len(words) <= MOST_WORDS_BEHIND or any(map(str.isdigit, name)) or SECTION.fullmatch(fold(name)):
        return ""
    if any(PRINTED_DATE.fullmatch(word) or word in SAID_OF_TIME for word in words if len(word) > 1):
        return ""
    enclosed = ENCLOSED.fullmatch(behind)
    if enclosed:
        return f" / {name}" if enclosed[1] == "/" else f" {name}"
    is_apart = date.is_formal or behind.rstrip().endswith(DASHES) or INITIALS.fullmatch(name)
    return f" - {name}" if is_apart else ""
