"""What a crawl is asked to do and what came of it: the two ends of the pipe between parent and child process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.outlets import Outlet
from pipeline.settings import Settings

CrawlState = Literal["done", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl of one outlet."""

    outlet: Outlet
    settings: Settings
    data_dir: Path
    catalog_url: str
    run_id: str
    max_pages: int

    def to_json(self) -> str:
        """One line."""
        return json.dumps(
            {
                "outlet": self.outlet.model_dump(mode="json"),
                "settings": self.settings.model_dump(mode="json"),
                "data_dir": str(self.data_dir),
                "catalog_url": self.catalog_url,
                "run_id": self.run_id,
                "max_pages": self.max_pages,
            }
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> CrawlJob:
        """Read what to_json wrote."""
        content = json.loads(text)
        return cls(
            outlet=Outlet.model_validate(content["outlet"]),
            settings=Settings.model_validate(content["settings"]),
            data_dir=Path(content["data_dir"]),
            catalog_url=content["catalog_url"],
            run_id=content["run_id"],
            max_pages=content["max_pages"],
        )


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one crawl came to. found: articles not known before; fetched: article pages archived; bytes: received."""

    outlet_id: str
    state: CrawlState
    found: int = 0
    fetched: int = 0
    not_modified: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)  # by reason
    bytes: int = 0
    seconds: float = 0.0
    requests: int = 0
    waiting: int = 0  # articles left for the next run
    message: str = ""

    def to_event(self) -> dict[str, Any]:
        """As the child's last event."""
        return {"event": "report", **asdict(self)}

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> CrawlReport:
        """Read what to_event wrote."""
        return cls(**{key: value for key, value in event.items() if key != "event"})
