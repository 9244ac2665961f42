"""A small catalog of invented events: reports of two agencies, their copies, a digest, a follow-up, a hostile page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from pipeline.catalog.engine import open_catalog, sqlite_url, writing
from pipeline.catalog.rows import article_row, capture_row, link_row, rejection_row, story_row
from pipeline.catalog.search import index_articles
from pipeline.catalog.tables import (
    article_versions,
    articles,
    captures,
    links,
    outlets,
    rejections,
    releases,
    run_stages,
    runs,
    stories,
    story_changes,
)
from pipeline.reasons import Reason
from pipeline.records import (
    Article,
    Capture,
    Credit,
    CreditKind,
    CreditPosition,
    CreditStatus,
    DatePrecision,
    Link,
    PageKind,
    Rejection,
    Relation,
    Span,
    Story,
)

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BRIDGE = (
    "أعلنت بلدية مرسى النخيل، اليوم الاثنين، افتتاح جسر جديد فوق وادي الزيتون بعد أعمال استمرت ثلاث سنوات.\n"
    "وقال رئيس البلدية سالم الدرويش إن الجسر يختصر الطريق بين ضفتي الوادي إلى أربع دقائق.\n"
    "وأضاف أن كلفة المشروع بلغت 42 مليون ليرة، وأن البلدية ستشغل خط حافلات جديدا عليه ابتداء من الأسبوع المقبل.\n"
    "وشارك في حفل الافتتاح مئات من سكان الضفتين الذين عبروا الجسر سيرا على الأقدام."
)
BRIDGE_SHORT = BRIDGE.split("\n", maxsplit=2)[0] + "\n" + BRIDGE.split("\n")[1]
BRIDGE_EDITED = BRIDGE.replace("مئات من سكان", "آلاف من سكان").replace("أربع دقائق", "خمس دقائق")
BRIDGE_LONG = (
    "في خطوة طال انتظارها في المدينة الساحلية الصغيرة.\n" + BRIDGE + "\n"
    "وكان أهالي الحي القديم قد طالبوا بالجسر منذ فيضان الشتاء قبل سبعة أعوام، حين انقطعت المدارس عن طلابها شهرا كاملا."
)
LIBRARY = (
    "The town of Easterly reopened its harbour library on Tuesday, two years after a storm flooded the reading rooms.\n"
    "Librarian Mara Quill said 18,000 volumes had been dried by hand in a disused fish market.\n"
    "The building now stands on piles a metre above the highest tide on record."
)
LIBRARY_LOCAL = LIBRARY.replace("Tuesday", "yesterday").replace(
    "The building now", "Neighbours brought cake. The building now"
)
FERRY = (
    "Yeşilada ile anakara arasındaki feribot seferleri fırtına nedeniyle iki gün durduruldu.\n"
    "Liman Başkanı Deniz Ilgaz, rüzgârın hızının saatte 90 kilometreyi bulduğunu söyledi.\n"
    "Seferlerin perşembe sabahı yeniden başlaması bekleniyor."
)
DIGEST = (
    "موجز الصباح من الصحف المحلية.\n" + BRIDGE.split("\n", maxsplit=1)[0] + "\n" + "الأمطار تتأخر هذا العام في الجنوب."
)
FOLLOW_UP = (
    "شهد جسر وادي الزيتون في مرسى النخيل ازدحاما في يومه الأول، بعد يوم من افتتاحه.\n"
    "وقالت شرطة السير إن سبعة آلاف سيارة عبرته قبل الظهر."
)
HOSTILE_HEADLINE = "<script>alert(1)</script> \u202eعاجل\u202c \"'><img src=x onerror=alert(2)> " + "طويل " * 120
HOSTILE_BODY = "<b>not bold</b> {{ 7*7 }} \u202eعكس\u202c نص عادي.\njavascript:alert(3) </pre><script>alert(4)</script>"


def build_catalog(data_dir: Path) -> Engine:
    """Make the sample in data_dir/catalog.sqlite and open it."""
    engine = open_catalog(sqlite_url(data_dir))
    with writing(engine) as connection:
        fill(connection)
    return engine


def fill(connection: Connection) -> None:
    """Write every row of the sample, search index included."""
    _add_outlets(connection)
    members = _articles()
    for article in members.values():
        story_id = STORY_OF[article.article_id]
        row = {**article_row(article), "window_at": article.published_at or article.fetched_at}
        connection.execute(insert(articles).values(**row, story_id=story_id, folded_at=START, status="published"))
    _add_stories(connection, members)
    _add_links(connection)
    _add_captures(connection)
    _add_runs(connection)
    index_articles(connection, members)


STORY_OF = {
    "bridge-origin": "st-bridge",
    "bridge-exact": "st-bridge",
    "bridge-edited": "st-bridge",
    "bridge-short": "st-bridge",
    "bridge-long": "st-bridge",
    "bridge-update": "st-bridge",
    "digest": "st-digest",
    "follow-up": "st-follow-up",
    "library-origin": "st-library",
    "library-copy": "st-library",
    "ferry": "st-ferry",
    "hostile/../?#&": "st-hostile",
}


def _add_outlets(connection: Connection) -> None:
    rows = [
        ("wire-ar", "وكالة النخيل للأنباء", "agency", "nakheel", "ar"),
        ("coast-wire", "Coast Wire", "agency", "coastwire", "en"),
        ("shaati", "صحيفة الشاطئ", "outlet", None, "ar"),
        ("madina", "أخبار المدينة", "outlet", None, "ar"),
        ("harbour-post", "Harbour Post", "outlet", None, "en"),
        ("ada-gazetesi", "Ada Gazetesi", "outlet", None, "tr"),
    ]
    keys = ("outlet_id", "name", "role", "agency_id", "language")
    connection.execute(insert(outlets), [{**dict(zip(keys, row, strict=True)), "configured": True} for row in rows])


def _article(article_id: str, outlet_id: str, minutes: int, headline: str, body: str, **more: Any) -> Article:
    at = START + timedelta(minutes=minutes)
    values: dict[str, Any] = {
        "url": f"https://{outlet_id}.example/news/{minutes}",
        "capture_id": f"cap-{outlet_id}-{minutes}",
        "language": "ar",
        "published_at": at,
        "published_source": "jsonld",
        "published_precision": DatePrecision.MINUTE,
        "fetched_at": at + timedelta(minutes=9),
        "extractor_version": "test-1",
    }
    return Article(article_id, outlet_id, body=body, headline=headline, **{**values, **more})


def _articles() -> dict[str, Article]:
    nakheel = (Credit("nakheel", CreditKind.CREDIT, CreditPosition.BYLINE, "مرسى النخيل / النخيل"),)
    generic = (Credit(None, CreditKind.GENERIC, CreditPosition.BYLINE, "وكالات"),)
    coast = (Credit("coastwire", CreditKind.CREDIT, CreditPosition.DATELINE, "EASTERLY (Coast Wire)"),)
    headline = "افتتاح جسر وادي الزيتون في مرسى النخيل"
    rows = [
        _article("bridge-origin", "wire-ar", 0, headline, BRIDGE, byline="مرسى النخيل / النخيل", credits=nakheel,
                 agency_id="nakheel", own_agency_id="nakheel", dateline="مرسى النخيل"),
        _article("bridge-exact", "shaati", 12, headline, BRIDGE, byline="النخيل", credits=nakheel, agency_id="nakheel"),
        _article("bridge-edited", "madina", 45, "مرسى النخيل تفتتح جسرها الجديد", BRIDGE_EDITED, byline="سعاد الغزال",
                 version=2, modified_at=START + timedelta(minutes=90), modified_source="meta"),
        _article("bridge-short", "ada-gazetesi", 200, "جسر جديد فوق وادي الزيتون", BRIDGE_SHORT, byline="وكالات",
                 credits=generic),
        _article("bridge-long", "harbour-post", 1500, "جسر وادي الزيتون: حكاية سبعة أعوام", BRIDGE_LONG, byline=None),
        _article("bridge-update", "wire-ar", 95, headline + " (محدث)", BRIDGE + "\nوحضر الحفل وزير النقل.",
                 byline="مرسى النخيل / النخيل", credits=nakheel, agency_id="nakheel", own_agency_id="nakheel"),
        _article("digest", "shaati", 1300, "موجز الصباح", DIGEST, published_precision=DatePrecision.DAY),
        _article("follow-up", "madina", 1450, "ازدحام على جسر وادي الزيتون في يومه الأول", FOLLOW_UP),
        _article("library-origin", "coast-wire", 60, "Easterly reopens its harbour library", LIBRARY, language="en",
                 byline="Coast Wire", credits=coast, agency_id="coastwire", own_agency_id="coastwire"),
        _article("library-copy", "harbour-post", 130, "Library back on dry land", LIBRARY_LOCAL, language="en-GB",
                 byline="Staff reporter"),
        _article("ferry", "ada-gazetesi", 300, "Yeşilada feribot seferleri durdu", FERRY, language="tr",
                 published_at=None, published_source=None, published_precision=None),
        _article("hostile/../?#&", "madina", 400, HOSTILE_HEADLINE, HOSTILE_BODY, url="javascript:alert(5)",
                 canonical_url="https://madina.example/\"><script>alert(6)</script>", byline="=cmd|' /C calc'!A0"),
    ]  # fmt: skip
    return {one.article_id: one for one in rows}


def _add_stories(connection: Connection, members: dict[str, Article]) -> None:
    known = {"st-bridge": ("bridge-origin", True, "nakheel"), "st-library": ("library-origin", True, "coastwire")}
    for story_id in dict.fromkeys(STORY_OF.values()):
        ids = tuple(one for one, story in STORY_OF.items() if story == story_id)
        origin_id, origin_known, agency_id = known.get(story_id, (ids[0], False, None))
        origin, times = members[origin_id], sorted(t for one in ids if (t := members[one].published_at))
        story = Story(
            story_id,
            origin_id,
            origin_known,
            "the agency's own page, credited by 2 copies" if origin_known else "the only article",
            agency_id,
            origin.headline,
            origin.language,
            times[0] if times else None,
            times[-1] if times else None,
            ids,
            len({members[one].outlet_id for one in ids}),
        )
        connection.execute(insert(stories).values(**story_row(story)))
    connection.execute(
        insert(story_changes).values(
            story_id="st-bridge-early", into_story_id="st-bridge", kind="merged", changed_at=START
        )
    )


def _add_links(connection: Connection) -> None:
    rows = [
        ("bridge-exact", "bridge-origin", Relation.EXACT_COPY, 1.0, 1.0, 1.0, 12, CreditStatus.CREDITED),
        ("bridge-edited", "bridge-origin", Relation.NEAR_COPY, 0.86, 0.97, 0.97, 45, CreditStatus.UNCREDITED),
        ("bridge-short", "bridge-origin", Relation.ABRIDGED_COPY, 0.44, 0.48, 1.0, 200, CreditStatus.CREDITED_GENERIC),
        ("bridge-long", "bridge-origin", Relation.EXTENDED_COPY, 0.62, 1.0, 0.63, 1500, CreditStatus.UNKNOWN),
        ("bridge-update", "bridge-origin", Relation.UPDATE_OF, 0.93, 1.0, 0.94, 95, CreditStatus.CREDITED),
        ("digest", "bridge-origin", Relation.DIGEST_MEMBER, 0.21, 0.25, 0.55, 1300, CreditStatus.UNCREDITED),
        ("follow-up", "bridge-origin", Relation.FOLLOW_UP, 0.05, 0.1, 0.12, 1450, CreditStatus.UNCREDITED),
        ("library-copy", "library-origin", Relation.NEAR_COPY, 0.81, 0.98, 0.92, 70, CreditStatus.UNCREDITED),
    ]
    for article_id, origin_id, relation, jaccard, of_origin, of_copy, minutes, credit in rows:
        link = Link(
            STORY_OF[origin_id],
            article_id,
            origin_id,
            relation,
            jaccard,
            of_origin,
            of_copy,
            minutes * 60,
            credit,
            (Span(0, 40, 0, 40),),
            f"test j={jaccard:.2f}",
            "test-1",
        )
        connection.execute(insert(links).values(**link_row(link)))


def _add_captures(connection: Connection) -> None:
    for name, outlet_id, minutes, status in (
        ("cap-wire-ar-0", "wire-ar", 0, 200),
        ("cap-madina-45", "madina", 45, 200),
        ("cap-madina-400", "madina", 400, 200),
    ):
        url = f"https://{outlet_id}.example/news/{minutes}"
        capture = Capture(
            name,
            outlet_id,
            PageKind.ARTICLE,
            url,
            url,
            status,
            "text/html; charset=utf-8",
            START + timedelta(minutes=minutes + 9),
            "0" * 64,
            "archive/sample.warc.gz",
            0,
            100,
            run_id="run-1",
        )
        connection.execute(insert(captures).values(**capture_row(capture), extracted="article"))
    old = _article("bridge-edited", "madina", 45, "مرسى النخيل تفتتح جسرا", BRIDGE)
    connection.execute(insert(article_versions).values(**article_row(old)))


def _add_runs(connection: Connection) -> None:
    finished = START + timedelta(minutes=6)
    for run_id, state, message, at in (
        ("run-1", "done", None, START), ("run-2", "failed", "madina: no connection", START + timedelta(days=1)),
    ):  # fmt: skip
        connection.execute(
            insert(runs).values(
                run_id=run_id,
                command="run",
                trigger="schedule",
                state=state,
                started_at=at,
                finished_at=at + timedelta(minutes=6),
                owner="host:1",
                message=message,
            )
        )
    stages: list[tuple[str, str, dict[str, Any]]] = [
        ("crawl", "wire-ar", {"in": 4, "out": 3, "rejected": 1}),
        ("extract", "", {"in": 14, "out": 12, "rejected": 2, "reasons": {"too_short": 2}}),
        ("dedupe", "", {"in": 12, "out": 12}),
        ("health", "madina", {"pages": 4, "alarms": ["rejections"]}),
        ("health", "shaati", {"pages": 3, "alarms": []}),
    ]
    for stage, outlet_id, counts in stages:
        alarm = bool(counts.get("alarms"))
        connection.execute(
            insert(run_stages).values(
                run_id="run-1",
                stage=stage,
                outlet_id=outlet_id,
                state="alarm" if alarm else "done",
                started_at=START,
                finished_at=finished,
                counts=counts,
                message="50% of the pages read are rejected; usual: 4%" if alarm else None,
            )
        )
    for number, (outlet_id, reason, url) in enumerate((
        ("madina", Reason.TOO_SHORT, "https://madina.example/news/45"),
        ("madina", Reason.SOFT_404, "https://madina.example/gone"),
        ("shaati", Reason.TOO_SHORT, "https://shaati.example/short"),
    )):  # fmt: skip
        one = Rejection(outlet_id, url, "extract", reason, f"{number + 3} words", finished, run_id="run-1")
        connection.execute(insert(rejections).values(**rejection_row(one)))
    connection.execute(
        insert(releases).values(
            version="2026-03-02T0806",
            published_at=finished,
            counts={"articles": 12, "stories": 6, "copies": 8},
            evaluation={"precision": 0.97, "recall": 0.91},
            run_id="run-1",
        )
    )
