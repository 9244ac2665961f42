from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.decode import decode_page

ARABIC = (
    "<html><head><title>خبر</title></head><body><p>افتتحت البلدية أمس المكتبة الجديدة في القرية، وقال رئيس البلدية إن "
    "الكتب تصل إلى التلاميذ في المدارس البعيدة، وإن المشروع يستمر ثلاث سنوات في مرحلته الأولى بتمويل من المؤسسة."
    "</p></body></html>"
)
TURKISH = "<html><body><p>Belediye başkanı açılışta öğrencilerin çoğunun köylerde yaşadığını söyledi.</p></body></html>"
META = '<meta charset="{}">'


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", "windows-1256"),
        ("cp1256", ""),
        ("cp1256", "utf-8"),
        ("cp1256", "iso-8859-1"),
        ("cp1256", "windows-1256"),
        ("iso-8859-6", "iso-8859-6"),
        ("utf-16", ""),
        ("utf-16-le", "utf-8"),
        ("utf-16-be", ""),
        ("utf-8-sig", ""),
        ("cp1256", "idna"),
        ("cp1256", "undefined"),
        ("cp1256", "punycode"),
        ("cp1256", "unicode_escape"),
        ("cp1256", "utf-16"),
        ("cp1256", "utf-7"),
        ("cp1256", "cp037"),
        ("utf-8", "idna"),
    ],
)
def test_arabic_is_decoded_whatever_is_declared(encoding: str, declared: str) -> None:
    page = ARABIC.replace("<head>", "<head>" + (META.format(declared) if declared else ""))
    assert "المكتبة الجديدة" in decode_page(page.encode(encoding, "replace"), "text/html")


def test_a_footer_in_another_encoding_spoils_no_page() -> None:
    page = ARABIC.replace("</p>", "</p>" + META.format("utf-8")).encode()
    spoilt = page.replace(b"</body>", "<p>جميع الحقوق محفوظة لدار النشر</p>".encode("cp1256") + b"</body>")
    assert "المكتبة الجديدة" in decode_page(spoilt, "text/html; charset=utf-8")


def test_a_charset_in_the_header_counts() -> None:
    assert "başkanı açılışta" in decode_page(TURKISH.encode("cp1254"), "text/html; charset=windows-1254")


def test_the_outlets_language_decides_where_nothing_is_declared() -> None:
    assert "başkanı açılışta" in decode_page(TURKISH.encode("cp1254"), "text/html", "tr")


def test_the_pages_own_language_goes_before_the_outlets() -> None:
    page = TURKISH.replace("<html>", '<html dir="ltr" lang="tr-TR">')
    assert "başkanı açılışta" in decode_page(page.encode("cp1254"), "text/html", "ar")


def test_scars_in_utf8_do_not_make_it_another_encoding() -> None:
    scarred = ARABIC.encode().replace("القرية".encode(), b"\xff" + "القرية".encode())
    assert "القرية" in decode_page(scarred, "text/html; charset=windows-1256")


def test_nuls_are_dropped() -> None:
    assert "المكتبة" in decode_page(ARABIC.replace("م", "م\x00").encode(), "text/html")


def test_an_unknown_charset_is_no_error() -> None:
    assert "Belediye" in decode_page(b"\xe7" + TURKISH.encode("cp1254"), "text/html; charset=klingon-8")


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_decode(payload: bytes, content_type: str) -> None:
    assert "\x00" not in decode_page(payload, content_type)
