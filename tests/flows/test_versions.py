"""An article while its page changes, goes away and comes back: real crawls, the clock moved between."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from app.cli.show import show_article
from flows.ledger import begin_run
from flows.stages import crawl_stages, extract_stage
from flows.workspace import Workspace
from pipeline.catalog.engine import open_readonly
from pipeline.catalog.queries.article import ArticleView
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.crawlers.server import Server, answer, ok, serve
from tests.pipeline.extract.pages import LINES, page

CONFIG = Path(__file__).parents[2] / "config"
PATH = "/news/a-library-on-wheels-12345"
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
MOMENTS = ("discovered_at", "published_at", "modified_at", "fetched_at", "changed_at", "next_fetch_at")
LOGIN = (
    "<html><head><title>تسجيل الدخول</title></head><body><h1>تسجيل الدخول</h1><form action='/in'><input name='u'>"
    "<input type='password' name='p'></form><p>سجل الدخول لتتابع القراءة وتحفظ المواد التي تهمك وتتلقى نشرتنا "
    "الصباحية كل يوم، ولا يستغرق إنشاء حساب جديد سوى دقيقة واحدة من وقتك.</p></body></html>"
)


class Desk:
    """One outlet with one article, crawled and read at moments of its own."""

    def __init__(self, site: Server, data_dir: Path) -> None:
        self.site = site
        settings = Settings.model_validate({"network": {"allow_private": ["127.0.0.1/32"]}})
        content: dict[str, object] = {"id": "paper", "name": "الضفة", "language": "ar", "time_zone": "Asia/Amman"}
        content |= {"discover": {"feeds": [site.url("/feed.xml")]}, "crawl": {"delay": 0}}
        self.workspace = Workspace(CONFIG, data_dir, settings, {"paper": Outlet.model_validate(content)})
        site.feed(PATH)

    def crawl(self) -> None:
        """One pass of crawl and extract."""
        with begin_run(self.workspace, "run") as run:
            (crawled,) = crawl_stages(run, [*self.workspace.outlets.values()])
            read = extract_stage(run)
        assert (crawled.state, read.state) == ("done", "done")

    def finds(self, body: str) -> ArticleView:
        """The page is as given when the time of its next look has come; what the article looks like then."""
        self.site.routes[PATH] = ok(body.encode())
        if not self.site.asked(PATH):
            self.crawl()
            return self.view()
        return self.looks()

    def looks(self) -> ArticleView:
        self.sleep_until_due()
        self.crawl()
        return self.view()

    def sleep_until_due(self) -> timedelta | None:
        """The clock moves: what the ledger knows lies so much further back. None where the page is left alone."""
        with closing(sqlite3.connect(self.workspace.data_dir / "catalog.sqlite")) as ledger, ledger:
            ((due,),) = ledger.execute("select next_fetch_at from urls where kind = 'article'").fetchall()
            if due is None:
                return None
            wait = max(datetime.fromisoformat(due).replace(tzinfo=UTC) - datetime.now(UTC), timedelta(0))
            for name in MOMENTS:
                rows = ledger.execute(f"select url_key, {name} from urls where {name} is not null").fetchall()
                for key, value in rows:
                    earlier = (datetime.fromisoformat(value) - wait).strftime("%Y-%m-%d %H:%M:%S.%f")
                    ledger.execute(f"update urls set {name} = ? where url_key = ?", (earlier, key))
            return wait

    def view(self) -> ArticleView:
        with closing(sqlite3.connect(self.workspace.data_dir / "catalog.sqlite")) as catalog:
            ((article_id,),) = catalog.execute("select article_id from articles").fetchall()
        engine = open_readonly(self.workspace.catalog_url)
        self.shown = io.StringIO()
        found = show_article(engine, Console(file=self.shown, width=110, highlight=False), article_id)
        engine.dispose()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serve() as site:
        yield Desk(site, tmp_path / "data")


def dressed(lines: str = TEXT, *, hours: int = 1, head: str = "", headline: str | None = None) -> str:
    """The page with everything around its text that changes by the hour."""
    boilerplate = (
        f"<p>منذ {hours} ساعات</p><p>عدد المشاهدات: {hours * 311}</p>{lines}<p>{hours * 7} مشاركة</p>"
        f"<div class='ad'><p>اشتر {hours} واحصل على هدية</p></div><h3>الأكثر قراءة</h3><ul>"
        f"<li><a href='/n/{hours}'>سيول تقطع الطريق رقم {hours} بين الواحة والساحل</a></li>"
        f"<li><a href='/m/{hours}'>المباراة رقم {hours} تنتهي بالتعادل في الدقيقة الأخيرة</a></li></ul>"
        f"<h3>التعليقات ({hours})</h3><p>{'تعليق جديد من قارئ لم يعجبه الخبر كثيرا. ' * hours}</p>"
    )
    given = {} if headline is None else {"headline": headline}
    return page(inner=boilerplate, head=head, **given)


def test_what_an_article_lives_through(desk: Desk) -> None:
    first = desk.finds(dressed())
    assert (first.article.version, first.article.body.split("\n")) == (1, [*LINES])

    unchanged = desk.finds(dressed(hours=9))
    assert unchanged.article.version == 1

    corrected = TEXT.replace("نحو عشرة آلاف تلميذ", "نحو اثني عشر ألف تلميذ")
    stated = "<meta property='article:modified_time' content='2025-11-20T10:30:00Z'>"
    second = desk.finds(dressed(corrected, head=stated, headline="مكتبة متنقلة تصل إلى تلاميذ القرى"))
    assert (second.article.version, [one.version for one in second.versions]) == (2, [2, 1])
    assert {change.field for change in second.versions[0].changes} == {"headline", "body"}
    shown = desk.shown.getvalue()
    assert "what changed from version 1 to 2" in shown
    assert "[-البعيدة-]" in shown
    assert "{~عشرة آلاف~}" in shown
    assert "{~اثني عشر ألف~}" in shown
    assert "modified" in shown

    for other in (LOGIN, "<html><title>الصفحة غير موجودة</title><body><h1>الصفحة غير موجودة</h1></body></html>"):
        kept = desk.finds(other)
        assert (kept.article.version, kept.status, kept.article.body) == (2, "published", second.article.body)
        assert kept.rejected[0].reason in ("login_wall", "soft_404")


def test_a_page_that_goes_away_and_comes_back(desk: Desk) -> None:
    desk.finds(dressed())
    plain = desk.site.routes[PATH]
    desk.site.routes[PATH] = answer(410)
    gone = desk.looks()
    assert (gone.status, gone.article.version, gone.article.body.split("\n")) == ("withdrawn", 1, [*LINES])
    desk.site.routes[PATH] = plain  # the very same bytes
    back = desk.looks()
    assert (back.status, back.article.version) == ("published", 1)


def test_an_article_that_goes_by_its_canonical_address_is_withdrawn_too(desk: Desk) -> None:
    canonical = f"<link rel='canonical' href='{desk.site.url('/2025/library-12345')}'>"
    assert desk.finds(dressed(head=canonical)).status == "published"
    desk.site.routes[PATH] = answer(404)
    assert desk.looks().status == "withdrawn"


def test_looks_grow_rarer_and_end(desk: Desk) -> None:
    desk.finds(dressed())
    waits = []
    while (wait := desk.sleep_until_due()) is not None:
        desk.crawl()
        waits.append(round(wait / timedelta(hours=1)))
    assert waits == [0, 1, 5, 18, 48]
    assert len(desk.site.asked(PATH)) == 1 + len(waits)
    assert desk.view().article.version == 1
