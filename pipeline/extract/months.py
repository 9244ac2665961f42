"""Month names as news pages print them, folded: Arabic of every region, Turkish, English, French and more."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# One line per month: Persian, Egyptian and Gulf, Maghrebi and Mauritanian, Levantine and Iraqi names.
ARABIC = {
    1: "يناير جانفي ژانويه|كانون الثاني|كانون ثاني|كانون ثان",
    2: "فوريه فبراير فيفري فيفريه شباط",
    3: "مارس اذار",
    4: "اوريل ابريل افريل نيسان",
    5: "مه مي مايو ماي ايار",
    6: "ژوين يونيو يونيه جوان حزيران",
    7: "ژوييه يوليو يوليه جويليه يوليوز تموز",
    8: "اغسطس اوت غشت اغشت اب",
    9: "سپتامبر سبتمبر شتنبر شتمبر ايلول",
    10: "اكتوبر اكتبر|تشرين الاول|تشرين اول",
    11: "نوفمبر نوامبر نونبر|تشرين الثاني|تشرين ثاني|تشرين ثان",
    12: "ديسمبر دسامبر دجنبر دجمبر|كانون الاول|كانون اول",
}
LATIN = {
    1: "january jan ocak oca janvier janv januar jänner enero gennaio janeiro",
    2: "february feb subat sub fevrier fevr februar febrero febbraio fevereiro",
    3: "march mar mart mars marz marzo marco",
    4: "april apr nisan nis avril avr abril aprile",
    5: "may mayis mai mayo maggio maio",
    6: "june jun haziran haz juin juni junio giugno junho",
    7: "july jul temmuz tem juillet juil juill juli julio luglio julho",
    8: "august aug agustos agu aout agosto",
    9: "september sep sept eylul eyl septembre septiembre settembre setembro",
    10: "october oct ekim eki octobre oktober okt octubre ottobre outubro",
    11: "november nov kasim kas novembre noviembre novembro",
    12: "december dec aralik ara decembre dezember dez diciembre dicembre dezembro",
}
REMEMBERED = 1_000  # letters
DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
FOREIGN_DIGIT = re.compile("[٠-٩۰-۹]")
LETTERS = tuple(zip("آأإٱىیةکıİ", "ااااييهكii", strict=True))
MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u0300-\u036f\u200c-\u200f\u061c]")


def fold(text: str) -> str:
    """Lower case, ASCII digits, Arabic letters in one form, no vowel marks, no accents. May change the length."""
    return _fold_line(text) if len(text) <= REMEMBERED else _fold(text)


@lru_cache(maxsize=1024)
def _fold_line(text: str) -> str:
    return _fold(text)  # each line of a page is looked at by several rules


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    for letter, plain in LETTERS:  # a third of the time that a table takes
        text = text.replace(letter, plain)
    if FOREIGN_DIGIT.search(text):
        text = text.translate(DIGITS)
    return MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))


def _table() -> dict[str, int]:
    table = {}
    for month, names in ARABIC.items():
        for group in names.split("|"):
            several = "كانون" in group or "تشرين" in group
            table.update(dict.fromkeys([group] if several else group.split(), month))
    for month, names in LATIN.items():
        table.update({fold(name): month for name in names.split()})
    return table


MONTHS = _table()
MONTH_NAMES = "|".join(sorted((re.escape(name).replace(r"\ ", r"\s+") for name in MONTHS), key=len, reverse=True))


def month_number(name: str) -> int:
    """The month that a name matched by MONTH_NAMES stands for."""
    return MONTHS[" ".join(name.split())]
