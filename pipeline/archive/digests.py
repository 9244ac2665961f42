"""Checking the digests that WARC records carry; crawlers differ in algorithm, spelling and in what they hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})


def digest_holds(fields: Mapping[str, str], block: bytes, entity: bytes, body: bytes) -> bool | None:
    """True where the record's block digest, or else its payload digest, fits; None where it carries none.

    entity is the HTTP body as stored, body the same with chunking undone: crawlers hash either.
    """
    stated = _stated(fields.get("warc-block-digest"))
    if stated is not None:
        return _fits(stated, block)
    stated = _stated(fields.get("warc-payload-digest"))
    if stated is None:
        return None
    return _fits(stated, entity) or _fits(stated, body)


def _stated(text: str | None) -> tuple[str, bytes] | None:
    if not text or ":" not in text:
        return None
    name, _, value = text.partition(":")
    name, value = name.strip().lower().replace("-", ""), value.strip()
    if name not in ALGORITHMS:
        return None
    size = hashlib.new(name, usedforsecurity=False).digest_size
    for decode in (_hex, _base32, _base64):
        try:
            raw = decode(value)
        except (binascii.Error, ValueError):
            continue
        if len(raw) == size:
            return name, raw
    return None


def _fits(stated: tuple[str, bytes], data: bytes) -> bool:
    return hashlib.new(stated[0], data, usedforsecurity=False).digest() == stated[1]


def _hex(value: str) -> bytes:
    return bytes.fromhex(value)


def _base32(value: str) -> bytes:
    return base64.b32decode(value.rstrip("=").upper() + "=" * (-len(value.rstrip("=")) % 8))


def _base64(value: str) -> bytes:
    return base64.b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), altchars=b"-_", validate=True)
