"""The text of an article as readers see it: paragraphs in order, one line each."""

from __future__ import annotations

import logging
from copy import deepcopy

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from pipeline.extract.tree import Page
from pipeline.extract.wording import SPACES

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each short page as an error
SHORTER = 0.6  # precision mode lost text where it kept less than this share


def extract_body(page: Page) -> list[str]:
    """The paragraphs of the page's article; none where no extractor finds any."""
    tree = page.tree
    strict = _run(tree, precise=True)
    loose = _run(tree, precise=False)
    chosen = strict if len("".join(strict)) >= SHORTER * len("".join(loose)) else loose
    return [line for line in chosen]


def _run(tree: HtmlElement, precise: bool) -> list[str]:
    found = bare_extraction(
        deepcopy(tree), include_comments=False, favor_precision=precise, include_formatting=False, with_metadata=False
    )
    text = found.text if found is not None else None
    return paragraphs(text or "")


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold something, each with single spaces."""
    lines = (SPACES.sub(" ", line).strip() for line in text.splitlines())
    return [line for line in lines if line]
