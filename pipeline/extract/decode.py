"""From bytes to text: what a page says of its encoding is checked against what its bytes can be.

Order: byte-order mark, UTF-16 by its NULs, valid UTF-8, nearly valid UTF-8, the declared charset where the text it
gives is plausible, Arabic code pages by their letters, detection, the usual code page of the outlet's language.
"""

from __future__ import annotations

import codecs
import re

from trafilatura.utils import detect_encoding

from pipeline.charsets import codec_of

WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHARSET_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
CHARSET_IN_HTML = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
LANGUAGE_IN_HTML = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?\s*([a-z]{2,3})\b", re.IGNORECASE)
HEAD_BYTES = 8192
SAMPLE_BYTES = 200_000
# Browsers read these labels as their Windows supersets (WHATWG Encoding Standard).
SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
}
BY_LANGUAGE = {"ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "tr": "cp1254", "ru": "cp1251", "uk": "cp1251"}
ARABIC_CODE_PAGES = ("cp1256", "iso-8859-6")
ARABIC_LETTER = re.compile(r"[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")
NEITHER_ASCII_NOR_ARABIC = re.compile(r"[^\x00-\x7f\u0600-\u06ff\u00a0\u00ab\u00bb\u200c-\u200f\u2010-\u2026]")
# Above this share of broken sequences among the non-ASCII ones a page is not UTF-8 with scars but something else.
BROKEN_SHARE = 0.1
# Where it says that it is UTF-8: a footer of another encoding, while other encodings hardly ever look like UTF-8.
SAID_SHARE = 0.5
REPLACEMENT = "\ufffd"


def decode_page(payload: bytes, content_type: str, language: str | None = None) -> str:
    """The page's text. Never fails: what cannot be read is left out. NULs are dropped."""
    return _decode(payload, content_type, language).replace("\x00", "").replace(REPLACEMENT, "").lstrip("\ufeff")


def _decode(payload: bytes, content_type: str, language: str | None) -> str:
    for mark, encoding in WIDE_MARKS:
        if payload.startswith(mark):
            return payload[len(mark) :].decode(encoding, "replace")
    # An editor puts the mark of UTF-8 before a template that is filled from another encoding.
    is_marked = payload.startswith(codecs.BOM_UTF8)
    payload = payload.removeprefix(codecs.BOM_UTF8)
    if wide := _wide_encoding(payload):
        return payload.decode(wide, "replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    is_said = is_marked or _declared(payload, content_type) == "utf-8"
    if _is_scarred_utf8(payload, SAID_SHARE if is_said else BROKEN_SHARE):
        return payload.decode("utf-8", "replace")
    encoding = choose_encoding(payload, content_type, language)
    return payload.decode(encoding, "replace")


def choose_encoding(payload: bytes, content_type: str, language: str | None) -> str:
    """The encoding of bytes that are not UTF-8."""
    sample = _sample(payload)
    declared = _declared(payload, content_type)
    arabic = _arabic_code_page(sample)
    if arabic and (declared is None or arabic == declared or declared in ("cp1252", "cp1254", "utf-8")):
        return arabic
    if declared and declared != "utf-8" and _decodes(sample, declared):
        return declared
    if arabic:
        return arabic
    for tongue in (_stated_language(payload), (language or "").split("-")[0]):
        if usual := BY_LANGUAGE.get(tongue):
            return usual
    guesses = [guess for guess in detect_encoding(sample) if codec_of(guess)]
    return guesses[0] if guesses else "cp1252"


def is_wide(payload: bytes) -> bool:
    """True for UTF-16 and UTF-32, whose bytes look like no markup."""
    return payload.startswith(tuple(mark for mark, _ in WIDE_MARKS)) or _wide_encoding(payload) is not None


def _stated_language(payload: bytes) -> str:
    match = LANGUAGE_IN_HTML.search(payload[:HEAD_BYTES])
    return match[1].decode("ascii").lower() if match else ""


def _wide_encoding(payload: bytes) -> str | None:
    head = payload[:4096]
    if len(head) < 64:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Markup is ASCII, so in UTF-16 the high byte of most of its units is zero.
    least = len(head) // 2 * 0.3
    if odd > least and even < odd * 0.1:
        return "utf-16-le"
    if even > least and odd < even * 0.1:
        return "utf-16-be"
    return None


def _sample(payload: bytes) -> bytes:
    """The densest stretch of non-ASCII bytes, so that markup and scripts at the top do not hide the text."""
    if len(payload) <= SAMPLE_BYTES:
        return payload
    steps = range(0, len(payload), SAMPLE_BYTES)
    return max((payload[at : at + SAMPLE_BYTES] for at in steps), key=_high_bytes)


def _high_bytes(part: bytes) -> int:
    return len(part) - len(part.translate(None, delete=bytes(range(128, 256))))


def _is_scarred_utf8(payload: bytes, share: float) -> bool:
    text = payload.decode("utf-8", "replace")
    broken = text.count(REPLACEMENT)
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    return (broken <= 3 and sound > broken) or broken < sound * share


def _declared(payload: bytes, content_type: str) -> str | None:
    labels = CHARSET_IN_HEADER.findall(content_type or "")
    labels += [label.decode("ascii", "ignore") for label in CHARSET_IN_HTML.findall(payload[:HEAD_BYTES])]
    for label in labels:
        if name := codec_of(SUPERSETS.get(label.lower(), label.lower())):
            return name
    return None


def _decodes(sample: bytes, encoding: str) -> bool:
    """True where the text has hardly any broken sequence (a few are scars, not another encoding)."""
    text = sample.decode(encoding, "replace")
    return text.count(REPLACEMENT) <= max(3, _high_bytes(sample) * 0.02)


def _arabic_code_page(sample: bytes) -> str | None:
    """The Arabic code page whose reading gives Arabic words: mostly Arabic letters, and the article ال often."""
    best, best_score = None, 0.0
    for encoding in ARABIC_CODE_PAGES:
        text = sample.decode(encoding, "replace")
        letters = len(ARABIC_LETTER.findall(text))
        foreign = len(NEITHER_ASCII_NOR_ARABIC.findall(text))
        articles = len(re.findall(r"\bو?[بلفك]?ال[\u0621-\u064a]", text))
        if letters < 20 or foreign > letters * 0.15 or articles < letters * 0.02:
            continue
        score = articles - foreign
        if best is None or score > best_score:
            best, best_score = encoding, score
    return best
