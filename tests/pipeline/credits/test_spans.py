from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.credits.spans import credit_spans

AR = "واصلت بلدية المدينة أعمال تأهيل الحديقة القديمة وسط حضور من الأهالي، ومن المقرر افتتاحها مطلع الشهر المقبل."
TR = "Belediye eski bahçenin onarımını pazartesi günü sürdürdü ve kapıların gelecek ay başında açılması bekleniyor."


def passages(body: str, language: str | None = None) -> list[str]:
    return [body[start:end] for start, end in credit_spans(body, language)]


@pytest.mark.parametrize(
    ("body", "language", "expected"),
    [
        (f"رام الله / سامي الحداد / الأناضول\n{AR}\n{AR}", "ar", ["رام الله / سامي الحداد / الأناضول"]),
        (f"أنقرة (الأناضول) – {AR}\n{AR}", "ar", ["أنقرة (الأناضول) –"]),
        (f"{AR}\n{AR}\n(الأناضول)", "ar", ["(الأناضول)"]),
        (f"{AR}\n{AR} (الأناضول)", "ar", ["(الأناضول)"]),
        (f"{AR}\n{AR}\nالمصدر: الأناضول، رويترز", "ar", ["المصدر: الأناضول، رويترز"]),
        (f"واس- جدة: {AR}\n{AR}\n// انتهى // 20:26 ت م", "ar", ["واس- جدة:", "// انتهى // 20:26 ت م"]),
        (
            f"{AR}\n{AR}\n{AR}\nالأخبار المنشورة على الصفحة الرسمية لوكالة الأناضول، هي اختصار لجزء من الأخبار.",
            None,
            ["الأخبار المنشورة على الصفحة الرسمية لوكالة الأناضول، هي اختصار لجزء من الأخبار."],
        ),
        (f"ANKARA (AA) - {TR}\n{TR}\n(Zeynep Kaya/Ankara)", "tr", ["ANKARA (AA) -", "(Zeynep Kaya/Ankara)"]),
        (f"{TR}\n{TR} (Ece Korkut/İzmir) (Fotoğraflı)", "tr", ["(Ece Korkut/İzmir) (Fotoğraflı)"]),
        (f"{TR}\n{TR}\nKaynak: AA", "tr", ["Kaynak: AA"]),
        (f"{AR}\nوبحسب «رويترز» فإن العمل مستمر. {AR}\n{AR}", "ar", []),
        (f"{AR}\n{AR}", "ar", []),
        ("", None, []),
        ("\n\n  \n", None, []),
    ],
)
def test_what_is_nothing_but_credit(body: str, language: str | None, expected: list[str]) -> None:
    assert passages(body, language) == expected


PIECES = [
    "(الأناضول)",
    "ANKARA (AA) –",
    "المصدر: رويترز",
    AR,
    TR,
    "\n",
    " ",
    "// انتهى //",
    "ـ",
    "&ndash;",
    "AA",
    "(",
    "/",
    ".",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_spans_are_in_order_apart_and_within_the_body(body: str) -> None:
    spans = credit_spans(body)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= start < end <= len(body) for start, end in spans)
