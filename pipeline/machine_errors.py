"""One clear line for what the machine runs out of or refuses: what it is, and what to do about it."""

from __future__ import annotations

import errno
import resource

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_SPACE_LEFT = "no space left on the disk, or for this user: make room"
WHAT_TO_DO = {
    **dict.fromkeys(NO_SPACE, NO_SPACE_LEFT),
    errno.EMFILE: "too many open files in one process, which may have {files}: raise that limit (ulimit -n)",
    errno.ENFILE: "too many open files on this machine: end other programs, or raise its limit (fs.file-max)",
    errno.ENOMEM: "not enough memory: end other programs",
    errno.EIO: "the disk fails (input/output error): check it and its cable or connection",
    errno.EROFS: "the disk can only be read from: mount it so that it can be written to",
    errno.EACCES: "no permission: see to whom it belongs",
    errno.EPERM: "no permission: see to whom it belongs",
}


def what_to_do(error: BaseException) -> str | None:
    """The line for an error that is the machine's and no fault of the program; None for every other."""
    number = errno.ENOMEM if isinstance(error, MemoryError) else getattr(error, "errno", None)
    line = WHAT_TO_DO.get(number) if isinstance(error, OSError | MemoryError) and number is not None else None
    return line and line.format(files=resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def in_words(error: OSError | MemoryError) -> str:
    """Any error of the system in words that name no file."""
    return what_to_do(error) or getattr(error, "strerror", None) or str(error) or type(error).__name__


def with_file(error: BaseException, words: str) -> str:
    """The words behind the file's name, where the error knows one."""
    name = getattr(error, "filename", None)
    return f"{name}: {words}" if name else words
