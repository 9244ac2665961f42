"""The errors that wirecopy raises on purpose. Each builds its own message: one line a user can act on.

WireError
  ConfigError     bad configuration (exit 2)
  UsageError      a command was asked for something that does not exist (exit 2)
  InputError      a file given by the user cannot be read (exit 2)
  CrawlError      an outlet could not be crawled (that outlet's stage fails)
  ArchiveError    the WARC archive is damaged or cannot be written
  CatalogError    the catalog is locked, damaged or of another version
    CatalogGone     the database went away; the same again may well succeed
  ReleaseError    a release failed its checks and was not published
  StorageError    the data folder or bucket cannot be read or written
    StorageMissing  the object, folder or bucket is not there
  LeaseHeld       somebody else is at this work (exit 0)
"""

from __future__ import annotations

import re
from pathlib import Path

# User name and password of a URL: no message repeats them.
USERINFO = re.compile(r"//[^/\s]*@")


class WireError(Exception):
    """Anything wirecopy refuses or fails at, with a message for the user."""


class ConfigError(WireError):
    """Configuration that cannot be used: names file, key, value and what is allowed."""

    def __init__(self, file: Path | str, key: str, value: object, allowed: str) -> None:
        self.file, self.key, self.value, self.allowed = str(file), key, value, allowed
        shown = _in_short(USERINFO.sub("//...@", repr(value)), 80)
        where, allowed = _in_short(key or "(whole file)", 80), _in_short(allowed, 600)
        super().__init__(f"{self.file}: {where}: {shown} is not allowed; allowed: {allowed}")


def _in_short(text: str, most: int) -> str:
    """At most so many characters, all of which can be shown on one line: keys and values are whatever a file holds."""
    line = text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    return line if len(line) <= most else line[: most - 3] + "..."


class UsageError(WireError):
    """The command line asks for something that is not there."""


class InputError(WireError):
    """A file named by the user is missing, unreadable or not what it should be."""


class CrawlError(WireError):
    """One outlet's crawl failed; other outlets go on."""


class ArchiveError(WireError):
    """A WARC file cannot be read or written."""


class CatalogError(WireError):
    """The catalog cannot be used now."""


class CatalogGone(CatalogError):
    """The database broke a transaction off that was in order: it restarted, the connection was lost, two collided."""


class ReleaseError(WireError):
    """A release that fails its checks stays unpublished; the last one stays in place."""


class StorageError(WireError):
    """The storage root cannot be read or written: no space, no permission, no such bucket, no answer."""


class StorageMissing(StorageError):
    """What was asked for is not in the storage."""


class LeaseHeld(WireError):
    """Another process holds the lease for this work."""

    def __init__(self, name: str, owner: str) -> None:
        self.name, self.owner = name, owner
        run = owner.rpartition(":")[2]  # the process before it is for programs
        super().__init__(f"{name}: already running ({run}); nothing to do here")
