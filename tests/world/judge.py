"""How right a fold of a world is: stories, relations, origins, credit statuses, digests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.world.pages import Page, World

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Verdict:
    """Shares 0 to 1, and what was wrong: (what is judged, the page, what was said)."""

    b_cubed: float = 0.0
    merged: float = 0.0  # B-cubed precision
    split: float = 0.0  # B-cubed recall
    relations: float = 0.0
    origins: float = 0.0
    credits: float = 0.0
    digests: float = 0.0
    wrong: list[tuple[str, Page, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"b3={self.b_cubed:.4f} (p={self.merged:.4f} r={self.split:.4f}) relations={self.relations:.4f} "
            f"origins={self.origins:.4f} credits={self.credits:.4f} digests={self.digests:.4f}"
        )


def judge(world: World, articles: Rows, stories: Rows, copies: Rows) -> Verdict:
    """Compare the rows of a release with the world's answers."""
    story_of = {row["article_id"]: row["story_id"] for row in articles}
    pages = {page.page_id: page for page in world.pages}
    links: dict[str, Rows] = defaultdict(list)
    for row in copies:
        links[row["article_id"]].append(row)
    verdict = Verdict()
    _judge_stories(world, story_of, verdict)
    verdict.origins = _judge_origins(world, story_of, {row["story_id"]: row for row in stories}, verdict)
    relations: list[bool] = []
    statuses: list[bool] = []
    digests: list[bool] = []
    for page in world.pages:
        for answer in page.answers:
            rows = [row for row in links[page.page_id] if pages[row["origin_article_id"]].story == answer.story]
            right = [row for row in rows if row["relation"] in answer.relations]
            if not rows and not answer.required:
                continue
            relations.append(bool(right))
            if page.what in ("digest", "round-up"):
                digests.append(bool(right))
            if not right:
                said = ", ".join(row["relation"] + " " + row["reason"] for row in rows) or "no link"
                verdict.wrong.append(("relation", page, f"{answer.story}: {said}"))
            if answer.statuses and rows:
                statuses.append(rows[0]["credit_status"] in answer.statuses)
                if not statuses[-1]:
                    verdict.wrong.append(("credit", page, rows[0]["credit_status"]))
    verdict.relations, verdict.credits, verdict.digests = _share(relations), _share(statuses), _share(digests)
    return verdict


def _judge_stories(world: World, story_of: Mapping[str, str], verdict: Verdict) -> None:
    truth = {page.page_id: page.story for page in world.pages}
    labelled, found = Counter(truth.values()), Counter(story_of[one] for one in truth)
    cells = Counter((truth[one], story_of[one]) for one in truth)
    verdict.merged = sum(n * n / found[story] for (_, story), n in cells.items()) / len(truth)
    verdict.split = sum(n * n / labelled[story] for (story, _), n in cells.items()) / len(truth)
    verdict.b_cubed = 2 * verdict.merged * verdict.split / (verdict.merged + verdict.split)
    main = {story: max(labelled_cells, key=lambda one: cells[story, one]) for story, labelled_cells in _found(cells)}
    owner: dict[str, str] = {}
    for (story, one), _ in sorted(cells.items(), key=lambda item: item[1]):
        owner[one] = story
    for page in world.pages:
        mine = story_of[page.page_id]
        if owner[mine] != page.story:
            verdict.wrong.append(("merged", page, f"into {owner[mine]}"))
        elif mine != main[page.story]:
            verdict.wrong.append(("split", page, "from its story"))


def _found(cells: Counter[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    by_story: dict[str, list[str]] = defaultdict(list)
    for story, one in cells:
        by_story[story].append(one)
    return by_story.items()


def _judge_origins(
    world: World, story_of: Mapping[str, str], stories: Mapping[str, dict[str, Any]], verdict: Verdict
) -> float:
    right: list[bool] = []
    for page in world.pages:
        if page.story not in world.origins:
            continue
        row = stories[story_of[page.page_id]]
        said = (row["origin_article_id"], row["origin_known"], row["agency_id"])
        right.append(said == world.origins[page.story])
        if not right[-1]:
            verdict.wrong.append(("origin", page, f"{said} instead of {world.origins[page.story]}"))
    return _share(right)


def _share(right: list[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


def read_tables(folder: Path) -> tuple[Rows, Rows, Rows]:
    """The rows that fold wrote."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("articles", "stories", "copies")]
    return tables[0], tables[1], tables[2]
