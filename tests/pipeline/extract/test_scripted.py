"""Pages that show no more than the lede and carry the whole text in a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.records import Article, Rejection
from tests.pipeline.extract.pages import BODY, HEADLINE, LINES, article, page, read

TEXT = "".join(f"<p>{line}</p>" for line in LINES)
LEDE = f"<p>{LINES[0]}</p>"
SUMMARY = f'<meta property="og:description" content="{LINES[0]}">'
OTHER = (
    "تواصل فرق الصيانة في ميناء الصيادين ترميم الرصيف القديم، وتتوقع الإدارة أن تنتهي الأعمال قبل موسم الأمطار المقبل."
)
FRAME = {"site": {"name": "موقع", "menu": ["الرئيسية", "محليات"]}, "locale": "ar", "build": "k3x9"}


def state(content: Any, **beside: Any) -> dict[str, Any]:
    """What an application keeps of a page: the article among other things."""
    own = {"id": 77, "slug": "library", "title": HEADLINE, "content": content, **beside}
    others = [{"id": n, "slug": f"other-{n}", "title": f"خبر آخر {n}", "summary": OTHER} for n in range(4)]
    return {"props": {"pageProps": {**FRAME, "article": own, "latest": others}}, "page": "/news/[slug]"}


def next_data(value: Any, ascii_only: bool = False) -> str:
    dumped = json.dumps(value, ensure_ascii=ascii_only).replace("<", "\\u003c")
    return f'<script id="__NEXT_DATA__" type="application/json">{dumped}</script>'


def assigned(value: Any) -> str:
    return f"<script>window.__INITIAL_STATE__ = {json.dumps(value, ensure_ascii=False)};window.ready=1</script>"


def parsed(value: Any) -> str:
    return f"<script>window.__PRELOADED_STATE__ = JSON.parse({json.dumps(json.dumps(value))});</script>"


def function(value: Any) -> str:
    """Nuxt 2 writes a call with the state as an expression, which is no JSON."""
    text = json.dumps(value["props"]["pageProps"]["article"]["content"], ensure_ascii=False).replace("/", "\\u002F")
    return f"<script>window.__NUXT__=(function(a,b){{return {{data:[{{body:{text},id:a,ok:b}}]}}}}(77,true));</script>"


def flight(*rows: str) -> str:
    """Next.js streams its rows in pieces, cut anywhere."""
    stream = "".join(rows)
    pieces = [stream[at : at + 150] for at in range(0, len(stream), 150)]
    pushed = [f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces]
    return "<script>(self.__next_f=self.__next_f||[]).push([0])</script>" + "".join(pushed)


def flight_text(value: Any) -> str:
    text = value["props"]["pageProps"]["article"]["content"]
    tree = ["$", "main", None, {"children": ["$", "$L4", None, {"html": "$1a", "title": HEADLINE}]}]
    size = len(text.encode())
    return flight('2:I[5613,[],"default"]\n', f"1a:T{size:x},{text}", f"0:{json.dumps(tree)}\n")


def flight_elements(_value: Any) -> str:
    first, second, third = LINES
    link = ["$", "a", None, {"href": "/p", "children": second[10:25]}]
    inside = [first, [second[:10], link, second[25:]], third]
    texts = [["$", "p", None, {"className": "x1", "children": one}] for one in inside]
    body = ["$", "div", None, {"className": "body", "children": texts}]
    menu = ["$", "nav", None, {"children": ["$", "p", None, {"children": OTHER}]}]
    return flight(f"0:{json.dumps([menu, body], ensure_ascii=False)}\n")


def numbered(value: Any) -> str:
    """Nuxt 3 writes a flat list in which numbers stand for places."""
    flat: list[Any] = []

    def place(one: Any) -> int:
        at = len(flat)
        flat.append(one)
        if isinstance(one, dict):
            flat[at] = {key: place(inner) for key, inner in one.items()}
        elif isinstance(one, list):
            flat[at] = [place(inner) for inner in one]
        return at

    flat.append(["ShallowReactive", 1])
    place(value)
    return f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(flat, ensure_ascii=False)}</script>'


def embedded(value: Any) -> str:
    return f'<script type="application/json" data-state>{json.dumps(value)}</script>'


def statement(value: Any) -> str:
    node = {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join(LINES)}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


SCRIPTS: list[Callable[[Any], str]] = [
    next_data,
    lambda value: next_data(value, ascii_only=True),
    assigned,
    parsed,
    function,
    flight_text,
    flight_elements,
    numbered,
    embedded,
    statement,
]
NAMES = [
    "next",
    "next-ascii",
    "assigned",
    "parsed",
    "function",
    "flight-text",
    "flight-elements",
    "numbered",
    "embedded",
    "json-ld",
]


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_the_whole_text_is_read_from_where_it_is(script: Callable[[Any], str]) -> None:
    found = article(page(inner=LEDE, head=SUMMARY, after=script(state(TEXT))))
    assert found.body == BODY
    assert "lede_only" not in found.flags
    assert "from_script" in found.flags
    assert found.headline == HEADLINE


def rich(line: str) -> dict[str, Any]:
    """A paragraph of words in bold, a link and plain words."""
    link = {"nodeType": "hyperlink", "data": {"uri": "/x"}, "content": [{"nodeType": "text", "value": line[20:30]}]}
    first = {"nodeType": "text", "value": line[:20], "marks": [{"type": "bold"}]}
    return {"nodeType": "paragraph", "content": [first, link, {"nodeType": "text", "value": line[30:], "marks": []}]}


PICTURE = {"type": "image", "caption": "تلاميذ أمام الحافلة في ساحة القرية صباح يوم الافتتاح", "url": "/1.jpg"}
CONTENTS: dict[str, Any] = {
    "html": TEXT,
    "escaped": TEXT.replace("<", "&lt;").replace(">", "&gt;"),
    "lines": "\n\n".join(LINES),
    "list": list(LINES),
    "html list": [f"<p>{line}</p>" for line in LINES],
    "blocks": [{"type": "paragraph", "data": {"text": line}, "id": f"b{n}"} for n, line in enumerate(LINES)],
    "draft": {"entityMap": {}, "blocks": [{"key": "k", "text": line, "type": "unstyled"} for line in LINES]},
    "rich text": {"nodeType": "document", "content": [rich(line) for line in LINES]},
    "with pictures": [
        {"type": "text", "content": LINES[0]},
        PICTURE,
        {"type": "text", "content": LINES[1]},
        {"type": "related", "items": [{"title": "خبر آخر", "text": OTHER, "url": "/other"}]},
        {"type": "text", "content": LINES[2]},
    ],
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_however_the_text_is_kept(content: Any) -> None:
    found = article(page(inner=LEDE, head=SUMMARY, after=next_data(state(content))))
    assert found.body == BODY


def test_a_summary_of_its_own_comes_before_the_text() -> None:
    rest = "".join(f"<p>{line}</p>" for line in LINES[1:])
    shown = page(inner=LEDE, head=SUMMARY, after=next_data(state(rest, summary=LINES[0])))
    assert article(shown).body == BODY


def test_a_page_that_shows_nothing_is_read_by_its_headline() -> None:
    shell = page(inner="", after=next_data(state(TEXT))).replace(f"<h1>{HEADLINE}</h1>", "<div id='root'></div>")
    assert article(shell).body == BODY


def test_a_long_state_is_read() -> None:
    long = state(TEXT, tags=[{"name": f"وسم {n}", "href": f"/tag/{n}"} for n in range(4_000)])
    assert article(page(inner=LEDE, head=SUMMARY, after=next_data(long))).body == BODY


def test_byline_date_and_dateline_stay_those_of_the_page() -> None:
    inner = f"<div class='author'>سلمى الحداد</div><time datetime='2025-11-18T09:30+03:00'></time>{LEDE}"
    told = f"<p>الواحة / سلمى الحداد / الأناضول</p>{TEXT}"
    found = article(page(inner=inner, head=SUMMARY, after=next_data(state(told))))
    assert (found.byline, found.dateline) == ("سلمى الحداد", "الواحة / سلمى الحداد / الأناضول")
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2025-11-18T06:30:00+00:00"
    assert found.body == BODY


def test_other_articles_of_a_state_are_not_taken() -> None:
    others = [{"title": f"خبر {n}", "slug": f"s{n}", "content": f"<p>{OTHER}</p>" * 5} for n in range(3)]
    found = article(page(inner=LEDE, head=SUMMARY, after=next_data({"latest": others, "lede": LINES[0]})))
    assert (found.body, found.flags) == (LINES[0], ("lede_only",))


def test_a_list_of_articles_that_holds_the_lede_is_no_text() -> None:
    others = [{"title": f"خبر {n}", "url": f"/{n}", "body": line + OTHER * 3} for n, line in enumerate(LINES)]
    others[0]["body"] = LINES[0]
    found = article(page(inner=LEDE, head=SUMMARY, after=next_data({"latest": others})))
    assert found.body == LINES[0]


def test_a_text_that_the_page_shows_whole_stays_the_page_s() -> None:
    found = article(page(after=next_data(state(TEXT + f"<p>{OTHER}</p>"))))
    assert found.body == BODY
    assert found.flags == ()


def test_a_page_that_states_a_price_is_read_as_shown() -> None:
    paid = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    assert article(page(inner=LEDE, head=SUMMARY + paid, after=next_data(state(TEXT)))).body == LINES[0]


def test_what_is_behind_a_wall_stays_there() -> None:
    wall = "<p>هذا المقال متاح للمشتركين فقط، اشترك الآن لمتابعة القراءة</p>"
    outcome = read(page(inner=LEDE + wall, head=SUMMARY, after=next_data(state(TEXT))))
    assert isinstance(outcome, Rejection) or (isinstance(outcome, Article) and outcome.body == LINES[0])


@pytest.mark.parametrize(
    "broken", ['{"props": {"content": "', "self.__next_f.push([1,", "window.x = {a:'", "[[[[" * 50]
)
def test_broken_scripts_are_passed_over(broken: str) -> None:
    shown = page(inner=LEDE, head=SUMMARY, after=f"<script>{broken}{LINES[0]}</script>")
    assert article(shown).body == LINES[0]


def test_values_that_stand_in_many_places_cost_no_more_than_a_page() -> None:
    places = [["ShallowReactive", 1], *([n + 1] * 2 for n in range(1, 1_000)), LINES[0]]
    assert article(page(inner=LEDE, head=SUMMARY, after=embedded(places))).body == LINES[0]
