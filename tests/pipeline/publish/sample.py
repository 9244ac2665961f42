"""A small release about invented events, with every relation and credit status, for the tests of this package."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.publish.release import Content
from pipeline.publish.rows import ReleaseArticle
from pipeline.records import (
    Article,
    Credit,
    CreditKind,
    CreditPosition,
    CreditStatus,
    Link,
    Relation,
    Span,
    Story,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BRIDGE = (
    "أعلنت بلدية مرسى الورد، الأحد، افتتاح جسر جديد للمشاة فوق نهر الزيتون.\nوقال رئيس البلدية إن الجسر كلف 4 ملايين."
)
FERRY = "The port of Lunara reopened its ferry line on Sunday.\nThe first boat carried 212 people, its office said."
SNOW = "Karayel ilçesinde kar nedeniyle okullar pazartesi tatil edildi.\n14 köy yolunun kapalı olduğu bildirildi."
CREDIT = Credit("anadolu", CreditKind.CREDIT, CreditPosition.BYLINE, "الأناضول")
GENERIC = Credit(None, CreditKind.GENERIC, CreditPosition.BYLINE, "وكالات")
OTHER = Credit("afp", CreditKind.CREDIT, CreditPosition.TAIL, "(أ ف ب)")


def article(name: str, body: str, minutes: int, story: str, **more: object) -> ReleaseArticle:
    """An article of the outlet that the name begins with, published `minutes` after noon."""
    at = NOON + timedelta(minutes=minutes)
    outlet = name.split("-")[0]
    given: dict[str, object] = {
        "headline": f"عنوان {name}",
        "byline": "الأناضول",
        "language": "ar",
        "published_at": at,
        "canonical_url": f"https://{outlet}.example/{name}",
        "agency_id": "anadolu",
        "credits": (CREDIT,),
    }
    fields = {**given, **more}
    made = Article(name, outlet, f"https://{outlet}.example/{name}?a=1", body, at + timedelta(minutes=3), **fields)  # type: ignore[arg-type]
    return ReleaseArticle(made, story)


ARTICLES = (
    article("wire-1", BRIDGE, 0, "s-bridge", dateline="مرسى الورد/الأناضول", own_agency_id="anadolu"),
    article("alpha-1", BRIDGE, 4, "s-bridge"),
    article("beta-1", BRIDGE.split("\n")[0], 45, "s-bridge", credits=(), agency_id=None, byline="=HYPERLINK(1)"),
    article("gamma-1", "من مراسلنا.\n" + BRIDGE, 300, "s-bridge", credits=(GENERIC,), agency_id=None),
    article("delta-1", BRIDGE.replace("الأحد", "اليوم"), 12, "s-bridge", credits=(OTHER,), agency_id="afp"),
    article("wire-2", BRIDGE + "\nوأضاف أن العمل استغرق عاما.", 90, "s-bridge", version=2),
    article("wire-3", FERRY, -60, "s-ferry", language="en", headline="Ferry line of Lunara reopens <b>today</b>"),
    article("beta-2", FERRY, 15, "s-ferry", language="en", published_at=None, byline=None),
    article("gamma-2", BRIDGE + "\n" + FERRY, 600, "s-digest", credits=(), agency_id=None),
    article("alpha-2", SNOW, 20, "s-snow", language="tr", headline="Karayel'de okullar tatil"),
    article("delta-2", "وعاد الجدل حول كلفة الجسر بعد يوم من افتتاحه.", 1500, "s-debate", agency_id=None, credits=()),
)


def link(copy: str, origin: str, relation: Relation, status: CreditStatus, spans: tuple[Span, ...]) -> Link:
    """A link whose figures follow from its spans."""
    by_id = {one.article.article_id: one for one in ARTICLES}
    left, right = by_id[copy], by_id[origin]
    shared_copy = sum(span.copy_end - span.copy_start for span in spans) / len(left.article.body)
    shared_origin = sum(span.origin_end - span.origin_start for span in spans) / len(right.article.body)
    latency = None
    if left.article.published_at and right.article.published_at:
        latency = int((left.article.published_at - right.article.published_at).total_seconds())
    jaccard = min(shared_copy, shared_origin)
    return Link(
        story_id=right.story_id,
        article_id=copy,
        origin_article_id=origin,
        relation=relation,
        jaccard=jaccard,
        origin_coverage=shared_origin,
        copy_coverage=shared_copy,
        latency_seconds=latency,
        credit_status=status,
        spans=spans,
        reason=f"test j={jaccard:.2f}",
        method_version="test-1",
    )


WHOLE = Span(0, len(BRIDGE), 0, len(BRIDGE))
LEDE = len(BRIDGE.split("\n")[0])
INTRO = len("من مراسلنا.\n")
LINKS = (
    link("alpha-1", "wire-1", Relation.EXACT_COPY, CreditStatus.CREDITED, (WHOLE,)),
    link("beta-1", "wire-1", Relation.ABRIDGED_COPY, CreditStatus.UNCREDITED, (Span(0, LEDE, 0, LEDE),)),
    link(
        "gamma-1",
        "wire-1",
        Relation.EXTENDED_COPY,
        CreditStatus.CREDITED_GENERIC,
        (Span(INTRO, INTRO + len(BRIDGE), 0, len(BRIDGE)),),
    ),
    link("delta-1", "wire-1", Relation.NEAR_COPY, CreditStatus.CREDITED_OTHER, (Span(30, 60, 30, 60),)),
    link("wire-2", "wire-1", Relation.UPDATE_OF, CreditStatus.CREDITED, (WHOLE,)),
    link("beta-2", "wire-3", Relation.EXACT_COPY, CreditStatus.UNKNOWN, (Span(0, len(FERRY), 0, len(FERRY)),)),
    link("gamma-2", "wire-1", Relation.DIGEST_MEMBER, CreditStatus.UNCREDITED, (WHOLE,)),
    link(
        "gamma-2",
        "wire-3",
        Relation.DIGEST_MEMBER,
        CreditStatus.UNCREDITED,
        (Span(len(BRIDGE) + 1, len(BRIDGE) + 1 + len(FERRY), 0, len(FERRY)),),
    ),
    link("delta-2", "wire-1", Relation.FOLLOW_UP, CreditStatus.UNCREDITED, ()),
)


def story(story_id: str, origin: str, agency_id: str | None, *, known: bool) -> Story:
    """A story of the sample articles that name it."""
    members = [one.article for one in ARTICLES if one.story_id == story_id]
    times = sorted(one.published_at for one in members if one.published_at)
    head = next(one for one in members if one.article_id == origin)
    return Story(
        story_id=story_id,
        origin_article_id=origin,
        origin_known=known,
        origin_reason="the agency's own page",
        agency_id=agency_id,
        headline=head.headline,
        language=head.language,
        first_published_at=times[0] if times else None,
        last_published_at=times[-1] if times else None,
        member_ids=tuple(one.article_id for one in members),
        outlet_count=len({one.outlet_id for one in members}),
    )


STORIES = (
    story("s-bridge", "wire-1", "anadolu", known=True),
    story("s-ferry", "wire-3", "anadolu", known=True),
    story("s-digest", "gamma-2", None, known=False),
    story("s-snow", "alpha-2", "anadolu", known=False),
    story("s-debate", "delta-2", None, known=False),
)
TEXTS = [(one.article.article_id, one.article.body) for one in ARTICLES]


def content(
    articles: tuple[ReleaseArticle, ...] = ARTICLES,
    stories: tuple[Story, ...] = STORIES,
    links: tuple[Link, ...] = LINKS,
) -> Content:
    """The sample as publish_release takes it."""
    return Content(
        iter(articles),
        iter(stories),
        iter(links),
        settings={"permutations": 256, "window_days": 3.0},
        counts={"rejected": 2},
        evaluation={"pair_f1": 0.9},
    )
