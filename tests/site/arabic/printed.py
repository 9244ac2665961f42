"""How Arabic sites print a moment: month names of every region, three kinds of digits, Hijri beside Gregorian."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

EGYPTIAN = [
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو",
    "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
]  # fmt: skip
LEVANTINE = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip
MAGHREBI = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]
TUNISIAN = ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
HIJRI = [
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب",
    "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
]  # fmt: skip
DAYS = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def clock(at: datetime, minutes: str = "م", morning: str = "ص") -> str:
    """The time of day in twelve hours."""
    return f"{at.hour % 12 or 12:02}:{at:%M} {minutes if at.hour >= 12 else morning}"


def double(at: datetime) -> str:
    """As Anadolu prints it: 15 نوفمبر/ تشرين الثاني 2025."""
    return f"{at.day} {EGYPTIAN[at.month - 1]}/ {LEVANTINE[at.month - 1]} {at.year}"


def hijri(at: datetime) -> str:
    """A Hijri date that goes with no rule: only the Gregorian one beside it counts."""
    return f"{at.day % 29 + 1} {HIJRI[at.month % len(HIJRI)]} {at.year - 579}"


STYLES: dict[str, Callable[[datetime], str]] = {
    "egyptian": lambda at: f"{DAYS[at.weekday()]}، {at.day} {EGYPTIAN[at.month - 1]} {at.year} {clock(at)}",
    "levantine": lambda at: f"{at.day} {LEVANTINE[at.month - 1]} {at.year} - {at:%H:%M}",
    "levantine in Arabic digits": lambda at: f"{at.day} {LEVANTINE[at.month - 1]} {at.year} - {at:%H:%M}".translate(
        ARABIC_INDIC
    ),
    "double": double,
    "double, Levantine first": lambda at: f"{at.day} {LEVANTINE[at.month - 1]}/{EGYPTIAN[at.month - 1]} {at.year}",
    "double in brackets": lambda at: (
        f"{DAYS[at.weekday()]} {at.day} {LEVANTINE[at.month - 1]} ({EGYPTIAN[at.month - 1]}) {at.year}"
    ),
    "maghrebi": lambda at: f"{DAYS[at.weekday()]} {at.day} {MAGHREBI[at.month - 1]} {at.year} - {at:%H:%M}",
    "tunisian": lambda at: f"{at.day} {TUNISIAN[at.month - 1]}، {at.year}",
    "hijri first": lambda at: (
        f"{DAYS[at.weekday()]} {hijri(at)} هـ الموافق {at.day} {EGYPTIAN[at.month - 1]} {at.year} م"
    ),
    "hijri after": lambda at: f"{at.day} {EGYPTIAN[at.month - 1]} {at.year} م - {hijri(at)} هـ",
    "hijri in Arabic digits": lambda at: (
        f"{hijri(at)}هـ - {at.day} {EGYPTIAN[at.month - 1]} {at.year}م {clock(at)}".translate(ARABIC_INDIC)
    ),
    "numbers": lambda at: f"{at:%d/%m/%Y} {clock(at)}",
    "numbers with dashes": lambda at: f"{at:%d-%m-%Y} | {at:%H:%M}",
    "year first": lambda at: f"{at:%Y/%m/%d} الساعة {clock(at, 'مساءً', 'صباحاً')}",
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "Arabic numbers": lambda at: f"{at.day}/{at.month}/{at.year} {clock(at, 'مساءً', 'صباحاً')}".translate(ARABIC_INDIC),
    "Persian numbers": lambda at: f"{at.year}/{at.month}/{at.day}".translate(PERSIAN),
    "Mecca": lambda at: f"{at.day} {EGYPTIAN[at.month - 1]} {at.year} , {at:%H:%M} بتوقيت مكة المكرمة",
    "month first": lambda at: f"{EGYPTIAN[at.month - 1]} {at.day}, {at.year}",
    "without day names": lambda at: f"{at.day} {EGYPTIAN[at.month - 1]}, {at.year}",
}
LABELS = (
    "{}", "نشر في: {}", "تاريخ النشر: {}", "نُشر {}", "آخر تحديث: {}", "نشر في : {} | آخر تحديث : {}", "الأخبار | {}",
    "كتب في {}",
)  # fmt: skip
