from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import day_in, read_machine_date, read_visible_dates
from pipeline.records import DatePrecision

ISTANBUL = ZoneInfo("Europe/Istanbul")
DAY, MINUTE, SECOND = DatePrecision.DAY, DatePrecision.MINUTE, DatePrecision.SECOND

MACHINE = [
    ("2026-04-20T12:30:00+03:00", "2026-04-20T09:30:00", SECOND),
    ("2026-04-20T12:30:05.123Z", "2026-04-20T12:30:05", SECOND),
    ("2026-04-20 12:30", "2026-04-20T09:30:00", MINUTE),
    ("2026-04-20T12:30:00", "2026-04-20T09:30:00", SECOND),
    ("20260420T123000Z", "2026-04-20T12:30:00", SECOND),
    ("2026-04-20", "2026-04-20T00:00:00", DAY),
    ("2026-04-20T00:00:00", "2026-04-20T00:00:00", DAY),
    ("Mon, 20 Apr 2026 12:30:00 GMT", "2026-04-20T12:30:00", SECOND),
    ("1713600000000", "2024-04-20T08:00:00", SECOND),
    ("٢٠٢٦-٠٤-٢٠", "2026-04-20T00:00:00", DAY),
    ("Mon Apr 20 12:30:00 TRT 2026", "2026-04-20T09:30:00", SECOND),
    ("Mon Apr 20 12:30:00 UTC 2026", "2026-04-20T12:30:00", SECOND),
    ("Mon Apr  6 12:30:00 2026", "2026-04-06T09:30:00", SECOND),
    ("Mon Apr 20 2026 12:30:00 GMT+0300 (GMT+03:00)", "2026-04-20T09:30:00", SECOND),
]
VISIBLE = [
    ("15 نوفمبر/ تشرين الثاني 2025", "2025-11-15T00:00:00", DAY),
    ("الخميس 13 تشرين الثاني / نوفمبر 2025", "2025-11-13T00:00:00", DAY),
    ("نوفمبر (تشرين الثاني) 15, 2025", "2025-11-15T00:00:00", DAY),
    ("١٥ تشرين الثاني ٢٠٢٥ - ١٠:٣٠ م", "2025-11-15T19:30:00", MINUTE),
    ("3 كانون الثاني 2025", "2025-01-03T00:00:00", DAY),
    ("3 كانون الأول 2025", "2025-12-03T00:00:00", DAY),
    ("7 آذار 2025", "2025-03-07T00:00:00", DAY),
    ("9 أيلول 2025", "2025-09-09T00:00:00", DAY),
    ("2 آب/أغسطس 2025", "2025-08-02T00:00:00", DAY),
    ("12 جويلية 2025", "2025-07-12T00:00:00", DAY),
    ("3 غشت 2024", "2024-08-03T00:00:00", DAY),
    ("السبت ٥ يوليوز ٢٠٢٥", "2025-07-05T00:00:00", DAY),
    ("4 جانفي 2025", "2025-01-04T00:00:00", DAY),
    ("18 شتنبر 2025", "2025-09-18T00:00:00", DAY),
    ("الأحد 24 جمادى الأولى 1447هـ - 15 نوفمبر 2025م", "2025-11-15T00:00:00", DAY),
    ("1447/05/24 هـ الموافق 2025/11/15 م", "2025-11-15T00:00:00", DAY),
    ("۱۵ نوامبر ۲۰۲۵ ساعت ۱۴:۲۰", "2025-11-15T11:20:00", MINUTE),
    ("3 آب 2024 الساعة 09:15 بتوقيت غرينتش", "2024-08-03T09:15:00", MINUTE),
    ("25 Mayıs 2025 Pazar, 11:02 (TSİ)", "2025-05-25T08:02:00", MINUTE),
    ("19 AĞUSTOS 2025", "2025-08-19T00:00:00", DAY),
    ("10:15 - 3 Şubat 2025", "2025-02-03T07:15:00", MINUTE),
    ("19.11.2025 - 13:25", "2025-11-19T10:25:00", MINUTE),
    ("1er août 2025 à 14h30", "2025-08-01T11:30:00", MINUTE),
    ("12 juill. 2025", "2025-07-12T00:00:00", DAY),
    ("mar. 4 nov. 2025 - 10:00", "2025-11-04T07:00:00", MINUTE),
    ("Publié le 3 août 2025 à 18 h 30", "2025-08-03T15:30:00", MINUTE),
    ("5 KASIM 2025 SALI", "2025-11-05T00:00:00", DAY),
    ("2025/11/13 الساعة 3:40 عصرا", "2025-11-13T12:40:00", MINUTE),
    ("2025/11/13 الساعة 12:20 ظهرًا", "2025-11-13T09:20:00", MINUTE),
    ("2025/11/13 الساعة 1:20 ظهرا", "2025-11-13T10:20:00", MINUTE),
    ("2025/11/13 الساعة 11:50 ظهرا", "2025-11-13T08:50:00", MINUTE),
    ("2025/11/13 الساعة 8:10 ليلا", "2025-11-13T17:10:00", MINUTE),
    ("2025/11/13 الساعة 12:10 ليلاً", "2025-11-12T21:10:00", MINUTE),
    ("2025/11/13 الساعة 1:10 ليلا", "2025-11-12T22:10:00", MINUTE),
    ("2025/11/13 الساعة 4:05 فجرا", "2025-11-13T01:05:00", MINUTE),
    ("2025/11/13 الساعة 12:30 بعد منتصف الليل", "2025-11-12T21:30:00", MINUTE),
    ("2025/11/13 الساعة 4:30 بعد الظهر", "2025-11-13T13:30:00", MINUTE),
    ("2025/11/13 الساعة 9:30 صباحًا", "2025-11-13T06:30:00", MINUTE),
    ("2025/11/13 الساعة 12:30 مساءً", "2025-11-13T09:30:00", MINUTE),
    ("2025/11/13 الساعة 20:10 ليلا", "2025-11-13T17:10:00", MINUTE),
    ("13 نوفمبر / تشرين ثان 2025", "2025-11-13T00:00:00", DAY),
    ("الساعة 6:05 مساءً بتاريخ 4-3-2025", "2025-03-04T15:05:00", MINUTE),
    ("04 حزيران 2025 12:30 ص", "2025-06-03T21:30:00", MINUTE),
    ("4 November 2025 - 11:30 (GMT+3)", "2025-11-04T08:30:00", MINUTE),
    ("12 décembre 2025", "2025-12-12T00:00:00", DAY),
    ("Apr 5th, 2025 at 3:05 pm", "2025-04-05T12:05:00", MINUTE),
    ("Published: 12:30, 20 April 2026", "2026-04-20T09:30:00", MINUTE),
    ("05.04.2025", "2025-04-05T00:00:00", DAY),
    ("4/20/2026 3:45:00 PM", "2026-04-20T12:45:00", SECOND),
    ("Do 25.04.24 | 14:07 Uhr", "2024-04-25T11:07:00", MINUTE),
]
NO_DATES = [
    "KASIM 2025",
    "2025",
    "24 جمادى الأولى 1447",
    "15/11/1447",
    "31 février 2025",
    "2025-13-45",
    "30/30/2025",
    "version 1.2.2025.4",
    "",
]


