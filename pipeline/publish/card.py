"""README.md of a release: a dataset card whose front matter lets Hugging Face `datasets` load the folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.publish.schema import TABLES, TableShape

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MAX_LANGUAGES = 20
CARD_BEGINS = "---\npretty_name: wirecopy\n"  # by which a card is known
WITHOUT_TEXT = "This release carries no article texts: hashes, offsets, scores, headlines and credits only.\n"


def write_card(
    *,
    version: str,
    published_at: datetime,
    with_text: bool,
    counts: Mapping[str, Any],
    settings: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
) -> str:
    """The card as Markdown."""
    parts = [
        _front_matter(counts),
        f"# wirecopy release {version}\n",
        f"Published {published_at:%Y-%m-%d %H:%M} UTC. News articles folded into stories: which outlet ran "
        "which report, when, how much of it, and whether it credited the agency.\n",
        "" if with_text else WITHOUT_TEXT,
        _counts(counts),
        "## How to read it\n",
        '```python\nimport pandas as pd\n\narticles = pd.read_parquet("articles.parquet")\n```\n',
        "`manifest.json` names rows and SHA-256 of every file.\n",
        *(_table(table) for table in TABLES),
        _pairs("How it was made", settings),
        _pairs("Evaluation on labelled pairs", evaluation) if evaluation is not None else "",
        "## Limits\n",
        "A copy without a credit is `uncredited`: a subscriber may owe no credit. Where `origin_known` is false, the "
        "agency's own page was not crawled and the origin is the best candidate among the copies. The texts belong to "
        "their publishers.\n",
    ]
    return "\n".join(part for part in parts if part)


def _front_matter(counts: Mapping[str, Any]) -> str:
    tags = {tag.split("-")[0].lower() for tag in counts.get("articles_by_language", {}) if tag}
    languages = sorted(tag for tag in tags if tag.isascii() and tag.isalpha() and len(tag) in (2, 3))[:MAX_LANGUAGES]
    size = next((name for bound, name in SIZES if counts.get("articles", 0) < bound), "n>1M")
    lines = [*CARD_BEGINS.splitlines(), "license: other"]
    if languages:
        # quoted, because `no` is a boolean in YAML
        lines += ["language:", *(f'- "{language}"' for language in languages)]
    lines += ["tags:", "- news", "- text-reuse", "- deduplication", "size_categories:", f"- {size}", "configs:"]
    for table in TABLES:
        lines += [f"- config_name: {table.name}", f"  data_files: {table.file_name}"]
        lines += ["  default: true"] if table is TABLES[0] else []
    return "\n".join([*lines, "---", ""])


def _counts(counts: Mapping[str, Any]) -> str:
    lines = ["## What it holds\n", "| what | count |", "|---|---|"]
    for name, value in counts.items():
        if isinstance(value, Mapping):
            lines += [f"| {_cell(name)}: {_cell(key) or '(none)'} | {_cell(number)} |" for key, number in value.items()]
        else:
            lines.append(f"| {_cell(name)} | {_cell(value)} |")
    return "\n".join([*lines, ""])


def _table(table: TableShape) -> str:
    lines = [f"## {table.file_name}\n", f"A row is {table.row}.\n", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in table.columns]
    return "\n".join([*lines, ""])


def _pairs(title: str, values: Mapping[str, Any]) -> str:
    if not values:
        return ""
    lines = [f"## {title}\n", "| key | value |", "|---|---|"]
    lines += [f"| {_cell(key)} | {_cell(value)} |" for key, value in values.items()]
    return "\n".join([*lines, ""])


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")[:500]
