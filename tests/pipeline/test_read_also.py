"""Lines that point to another article."""

from __future__ import annotations

import pytest

from pipeline.read_also import opening_of, says_also


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


@pytest.mark.parametrize(
    ("line", "beyond_doubt"),
    [
        ("اقرأ أيضا: سيول تقطع الطريق", True),
        ("اقرأ أيضا: لماذا تقطع السيول الطريق؟", True),
        ("طالع أيضا.. سيول تقطع الطريق...", True),
        ("Read also: Floods cut the road", True),
        ("Bunu da oku: Sel yolu kapattı", True),
        ("Lire aussi : la route coupée", True),
        ("اقرأ أيضا: سيول تقطع الطريق.", False),
        ("تابع: «سيول تقطع الطريق»", False),
        ("شاهد: سيول تقطع الطريق", False),
        ("More: floods cut the road", False),
        ("سيول تقطع الطريق", False),
    ],
)
def test_some_need_no_link(line: str, beyond_doubt: bool) -> None:
    assert says_also(line) == beyond_doubt