@pytest.mark.parametrize(("text", "utc", "precision"), MACHINE)
def test_machine_dates_are_read(text: str, utc: str, precision: DatePrecision) -> None:
    reading = read_machine_date(text, ISTANBUL, day_first=True)
    assert reading is not None
    assert (reading.at, reading.precision) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(("text", "utc", "precision"), VISIBLE)
def test_printed_dates_are_read(text: str, utc: str, precision: DatePrecision) -> None:
    readings = list(read_visible_dates(text, ISTANBUL, day_first=True))
    assert [(one.at, one.precision) for one in readings] == [
        (datetime.fromisoformat(utc).replace(tzinfo=UTC), precision)
    ]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_whole_date_is_no_date(text: str) -> None:
    assert list(read_visible_dates(text, ISTANBUL, day_first=True)) == []


def test_the_order_of_day_and_month_is_the_outlets() -> None:
    assert [one.at.month for one in read_visible_dates("05/04/2025", ISTANBUL, day_first=True)] == [4]
    assert [one.at.month for one in read_visible_dates("05/04/2025", ISTANBUL, day_first=False)] == [5]


def test_a_time_belongs_to_the_date_beside_it() -> None:
    first, second = read_visible_dates("20 Nisan 2026•Güncelleme: 21 Nisan 2026 14.05", ISTANBUL, day_first=True)
    assert (first.precision, second.precision) == (DAY, MINUTE)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.sampled_from(["Asia/Riyadh", "America/New_York", "UTC"]))
def test_a_day_is_that_day_at_home_and_in_utc(day: date, zone: str) -> None:
    at = day_in(day, ZoneInfo(zone))
    assert at.date() == day
    assert at.astimezone(ZoneInfo(zone)).date() == day


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_machine_date(text, ISTANBUL, day_first=True)
    for reading in read_visible_dates(text, ISTANBUL, day_first=False):
        assert reading.at.tzinfo is not None


@given(st.text(alphabet="0123456789/.-: الأمpT+Z", max_size=60))
def test_no_row_of_digits_breaks_the_readers(text: str) -> None:
    read_machine_date(text, ISTANBUL, day_first=True)
    list(read_visible_dates(text, ISTANBUL, day_first=True))
