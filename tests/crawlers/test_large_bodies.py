from __future__ import annotations

from crawlers.large_bodies import MOST_AT_ONCE, LargeBodies
from tests.crawlers.conftest import Bench
from tests.crawlers.server import Server, ok, page


class Body:
    def __init__(self) -> None:
        self.told: list[str] = []

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")


def test_places_are_given_in_the_order_of_coming() -> None:
    large, bodies = LargeBodies(2), [Body() for _ in range(5)]
    for body in bodies:
        large.enter(body)
        large.enter(body)  # every further piece of it says so again
    assert [body.told for body in bodies] == [[], [], ["pause"], ["pause"], ["pause"]]
    large.leave(bodies[3])  # cut while it waited
    large.leave(bodies[0])
    assert bodies[2].told == ["pause", "resume"]
    large.leave(bodies[1])
    assert bodies[4].told == ["pause", "resume"]
    large.leave(Body())  # a small one


def test_large_pages_side_by_side_come_whole(bench: Bench, site: Server) -> None:
    paths = [f"/news/large-page-{number}" for number in range(3 * MOST_AT_ONCE)]
    content = {path: page(path) + b"<!-- " + b"filler " * 350_000 + b"-->" for path in paths}
    site.routes |= {path: ok(body) for path, body in content.items()}
    site.feed(*paths)
    bench.manners["concurrency"] = len(paths)
    bench.limits["page_seconds"] = 20.0
    report = bench.crawl()
    assert (report.state, report.fetched, report.rejected) == ("done", len(paths), {})
    assert bench.pending() == content
