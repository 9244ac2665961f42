from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.demo.dates import STYLES, fill_dates, print_date

AT = datetime(2026, 8, 6, 9, 5, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        ("dots", "06.08.2026"),
        ("ar-egyptian", "الخميس 6 أغسطس 2026 - 09:05"),
        ("ar-levantine", "الخميس 6 آب 2026 | 09:05"),
        ("ar-double", "6 أغسطس/ آب 2026، الساعة 09:05"),
        ("ar-digits", "٢٠٢٦/٠٨/٠٦ ٠٩:٠٥"),
        ("en-long", "August 6, 2026"),
        ("en-day-first", "6 August 2026, 09:05"),
        ("tr-long", "6 Ağustos 2026 Perşembe 09:05"),
    ],
)
def test_each_custom(style: str, printed: str) -> None:
    assert print_date(AT, style) == printed


def test_every_style_is_listed_above() -> None:
    assert len(STYLES) == 8


def test_day_names_are_filled_in() -> None:
    assert fill_dates("{yesterday} {day} {tomorrow}", AT, "ar") == "الأربعاء الخميس الجمعة"
    assert fill_dates("on {day}, {date}", AT, "en") == "on Thursday, August 6"
    assert fill_dates("{date} {day}", AT, "tr") == "6 Ağustos Perşembe"
    assert fill_dates("{month}", AT, "ar") == "أغسطس"
