"""A pair of articles with its verdict and what grouping and links need of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)  # a frozen one takes three times as long to make, and there are hundreds of thousands
class Verified:
    """What is stored of a pair: the verdict and what grouping needs. left_id < right_id."""

    left_id: str
    right_id: str
    score: float
    jaccard: float
    headlines: float  # what each headline says that the other article says too, the mean of both
    slots: float
    numbers: float
    hours: float | None  # the right one's time minus the left one's
    left_cover: float
    right_cover: float
    left_lead: float
    right_lead: float
    left_mask: int
    right_mask: int
    matched: int

    @property
    def is_same(self) -> bool:
        """Whether both are the same report."""
        return self.score >= 0

    def to_json(self) -> dict[str, Any]:
        """For the catalog; masks as text, as JSON numbers are not so long everywhere."""
        stored = {name: getattr(self, name) for name in self.__slots__}  # asdict copies deeply
        return stored | {"left_mask": f"{self.left_mask:x}", "right_mask": f"{self.right_mask:x}"}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Verified:
        """What to_json gave."""
        masks = {name: int(stored[name], 16) for name in ("left_mask", "right_mask")}
        return cls(**(stored | masks))
