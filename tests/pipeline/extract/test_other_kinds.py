"""Pages that are no news: guides, threads, products, tables. What is left out of them is what a rule names."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import trafilatura

from pipeline.extract.notices import carries_date, is_label, is_notice, opens_comments, opens_related
from pipeline.records import Article, Rejection
from tests.pipeline.extract.pages import read

WORD = re.compile(r"\w+")
SENTENCES = (
    "The old pump keeps running well after the first week of use.",
    "Our second kit needs a careful cleaning when the weather turns cold.",
    "A wooden frame was replaced without trouble although the manual says little about it.",
    "The smaller model arrives in a plain box because somebody read the notes first.",
    "Every volunteer has been tested twice for most people in the valley.",
    "The night train does what the label says and nobody asked for a refund.",
    "This kettle costs less than before once the screws were tightened.",
    "The garden club works with older parts in every room we tried.",
    "A copper pipe survived a wet winter under the usual conditions.",
    "The library card was easy to set up as the tables below show.",
    "Warm water runs through the upper ring before it reaches the tap.",
    "Nobody found the third screw until the floor had been swept again.",
)
NUMBERED = tuple(enumerate(SENTENCES))


def paragraphs(start: int, count: int) -> str:
    return "".join(f"<p>{SENTENCES[at % 12]} {SENTENCES[(at + 5) % 12]}</p>" for at in range(start, start + count))


def each(form: str, most: int = 12) -> str:
    return "".join(form.format(n=number, s=sentence) for number, sentence in NUMBERED[:most])


KINDS = {
    "thread": each("<div class='post'><a href='/u{n}'>member{n}</a><div class='post-body'><p>{s}</p></div></div>"),
    "answers": f"<div class='question'>{paragraphs(0, 2)}</div>"
    + each("<div class='answer'><div>{n}</div><p>{s}</p></div>"),
    "product": f"{paragraphs(0, 3)}<h2>Features</h2><ul>{each('<li>{s}</li>', 5)}</ul>",
    "product table": paragraphs(0, 3) + f"<table>{each('<tr><th>Part {n}</th><td>{s}</td></tr>', 6)}</table>",
    "short product": f"<p class='price'>12</p><p>{SENTENCES[0]} {SENTENCES[1]}</p><button>Add</button>",
    "manual": (
        f"{paragraphs(0, 2)}<h2>Install</h2>{paragraphs(2, 1)}<pre>turn --left 3\nturn --right 4</pre>"
        f"<h2>Use</h2>{paragraphs(3, 2)}"
    ),
    "reference": f"{paragraphs(0, 2)}<dl>{each('<dt>open{n}(pipe)</dt><dd><p>{s}</p></dd>', 6)}</dl>",
    "note in a manual": (
        f"{paragraphs(0, 3)}<div class='admonition note'><p>Note</p><p>{SENTENCES[8]}</p></div>{paragraphs(3, 2)}"
    ),
    "questions": each("<h3>How do I fix part {n}?</h3><p>{s}</p>"),
    "unfolding questions": each("<details><summary>How do I fix part {n}?</summary><p>{s}</p></details>"),
    "recipe": (
        f"{paragraphs(0, 2)}<h2>You need</h2><ul><li>200 g lentils</li><li>2 carrots</li></ul>"
        f"<h2>Method</h2><ol>{each('<li>{s}</li>', 6)}</ol>"
    ),
    "encyclopedia": (
        f"<div id='bodyContent'>{paragraphs(0, 2)}<h2>History</h2>{paragraphs(2, 2)}"
        f"<h2>Use</h2>{paragraphs(4, 2)}</div>"
    ),
    "releases": each("<h2>Version 2.{n}</h2><ul><li>{s}</li></ul>"),
    "about": f"{paragraphs(0, 4)}<h2>Team</h2><ul>{each('<li><b>Person {n}</b>, keeper. {s}</li>', 4)}</ul>",
    "policy": each("<h2>{n}. Data of this kind</h2><p>We keep data for purpose {n}. {s}</p>"),
    "steps": each("<h2>Step {n}</h2><p>{s}</p><pre>turn {n}</pre>", 6),
    "results": paragraphs(0, 2)
    + each("<table><tr><td>{n}</td><td>Runner number {n}</td><td>0{n}:10</td></tr></table>", 9),
    "glossary": f"<dl>{each('<dt>Term {n}</dt><dd>{s}</dd>')}</dl>",
    "opinions": paragraphs(0, 1) + each("<div class='opinion'><h3>Good {n}</h3><p>{s}</p></div>"),
    "transcript": paragraphs(0, 2)
    + each("<p><strong>Ann:</strong> {s}</p><p><strong>Bo:</strong> Yes, number {n}.</p>"),
    "tools elsewhere": paragraphs(0, 1)
    + each("<h2>{n}. <a href='https://t{n}.example'>Tool number {n}</a></h2><p>{s}</p>"),
    "links elsewhere": paragraphs(0, 2)
    + f"<ul>{each('<li><a href=https://l{n}.example>Place number {n}</a>: {s}</li>')}</ul>",
    "house": (
        f"<div class='summary'>{paragraphs(0, 3)}</div><div class='details'><h2>Details</h2><ul>"
        f"<li>4 rooms</li><li>built in 1921</li></ul></div>"
    ),
    "workshop": each("<section><h2>We repair kind {n}</h2><p>{s}</p></section>"),
    "course": f"{paragraphs(0, 3)}<h2>What you learn</h2><ul>{each('<li>{s}</li>', 6)}</ul>",
    "letter": "<br><br>".join(SENTENCES),
}


def shown(body: str) -> str:
    menu = "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/help'>Help</a></li></ul></nav></header>"
    foot = "<footer><p>© 2025 Some Site. All rights reserved.</p></footer>"
    head = "<meta charset='utf-8'><title>The valley pump, explained - Some Site</title>"
    main = f"<main><h1>The valley pump, explained</h1>{body}</main>"
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{menu}{main}{foot}</body></html>"


def is_named(line: str) -> bool:
    """Whether a rule says what this line is."""
    rules = (is_label, is_notice, carries_date, opens_related, opens_comments)
    return any(rule(line) for rule in rules) or line == "The valley pump, explained"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_out_is_what_a_rule_names(kind: str) -> None:
    source = shown(KINDS[kind])
    found = read(source)
    assert isinstance(found, Article), found
    ours = set(pairwise(WORD.findall(found.body)))
    for line in (trafilatura.extract(source, include_comments=False) or "").splitlines():
        for cell in line.split("|"):
            theirs = WORD.findall(cell)
            held = sum(pair in ours for pair in pairwise(theirs)) if len(theirs) > 1 else 1
            assert held >= 0.9 * (len(theirs) - 1) or is_named(cell.strip(" -")), cell


def test_a_page_of_teasers_is_no_article() -> None:
    teasers = each("<article><h2><a href='/n/{n}'>Guide number {n} to the valley</a></h2><p>{s}</p></article>")
    assert isinstance(read(shown(teasers)), Rejection)
