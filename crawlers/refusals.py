"""Why a request was not made or its answer not kept, as one exception with a reason code."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import IgnoreRequest
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionLost, DNSLookupError
from twisted.internet.error import TimeoutError as TxTimeoutError
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, RequestNotSent, ResponseFailed, ResponseNeverReceived, _WrapperException

from pipeline.reasons import Reason

# Worth another try within the same crawl.
TRANSIENT = frozenset({Reason.UNREACHABLE, Reason.TOO_SLOW, Reason.TRUNCATED})


class RefusedError(IgnoreRequest):
    """A request that is not made, or an answer that is not kept."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason, self.detail = reason, detail


class StoppedError(IgnoreRequest):
    """The crawl is being stopped: nothing is recorded, the next run goes on."""


def explain(failure: Failure) -> RefusedError | StoppedError | None:
    """The reason behind a failed request; None for what nobody expected."""
    for error in _causes(failure):
        if isinstance(error, (RefusedError, StoppedError)):
            return error
    errors = list(_causes(failure))
    for kinds, reason, words in _KNOWN:
        for error in errors:
            if isinstance(error, kinds):
                return RefusedError(reason, words or _say(error))
    return None


def _causes(failure: Failure) -> Iterator[BaseException]:
    stack: list[BaseException | None] = [failure.value]
    while stack:
        error = stack.pop()
        if error is None:
            continue
        yield error
        if isinstance(error, _WrapperException):
            stack.extend(one.value for one in reversed(error.reasons) if isinstance(one, Failure))
        stack.append(error.__cause__)


def _say(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


_KNOWN: tuple[tuple[tuple[type[BaseException], ...], Reason, str], ...] = (
    ((VerificationError,), Reason.TLS_FAILED, "the certificate is not this host's"),
    ((SSL.Error,), Reason.TLS_FAILED, "the certificate could not be verified, or no TLS was spoken"),
    ((DNSLookupError,), Reason.UNREACHABLE, "the name does not resolve"),
    ((TxTimeoutError,), Reason.UNREACHABLE, "no connection within the limit"),
    ((ConnectError, OSError), Reason.UNREACHABLE, ""),
    ((ParseError, ValueError), Reason.BAD_HEADERS, ""),
    (
        (ConnectionLost, RequestNotSent, ResponseNeverReceived, ResponseFailed),
        Reason.UNREACHABLE,
        "the connection ended before an answer",
    ),
)
