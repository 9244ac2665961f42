"""Lines that point to another article."""

from __future__ import annotations

import pytest

from pipeline.read_also import opening_of


@pytest.mark.parametrize(
    ("line", "opening"),
    [
        ("اقرأ أيضا: سيول تقطع الطريق", "اقرأ أيضا:"),
        ("إقرأ أيضًا | سيول تقطع الطريق", "إقرأ أيضًا |"),
        ("• اقرأ أيضاً.. سيول تقطع الطريق", "• اقرأ أيضاً.."),
        ("(شاهد: سيول تقطع الطريق)", "(شاهد:"),
        ("Read also: Floods cut the road", "Read also:"),
        ("Don’t miss – floods cut the road", "Don’t miss –"),
        ("İLGİLİ HABER: Sel yolu kapattı", "İLGİLİ HABER:"),
        ("Ayrıca okuyun » Sel yolu kapattı", "Ayrıca okuyun »"),
        ("À lire aussi : la route coupée", "À lire aussi :"),
        ("اقرأ الوزير بيانا على الصحفيين", None),
        ("وقال الوزير: الطريق مقطوعة", None),
        ("Read also the report on floods", None),
        ("الرياض: سيول تقطع الطريق", None),
        ("", None),
        ("اقرأ أيضا: " + "سيول " * 80, None),
        ("-" * 100_000 + ":", None),
    ],
)
def test_how_such_lines_begin(line: str, opening: str | None) -> None:
    assert opening_of(line) == opening
