"""The URL ledger: what a crawl found, what it has fetched, and what is due next. One row per URL of an outlet.

States: found (not fetched yet), fetched, rejected (not to be fetched), failed (tried again later), gone (404, 410).
A URL is due when it was found and not fetched, or when its next_fetch_at has come.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, and_, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.catalog.rows import storable_row
from pipeline.catalog.tables import urls
from pipeline.reasons import Reason
from pipeline.records import Discovery, PageKind
from pipeline.urls import url_key

Row = TypeVar("Row")

# SQLite binds at most 32,766 values in a statement; a row here has up to 20.
ROWS_AT_ONCE = 500

FIRST_STATED = ("found_in", "headline", "byline", "published_at")  # of an announced article: the first to say it counts
ANNOUNCED = tuple(one.name for one in fields(Discovery))
FRESH = timedelta(days=1)
TURNS_BETWEEN_RECHECKS = 3  # corrections are rare, and most outlets announce less than a crawl may fetch


class UrlState(StrEnum):
    """What became of a URL so far."""

    FOUND = "found"
    FETCHED = "fetched"
    REJECTED = "rejected"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger knows of a URL."""

    url_key: str
    url: str
    kind: PageKind
    state: UrlState
    discovered_at: datetime
    published_at: datetime | None = None
    fetched_at: datetime | None = None
    next_fetch_at: datetime | None = None
    attempts: int = 0  # failures in a row
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking for a URL once. A part that is None leaves the ledger as it is, unless state is fetched."""

    outlet_id: str
    url: str
    kind: PageKind
    state: UrlState
    at: datetime
    next_fetch_at: datetime | None = None
    status: int | None = None
    reason: Reason | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_sha256: str | None = None
    not_modified: bool = False  # a 304, or the same bytes again: validators and digest stay


def ledger_key(kind: PageKind, url: str) -> str:
    """The key of a URL in the ledger: articles by their url_key, feeds, sitemaps and sections by the address itself."""
    return url_key(url) if kind is PageKind.ARTICLE else f"{kind.value}:{url}"[:2_090]


def record_discoveries(connection: Connection, discoveries: Sequence[Discovery]) -> int:
    """Note articles that were announced; returns how many are new.

    A known article becomes due where the announcement says it was modified after it was fetched.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in discoveries:
        row = _discovery_row(one)
        first = rows.setdefault((one.outlet_id, row["url_key"]), row)
        # As the database merges what comes later, so does a batch.
        first.update({name: first[name] or row[name] for name in FIRST_STATED})
        first["modified_at"] = row["modified_at"] or first["modified_at"]
    new = 0
    for batch in _batches(list(rows.values())):
        known = _known_keys(connection, batch)
        new += sum((row["outlet_id"], row["url_key"]) not in known for row in batch)
        _upsert_discoveries(connection, batch)
    return new


def record_visits(connection: Connection, visits: Sequence[Visit]) -> None:
    """Note what came of asking for URLs; the last of several visits to one URL counts."""
    latest = {(one.outlet_id, ledger_key(one.kind, one.url)): one for one in visits}
    answered = [_visit_row(one) for one in latest.values() if one.state is UrlState.FETCHED and not one.not_modified]
    others = [_visit_row(one) for one in latest.values() if one.state is not UrlState.FETCHED or one.not_modified]
    for batch in _batches(answered):
        _upsert_visits(connection, batch, replace_validators=True)
    for batch in _batches(others):
        _upsert_visits(connection, batch, replace_validators=False)


def due_articles(connection: Connection, outlet_id: str, now: datetime, limit: int) -> list[LedgerEntry]:
    """Articles to fetch, the sources in turn: a feed of 100,000 entries must not hide what the others announce.

    Of a source the newest first; those without a date come after today's and before older ones. What is due again
    counts as a source of its own with fewer turns, so that neither hides the other.
    """
    never = urls.c.state == UrlState.FOUND.value
    freshness = case((urls.c.published_at >= now - FRESH, 0), (urls.c.published_at.is_(None), 1), else_=2)
    newest = func.coalesce(urls.c.published_at, urls.c.discovered_at).desc()
    order = (freshness, newest, urls.c.discovered_at.desc(), urls.c.url_key)
    place = func.row_number().over(
        partition_by=case((never, func.coalesce(urls.c.found_in, "")), else_=""), order_by=order
    )
    turn = place * case((never, 1), else_=TURNS_BETWEEN_RECHECKS)
    query = (
        select(urls)
        .where(urls.c.outlet_id == outlet_id, urls.c.kind == PageKind.ARTICLE.value, _is_due(now))
        .order_by(turn, case((never, 0), else_=1), *order)
        .limit(limit)
    )
    return [_entry(row) for row in connection.execute(query).mappings()]


def count_due(connection: Connection, outlet_id: str, now: datetime) -> int:
    """How many articles are due."""
    query = select(func.count()).where(
        urls.c.outlet_id == outlet_id, urls.c.kind == PageKind.ARTICLE.value, _is_due(now)
    )
    return connection.execute(query).scalar_one()


def entries_of(
    connection: Connection, outlet_id: str, kind: PageKind, addresses: Collection[str]
) -> dict[str, LedgerEntry]:
    """What the ledger knows of these URLs, by URL."""
    keys = {ledger_key(kind, address): address for address in addresses}
    found: dict[str, LedgerEntry] = {}
    for batch in _batches(list(keys)):
        query = select(urls).where(urls.c.outlet_id == outlet_id, urls.c.url_key.in_(batch))
        for row in connection.execute(query).mappings():
            found[keys[row["url_key"]]] = _entry(row)
    return found


