"""The grader can fail: every check passes on what is right and names what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from pipeline.catalog.tables import articles, metadata, rejections
from tests.site.hostile import checks
from tests.site.hostile.case import Case, Check
from tests.site.hostile.checks import either, refused
from tests.site.hostile.evidence import Evidence, Row, Snapshot, as_time, names, read_snapshot, token_f1
from tests.site.hostile.grade import grade, report
from tests.site.hostile.prose import write_text
from tests.site.hostile.server import Visit

TEXT = write_text("graded")
AT = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
URL = "http://127.0.0.1:8000/news/graded"


def article(**changes: Any) -> Row:
    row: Row = {
        "article_id": "a1",
        "outlet_id": "o",
        "url": URL,
        "headline": TEXT.headline,
        "body": TEXT.body,
        "body_sha256": "b1",
        "word_count": 200,
        "version": 1,
        "flags": "[]",
        "published_at": AT.replace(tzinfo=None).isoformat(" "),
    }
    return row | changes


def rejection(reason: str, **changes: Any) -> Row:
    return {"outlet_id": "o", "url": URL, "reason": reason, "detail": ""} | changes


def visit(target: str = "/news/graded", **changes: Any) -> Visit:
    return replace(Visit("o", 1, 10.0, "GET", target), **changes)


def gather(
    first: list[Row] | None = None,
    second: list[Row] | None = None,
    refusals: list[Row] | None = None,
    visits: list[Visit] | None = None,
    versions: list[Row] | None = None,
) -> Evidence:
    one = first or []
    snapshots = {
        run: Snapshot({"articles": rows, "article_versions": versions or [], "rejections": refusals or [], "urls": []})
        for run, rows in ((1, one), (2, one if second is None else second))
    }
    return Evidence(snapshots, visits or [], frozenset({"canary"}))


def judge(check: Check, evidence: Evidence) -> str:
    (result, *_) = grade([Case("graded", "test", "o", (check,), "", URL, "feed", ("graded",))], evidence)
    assert result.passed is (result.why == "")
    return result.why


whole = checks.Stored(TEXT, AT, headline=True)
longer = replace(TEXT, paragraphs=(*TEXT.paragraphs, *write_text("more").paragraphs))

PASSING: list[tuple[Check, Callable[[], Evidence]]] = [
    (whole, lambda: gather([article()])),
    (checks.Stored(TEXT, None), lambda: gather([article(published_at=None)])),
    (refused("truncated"), lambda: gather(refusals=[rejection("truncated")])),
    (refused(), lambda: gather(refusals=[rejection("gone")])),
    (refused("too_large"), lambda: gather(refusals=[rejection("too_large", url="x", detail=f"from {URL}")])),
    (either(whole, refused()), lambda: gather(refusals=[rejection("gone")])),
    (checks.Flagged(frozenset({"truncated"})), lambda: gather([article(flags='["truncated"]')])),
    (checks.NeverAsked(), lambda: gather(visits=[visit("/news/graded-not")])),
    (checks.AskedAtMost(1), lambda: gather(visits=[visit(), visit(phase=2)])),
    (checks.Waited(1.5), lambda: gather(visits=[visit(), visit(at=11.6), visit(phase=2, at=11.7)])),
    (checks.ListenerAskedAtMost("o", 2), lambda: gather(visits=[visit("/a"), visit("/b")])),
    (checks.HeaderNeverSent("cookie"), lambda: gather(visits=[visit(headers={"host": "x"})])),
    (checks.Absent("secret"), lambda: gather([article()])),
    (checks.Answered(304, 2), lambda: gather(visits=[visit(phase=2, status=304)])),
    (
        checks.Versions(2, (TEXT,)),
        lambda: gather([article()], [article(version=2, body=longer.body)], versions=[article()]),
    ),
]
FAILING: list[tuple[Check, Callable[[], Evidence], str]] = [
    (whole, gather, "0 articles"),
    (whole, lambda: gather([article(), article(article_id="a2")]), "2 articles"),
    (whole, lambda: gather([article()], []), "run 2"),
    (whole, lambda: gather([article(body=TEXT.paragraphs[0])]), "token F1"),
    (whole, lambda: gather([article(body=TEXT.body + "\nRead also: " + "x y z " * 6)]), "token F1"),
    (whole, lambda: gather([article(headline="Other")]), "headline"),
    (whole, lambda: gather([article(published_at=None)]), "published_at"),
    (checks.Stored(TEXT, None), lambda: gather([article()]), "published_at"),
    (refused("truncated"), lambda: gather([article()], refusals=[rejection("truncated")]), "stored as an article"),
    (refused("truncated"), lambda: gather(refusals=[rejection("gone")]), "refused for"),
    (refused("truncated"), gather, "without a reason"),
    (refused(), lambda: gather(refusals=[rejection("gone", url=URL + "-2")]), "without a reason"),
    (refused(), lambda: gather(refusals=[rejection("gone", outlet_id="p")]), "without a reason"),
    (either(whole, refused("gone")), lambda: gather(refusals=[rejection("busy")]), "; or "),
    (checks.Flagged(frozenset({"truncated"})), lambda: gather([article()]), "half a page"),
    (checks.NeverAsked(), lambda: gather(visits=[visit()]), "was asked for"),
    (checks.AskedAtMost(1), lambda: gather(visits=[visit(), visit()]), "asked 2 times"),
    (checks.AskedAtLeast(), gather, "asked 0 times"),
    (checks.Waited(1.5), lambda: gather(visits=[visit(), visit(at=11.0)]), "waited 1.00 s"),
    (checks.Waited(1.5), lambda: gather(visits=[visit()]), "never asked twice"),
    (checks.ListenerAskedAtMost("o", 1), lambda: gather(visits=[visit("/a"), visit("/b")]), "got 2 requests"),
    (checks.HeaderNeverSent("cookie"), lambda: gather(visits=[visit(headers={"cookie": "a=b"})]), "with cookie"),
    (checks.Absent("secret"), lambda: gather([article(headline="my secret")]), "articles.headline"),
    (checks.Answered(304, 2), lambda: gather(visits=[visit(status=304)]), "none 304"),
    (checks.Versions(2, (TEXT,)), lambda: gather([article()]), "versions [1]"),
    (checks.Versions(2, (TEXT,)), lambda: gather([article(version=2)]), "earlier version is lost"),
]


@pytest.mark.parametrize(("check", "evidence"), PASSING)
def test_what_is_right_passes(check: Check, evidence: Callable[[], Evidence]) -> None:
    assert judge(check, evidence()) == ""


@pytest.mark.parametrize(("check", "evidence", "why"), FAILING)
def test_what_is_wrong_fails_with_a_reason(check: Check, evidence: Callable[[], Evidence], why: str) -> None:
    assert why in judge(check, evidence())


def whole_crawl(evidence: Evidence) -> set[str]:
    return {result.case_id for result in grade([], evidence) if not result.passed}


def test_an_orderly_crawl_has_no_fault_as_a_whole() -> None:
    assert whole_crawl(gather([article()], visits=[visit()])) == set()


def test_a_canary_that_was_connected_to_fails_the_crawl_and_its_case() -> None:
    evidence = gather([article()], visits=[visit(listener="canary")])
    assert whole_crawl(evidence) == {"canary-quiet"}
    assert "canary was asked" in judge(whole, evidence)


def test_an_article_more_or_less_in_the_second_run_fails() -> None:
    other = article(article_id="a2", body_sha256="b2")
    assert whole_crawl(gather([article()], [article(), other])) == {"second-run-adds-nothing"}
    assert whole_crawl(gather([article(), other], [article()])) == {"nothing-lost"}


def test_the_same_text_twice_fails() -> None:
    assert whole_crawl(gather([article(), article(article_id="a2", url=URL + "?x")])) == {"no-doubles"}


def test_foreign_addresses_and_other_protocols_fail() -> None:
    evidence = replace(gather(visits=[visit("", method="")]), egress=("192.0.2.1:443",))
    assert whole_crawl(evidence) == {"no-egress", "only-http"}


def test_the_report_counts_and_explains() -> None:
    shown = report(grade([Case("graded", "test", "o", (whole,), "", URL, "feed", ("graded",))], gather()))
    assert "6 of 7 cases passed" in shown
    assert "FAILED test/graded: run 1: 0 articles" in shown


def test_a_catalog_is_read_as_it_was_written(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.db"
    engine = create_engine(f"sqlite:///{catalog}")
    metadata.create_all(engine)
    stated = AT.astimezone(UTC)
    with engine.begin() as connection:
        row = article(authors=[], captions=[], credits=[], flags=[], extractor_version="1", published_at=stated)
        connection.execute(insert(articles).values(**row, fetched_at=stated + timedelta(hours=1)))
        refusal = rejection("gone") | {"rejection_id": "r", "stage": "crawl", "rejected_at": stated}
        connection.execute(insert(rejections).values(**refusal))
    engine.dispose()
    snapshot = read_snapshot(catalog)
    (stored,) = snapshot.tables["articles"]
    assert as_time(stored["published_at"]) == AT
    evidence = Evidence({1: snapshot, 2: snapshot}, [], frozenset())
    assert judge(whole, evidence) == ""
    assert evidence.reasons("o", ["graded"]) == {"gone"}


def test_marks_are_whole_words() -> None:
    assert names("cut", "http://h/news/cut?x=1")
    assert names("çeşme", "http://h/%C3%A7e%C5%9Fme")
    assert not names("cut", "http://h/news/cut-gzip")


def test_token_f1_keeps_joiners() -> None:
    assert token_f1("می\u200cروم خانه", "می\u200cروم خانه") == 1.0
    assert token_f1("می\u200cروم", "میروم") == 0.0
