"""Dates as outlets print them: month and day names of Arabic (three customs), English and Turkish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

EGYPTIAN = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
LEVANTINE = [
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
]  # fmt: skip
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
TURKISH = [
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
]
DAYS = {
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "tr": ["Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"],
}
MONTHS = {"ar": EGYPTIAN, "en": ENGLISH, "tr": TURKISH}
TO_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _dots(at: datetime) -> str:
    return f"{at:%d.%m.%Y}"


def _egyptian(at: datetime) -> str:
    return f"{DAYS['ar'][at.weekday()]} {at.day} {EGYPTIAN[at.month - 1]} {at.year} - {at:%H:%M}"


def _levantine(at: datetime) -> str:
    return f"{DAYS['ar'][at.weekday()]} {at.day} {LEVANTINE[at.month - 1]} {at.year} | {at:%H:%M}"


def _double(at: datetime) -> str:
    return f"{at.day} {EGYPTIAN[at.month - 1]}/ {LEVANTINE[at.month - 1]} {at.year}، الساعة {at:%H:%M}"


def _arabic_digits(at: datetime) -> str:
    return f"{at:%Y/%m/%d %H:%M}".translate(TO_ARABIC_DIGITS)


def _english(at: datetime) -> str:
    return f"{ENGLISH[at.month - 1]} {at.day}, {at.year}"


def _english_day_first(at: datetime) -> str:
    return f"{at.day} {ENGLISH[at.month - 1]} {at.year}, {at:%H:%M}"


def _turkish(at: datetime) -> str:
    return f"{at.day} {TURKISH[at.month - 1]} {at.year} {DAYS['tr'][at.weekday()]} {at:%H:%M}"


STYLES: dict[str, Callable[[datetime], str]] = {
    "dots": _dots,
    "ar-egyptian": _egyptian,
    "ar-levantine": _levantine,
    "ar-double": _double,
    "ar-digits": _arabic_digits,
    "en-long": _english,
    "en-day-first": _english_day_first,
    "tr-long": _turkish,
}


def print_date(at: datetime, style: str) -> str:
    """The date as a site prints it; at is in the site's own time zone."""
    return STYLES[style](at)


def fill_dates(text: str, at: datetime, language: str) -> str:
    """Put names for {day}, {yesterday}, {tomorrow}, {date} and {month}; at is the report's local time."""
    days, months = DAYS[language], MONTHS[language]
    filled = {
        "{day}": days[at.weekday()],
        "{yesterday}": days[(at - timedelta(days=1)).weekday()],
        "{tomorrow}": days[(at + timedelta(days=1)).weekday()],
        "{date}": f"{at.day} {months[at.month - 1]}" if language != "en" else f"{months[at.month - 1]} {at.day}",
        "{month}": months[at.month - 1],
    }
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text
