"""The byline and the dateline as printed: there stand nine agency credits in ten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.beside_dates import DAY_NAME, HIJRI_YEAR, SECTION, without_date
from pipeline.extract.blocks import HEADINGS, Block, heads_first_part, names_on, pieces_of
from pipeline.extract.counters import states_age
from pipeline.extract.datelines import is_agency, is_dateline_only, is_sentence, names_reporter
from pipeline.extract.months import fold
from pipeline.extract.notices import carries_date, is_date_line, is_label, is_notice, opens_related, says_when
from pipeline.extract.roles import Role

LONGEST = 160
MOST_WORDS = 10  # of a byline
MOST_WORDS_IN_TEXT = 4  # of one without any sign in the text's own box, where headings stand, or with a colon
MOST_WORDS_INTRODUCED = 12  # of one that says so
OTHERS_NAMES = re.compile(r"comment|reply|respon|yorum|bio|related|(?<!v)card(?!\w)", re.IGNORECASE)
LONGEST_BEHIND = 80  # letters
CUT_SHORT = ("...", "…")  # an excerpt of the text
LINKED = 0.8  # share of a line's letters; such a line leads to another article, unless it stands by the date
REACH_BEHIND = 4  # blocks behind the text
REACH = 30  # blocks above the text in which a byline is looked for
# What speaks for a byline, the surest first. A line of place and agency is one where no reporter is named beside the
# date; what is shaped like a byline behind a text's first paragraph may close a brief.
SIGNS = ("named", "introduced", "shaped", "beside date", "placed", "agency", "near date", "behind")
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
DATED = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a line stands: its block `at`, the text's first block, the headline's."""

    blocks: list[Block]
    at: int
    first: int
    top: int


@dataclass(frozen=True, slots=True)
class Printed:
    """The byline, and a line of place and agency that is printed beside it."""

    byline: str | None
    dateline: str | None


def find_byline(blocks: list[Block], first: int, top: int, sites: tuple[str, ...] = ()) -> Printed:
    """What is printed near the headline; `first` is the index of the text's first block, `top` the headline's.

    `sites`: the site's own names, which beside the date are no reporter's.
    """
    found: dict[str, str] = {}
    for at in range(max(0, first - REACH), min(first + 3, len(blocks))):
        if _holds_no_byline(blocks[at]):
            continue
        spot = _Spot(blocks, at, first, top)
        for line, names, dated in _candidates(blocks[at]):
            sign = _sign_of(line, names, dated, spot)
            if sign is not None:
                found.setdefault(sign, line)
    if "placed" in found and fold(found.get("beside date", "")) in map(fold, sites):
        del found["beside date"]
    return Printed(next((found[sign] for sign in SIGNS if sign in found), None), found.get("placed"))


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
        return "behind" if spot.at > spot.first else "shaped" if names_reporter(line) else "placed"
    if below and spot.at < spot.first and is_agency(line) and _is_plain(spot.blocks[spot.at]):
        return "agency"
    stands = spot.at < spot.first or (spot.at > spot.first and _stands_above_date(spot.blocks, spot.at))
    near = below and stands and _stands_by_date(spot.blocks, spot.at) and not _belongs_to_text(spot)
    return "near date" if near else None


def _is_plain(block: Block) -> bool:
    """No link to another article, and no heading of what follows."""
    return block.link_share <= LINKED and block.tag not in HEADINGS


def _is_introduced(line: str) -> bool:
    """Whether a word says that a name follows: «تقرير: سامر الخالدي», but not «تقرير أممي: 3 ملايين بلا مأوى»."""
    told = INTRODUCED.match(fold(line)) is not None and not any(map(str.isdigit, line))
    return told and len(line.split()) <= MOST_WORDS_INTRODUCED


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
    if heads_first_part(spot.blocks, spot.at):
        return True
    if len(block.words) <= MOST_WORDS_IN_TEXT:
        return False
    first = spot.blocks[spot.first : spot.first + 1]
    is_inside = bool(first) and first[0].element.getparent() is block.element.getparent()
    return is_inside or block.text.endswith((":", "："))


def _stands_above_date(blocks: list[Block], at: int) -> bool:
    """Between standfirst and text: a short line, and a line that is nothing but a date under it."""
    return not blocks[at].is_prose and at + 1 < len(blocks) and is_date_line(blocks[at + 1].text)


def _candidates(block: Block) -> list[tuple[str, str, bool]]:
    """Lines that may be a byline, with the names of their elements, and whether a date stands beside them."""
    if is_sentence(block.text) and not block.pieces:
        return []  # which may well tell how long ago something was
    own = names_on(block.element) + (names_on(block.mark) if block.mark is not None else "")
    pieces = pieces_of(block)
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
            and not is_sentence(line)
            and not (is_label(line) or is_notice(line) or opens_related(line))
        ):
            whole = len(pieces) == 1 or not any(inner for _, inner in pieces)
            found.append((line, names + (own if whole else ""), dated and DAY_NAME.fullmatch(fold(line)) is None))
    return found


def dateline_in(byline: str | None) -> str | None:
    """A byline that is a dateline too: place, reporter and agency, and no word that introduces a name."""
    return byline if byline and is_dateline_only(byline) and not INTRODUCED.match(fold(byline)) else None
