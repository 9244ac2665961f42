"""From the bytes of a page to an Article or a Rejection: `extract_page`, and `ExtractionPool` around it."""

from __future__ import annotations

from pipeline.extract.page import EXTRACTOR_VERSION, extract_page
from pipeline.extract.pool import ExtractionPool
from pipeline.extract.task import PageTask

__all__ = ["EXTRACTOR_VERSION", "ExtractionPool", "PageTask", "extract_page"]
