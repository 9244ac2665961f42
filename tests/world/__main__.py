"""Fold worlds and tell how right that was: python -m tests.world [SEED...] [--size N] [--wrong]."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from tests.world.judge import Verdict, judge, read_tables
from tests.world.make import make_world


def fold_world(seed: int, size: int, folder: Path) -> Verdict:
    """A world through an articles file, fold and its tables."""
    from flows.fold_files import fold_files
    from flows.watcher import SilentWatcher
    from flows.workspace import open_workspace

    world = make_world(seed, size)
    rows = (json.dumps(page.row(), ensure_ascii=False) for page in world.pages)
    (folder / "articles.jsonl").write_text("\n".join(rows), "utf-8")
    workspace = open_workspace(Path("config"), folder)
    fold_files(workspace, [folder / "articles.jsonl"], folder / "out", SilentWatcher())
    return judge(world, *read_tables(folder / "out"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--wrong", action="store_true")
    chosen = parser.parse_args()
    for seed in chosen.seeds:
        with tempfile.TemporaryDirectory() as folder:
            verdict = fold_world(seed, chosen.size, Path(folder))
        print(seed, verdict)
        print("  ", dict(Counter(f"{kind} {page.what}" for kind, page, _ in verdict.wrong)))
        if chosen.wrong:
            for kind, page, said in verdict.wrong:
                print("   ", kind, page.page_id, page.what, page.story, page.headline, "|", said)


if __name__ == "__main__":
    main()
