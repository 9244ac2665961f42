"""Pages for the tests: an invented report in Arabic, dressed as asked."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.extract.page import extract_page
from pipeline.outlets import Outlet
from pipeline.records import Article, Discovery, Rejection

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
HEADLINE = "مكتبة متنقلة تصل إلى تلاميذ القرى البعيدة"
LINES = (
    "افتتحت بلدية مدينة الواحة، أمس، أول مكتبة متنقلة تجوب القرى البعيدة، بهدف إيصال الكتب إلى نحو عشرة آلاف تلميذ.",
    "وقال رئيس البلدية سامي الحداد، في كلمة خلال حفل الافتتاح، إن الحافلة تضم أكثر من ثلاثة آلاف كتاب بثلاث لغات.",
    "وكانت البلدية أعلنت خطة لتأهيل خمس مكتبات قديمة، غير أن السيول التي ضربت المنطقة أخرت تنفيذها إلى العام المقبل.",
)
BODY = "\n".join(LINES)


def page(
    *,
    head: str = "",
    before: str = "",
    after: str = "",
    inner: str | None = None,
    headline: str = HEADLINE,
    meta: str = '<meta charset="utf-8">',
) -> str:
    """An HTML page with the report."""
    text = "".join(f"<p>{line}</p>\n" for line in LINES) if inner is None else inner
    return (
        f'<!DOCTYPE html><html lang="ar"><head>{meta}<title>{headline}</title>{head}</head><body>{before}'
        f"<article><h1>{headline}</h1>{text}</article>{after}</body></html>"
    )


def read(
    source: str | bytes,
    *,
    url: str = "https://site.example/news/1",
    outlet: Outlet | None = None,
    hints: Discovery | None = None,
    truncated: str | None = None,
) -> Article | Rejection:
    """extract_page with the usual surroundings."""
    payload = source.encode() if isinstance(source, str) else source
    return extract_page(
        payload,
        url=url,
        content_type="text/html",
        outlet=outlet,
        hints=hints,
        fetched_at=NOW,
        truncated=truncated,
    )


def article(source: str | bytes, *, outlet: Outlet | None = None, hints: Discovery | None = None) -> Article:
    """The article of a page that must be one."""
    outcome = read(source, outlet=outlet, hints=hints)
    assert isinstance(outcome, Article), outcome
    return outcome