def discovery_of(connection: Connection, outlet_id: str, url: str) -> Discovery | None:
    """What was announced of an article, or None where nothing was."""
    return discoveries_of(connection, outlet_id, [url]).get(url)


def discoveries_of(connection: Connection, outlet_id: str, addresses: Collection[str]) -> dict[str, Discovery]:
    """What was announced of these articles, by URL, without those of which nothing was."""
    keys = {address: url_key(address) for address in addresses}
    found: dict[str, Discovery] = {}
    for batch in _batches(sorted(set(keys.values()))):
        query = select(urls).where(urls.c.outlet_id == outlet_id, urls.c.url_key.in_(batch))
        for row in connection.execute(query).mappings():
            told = {name: row[name] for name in ANNOUNCED}
            found[row["url_key"]] = Discovery(
                **told | {"kind": PageKind(row["kind"]), "found_in": row["found_in"] or ""}
            )
    return {address: found[key] for address, key in keys.items() if key in found}


def count_states(connection: Connection, outlet_id: str) -> dict[str, int]:
    """How many articles of an outlet are in each state."""
    query = (
        select(urls.c.state, func.count())
        .where(urls.c.outlet_id == outlet_id, urls.c.kind == PageKind.ARTICLE.value)
        .group_by(urls.c.state)
    )
    return {row.state: row[1] for row in connection.execute(query)}


def _is_due(now: datetime) -> Any:
    return or_(
        urls.c.state == UrlState.FOUND.value, and_(urls.c.next_fetch_at.is_not(None), urls.c.next_fetch_at <= now)
    )


def _discovery_row(one: Discovery) -> dict[str, Any]:
    row = {
        "outlet_id": one.outlet_id,
        "url_key": url_key(one.url),
        "url": one.url,
        "kind": PageKind.ARTICLE.value,
        "state": UrlState.FOUND.value,
        "found_in": one.found_in,
        "headline": one.headline,
        "byline": one.byline,
        "published_at": one.published_at,
        "modified_at": one.modified_at,
        "discovered_at": one.discovered_at,
        "attempts": 0,
    }
    return storable_row(row)


def _known_keys(connection: Connection, batch: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    query = select(urls.c.outlet_id, urls.c.url_key).where(
        urls.c.outlet_id.in_({row["outlet_id"] for row in batch}), urls.c.url_key.in_([row["url_key"] for row in batch])
    )
    return {(outlet_id, key) for outlet_id, key in connection.execute(query)}


def _upsert_discoveries(connection: Connection, batch: Sequence[dict[str, Any]]) -> None:
    statement = _insert(connection, urls).values(list(batch))
    new = statement.excluded
    modified_since = and_(
        new.modified_at > urls.c.fetched_at,
        or_(urls.c.modified_at.is_(None), new.modified_at > urls.c.modified_at),
        urls.c.state.in_((UrlState.FETCHED.value, UrlState.GONE.value)),
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["outlet_id", "url_key"],
            set_={
                **{name: func.coalesce(urls.c[name], new[name]) for name in FIRST_STATED},
                "modified_at": func.coalesce(new.modified_at, urls.c.modified_at),
                "next_fetch_at": case((modified_since, new.discovered_at), else_=urls.c.next_fetch_at),
            },
        )
    )


def _visit_row(one: Visit) -> dict[str, Any]:
    row = {
        "outlet_id": one.outlet_id,
        "url_key": ledger_key(one.kind, one.url),
        "url": one.url,
        "kind": one.kind.value,
        "state": one.state.value,
        "discovered_at": one.at,
        "fetched_at": one.at if one.state in (UrlState.FETCHED, UrlState.GONE) else None,
        "changed_at": one.at if one.state is UrlState.FETCHED and not one.not_modified else None,
        "next_fetch_at": one.next_fetch_at,
        "attempts": int(one.state is UrlState.FAILED),
        "status": one.status,
        "reason": one.reason.value if one.reason else None,
        "etag": one.etag,
        "last_modified": one.last_modified,
        "payload_sha256": one.payload_sha256,
    }
    return storable_row(row)


def _upsert_visits(connection: Connection, batch: Sequence[dict[str, Any]], *, replace_validators: bool) -> None:
    statement = _insert(connection, urls).values(list(batch))
    new = statement.excluded
    changed = {name: new[name] for name in ("state", "next_fetch_at", "reason")}
    for name in ("status", "fetched_at", "changed_at"):
        changed[name] = func.coalesce(new[name], urls.c[name])
    for name in ("etag", "last_modified", "payload_sha256"):
        changed[name] = new[name] if replace_validators else func.coalesce(new[name], urls.c[name])
    changed["attempts"] = case((new.state == UrlState.FAILED.value, urls.c.attempts + 1), else_=0)
    connection.execute(statement.on_conflict_do_update(index_elements=["outlet_id", "url_key"], set_=changed))


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _entry(row: Any) -> LedgerEntry:
    is_gone = row["state"] == UrlState.GONE  # a page that comes back as it was must be told from one that never left
    return LedgerEntry(
        url_key=row["url_key"],
        url=row["url"],
        kind=PageKind(row["kind"]),
        state=UrlState(row["state"]),
        discovered_at=row["discovered_at"],
        published_at=row["published_at"],
        fetched_at=row["fetched_at"],
        next_fetch_at=row["next_fetch_at"],
        attempts=row["attempts"],
        reason=row["reason"],
        etag=None if is_gone else row["etag"],
        last_modified=None if is_gone else row["last_modified"],
        payload_sha256=None if is_gone else row["payload_sha256"],
    )


def _batches(rows: list[Row]) -> list[list[Row]]:
    return [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
