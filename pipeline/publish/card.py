"""README.md of a release: a dataset card whose front matter lets Hugging Face `datasets` load the folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.publish.meanings import CREDIT_STATUSES, RELATIONS
from pipeline.publish.schema import TABLES, TableShape
from pipeline.publish.tables import WrittenTable
from pipeline.records import Relation

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MAX_LANGUAGES = 20
CARD_BEGINS = "---\npretty_name: wirecopy\n"  # by which a card is known
MAX_OUTLETS = 30
HOW_TO_READ = """```python
import pandas as pd

articles = pd.read_parquet("articles.parquet")
```

```sql
-- DuckDB: who ran the report that most outlets ran, when, how much of it, and with which credit
select a.outlet_id, a.published_at, c.relation, c.origin_coverage, c.credit_status, a.url
from 'copies.parquet' c join 'articles.parquet' a using (article_id)
where a.story_id = c.story_id
  and c.story_id = (select story_id from 'stories.parquet' order by outlet_count desc, story_id limit 1)
order by a.published_at
```
"""
WITHOUT_TEXT = "This release carries no article texts: hashes, offsets, scores, headlines and credits only.\n"


def write_card(
    *,
    version: str,
    published_at: datetime,
    with_text: bool,
    counts: Mapping[str, Any],
    settings: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
    articles: WrittenTable,
) -> str:
    """The card as Markdown."""
    parts = [
        _front_matter(counts),
        f"# wirecopy release {version}\n",
        f"Published {published_at:%Y-%m-%d %H:%M} UTC. News articles folded into stories: which outlet ran "
        "which report, when, how much of it, and whether it credited the agency.\n",
        "" if with_text else WITHOUT_TEXT,
        "## What it holds\n",
        _span(counts, articles),
        _counts(counts),
        _outlets(articles),
        "## How to read it\n",
        HOW_TO_READ,
        "`manifest.json` names rows and SHA-256 of every file.\n",
        *(_table(table) for table in TABLES),
        _values("relation", "the article", RELATIONS),
        "The last three join two stories and merge none: the article is in a story of its own.\n",
        _values("credit_status", "the copy", CREDIT_STATUSES),
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
    lines = ["| what | count |", "|---|---|"]
    for name, value in counts.items():
        if isinstance(value, Mapping):
            lines += [f"| {_cell(name)}: {_cell(key) or '(none)'} | {_cell(number)} |" for key, number in value.items()]
        else:
            lines.append(f"| {_cell(name)} | {_cell(value)} |")
    return "\n".join([*lines, ""])


def _span(counts: Mapping[str, Any], articles: WrittenTable) -> str:
    dated = ""
    if articles.first_at and articles.last_at:
        dated = f", published {articles.first_at:%Y-%m-%d} to {articles.last_at:%Y-%m-%d},"
    by_relation = counts.get("copies_by_relation", {})
    copies = sum(by_relation.get(one, 0) for one in Relation if one.is_copy)
    return (
        f"{_many(articles.rows, 'article')} of {_many(len(articles.outlets), 'outlet')}{dated} in "
        f"{_many(counts['stories'], 'story', 'stories')}, and {_many(counts['copies'], 'link')} between them: "
        f"{_many(copies, 'copy', 'copies')} of reports, the other links later versions, digests, follow-ups and "
        "reused parts.\n"
    )


def _many(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _outlets(articles: WrittenTable) -> str:
    largest = sorted(articles.outlets.items(), key=lambda one: (-one[1], one[0]))
    lines = ["| outlet | articles |", "|---|---|"]
    lines += [f"| {_cell(outlet)} | {count} |" for outlet, count in largest[:MAX_OUTLETS]]
    if len(largest) > MAX_OUTLETS:
        lines.append(f"| {len(largest) - MAX_OUTLETS} more | {sum(count for _, count in largest[MAX_OUTLETS:])} |")
    return "\n".join([*lines, ""]) if largest else ""


def _values(column: str, subject: str, meanings: Mapping[Any, str]) -> str:
    lines = [f"| `{column}` | {subject} |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{value}` | {meaning} |" for value, meaning in meanings.items()), ""])


def _table(table: TableShape) -> str:
    lines = [f"## {table.file_name}\n", f"A row is {table.row}.\n", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in table.columns]
    return "\n".join([*lines, ""])


def _pairs(title: str, values: Mapping[str, Any]) -> str:
    if not values:
        return ""
    lines = [f"## {title}\n", "| key | value |", "|---|---|"]
    lines += [f"| {_cell(key)} | {_cell(_plain(value))} |" for key, value in values.items()]
    return "\n".join([*lines, ""])


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, Mapping | list | tuple) else value


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")[:500]
