"""Hard cases of copies: cut, extended, respelled, updated, credited and not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.demo.edits import VARIANTS, vary
from tests.hard_cases.desk import BYLINE, COLD, CREDIT, OWN, REPORTS, Case, copy, paragraphs, report

FULL = (0.98, 1.0, 0.9, 1.0)


def cases() -> Iterator[Case]:
    """One case per row and language."""
    for language in ("ar", "en", "tr"):
        yield from _edited(language)
        yield from _versions(language)
        yield from _credited(language)
    yield from _arabic()


def _edited(language: str) -> Iterator[Case]:
    wire = report(REPORTS[language][0])
    key, text, own = wire["article_id"], paragraphs(wire), OWN[language]

    def case(row: int, what: str, made: list[str], relation: str, bounds: tuple[float, float, float, float]) -> Case:
        article = copy(wire, "copy", made, headline=COLD[language])
        links = (("copy", key, relation, "uncredited"),)
        found = ((key, "copy"),)
        return Case(row, what, language, (wire, article), found, links=links, coverage={"copy": bounds})

    yield case(1, "same body, new headline", text, "near_copy", FULL)
    yield case(2, "cut to two paragraphs", text[:2], "abridged_copy", (0.98, 1.0, 0.2, 0.7))
    yield case(4, "own lede, wire tail", [own[0], own[1], *text], "extended_copy", (0.4, 0.85, 0.9, 1.0))
    brief = copy(wire, "brief", text[:1], byline=CREDIT[language], headline=None)
    yield Case(
        3,
        "a brief of one sentence",
        language,
        (wire, brief),
        ((key, "brief"),),
        links=(("brief", key, "abridged_copy", "credited"),),
    )


def _versions(language: str) -> Iterator[Case]:
    wire = report(REPORTS[language][0])
    key, text = wire["article_id"], paragraphs(wire)
    evening = [*text, OWN[language][3]]
    fields = {"outlet_id": wire["outlet_id"], "byline": wire["byline"]}
    later = copy(wire, "later", evening, minutes=400, url=f"{wire['url']}2", **fields)
    of_later = copy(wire, "copy", evening, minutes=460)
    yield Case(
        8,
        "morning and evening of one agency",
        language,
        (wire, later, of_later),
        ((key, "later", "copy"),),
        links=(("later", key, "update_of", ""), ("copy", "later", "near_copy|exact_copy", "")),
        origin=(key, "anadolu", True),
    )
    counted = [re.sub(r"\d+", lambda found: str(int(found.group()) + 4), text[0], count=1), *text[1:]]
    toll = copy(wire, "later", counted, minutes=30, url=f"{wire['url']}2", **fields)
    yield Case(
        9,
        "only a number has risen",
        language,
        (wire, toll),
        ((key, "later"),),
        links=(("later", key, "update_of", ""),),
    )
    again = copy(wire, "again", minutes=60, outlet_id="first-outlet", url="https://first.example/2")
    first = copy(wire, "first", minutes=10, outlet_id="first-outlet", url="https://first.example/1")
    yield Case(
        11,
        "reposted at a new address",
        language,
        (first, again),
        (("first", "again"),),
        links=(("again", "first", "exact_copy", ""),),
        origin=("first", None, False),
    )


def _credited(language: str) -> Iterator[Case]:
    wire = report(REPORTS[language][1])
    key, text = wire["article_id"], paragraphs(wire)
    other = {"ar": "لندن - رويترز", "en": "Reuters", "tr": "Reuters"}[language]
    generic = {"ar": "الصباح - وكالات", "en": "News Agencies", "tr": "Haber Ajansları"}[language]
    both = {"ar": "الأناضول، أ ف ب", "en": "AA/AFP", "tr": "AA/AFP"}[language]
    told = {"ar": "وصرح المسؤول للأناضول: ", "en": "The official told Anadolu: ", "tr": "Yetkili AA muhabirine: "}
    for row, what, byline, body, status in (
        (30, "credit removed, reporter put in", BYLINE[language], text, "uncredited"),
        (33, "credit to another agency", other, text, "credited_other"),
        (34, "credit to agencies", generic, text, "credited_generic"),
        (35, "credit to two agencies", both, text, "credited"),
        (32, "self-reference left in", BYLINE[language], [told[language] + text[0], *text[1:]], "uncredited"),
    ):
        article = copy(wire, "copy", body, byline=byline)
        relation = "near_copy|exact_copy"
        yield Case(
            row,
            what,
            language,
            (wire, article),
            ((key, "copy"),),
            links=(("copy", key, relation, status),),
            origin=(key, "anadolu", True),
        )
    early = copy(wire, "copy", text, minutes=-45, byline=CREDIT[language])
    yield Case(
        38,
        "the copy is dated before the agency's page",
        language,
        (wire, early),
        ((key, "copy"),),
        links=(("copy", key, "near_copy|exact_copy", "credited"),),
        origin=(key, "anadolu", True),
        late={"copy": -45 * 60},
    )
    short = wire | {"body": "\n".join(text[:3])}
    yield Case(
        39,
        "the agency's page is shorter than the copy",
        language,
        (short, copy(wire, "copy", text, byline=CREDIT[language])),
        ((key, "copy"),),
        links=(("copy", key, "extended_copy", "credited"),),
        origin=(key, "anadolu", True),
    )
    edited = [OWN[language][0], *text[:4]]
    yield Case(
        44,
        "a copy of an edited copy",
        language,
        (wire, copy(wire, "edit", edited), copy(wire, "copy", edited, minutes=200)),
        ((key, "edit", "copy"),),
        origin=(key, "anadolu", True),
    )
    later = copy(wire, "second", text, minutes=80, byline=BYLINE[language])
    yield Case(
        45,
        "the agency's page was not crawled",
        language,
        (copy(wire, "first", text, minutes=5, byline=CREDIT[language]), later),
        (("first", "second"),),
        links=(("second", "first", "near_copy|exact_copy", "uncredited"),),
        origin=("first", "anadolu", False),
    )


def _arabic() -> Iterator[Case]:
    wire = report("saffron")
    key, text = "saffron", paragraphs(wire)
    alike = {
        25: ("hamza, ya, ta marbuta, marks, tatweel", [vary(one, tuple(VARIANTS)) for one in text]),
        26: (
            "Persian digits",
            [one.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) for one in text],
        ),
        27: (
            "Persian letters, bidi and zero-width marks",
            ["\u200f" + one.replace("ك", "ک").replace("ي", "ی").replace(" ", " \u200e", 3) for one in text],
        ),
    }
    for row, (what, body) in alike.items():
        article = copy(wire, "copy", body, byline=CREDIT["ar"])
        yield Case(
            row,
            what,
            "ar",
            (wire, article),
            ((key, "copy"),),
            links=(("copy", key, "exact_copy", "credited"),),
            coverage={"copy": (1.0, 1.0, 1.0, 1.0)},
        )
    tatweel = copy(wire, "copy", text, byline="برلين ـ د. ب. أ:")
    yield Case(28, "a lone tatweel is a dash", "ar", (wire, tatweel), links=(("copy", key, "", "credited_other"),))
    august = copy(wire, "copy", ["15 أغسطس (آب) " + text[0], *text[1:]])
    yield Case(29, "August is no agency", "ar", (wire, august), links=(("copy", key, "near_copy", "uncredited"),))
    said = wire | {"body": "\n".join([text[0], "وجاء ذلك في بيان وصل الأناضول نسخة منه. " + text[1], *text[2:]])}
    changed = copy(wire, "copy", [text[0], "وجاء ذلك في بيان وصل الصحيفة نسخة منه. " + text[1], *text[2:]])
    yield Case(31, "self-reference changed", "ar", (said, changed), links=(("copy", key, "near_copy", "uncredited"),))
    hill = copy(wire, "copy", [*text, "وتهب الرياح من هضبة الأناضول شتاء."])
    yield Case(36, "a region of that name", "ar", (wire, hill), links=(("copy", key, "near_copy", "uncredited"),))
    amended = [one.replace("عدنان المقداد", "عدنان القواسمي") for one in text]
    fixed = copy(wire, "fixed", amended, minutes=70, url=f"{wire['url']}2", outlet_id=wire["outlet_id"])
    yield Case(
        23,
        "the agency corrects a name",
        "ar",
        (wire, fixed, copy(wire, "copy", text)),
        ((key, "fixed", "copy"),),
        links=(("fixed", key, "update_of", ""), ("copy", key, "exact_copy", "")),
    )
