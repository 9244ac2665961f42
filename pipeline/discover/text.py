"""Bytes into text that a parser can take, and markup into plain words. Nothing here trusts a declaration."""

from __future__ import annotations

import codecs
import html
import re
from functools import lru_cache

from pipeline.charsets import codec_of
from pipeline.entities import unescape

DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
DECLARED = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{2,40})["']""")
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]{2,40})""", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{2,40})", re.IGNORECASE)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HTML_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9._-]{0,99});")
# What is no markup and no reference, though it begins like one: `?a=1&b=2`, `temperatures < 5`.
BARE = re.compile(r"&(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9._-]{0,99};)|<(?![A-Za-z_:/!?])")
HALF_PAIR = re.compile(r"&#(?:[xX]0{0,2}[dD][89a-fA-F][0-9a-fA-F]{2}|0?5[5-7][0-9]{3});")  # of UTF-16 surrogates
CDATA, CDATA_END = "<![CDATA[", "]]>"
XML_ENTITIES = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
DOCTYPE = re.compile("<!doctype", re.IGNORECASE)
SUBSET_END = re.compile(r"\]\s*>")
TAG = re.compile(r"<[^<>]{1,1000}>")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Latin-1 is what servers say by default and browsers read as windows-1252.
ALIASES = {
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
}
MAX_PLAIN = 500


def decode_text(data: bytes, content_type: str = "") -> str:
    """Text of XML or HTML bytes: by byte-order mark, else UTF-8 where it is valid, else as declared. Never raises."""
    data = data.lstrip(b" \t\r\n")
    for mark, name in BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff")
    if data[:2] == b"<\x00":
        return data.decode("utf-16-le", "replace")
    if data[:2] == b"\x00<":
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # cut in the middle of the last letter
            return data.decode("utf-8", "ignore")
    for name in _declared(data, content_type):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    names = _declared(data, content_type)
    return data.decode(names[0] if names else "utf-8", "replace")


def clean_xml(data: bytes, content_type: str = "") -> tuple[bytes, bool]:
    """XML as UTF-8 without declaration, document type or characters XML forbids; True where it declared entities.

    Without the document type no entity can unfold or reach a file; names that HTML defines are replaced. Bare & and <
    are escaped: they are the commonest faults of feeds, and the parser would give up at the first.
    """
    text = NOT_XML.sub("", decode_text(data, content_type))
    text = DECLARATION.sub("", text, count=1).lstrip()
    text, had_entities = _without_doctype(text)
    return _mend(text).encode("utf-8", "replace"), had_entities


def plain(text: str | None, limit: int = MAX_PLAIN) -> str | None:
    """Words of a title or name: no markup, no control or direction characters, one space between words."""
    if not text:
        return None
    text = unescape(text[: limit * 20])
    if "<" in text:
        text = unescape(TAG.sub(" ", text))
    text = " ".join(UNSEEN.sub(" ", text).split())[:limit].strip()
    return text or None


def _declared(data: bytes, content_type: str) -> list[str]:
    names = []
    head = data[:2048]
    if match := DECLARED.match(head) or META_CHARSET.search(head):
        names.append(match[1].decode("ascii"))
    if said := CHARSET.search(content_type[:300]):
        names.append(said[1])
    usable = []
    for name in names:
        codec = codec_of(ALIASES.get(name.lower(), name))
        if codec and "utf-8" not in codec:
            usable.append(codec)
    return usable


def _without_doctype(text: str) -> tuple[str, bool]:
    found = DOCTYPE.search(text, 0, 100_000)
    if found is None:
        return text, False
    start = found.start()
    bracket, close = text.find("[", start), text.find(">", start)
    if bracket < 0 or (0 <= close < bracket):
        return (text[:start] + text[close + 1 :], False) if close >= 0 else (text[:start], False)
    end = SUBSET_END.search(text, bracket)
    return text[:start] + (text[end.end() :] if end else ""), True


def _mend(text: str) -> str:
    """The same without bare & and < and without named entities, outside of CDATA."""
    pieces, at = [], 0
    while (start := text.find(CDATA, at)) >= 0 and (end := text.find(CDATA_END, start)) >= 0:
        pieces += [_mend_markup(text[at:start]), text[start:end]]
        at = end
    return "".join((*pieces, _mend_markup(text[at:])))


def _mend_markup(text: str) -> str:
    return HTML_ENTITY.sub(_replace_entity, HALF_PAIR.sub("", BARE.sub(_escape_bare, text)))


def _escape_bare(match: re.Match[str]) -> str:
    return "&#38;" if match[0] == "&" else "&#60;"


def _replace_entity(match: re.Match[str]) -> str:
    return _entity(match[1])


@lru_cache(maxsize=4096)
def _entity(name: str) -> str:
    if name in XML_ENTITIES:  # as numbers: the parser, told to follow no entity, drops even these by name
        return XML_ENTITIES[name]
    text = html.unescape(f"&{name};")
    return "" if text == f"&{name};" else "".join(f"&#{ord(letter)};" for letter in text)
