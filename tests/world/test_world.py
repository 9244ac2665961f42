"""How right a fold is on worlds it has never seen, through an articles file: floors, below which nothing may fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.__main__ import fold_world
from tests.world.judge import judge
from tests.world.make import make_world


@pytest.mark.parametrize("seed", [1, 2])
def test_stories_relations_origins_credits_and_digests(seed: int, tmp_path: Path) -> None:
    verdict = fold_world(seed, 512, tmp_path)
    told = f"{verdict}\n" + "\n".join(
        f"{what} {page.page_id} {page.what}: {said}" for what, page, said in verdict.wrong
    )
    assert verdict.b_cubed >= 0.99, told
    assert verdict.relations >= 0.98, told
    assert verdict.origins >= 0.98, told
    assert verdict.credits >= 0.99, told
    assert verdict.digests == 1.0, told


def test_a_world_is_the_same_for_one_seed_and_holds_every_kind_of_page() -> None:
    first, again = make_world(7, 300), make_world(7, 300)
    assert [page.row() for page in first.pages] == [page.row() for page in again.pages]
    kinds = {page.what.split("+")[0].split(" of ")[0] for page in first.pages}
    assert {"agency", "update", "follow-up", "digest", "round-up", "reuse", "column", "cable", "brief", "lede"} <= kinds


def test_a_fold_that_puts_all_into_one_story_is_judged_wrong() -> None:
    world = make_world(7, 120)
    articles = [{"article_id": page.page_id, "story_id": "s"} for page in world.pages]
    stories = [
        {"story_id": "s", "origin_article_id": world.pages[0].page_id, "origin_known": True, "agency_id": "anadolu"}
    ]
    verdict = judge(world, articles, stories, [])
    assert verdict.b_cubed < 0.2
    assert verdict.split == 1.0
    assert verdict.relations == verdict.digests == 0.0
