"""From text to one element tree, safely: huge scripts, walls of links and bottomless nesting are taken out first."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.html
from lxml.etree import ElementDefaultClassLookup, LxmlError
from lxml.html import HtmlElement

from pipeline.extract.wording import names

# libxml2 stops at a text node of 10 MB and a depth of 256; a page may pass neither (measured with 2.14).
LARGE_ELEMENT = 64_000
DEEPEST = 200
MOST_TAGS = 60_000
MOST_LINKS = 8_000
OPAQUE = re.compile(r"<(script|style|svg|iframe|!--)", re.IGNORECASE)
END_OF = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "svg", "iframe")}
END_OF["!--"] = re.compile("--(?=>)")
# A script that holds the page's own data, by its first letters.
STATE = re.compile(r"<script[^<>]*[/+]json|__next_f|window\.__\w+|__NUXT|__[A-Z_]*(?:STATE|DATA)__")
LARGEST_STATE = 3_000_000
SHORTEST_STATE = 200  # letters
PUSHED = "__next_f.push"  # Next.js cuts its stream into pieces of any length
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\"[^\"<>]*\"|'[^'<>]*'|[^<>])*)>")
TAG_START = re.compile(r"<[a-zA-Z/]")
WALL_LINK = re.compile(r"<a\s[^<>]*>[^<]{0,300}</a\s*>[^<]{0,20}(?=<)", re.IGNORECASE)
# Void elements, and those that the parser closes by itself: neither says how deep the page is.
SHALLOW = names(
    """
    area base br col embed frame hr img input link meta param source track wbr keygen basefont bgsound p option
    html head body
    """
)
LARGE_ATTRIBUTES = {mark: re.compile(rf"=\s*{mark}[^{mark}]{{{LARGE_ELEMENT},}}{mark}") for mark in ('"', "'")}
# The parser compares each attribute of a tag with all before it: 200,000 of them take minutes.
LARGE_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9:-]*)\s[^<>]{{{LARGE_ELEMENT},}}>")
EMPTY_ITEM = re.compile(r"<(li|p|div|span|td|tr|ul|ol|dd)\b[^<>]*>\s*</\1>", re.IGNORECASE)
# One class for all elements: lxml.html's own choice is made in Python, whenever anything walks over an element.
PLAIN_ELEMENTS = ElementDefaultClassLookup(element=HtmlElement)
# A character reference that is none, escaped as often as may be: readers of HTML stumble over thousands of digits.
ENDLESS_NUMBER = re.compile(r"#[0-9]{100,};?")
CONTROLS = bytes({*range(32), 127} - {9, 10, 13})


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page."""

    tree: HtmlElement
    scripts: tuple[str, ...]  # contents of the JSON-LD scripts
    states: tuple[str, ...]  # contents of the other inline scripts that are long enough to hold a text
    cut: bool  # markup was taken out because there was too much of it


def parse_page(text: str) -> Page | None:
    """One tree for everything that reads the page. None where the text holds no markup at all."""
    text = _drop_large(ENDLESS_NUMBER.sub("", text))
    tags, cut = text.count("<"), False
    if tags > MOST_LINKS and text.count("<a ") + text.count("<A ") > MOST_LINKS:
        text, cut = _drop_link_walls(text), True
    if tags > MOST_TAGS and text.count("<") > MOST_TAGS:
        shorter = _first_tags(_flatten(text), MOST_TAGS)
        text, cut = shorter, cut or len(shorter) < len(text)
    tree, too_deep = _parse(text)
    if too_deep:
        tree, cut = _parse(_flatten(text))[0], True
    return None if tree is None else Page(tree, *_scripts(tree), cut)


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether the parser stopped at its greatest depth."""
    parser = lxml.html.HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(PLAIN_ELEMENTS)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "ignore").translate(None, CONTROLS), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        tree = None
    too_deep = any("depth" in entry.message for entry in parser.error_log)
    return (tree if tree is not None and isinstance(tree.tag, str) and len(tree) else None), too_deep


def _scripts(tree: HtmlElement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The contents of the JSON-LD scripts, and of the others that may hold a text."""
    linked_data, states = [], []
    for script in tree.iter("script"):
        text = script.text
        if not text:
            continue
        kind = (script.get("type") or "").lower()
        if kind.startswith("application/ld+json"):
            linked_data.append(text)
        elif (len(text) >= SHORTEST_STATE or PUSHED in text) and "ld+json" not in kind:
            states.append(text)
    return tuple(linked_data), tuple(states)


def _drop_large(text: str) -> str:
    """Without scripts, styles, comments and attributes larger than any article; JSON and states up to a few MB stay."""
    if len(text) < LARGE_ELEMENT:
        return text
    for mark, large in LARGE_ATTRIBUTES.items():
        if _has_gap(text, mark, LARGE_ELEMENT):
            text = large.sub('=""', text)
    if _has_gap(text, ">", LARGE_ELEMENT):
        text = LARGE_TAG.sub(r"<\1>", text)
    parts: list[str] = []
    at = 0
    while match := OPAQUE.search(text, at):
        name = match.group(1).lower()
        closing = END_OF[name].search(text, match.end())
        if closing is None:
            break
        end = closing.start()
        size = end - match.start()
        keep = size < LARGE_ELEMENT or (size < LARGEST_STATE and STATE.search(text, match.start(), match.start() + 300))
        parts.append(text[at:end] if keep else text[at : match.start()])
        at = end if keep else _after_tag(text, end)
    parts.append(text[at:])
    return "".join(parts)


def _has_gap(text: str, mark: str, size: int) -> bool:
    """Whether so many letters in a row are none of these marks; looks at few of them."""
    at = -1
    while len(text) - at > size:
        at = text.rfind(mark, at + 1, at + 1 + size)
        if at < 0:
            return True
    return False


def _after_tag(text: str, at: int) -> int:
    end = text.find(">", at)
    return len(text) if end < 0 else end + 1


def _drop_link_walls(text: str) -> str:
    """Without plain links that have hardly a word behind them, and the list items they leave empty."""
    text = WALL_LINK.sub("", text)
    for _ in range(3):
        text = EMPTY_ITEM.sub("", text)
    return text


def _first_tags(text: str, most: int) -> str:
    for count, match in enumerate(TAG_START.finditer(text)):
        if count == most:
            return text[: match.start()]
    return text


def _flatten(text: str) -> str:
    """Without the tags below a depth of DEEPEST, the text between them kept. Linear in the text."""
    parts: list[str] = []
    at, depth = 0, 0
    for match in TAG.finditer(text):
        name, closes = match.group(2).lower(), bool(match.group(1))
        if name in SHALLOW or match.group(3).endswith("/"):
            continue
        inside = depth > DEEPEST
        depth = max(0, depth + (-1 if closes else 1))
        if (inside and closes) or (depth > DEEPEST and not closes):
            parts.append(text[at : match.start()])
            at = match.end()
    parts.append(text[at:])
    return "".join(parts)
