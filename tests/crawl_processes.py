"""The processes of crawls under way, as the system lists them."""

from __future__ import annotations

import psutil

NURSERY = "crawlers.nursery"


def nurseries(parent: psutil.Process) -> list[psutil.Process]:
    """The processes that a process has crawls forked from."""
    return [one for one in _children(parent) if NURSERY in words_of(one)]


def crawl_processes(parent: psutil.Process) -> list[psutil.Process]:
    """Those that a process, or one that came of it, has forked for crawls; the nurseries themselves left out."""
    return [
        child
        for one in (parent, *_children(parent, recursive=True))
        for nursery in nurseries(one)
        for child in _children(nursery)
    ]


def _children(process: psutil.Process, *, recursive: bool = False) -> list[psutil.Process]:
    try:
        return [one for one in process.children(recursive=recursive) if one.status() != psutil.STATUS_ZOMBIE]
    except psutil.NoSuchProcess:
        return []


def words_of(process: psutil.Process) -> list[str]:
    """The command line of a process, none where it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []
