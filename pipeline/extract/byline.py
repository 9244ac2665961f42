"""The byline and the dateline as printed: there stand nine agency credits in ten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.blocks import Block, names_on
from pipeline.extract.counters import beside_counters, states_age
from pipeline.extract.dates import CLOCK, NAMED, NUMERIC
from pipeline.extract.months import fold
from pipeline.extract.notices import (
    beside_date,
    carries_date,
    is_date_line,
    is_label,
    is_notice,
    opens_related,
    points_elsewhere,
    says_when,
)
from pipeline.extract.roles import Role
from pipeline.extract.wording import clean

LONGEST = 160
MOST_WORDS_NAMED = 3  # of an agency that signs alone
MOST_DATES = 2  # in a line: published, changed
MOST_WORDS = 10  # of a byline
MOST_WORDS_IN_TEXT = 4  # of one without any sign in the text's own box, where headings stand, or with a colon
MOST_WORDS_INTRODUCED = 12  # of one that says so
MOST_WORDS_STOPPED = 6  # of one that ends in a full stop
OTHERS_NAMES = re.compile(r"comment|reply|respon|yorum|bio|related|(?<!v)card(?!\w)", re.IGNORECASE)
LONGEST_BEHIND = 80  # letters
LONGEST_LABEL = 12  # letters
CUT_SHORT = ("...", "…")  # an excerpt of the text
LINKED = 0.8  # share of a line's letters; such a line leads to another article, unless it stands by the date
REACH_BEHIND = 4  # blocks behind the text
REACH = 30  # blocks above the text in which a byline is looked for
# What speaks for a byline, the surest first. What is shaped like one behind a text's first paragraph may close a brief.
SIGNS = ("named", "introduced", "shaped", "beside date", "near date", "behind")
BYLINE_NAMES = re.compile(
    r"byline|author|writer|reporter|yazar|muhabir|auteur|katib|source|kaynak|vcard|creator"
    r"|(?<![a-z])by(?![a-z])|(?-i:[a-z]By(?![a-z]))",  # class="by", "posted-by", "artBy"
    re.IGNORECASE,
)
BEFORE_NAME = (
    r"by|von|par|por|written by|reporting by|kaynak|muhabir|haber|source|بقلم|كتبت?ه?|بواسطه|تحرير|اعداد|المصدر|تقرير"
    r"|مراسل|نقلا عن"
)
INTRODUCED = re.compile(rf"^\W*(?:{BEFORE_NAME}|متابعات?)\b", re.IGNORECASE)
# A word that introduces a name, without the name.
ALONE = re.compile(rf"\W*(?:{BEFORE_NAME})\W*", re.IGNORECASE)
SECTION = re.compile(
    r"(?:في )?(?:ال)?(?:اخبار|محليات|سياسه|اقتصاد|رياضه|ثقافه|منوعات|عربي|دولي|عاجل|عالم|خاص|تقارير|حوادث|مجتمع|صحه)"
    r"(?: (?:و|ال)?\w+)?|(?:world|local|breaking|top)? ?news|gundem|dunya|ekonomi|spor|haberler|actualites?"
)
# Stands before news of any place.
TICKER = re.compile(
    r"(?:خبر |اخبار )?عاجله?|breaking(?: news)?|urgent|flash|alerte(?: info)?|son dakika|derniere minute"
)
SOURCE = re.compile(r"^\W*(?:(?:المصدر|نقلا عن|kaynak|source|quelle)\s*[:：]\W*\w|المصدر(?: \w+){1,2}$)")
SOURCE_LABEL = re.compile(r"\W*(?:المصدر|المصادر|kaynak(?:lar)?|sources?|quellen?)\W*")
HIJRI_YEAR = re.compile(r"(?<!\d)1[34]\d{2}\s*ه")
HIJRI_DATE = re.compile(r"\d{1,2}\s+[\u0620-\u065f]+(?:\s+[\u0620-\u065f]+)?\s+\d{4}\s*ه(?:\u0640|جري\w?)?(?!\w)")
DATED = re.compile(r"(?:19|20)\d{2}")
DAY_NAME = re.compile(
    r"(?:ال)?(?:سبت|احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه)|[a-z]+day|pazar(?:tesi)?|sali|carsamba|persembe"
    r"|cuma(?:rtesi)?|[a-z]+di|dimanche"
)
SENTENCE = re.compile(r"[.!?؟۔](?:\s|$)")
BARS = re.compile(r"\s*[|•·]\s*")
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
IN_BRACKETS = re.compile(r"^[-–—\s]*[(\[«][^()\[\]]{2,60}[)\]»]\W*$")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a line stands: its block `at`, the text's first block, the headline's."""

    blocks: list[Block]
    at: int
    first: int
    top: int


def find_byline(blocks: list[Block], first: int, top: int) -> str | None:
    """The byline printed near the headline; `first` is the index of the text's first block, `top` the headline's."""
    found: dict[str, str] = {}
    for at in range(max(0, first - REACH), min(first + 3, len(blocks))):
        if _holds_no_byline(blocks[at]):
            continue
        spot = _Spot(blocks, at, first, top)
        for line, names, dated in _candidates(blocks[at]):
            sign = _sign_of(line, names, dated, spot)
            if sign is not None:
                found.setdefault(sign, line)
    return next((found[sign] for sign in SIGNS if sign in found), None)


def _holds_no_byline(block: Block) -> bool:
    return (
        block.junk is not None
        or block.role in (Role.HEADLINE, Role.CAPTION)
        or (block.role is Role.LEAD and not carries_date(block.text))
        or len(block.text) > 2 * LONGEST
        or block.text.endswith(CUT_SHORT)
    )


def _sign_of(line: str, names: str, dated: bool, spot: _Spot) -> str | None:
    """What speaks for a line as the byline, one of SIGNS. Above the headline only the names of its element do."""
    below = spot.top < spot.at
    if BYLINE_NAMES.search(names):
        return "named"
    if dated and below and spot.at <= spot.first:
        return "beside date"
    if below and _is_introduced(line):
        return "introduced"
    if below and is_dateline_only(line) and spot.blocks[spot.at].link_share <= LINKED:
        return "shaped" if spot.at <= spot.first else "behind"
    stands = spot.at < spot.first or (spot.at > spot.first and _stands_above_date(spot.blocks, spot.at))
    near = below and stands and _stands_by_date(spot.blocks, spot.at) and not _belongs_to_text(spot)
    return "near date" if near else None


def _is_introduced(line: str) -> bool:
    """Whether a word says that a name follows: «تقرير: سامر الخالدي», but not «تقرير أممي: 3 ملايين بلا مأوى»."""
    introduces = INTRODUCED.match(fold(line)) is not None
    return introduces and len(line.split()) <= MOST_WORDS_INTRODUCED and not any(map(str.isdigit, line))


def find_byline_behind(blocks: list[Block], last: int) -> str | None:
    """A byline in an element that is named so right behind the text, as blogs print it."""
    for block in blocks[last + 1 : last + 1 + REACH_BEHIND]:
        if block.role in (Role.HEADLINE, Role.CAPTION) or len(block.text) > LONGEST_BEHIND:
            continue
        for line, names, _ in _candidates(block):
            if BYLINE_NAMES.search(names) and not OTHERS_NAMES.search(names):
                return line
    return None


def _stands_by_date(blocks: list[Block], at: int) -> bool:
    """Between headline and text, a short line of its own right above or below the date."""
    beside = (blocks[other].text for other in (at - 1, at + 1) if 0 <= other < len(blocks))
    return len(blocks[at].words) <= MOST_WORDS and any(map(carries_date, beside))


def _belongs_to_text(spot: _Spot) -> bool:
    """A line that introduces what follows, or a heading in the text's own box."""
    block = spot.blocks[spot.at]
    if len(block.words) <= MOST_WORDS_IN_TEXT:
        return False
    is_inside = (
        spot.first < len(spot.blocks) and spot.blocks[spot.first].element.getparent() is block.element.getparent()
    )
    return is_inside or block.text.endswith((":", "："))


def _stands_above_date(blocks: list[Block], at: int) -> bool:
    """Between standfirst and text: a short line, and a line that is nothing but a date under it."""
    return not blocks[at].is_prose and at + 1 < len(blocks) and is_date_line(blocks[at + 1].text)


def _candidates(block: Block) -> list[tuple[str, str, bool]]:
    """Lines that may be a byline, with the names of their elements, and whether a date stands beside them."""
    if _is_sentence(block.text) and not block.pieces:
        return []  # which may well tell how long ago something was
    own = names_on(block.element) + (names_on(block.mark) if block.mark is not None else "")
    pieces = _pieces(block)
    dated = any(DATED.search(fold(text)) or states_age(text) for text, _ in pieces)
    if not dated and (BYLINE_NAMES.search(own) or not any(BYLINE_NAMES.search(names) for _, names in pieces)):
        pieces = [(block.text, "")]  # «By <a>Name</a>» is one byline
    found = []
    for text, names in pieces:
        line = without_date(text).rstrip(" :：")
        folded = fold(line)
        if SECTION.fullmatch(folded) or HIJRI_YEAR.search(folded) or ALONE.fullmatch(folded) or says_when(line):
            continue
        if (
            line
            and len(line) <= LONGEST
            and not _is_sentence(line)
            and not (is_label(line) or is_notice(line) or opens_related(line))
        ):
            whole = len(pieces) == 1 or not any(inner for _, inner in pieces)
            found.append((line, names + (own if whole else ""), dated and DAY_NAME.fullmatch(fold(line)) is None))
    return found


