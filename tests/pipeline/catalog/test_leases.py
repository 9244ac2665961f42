"""Leases on both databases: of many only one gets it, it ends, and a server's clock counts where there is a server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from pipeline.catalog.engine import Engine, open_catalog, reading, writing
from pipeline.catalog.leases import drop_lease, held_by, renew_lease, take_lease
from pipeline.catalog.tables import leases
from pipeline.errors import LeaseHeld

NOW = datetime.now(UTC)
NAME = "crawl:bulletin"


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Engine]:
    engine = open_catalog(catalog_url)
    yield engine
    engine.dispose()


def let_it_end(catalog: Engine) -> None:
    with writing(catalog) as connection:
        connection.execute(update(leases).values(expires_at=NOW - timedelta(seconds=1)))


def test_a_lease_keeps_two_apart_and_ends(catalog: Engine) -> None:
    take_lease(catalog, NAME, "one", NOW, 60)
    take_lease(catalog, NAME, "one", NOW, 60)
    with pytest.raises(LeaseHeld, match="already running"):
        take_lease(catalog, NAME, "two", NOW, 60)
    assert renew_lease(catalog, NAME, "one", NOW, 60)
    let_it_end(catalog)
    take_lease(catalog, NAME, "two", NOW, 60)
    assert not renew_lease(catalog, NAME, "one", NOW, 60)
    drop_lease(catalog, NAME, "one")  # not its own any more: stays
    with pytest.raises(LeaseHeld):
        take_lease(catalog, NAME, "three", NOW, 60)
    drop_lease(catalog, NAME, "two")
    with reading(catalog) as connection:
        assert held_by(connection, NAME) == []


def test_the_lease_of_a_dead_owner_is_inherited(catalog: Engine) -> None:
    take_lease(catalog, NAME, "dead", NOW, 60)
    with pytest.raises(LeaseHeld):
        take_lease(catalog, NAME, "heir", NOW, 60, heir_of="somebody else")
    take_lease(catalog, NAME, "heir", NOW, 60, heir_of="dead")
    with reading(catalog) as connection:
        assert held_by(connection, NAME) == ["heir"]


def test_of_many_at_once_one_gets_it(catalog: Engine) -> None:
    def wins(number: int) -> bool:
        try:
            take_lease(catalog, NAME, f"worker {number}", NOW, 60)
        except LeaseHeld:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(wins, range(24))) == 1


@pytest.mark.server
def test_a_worker_whose_clock_is_wrong_takes_nothing_over(postgresql: object, request: pytest.FixtureRequest) -> None:
    engine = open_catalog(request.getfixturevalue("postgresql").new_database())
    take_lease(engine, NAME, "one", NOW - timedelta(days=1), 60)  # its clock is slow: the lease is no shorter
    with pytest.raises(LeaseHeld):
        take_lease(engine, NAME, "two", NOW + timedelta(days=1), 60)  # its clock is fast
    engine.dispose()
