"""What the machine lacks is told in one line."""

from __future__ import annotations

import errno
import os
import resource

import pytest

from pipeline.machine_errors import in_words, what_to_do, with_file


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EDQUOT, "no space left"),
        (errno.EMFILE, "ulimit -n"),
        (errno.ENFILE, "on this machine"),
        (errno.ENOMEM, "not enough memory"),
        (errno.EIO, "the disk fails"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "no permission"),
    ],
)
def test_what_the_machine_lacks_is_told_with_what_to_do(number: int, says: str) -> None:
    error = OSError(number, os.strerror(number), "/data/x")
    assert says in str(what_to_do(error))
    assert with_file(error, in_words(error)) == f"/data/x: {what_to_do(error)}"


def test_too_many_open_files_names_the_limit() -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert f"may have {files}:" in str(what_to_do(OSError(errno.EMFILE, "")))


def test_memory_that_python_could_not_get_is_the_machines() -> None:
    assert in_words(MemoryError()) == what_to_do(OSError(errno.ENOMEM, ""))


@pytest.mark.parametrize(
    "error", [OSError(errno.EBADF, "Bad file descriptor"), OSError("words alone"), ValueError("x")]
)
def test_what_may_be_the_programs_fault_is_left_to_tell_itself(error: Exception) -> None:
    assert what_to_do(error) is None


def test_an_error_without_words_has_its_name() -> None:
    assert in_words(OSError(errno.EBADF, "Bad file descriptor")) == "Bad file descriptor"
    assert in_words(TimeoutError()) == "TimeoutError"
