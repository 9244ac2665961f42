from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from app.web.application import create_app
from app.web.capture_page import decode_source
from app.web.templating import make_templates
from pipeline.catalog.engine import open_readonly, reading, sqlite_url
from pipeline.catalog.queries.paging import MAX_SIZE
from pipeline.catalog.queries.story import read_story
from pipeline.errors import CatalogError
from tests.app.web.test_guard import PAGES


def page(client: TestClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(answer.text)


def figures_of(tree: Any) -> dict[str, str]:
    return {one.xpath("string(dt)").strip(): one.findtext("dd") for one in tree.xpath("//dl[@class='figures']/div")}


@pytest.mark.parametrize("path", [one for one in PAGES if one != "/openapi.json"])
def test_a_page_is_whole_local_and_without_inline_code(client: TestClient, path: str) -> None:
    tree = page(client, path)
    assert len(tree.xpath("//h1")) == 1
    assert tree.xpath("/html/@lang") == ["en"]
    assert tree.xpath("//title/text()")[0].strip()
    assert not tree.xpath("//script | //style | //iframe | //object | //embed | //base")
    assert not tree.xpath("//@style | //@*[starts-with(name(), 'on')]")
    loaded = tree.xpath("//link/@href | //img/@src | //form/@action")
    assert all(one.startswith("/") and not one.startswith("//") for one in loaded)


@pytest.mark.parametrize("path", [one for one in PAGES if one != "/openapi.json"])
def test_a_link_leads_inside_or_safely_outside(client: TestClient, path: str) -> None:
    for link in page(client, path).xpath("//a"):
        address = link.get("href")
        if not address.startswith(("/", "#")):
            assert re.match(r"https?://", address), address
            assert set(link.get("rel").split()) == {"noopener", "noreferrer", "nofollow"}


@pytest.mark.parametrize("path", [one for one in PAGES if one != "/openapi.json"])
def test_every_inside_link_leads_somewhere(client: TestClient, path: str) -> None:
    for address in {link.get("href") for link in page(client, path).xpath("//a") if link.get("href").startswith("/")}:
        if "/releases/" in address and not address.endswith("manifest.json"):
            continue  # the sample release has one file
        assert client.get(address).status_code == 200, address


def test_who_copied_a_report_is_three_clicks_away(client: TestClient) -> None:
    stories = page(client, "/")
    (first,) = [link for link in stories.xpath("//ol[@class='stories']//h2/a") if "وادي الزيتون" in link.text_content()]
    story = page(client, first.get("href"))
    outlets = [one.text_content() for one in story.xpath("//table[@class='copies']//span[@class='who']")]
    assert outlets[1:] == ["صحيفة الشاطئ", "أخبار المدينة", "وكالة النخيل للأنباء", "Ada Gazetesi", "Harbour Post"]
    compared = page(client, story.xpath("//table[@class='copies']//a[@class='do']/@href")[0])
    assert "What became of the text" in compared.text_content()


def test_each_text_is_set_in_its_direction_and_language(client: TestClient) -> None:
    tree = page(client, "/stories?all=1")
    set_as = {one.text: (one.get("dir"), one.get("lang")) for one in tree.xpath("//h2//bdi")}
    assert set_as["موجز الصباح"] == ("rtl", "ar")
    assert set_as["Easterly reopens its harbour library"] == ("ltr", "en")
    assert set_as["Yeşilada feribot seferleri durdu"] == ("ltr", "tr")
    body = page(client, "/article?id=bridge-long").xpath("//article")[0]
    assert (body.get("dir"), body.get("lang")) == ("rtl", "ar")


def test_a_comparison_marks_what_changed(client: TestClient) -> None:
    tree = page(client, "/compare?a=bridge-origin&b=bridge-edited")
    cells = tree.xpath("//tr[@class='text']/td")
    assert {cell.get("dir") for cell in cells} == {"rtl"}
    assert [one.text for one in tree.xpath("//tr[@class='text']//mark")] == ["أربع", "خمس", "مئات", "آلاف"]
    longer = page(client, "/compare?a=bridge-origin&b=bridge-long")
    assert len(longer.xpath("//tr[@class='text']//ins")) == 2
    cut = page(client, "/compare?a=bridge-origin&b=bridge-short")
    assert len(cut.xpath("//tr[@class='text']//del")) == 2


def test_the_next_copy_is_one_click_away(client: TestClient) -> None:
    tree = page(client, "/compare?a=bridge-origin&b=bridge-edited")
    others = tree.xpath("//details[@class='others']//a")
    assert [one.text_content() for one in others] == [
        "صحيفة الشاطئ", "وكالة النخيل للأنباء", "Ada Gazetesi", "Harbour Post",
    ]  # fmt: skip
    assert "added" in page(client, others[-1].get("href")).text_content()


def test_versions_of_one_article_are_compared(client: TestClient) -> None:
    tree = page(client, "/compare?a=bridge-edited&b=bridge-edited&av=1&bv=2")
    assert "version 1" in tree.text_content()
    assert [one.text for one in tree.xpath("//tr[@class='head']//mark")] == ["جسرا", "جسرها الجديد"]


def test_passages_that_stayed_can_be_left_out(client: TestClient) -> None:
    tree = page(client, "/compare?a=bridge-origin&b=bridge-long")
    assert tree.xpath("//label[contains(., 'Only what changed')]/input[@type='checkbox']")
    same = [row for row in tree.xpath("//tr") if "same" in (row.get("class") or "").split()]
    assert len(same) == 4
    assert not any(row.xpath(".//ins | .//del | .//mark") for row in same)


def test_a_story_names_its_origin_its_speed_and_its_credits(client: TestClient) -> None:
    tree = page(client, "/story?id=st-bridge")
    assert figures_of(tree) == {
        "Outlets": "5", "Copies": "4", "Credited": "1", "Uncredited": "1", "Otherwise": "2",
        "Half of them within": "45 min", "The last after": "1 d 1 h",
    }  # fmt: skip
    names = tree.xpath("//figure[@class='timeline']//*[contains(@class, 'name')]/text()")
    assert names[0] == "وكالة النخيل للأنباء"
    assert len(names) == 6
    whole = tree.text_content()
    assert "1 of these articles is a later version of the report and no copy" in whole
    assert "and credited" not in whole
    assert "digest" in whole  # what links across


def test_copies_that_came_before_the_origin_are_said_to(data_dir: Path) -> None:
    engine = open_readonly(sqlite_url(data_dir))
    with reading(engine) as connection:
        view = read_story(connection, "st-bridge")
    engine.dispose()
    assert view is not None
    members = tuple(
        one if one.is_origin else replace(one, latency_seconds=-(one.latency_seconds or 0)) for one in view.members
    )
    template = make_templates({}).get_template("story.html")
    figures = figures_of(html.fromstring(template.render(path="/story", query={}, view=replace(view, members=members))))
    assert figures["The middle one"] == "3 h 20 earlier"
    assert figures["The last before"] == "12 min"
    assert "Half of them within" not in figures


def test_a_time_known_to_the_day_is_shown_as_one(client: TestClient) -> None:
    rows = page(client, "/article?id=digest").text_content()
    assert "2026-03-03" in rows
    assert "to the day" in rows


def test_outlets_that_differ_from_what_is_usual_are_named(client: TestClient) -> None:
    text = " ".join(page(client, "/runs").text_content().split())
    assert "1 of 2 outlets differ from what is usual there" in text
    assert "50% of the pages read are rejected; usual: 4%" in text


def test_a_failure_of_ours_is_a_page_without_its_inside(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: object, _schema: object = None) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("app.web.api_page._endpoints", fail)
    with TestClient(
        create_app(sqlite_url(data_dir), data_dir), base_url="http://127.0.0.1:8080", raise_server_exceptions=False
    ) as opened:
        answer = opened.get("/api")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "inside" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_search_without_a_match_says_what_to_try(client: TestClient) -> None:
    tree = page(client, "/stories?search=zzzz&agency=nakheel")
    hints = " ".join(tree.xpath("//ul[@class='hints']")[0].text_content().split())
    assert "without the other choices" in hints
    assert "the beginning of a word is enough" in hints
    assert not page(client, "/stories").xpath("//ul[@class='hints']")


def test_a_run_shows_the_checks_that_found_something(client: TestClient) -> None:
    tree = page(client, "/run?id=run-1")
    rows = [row.xpath("string(td[1])") for row in tree.xpath("//tbody/tr[th='health']")]
    assert rows == ["madina"]
    assert "1 outlet as usual" in tree.text_content()


@pytest.mark.parametrize(
    ("article", "told"), [("bridge-long", "none credited by name"), ("bridge-origin", "the one it credits")]
)
def test_an_article_names_the_agency_it_credits_not_the_one_it_copies(
    article: str, told: str, client: TestClient
) -> None:
    fields = page(client, f"/article?id={article}").xpath("//section[@class='fields']//div[dt='Agency']/dd")
    assert told in fields[0].text_content()


def test_a_page_behind_the_last_leads_back_to_it(client: TestClient) -> None:
    tree = page(client, "/stories?all=1&size=2&page=50")
    (pages,) = tree.xpath("//nav[@class='pages']")
    assert "6 in all" in pages.text_content()
    (link,) = pages.xpath("a")
    assert link.text == "The last page"
    assert "page=3" in link.get("href")
    assert len(page(client, link.get("href")).xpath("//ol[@class='stories']/li")) == 2


def test_a_choice_that_nothing_has_is_still_shown_as_chosen(client: TestClient) -> None:
    tree = page(client, "/stories?outlet=nobody")
    assert tree.xpath("//select[@id='outlet']/option[@selected]/@value") == ["nobody"]
    assert len(page(client, "/stories?outlet=madina").xpath("//select[@id='outlet']/option[@value='madina']")) == 1


def test_outlets_say_how_many_copies_name_no_source(client: TestClient) -> None:
    table = page(client, "/outlets").xpath("//table")[0]
    place = [one.text_content() for one in table.xpath("thead//th")].index("Uncredited")
    told = {row.xpath("string(th/a)"): row.xpath("*")[place].text_content() for row in table.xpath("tbody/tr")}
    assert told["أخبار المدينة"] == "100% 1"


def test_a_question_that_takes_too_long_is_one_clear_line(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_connection: object, **_asked: object) -> None:
        raise CatalogError("catalog sqlite:////somewhere/catalog.sqlite: the query took longer than its limit")

    monkeypatch.setattr("app.web.story_pages.list_stories", slow)
    for path in ("/stories", "/stories.json"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "narrow it down" in answer.text
        assert "somewhere" not in answer.text


@pytest.mark.parametrize("path", ["/stories.json?all=1", "/runs.json?", "/rejected.json?", "/releases.json?"])
def test_no_list_gives_more_rows_than_its_cap(client: TestClient, path: str) -> None:
    assert client.get(f"{path}&size=1000000").json()["page"] == {"number": 1, "size": MAX_SIZE}


def test_a_merged_story_says_where_it_went(client: TestClient) -> None:
    assert "st-bridge-early, went into this one" in page(client, "/story?id=st-bridge-early").text_content()


def test_reports_nobody_copied_are_shown_on_request(client: TestClient) -> None:
    assert len(page(client, "/stories").xpath("//ol[@class='stories']/li")) == 2
    assert len(page(client, "/stories?all=1").xpath("//ol[@class='stories']/li")) == 6


def test_archived_bytes_are_shown_as_source(client: TestClient) -> None:
    tree = page(client, "/capture?id=cap-madina-45")
    head, body = tree.xpath("//pre")
    assert head.text == "HTTP 200\nserver: <b>x</b>"
    assert "<body onload=alert(7)><p>نص</p>" in body.text
    assert "<body onload" not in client.get("/capture?id=cap-madina-45").text


def test_bytes_are_read_by_the_charset_that_is_named() -> None:
    assert decode_source("نص".encode("windows-1256"), "text/html; charset=windows-1256") == "نص"
    assert decode_source('<meta charset="windows-1256">نص'.encode("windows-1256"), "text/html").endswith("نص")
    assert decode_source(b"\xff", "text/html; charset=no-such-charset") == "\ufffd"
    assert decode_source("نص".encode(), "") == "نص"


def test_a_damaged_archive_is_said_not_hidden(client: TestClient) -> None:
    assert "do not match their digest" in page(client, "/capture?id=cap-madina-400").text_content()
    assert "do not match their digest" in client.get("/capture.json?id=cap-madina-400").json()["problem"]


def test_release_files_are_those_of_a_release_and_no_others(client: TestClient, data_dir: Path) -> None:
    answer = client.get("/releases/2026-03-02T0806/manifest.json")
    assert answer.json() == {"rows": 12}
    assert answer.headers["content-disposition"] == 'attachment; filename="2026-03-02T0806-manifest.json"'
    assert answer.headers["content-length"] == str(len(answer.content))
    again = client.get("/releases/2026-03-02T0806/manifest.json", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (data_dir / "secret.txt").exists()
    for path in (
        "/releases/2026-03-02T0806/secret.txt",
        "/releases/../secret.txt",
        "/releases/%2e%2e/secret.txt",
        "/releases/..%2fsecret.txt/manifest.json",
        "/releases/2026-03-02T0806/..%2f..%2fsecret.txt",
        "/releases/2026-03-02T0806/articles.parquet",  # known, but not on the disk
        "/releases/2099-01-01T0000/manifest.json",
    ):
        assert client.get(path).status_code == 404, path


def test_static_files_are_ours_and_no_others(client: TestClient) -> None:
    assert client.get("/static/wirecopy.css").headers["content-type"] == "text/css; charset=utf-8"
    assert client.get("/static/fonts/noto-naskh-arabic.woff2").headers["content-type"] == "font/woff2"
    assert "SIL Open Font License" in client.get("/static/fonts/noto-naskh-arabic-LICENSE.txt").text
    for path in ("/static/../serve.py", "/static/..%2fserve.py", "/static/", "/static/nothing.css"):
        assert client.get(path).status_code == 404, path


def test_styles_load_nothing_from_elsewhere(client: TestClient) -> None:
    styles = client.get("/static/wirecopy.css").text
    assert "//" not in styles
    assert "@import" not in styles


@pytest.mark.parametrize("path", [*PAGES, "/static/wirecopy.css"])
def test_an_etag_saves_asking_twice(client: TestClient, path: str) -> None:
    if path == "/openapi.json":
        return
    tag = client.get(path).headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": given})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/story?id=nothing", 404),
        ("/article?id=nothing", 404),
        ("/capture?id=nothing", 404),
        ("/compare?a=ferry&b=nothing", 404),
        ("/outlet?id=nothing", 404),
        ("/agency?id=nothing", 404),
        ("/run?id=nothing", 404),
        ("/story", 400),
        ("/stories?page=two", 400),
        ("/stories?since=tomorrow", 400),
        ("/stories?since=0001-01-01", 400),
        ("/stories?order=cheapest", 400),
        ("/stories?relation=theft", 400),
        ("/compare?a=ferry", 400),
    ],
)
def test_what_is_not_there_or_does_not_fit(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "That did not work" in answer.text
    twin = client.get(re.sub(r"(\?|$)", r".json\1", path, count=1))
    assert twin.status_code == status
    assert list(twin.json()) == ["error"]


@pytest.mark.parametrize("page_number", ["-5", "0", "99999999999999999999999999", " 2 ", ""])
def test_numbers_are_clamped(client: TestClient, page_number: str) -> None:
    assert client.get("/stories", params={"page": page_number, "size": page_number}).status_code == 200


def test_empty_fields_of_a_form_ask_for_nothing(client: TestClient) -> None:
    fields = "agency=&outlet=&language=&relation=&credit=&since=&until=&search=&order="
    assert client.get(f"/stories?{fields}").status_code == 200
    assert client.get(f"/stories.json?{fields}").json()["total"] == 2
