"""The typed records that stages hand to each other, in the order of an article's way.

Outlet -> Discovery -> Capture -> Article | Rejection -> Signature -> Link -> Story -> Release.
Each record carries the id of the one before, so that a row of a release can be walked back to the bytes.
Times are aware datetimes in UTC; None means that nobody stated one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.reasons import Reason


class PageKind(StrEnum):
    """What a URL of an outlet was asked for."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    ARTICLE = "article"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Discovery:
    """A URL seen in a feed, sitemap or section page, with what that said of it."""

    outlet_id: str
    url: str
    found_in: str  # URL of the feed, sitemap or section page
    kind: PageKind  # of what it was found in
    discovered_at: datetime
    headline: str | None = None
    byline: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP answer, kept whole in the WARC archive."""

    capture_id: str  # the WARC-Record-ID without its <urn:uuid:> dress
    outlet_id: str
    kind: PageKind
    url: str  # as asked for
    final_url: str  # after redirects
    status: int
    content_type: str
    fetched_at: datetime
    payload_sha256: str  # hex, of the body as received
    warc_file: str  # relative to the storage root
    warc_offset: int  # bytes
    warc_length: int  # bytes
    truncated: str | None = None  # WARC-Truncated: length | time | disconnect
    etag: str | None = None
    last_modified: str | None = None
    run_id: str | None = None


class CreditKind(StrEnum):
    """What naming an agency amounts to."""

    CREDIT = "credit"
    MENTION = "mention"
    SELF_REFERENCE = "self_reference"
    PHOTO = "photo"
    BOILERPLATE = "boilerplate"
    GENERIC = "generic"


class CreditPosition(StrEnum):
    """Where in the article an agency is named."""

    JSONLD_AUTHOR = "jsonld_author"
    META_AUTHOR = "meta_author"
    BYLINE = "byline"
    DATELINE = "dateline"
    SOURCE_LABEL = "source_label"
    TAIL = "tail"
    CAPTION = "caption"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Credit:
    """One place that names an agency. agency_id is None for a generic credit such as «وكالات»."""

    agency_id: str | None
    kind: CreditKind
    position: CreditPosition
    text: str  # as printed


class DatePrecision(StrEnum):
    """How exactly a date was stated."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date with where it came from (for instance `jsonld`, `meta`, `time_element`, `feed`, `visible`)."""

    at: datetime
    source: str
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class Article:
    """The text and metadata of one page. body is plain text, paragraphs separated by a line break."""

    article_id: str
    outlet_id: str
    url: str
    body: str
    fetched_at: datetime | None
    canonical_url: str | None = None
    capture_id: str | None = None
    version: int = 1
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    authors: tuple[str, ...] = ()  # as JSON-LD and meta name them
    captions: tuple[str, ...] = ()  # of pictures, where a photo credit may stand
    language: str | None = None
    published_at: datetime | None = None
    published_source: str | None = None
    published_precision: DatePrecision | None = None
    modified_at: datetime | None = None
    modified_source: str | None = None
    credits: tuple[Credit, ...] = ()
    agency_id: str | None = None  # the credited agency; on an agency's own site that agency
    own_agency_id: str | None = None  # set when the outlet is an agency's own site
    flags: tuple[str, ...] = ()  # for instance truncated, lede_only
    extractor_version: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A page that is no article (rejected), or one that broke a stage (quarantined). Kept and counted."""

    outlet_id: str
    url: str
    stage: str  # crawl | extract | ingest | dedupe
    reason: Reason
    detail: str
    rejected_at: datetime
    capture_id: str | None = None
    quarantined: bool = False
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """The MinHash of an article's shingles and the fingerprints of its passages; comparable only under the same scheme
    and permutations.
    """

    article_id: str
    scheme: str
    permutations: int
    values: bytes  # little-endian uint32, one per permutation, then the fingerprints


class Relation(StrEnum):
    """How a copy relates to its origin. The last three cross stories and never merge them."""

    EXACT_COPY = "exact_copy"
    NEAR_COPY = "near_copy"
    ABRIDGED_COPY = "abridged_copy"
    EXTENDED_COPY = "extended_copy"
    UPDATE_OF = "update_of"
    PARTIAL_REUSE = "partial_reuse"
    DIGEST_MEMBER = "digest_member"
    FOLLOW_UP = "follow_up"

    @property
    def within_story(self) -> bool:
        """True for the relations that hold inside one story."""
        return self not in (Relation.PARTIAL_REUSE, Relation.DIGEST_MEMBER, Relation.FOLLOW_UP)

    @property
    def is_copy(self) -> bool:
        """True for the copies of a report: an update is the same desk's later version, not somebody else's copy."""
        return self.within_story and self is not Relation.UPDATE_OF


class CreditStatus(StrEnum):
    """Whether a copy credits the origin's agency."""

    CREDITED = "credited"
    CREDITED_GENERIC = "credited_generic"
    CREDITED_OTHER = "credited_other"
    UNCREDITED = "uncredited"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A passage two bodies share: half-open character ranges in the original bodies."""

    copy_start: int
    copy_end: int
    origin_start: int
    origin_end: int


@dataclass(frozen=True, slots=True)
class Link:
    """A verified, directed edge from an article to the one it derives from."""

    story_id: str  # the origin's story
    article_id: str
    origin_article_id: str
    relation: Relation
    jaccard: float
    origin_coverage: float  # share of the origin's words found in the copy
    copy_coverage: float  # share of the copy's words found in the origin
    latency_seconds: int | None  # copy's time minus origin's; negative is kept
    credit_status: CreditStatus
    spans: tuple[Span, ...]
    reason: str  # code and figures, for instance `head+rare j=.41 cc=.93 oc=.44 rare=.88`
    method_version: str


@dataclass(frozen=True, slots=True)
class Story:
    """One report and all its copies."""

    story_id: str
    origin_article_id: str
    origin_known: bool
    origin_reason: str
    agency_id: str | None
    headline: str | None
    language: str | None
    first_published_at: datetime | None
    last_published_at: datetime | None
    member_ids: tuple[str, ...] = field(default=())
    outlet_count: int = 1


@dataclass(frozen=True, slots=True)
class StoryChange:
    """A story that went into another, or lost members to it."""

    story_id: str
    into_story_id: str
    kind: str  # merged | split
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Fold:
    """The outcome of folding: stories with their links, and what became of earlier stories."""

    stories: tuple[Story, ...]
    links: tuple[Link, ...]
    changes: tuple[StoryChange, ...] = ()
