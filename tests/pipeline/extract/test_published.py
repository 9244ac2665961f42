from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.outlets import Outlet
from pipeline.records import DatePrecision, Discovery, PageKind
from tests.pipeline.extract.pages import BODY, LINES, NOW, article, page

OUTLET = Outlet.model_validate(
    {
        "id": "diffa",
        "name": "الضفة",
        "language": "ar",
        "time_zone": "Asia/Riyadh",
        "discover": {"feeds": ["https://diffa.example/rss"]},
    }
)
META = '<meta property="article:published_time" content="{}">'
LD = '<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{}"}}</script>'
AT = datetime(2025, 11, 19, 9, 30, tzinfo=UTC)


def hint(at: datetime | None) -> Discovery:
    return Discovery(
        "diffa", "https://diffa.example/1", "https://diffa.example/rss", PageKind.FEED, NOW, published_at=at
    )


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (LD.format("2025-11-19T09:30:00Z"), "jsonld"),
        (LD.format("2025-11-19T12:30:00"), "jsonld"),
        (META.format("2025-11-19T12:30:00+03:00"), "meta"),
        (META.format("2025-11-19 12:30"), "meta"),
        (META.replace("published_time", "published:time").format("2025-11-19T09:30:00Z"), "meta"),
    ],
)
def test_stated_dates(head: str, source: str) -> None:
    found = article(page(head=head), outlet=OUTLET)
    assert (found.published_at, found.published_source) == (AT, source)


def test_the_sites_clock_above_the_headline_is_not_the_date() -> None:
    inner = "<div class='date'>19 تشرين الثاني 2025</div>" + "".join(f"<p>{line}</p>" for line in LINES)
    found = article(page(before="<div class='date'>الخميس 20 نوفمبر 2025</div>", inner=inner), outlet=OUTLET)
    assert found.published_at is not None
    assert (found.published_at.date(), found.published_precision) == (AT.date(), DatePrecision.DAY)


def test_a_time_element_is_read() -> None:
    inner = "<time datetime='2025-11-19T12:30:00+03:00'>أمس</time>" + "".join(f"<p>{line}</p>" for line in LINES)
    found = article(page(inner=inner), outlet=OUTLET)
    assert (found.published_at, found.published_source) == (AT, "time_element")


def test_a_time_element_among_links_is_read() -> None:
    byline = "<div><a href='/u/7'>سامي الحداد</a></div><div><a href='/c/3'>محليات وأخبار المدن</a></div>"
    text = "".join(f"<p>{line}</p>" for line in LINES)
    found = article(page(inner=f"<div>{byline}<div><time datetime='2025-11-19T09:30:00Z'>أمس</time></div></div>{text}"))
    assert (found.body, found.published_at, found.published_source) == (BODY, AT, "time_element")


def test_the_feed_lends_its_time_to_a_day() -> None:
    found = article(page(head=META.format("2025-11-19")), outlet=OUTLET, hints=hint(AT))
    assert (found.published_at, found.published_source) == (AT, "feed")


def test_the_feed_speaks_where_the_page_is_silent() -> None:
    found = article(page(), outlet=OUTLET, hints=hint(AT))
    assert (found.published_at, found.published_source) == (AT, "feed")


def test_nobody_stated_a_date() -> None:
    found = article(page(after="<p>2025</p>"), outlet=OUTLET)
    assert (found.published_at, found.published_source, found.published_precision) == (None, None, None)


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=400)])
def test_a_date_after_the_fetch_is_no_date(ahead: timedelta) -> None:
    assert article(page(head=META.format((NOW + ahead).isoformat())), hints=hint(NOW + ahead)).published_at is None


def test_a_change_is_told_from_the_publication() -> None:
    dates = "<div>نشر: 19 نوفمبر 2025 الساعة 12:30</div><div>آخر تحديث: 20 نوفمبر 2025 الساعة 10:00</div>"
    found = article(page(inner=dates + "".join(f"<p>{line}</p>" for line in LINES)), outlet=OUTLET)
    assert found.published_at == AT
    assert found.modified_at == datetime(2025, 11, 20, 7, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["1970-01-01T00:00:00Z", "1970-01-01T03:00:00+03:00", "0", "1447-03-15T10:00:00Z"])
def test_a_clock_that_was_never_set_states_nothing(stamp: str) -> None:
    assert article(page(head=META.format(stamp))).published_at is None
    assert article(page(head=META.format(stamp)), hints=hint(AT)).published_at == AT


@pytest.mark.parametrize("dress", [" class='summary'", ""])
def test_a_date_between_standfirst_and_text(dress: str) -> None:
    info = "<div><p>سامي الحداد</p><p>19 نوفمبر 2025</p></div>"
    inner = f"<p{dress}>{LINES[0]}</p>{info}<div>{''.join(f'<p>{line}</p>' for line in LINES[1:])}</div>"
    found = article(page(inner=inner))
    assert found.published_at is not None
    assert (found.published_at.date().isoformat(), found.published_source) == ("2025-11-19", "visible")
    assert (found.byline, found.body) == ("سامي الحداد", BODY)


TOLD = (
    "أعلنت بلدية الواحة، الأربعاء، أن الحافلة زارت ستين قرية منذ 7 أكتوبر/ تشرين الأول 2023.",
    "منذ 7 أكتوبر 2023 زارت حافلة البلدية ستين قرية ووزعت ثلاثة آلاف كتاب على تلاميذها.",
    "The town says that its bus has been to sixty villages of the valley since October 7, 2023.",
)


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("heading", ["", "<h2>ستون قرية في عامين</h2>"])
def test_a_date_inside_a_sentence_of_the_text_is_no_publication(told: str, heading: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in LINES)
    found = article(page(inner=f"{heading}<p>{told}</p>{text}"))
    assert (found.published_at, found.modified_at) == (None, None)
    assert told in found.body


def test_a_date_inside_a_sentence_behind_the_text_is_no_publication() -> None:
    behind = f"<div class='about'>{TOLD[0]}</div>"
    assert article(page(after=behind)).published_at is None


@pytest.mark.parametrize(
    "opening",
    [
        "الكويت - 19 - 11 - 2025 (كونا) --",
        "الرياض 28 جمادى الأولى 1447 هـ الموافق 19 نوفمبر 2025 م واس",
        "الواحة 19 نوفمبر 2025 -",
    ],
)
def test_the_day_in_a_dateline_before_the_first_sentence_is_the_publication(opening: str) -> None:
    short = "افتتحت بلدية الواحة، أمس، أول مكتبة متنقلة تجوب القرى البعيدة."
    text = "".join(f"<p>{line}</p>" for line in LINES[1:])
    found = article(page(inner=f"<p>{opening} {short}</p>{text}"))
    assert found.published_at is not None
    assert (found.published_at.date().isoformat(), found.published_source) == ("2025-11-19", "visible")
