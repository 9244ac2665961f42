"""One clear line for whatever a disk or a bucket says when it fails. Nothing of a request is repeated, so no secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import StorageError, StorageMissing, WireError
from pipeline.machine_errors import NO_SPACE, what_to_do

# Error codes of the S3 API and of servers that speak it.
S3_NO_SPACE = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge"}
S3_DENIED = {"AccessDenied", "AllAccessDisabled", "403", "Forbidden"}
S3_CREDENTIALS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AuthFailure"}
S3_BUSY = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "500", "502", "503", "504"}
NO_CREDENTIALS = {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError"}
# Names of what botocore, aiohttp and Python raise when a server keeps silent, or ends in the middle.
SILENCE = {"ReadTimeoutError", "ConnectTimeoutError", "ServerTimeoutError", "SocketTimeoutError", "TimeoutError"}
BROKEN_OFF = {
    "ConnectionClosedError",
    "ClientPayloadError",
    "ResponseStreamingError",
    "IncompleteReadError",
    "ServerDisconnectedError",
    "ResponseParserError",
    "ConnectionResetError",
}


@contextmanager
def telling(doing: str, root: str, path: str) -> Iterator[None]:
    """Turn any failure inside the block into a StorageError that says what, where and what to do."""
    try:
        yield
    except WireError:
        raise
    except OSError as error:
        # What a bucket answers comes as an error of the system, too, and says nothing of this machine.
        advice = what_to_do(error) if "://" not in root else None
        if advice is not None:
            raise StorageError(f"{_where(root, path)}: cannot {doing}: {advice}") from error
        raise _explained(error, doing, root, path) from error
    except Exception as error:
        # botocore and aiohttp have errors of their own; only theirs are about the storage.
        if type(error).__module__.split(".")[0] not in ("botocore", "aiobotocore", "aiohttp", "s3fs", "boto3"):
            raise
        raise _explained(error, doing, root, path) from error


class LostConnections(logging.Filter):
    """Passes over what the event loop of a bucket's client says of connections that broke: the request says it too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be heard."""
        return not (record.exc_info and isinstance(record.exc_info[1], ConnectionError))


LOST_CONNECTIONS = LostConnections()  # one, so that adding it twice adds it once


def _explained(error: BaseException, doing: str, root: str, path: str) -> StorageError:
    where = _where(root, path)
    code = _s3_code(error)
    if code == "NoSuchBucket" or "bucket does not exist" in str(error):
        return StorageMissing(f"{where}: cannot {doing}: the bucket does not exist")
    if code in S3_CREDENTIALS or type(error).__name__ in NO_CREDENTIALS:
        return StorageError(f"{where}: cannot {doing}: the credentials are missing or not accepted")
    if isinstance(error, FileNotFoundError):
        return StorageMissing(f"{where}: not there")
    if isinstance(error, PermissionError) or code in S3_DENIED:
        return StorageError(f"{where}: cannot {doing}: no permission")
    if code in S3_NO_SPACE or getattr(error, "errno", None) in NO_SPACE:
        return StorageError(f"{where}: cannot {doing}: no space left")
    if code in S3_BUSY:
        return StorageError(f"{where}: cannot {doing}: the server is busy or failing ({code}); try again later")
    names = {type(one).__name__ for one in _chain(error)}
    if code is None and names & SILENCE:
        return StorageError(f"{where}: cannot {doing}: the server did not answer in time; try again later")
    if code is None and names & BROKEN_OFF:
        return StorageError(f"{where}: cannot {doing}: the server broke off; try again later")
    if code is None and isinstance(error, OSError) and error.errno is not None and error.strerror:
        return StorageError(f"{where}: cannot {doing}: {error.strerror}")
    return StorageError(f"{where}: cannot {doing}: {code or type(error).__name__}")


def _where(root: str, path: str) -> str:
    return f"{root}/{path}" if path else root


def _s3_code(error: BaseException | None) -> str | None:
    """The S3 API's error code, wherever in the chain of causes the answer is kept."""
    for one in _chain(error):
        response = getattr(one, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code", "")) or None
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it."""
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
