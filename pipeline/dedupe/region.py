"""What new pairs may change, and what must be known to tell: the part of all articles that an increment looks at.

Pairs of one report chain articles over years where a form returns day after day, and pairs that only share a passage
chain nearly everything. But what an article comes to depends on little: its group on the articles that pairs of the
same report connect it with (its cluster) and on which of them are digests; that on the articles that a digest may hold,
their clusters, and on what else may hold those. So a region is a few steps wide, whatever the archive holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from pipeline.dedupe.digests import may_be_digests
from pipeline.dedupe.grouping import find_digests_among
from pipeline.dedupe.page_kinds import PageKinds
from pipeline.dedupe.verified import Verified

Ids = set[str]
Load = Callable[[Iterable[str]], Sequence[Verified]]


class Related:
    """Verified pairs, loaded as they are asked for."""

    def __init__(self, load: Load, kinds_of: Callable[[Iterable[str]], PageKinds], found: Iterable[Verified]) -> None:
        self._load, self._kinds_of = load, kinds_of
        self._pairs: dict[tuple[str, str], Verified] = {}
        self._of: dict[str, dict[str, Verified]] = defaultdict(dict)
        self._loaded: Ids = set()
        self._take(found)

    def pairs(self, article_ids: Collection[str]) -> list[Verified]:
        """All pairs that hold any of those articles, each once."""
        self._know(article_ids)
        wanted = {(one.left_id, one.right_id): one for a in article_ids for one in self._of[a].values()}
        return list(wanted.values())

    def neighbours(self, article_ids: Collection[str]) -> Ids:
        """The other articles of those pairs."""
        self._know(article_ids)
        return {other for one in article_ids for other in self._of[one]}

    def clusters(self, article_ids: Collection[str]) -> Ids:
        """Those articles and all that pairs of the same report connect with them."""
        seen = set(article_ids)
        frontier = seen
        while frontier:
            self._know(frontier)
            frontier = {o for one in frontier for o, pair in self._of[one].items() if pair.is_same} - seen
            seen |= frontier
        return seen

    def possible_digests(self, article_ids: Collection[str], without: Collection[str] = ()) -> Ids:
        """Which of those articles may be digests, by pairs that hold none of the articles to be left out."""
        pairs = self.pairs(article_ids)
        kept = [one for one in pairs if one.left_id not in without and one.right_id not in without]
        bulletins = self._kinds_of(sorted(article_ids)).bulletins
        return may_be_digests(kept, bulletins).intersection(article_ids)

    def digests(self, article_ids: Collection[str]) -> Ids:
        """Which of those articles are digests, as the pairs of all articles would tell."""
        holders = self.clusters(self.possible_digests(article_ids))
        held = self.clusters(self.neighbours(holders))
        known = held | holders | self.neighbours(held)
        pairs = self.pairs(known)
        return set(find_digests_among(pairs, self._kinds_of(sorted(known)))).intersection(article_ids)

    def _know(self, article_ids: Collection[str]) -> None:
        """Load the pairs of those articles that were not asked for before."""
        missing = set(article_ids) - self._loaded
        if missing:
            self._take(self._load(sorted(missing)))
            self._loaded |= missing

    def _take(self, pairs: Iterable[Verified]) -> None:
        for one in pairs:
            if (one.left_id, one.right_id) not in self._pairs:
                self._pairs[one.left_id, one.right_id] = one
                self._of[one.left_id][one.right_id] = self._of[one.right_id][one.left_id] = one


def find_regrouped(related: Related, fresh: Ids, known_before: Ids) -> tuple[Ids, Ids]:
    """The articles whose groups fresh ones may change, in whole clusters, and those that may become or cease digests.

    known_before: of the fresh articles those that were folded before; what they were part of is not known any more.
    """
    concerned = fresh | related.neighbours(fresh)
    may = related.possible_digests(concerned)
    might = related.possible_digests(concerned - fresh, without=fresh)
    holders = may | might | known_before
    # What a holder holds is grouped to tell digests; so all that may hold any of that is asked again.
    held = related.clusters(related.neighbours(holders) | known_before)
    asked = related.possible_digests(held | related.neighbours(held)) | holders
    return related.clusters(concerned | asked), asked
