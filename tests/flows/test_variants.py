"""One article under many addresses, and many articles under one path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.article_address import place_of
from flows.ledger import begin_run
from flows.stages import crawl_stages, extract_stage
from flows.workspace import Workspace
from pipeline.catalog.engine import reading
from pipeline.catalog.tables import articles
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.crawlers.server import Server, ok, serve

SLUG = "/news/ferry-runs-again-at-last"


def report(subject: str, head: str = "") -> bytes:
    lines = "".join(
        f"<p>Line {number} of it: the {subject} was looked at by {number + 3} people of the council on Monday, and it "
        f"will run again before the winter, said the mayor of the town to those who had come.</p>"
        for number in range(8)
    )
    title = f"The {subject} runs again"
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{lines}</article></body></html>"
    ).encode()


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        yield server


class Desk:
    """One outlet, crawled and read as often as asked."""

    def __init__(self, site: Server, folder: Path) -> None:
        self.site = site
        settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
        content: dict[str, object] = {"id": "paper", "name": "Paper", "language": "en", "time_zone": "UTC"}
        content |= {"discover": {"feeds": [site.url("/feed.xml")]}, "crawl": {"delay": 0, "concurrency": 1}}
        self.workspace = Workspace(folder, folder / "data", settings, {"paper": Outlet.model_validate(content)})

    def read(self) -> dict[str, int]:
        """Crawl and extract; the version of every article by its path."""
        with begin_run(self.workspace, "run") as run:
            (crawled,) = crawl_stages(run, [*self.workspace.outlets.values()])
            extracted = extract_stage(run)
        assert (crawled.state, extracted.state) == ("done", "done")
        with reading(self.workspace.engine) as connection:
            rows = connection.execute(articles.select()).all()
        return {row.url.removeprefix(self.site.origin): row.version for row in rows}

    def serves(self, pages: dict[str, bytes]) -> None:
        """These pages, announced in this order."""
        self.site.routes |= {path: ok(body) for path, body in pages.items()}
        self.site.feed(*(path.replace("&", "&amp;") for path in pages))


@pytest.fixture
def desk(site: Server, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(site, tmp_path)
    yield made
    made.workspace.engine.dispose()


def test_a_query_that_changes_nothing_makes_no_second_article(desk: Desk) -> None:
    paths = [SLUG, f"{SLUG}?partner=msn", f"{SLUG}?tok=8f8a7&pos=3"]
    desk.serves(dict.fromkeys(paths, report("ferry")))
    assert desk.read() == {SLUG: 1}
    # The text changes, and the address that is not the article's own is read first.
    desk.serves({path: report("old ferry") for path in reversed(paths)})
    assert list(desk.read().values()) == [2]


def test_the_plain_address_may_come_last(desk: Desk) -> None:
    desk.serves({path: report("ferry") for path in (f"{SLUG}?x_src=a", f"{SLUG}?x_src=b", SLUG)})
    assert desk.read() == {f"{SLUG}?x_src=a": 1}


def test_a_query_that_chooses_the_text_chooses_the_article(desk: Desk) -> None:
    pages = {f"{SLUG}?part={number}": report(f"ferry number {number}") for number in (1, 2, 3)}
    desk.serves(pages | {f"{SLUG}?part=4": report("ferry number 1")})
    assert desk.read() == dict.fromkeys([*pages, f"{SLUG}?part=4"], 1)


def test_the_same_text_under_two_numbers_is_two_articles(desk: Desk) -> None:
    forms = ("/story.php?id={}", "/?p={}", "/news/article-of-the-day.aspx?n={}", "/index?id={}")
    paths = [form.format(number) for form in forms for number in (1, 2)]
    desk.serves(dict.fromkeys(paths, report("ferry")))
    assert desk.read() == dict.fromkeys(paths, 1)


def test_a_canonical_with_fewer_parameters_is_the_articles_address(desk: Desk) -> None:
    head = '<link rel="canonical" href="/story.php?id=7">'
    paths = ["/story.php?id=7&box=top", "/story.php?id=7", "/story.php?box=side&id=7"]
    desk.serves(dict.fromkeys(paths, report("ferry", head)) | {"/story.php?id=8": report("tram")})
    assert sorted(desk.read().values()) == [1, 1]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (SLUG, True),
        ("/news/2026/ferry-runs-again.html", True),
        ("/n/551364", True),
        ("/news/عودة-العبارة-إلى-العمل", True),
        ("/news/551364.php", False),
        ("/", False),
        ("/news", False),
        ("/story.php", False),
        ("/latest-news", True),
        ("/report-7.html", True),
        ("/2026-11-26", False),
        ("/20261126", False),
    ],
)
def test_which_paths_name_an_article(path: str, names: bool) -> None:
    url = f"https://paper.example{path}"
    assert place_of(f"{url}?from=top#b") == (url if names else None)


@pytest.mark.parametrize("query", ["id=7", "newsId=7", "p=7", "n=12", "article=a7", "story_id=7&from=top"])
def test_a_number_in_the_query_names_the_article_where_the_path_is_short(query: str) -> None:
    assert place_of(f"https://paper.example/report-view?{query}") is None
    assert place_of(f"https://paper.example{SLUG}?{query}") == f"https://paper.example{SLUG}"