def _is_sentence(line: str) -> bool:
    return len(line.split()) > MOST_WORDS_STOPPED and line.endswith((".", "!", "?", "؟", "…"))


def _pieces(block: Block) -> list[tuple[str, str]]:
    """The parts of a line, each with the names of the element it stands in."""
    if block.pieces:
        rest, parts = block.text, list(block.pieces)
        for text, _ in block.pieces:
            rest = rest.replace(text, "|", 1)
        parts += [(text, "") for text in rest.split("|")]
    elif "".join(block.text.split()) == "".join("".join(block.element.itertext()).split()):
        parts = [(block.element.text or "", "")]
        for child in block.element:
            if isinstance(child.tag, str):
                parts += [("".join(child.itertext()), names_on(child))]
            parts += [(child.tail or "", "")]
    else:
        return [(block.text, "")]
    lines = ((clean(text).strip("|-–—,،•·: "), names) for text, names in parts)
    return [(text, names) for text, names in lines if text]


def without_date(line: str) -> str:
    """A byline without date, age and counters that share its line."""
    line = HIJRI_DATE.sub("", line)
    beside = beside_counters(line)
    line = line if beside is None else beside
    parts = [part for part in BARS.split(line) if part and beside_date(part) != [] and not CLOCK.fullmatch(fold(part))]
    rest = " | ".join(parts)
    folded = fold(rest)
    if len(folded) == len(rest):  # folding kept every letter in its place
        for _ in range(MOST_DATES):
            rest = _beside_first_date(rest)
    rest = clean(rest).strip("-–—|,،•· ")
    before, bar, last = rest.rpartition(" - ")
    return before.strip("-–—|,،•· ") if bar and DAY_NAME.fullmatch(fold(last)) else rest


def _beside_first_date(line: str) -> str:
    """What stands before the first date of a line; where nothing does, what stands behind it."""
    folded = fold(line)
    match = NAMED.search(folded) or NUMERIC.search(folded)
    if match is None:
        return line
    return line[: match.start()].rstrip(" -–—,،:|/(") or line[match.end() :]


def is_dateline_only(line: str) -> bool:
    """A line that is nothing but place, reporter and agency."""
    if len(line) > 90 or len(line.split()) > 9 or any(letter.isdigit() for letter in line) or points_elsewhere(line):
        return False
    if _is_ticker(re.split(r"[:|]", line, maxsplit=1)[0]):
        return False
    if re.search(r"[.!?؟]\s+\S", line) or (SENTENCE.search(line) and len(line.split()) > 5):
        return False  # a sentence
    return bool(SLASHED.match(line) or PLACE_AND_AGENCY.match(line) or IN_BRACKETS.match(line))


def _is_ticker(words: str) -> bool:
    return TICKER.fullmatch(fold(words).strip()) is not None


def dateline_in(byline: str | None) -> str | None:
    """A byline that is a dateline too: place, reporter and agency, and no word that introduces a name."""
    return byline if byline and is_dateline_only(byline) and not INTRODUCED.match(fold(byline)) else None


def is_sign_off(line: str) -> bool:
    """A closing line such as «القاهرة - الأناضول», (AA) or a bare agency name."""
    if len(line) > 90 or is_label(line) or is_notice(line) or opens_related(line) or is_date_line(line):
        return False
    words = len(line.split())
    name = line.rstrip(" .") if words < MOST_WORDS_NAMED else line  # «الأناضول.»
    short = words <= MOST_WORDS_NAMED and len(line) <= 30 and not SENTENCE.search(name)
    return is_dateline_only(line) or names_source(line) or short


def places_agency(line: str) -> bool:
    """A line such as «القاهرة - الأناضول» or (AA), whose shape says enough wherever it stands right behind a text."""
    return is_dateline_only(line) and not any(mark in line for mark in ":|،,")


def names_source(line: str) -> bool:
    """A line such as «المصدر: الأناضول + رويترز» or «Kaynak: AA»."""
    short = len(line) <= 90 and len(line.split()) <= MOST_WORDS
    return short and SOURCE.match(fold(line)) is not None and not _is_sentence(line)


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
