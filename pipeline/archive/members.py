"""The compressed parts of a WARC file, one after another: gzip members and zstd frames behind one face."""

from __future__ import annotations

import zlib
from typing import IO, Protocol, cast

from isal import isal_zlib

from pipeline.archive.payload import GZIP_MAGIC, ZSTD_MAGIC, zstd

DEFLATED = b"\x1f\x8b\x08"
# A head without name, comment or extra field, as all writers of WARC make it: ISA-L unpacks such a member in half of
# zlib's time. Other heads are zlib's, which looks at them more closely.
PLAIN = DEFLATED + b"\x00"
# The library's own types call its error an instance.
UNPACKING_ERRORS = (zlib.error, cast("type[Exception]", isal_zlib.error))
SKIPPED = b"\x2a\x4d\x18"  # bytes 2 to 4 of a zstd frame that holds no data
DICTIONARY = b"\x5d" + SKIPPED
LARGEST_DICTIONARY = 16_000_000
WINDOW_LOG = 27  # 128 MiB, what zstd's own tool reads without being asked
# Compressed bytes that show whether a member begins with a WARC record; zstd gives nothing before a block is whole.
GZIP_PROBE, ZSTD_PROBE = 512, (1 << 17) + 64


class DamagedError(Exception):
    """The compressed bytes are broken from here to the next member."""


class _Decoder(Protocol):
    """What both libraries' decoders have."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class Member:
    """Unpacks one gzip member."""

    def __init__(self) -> None:
        self._decoder: _Decoder | None = None
        self.holds_input = False  # there is output left of what was given

    @property
    def ended(self) -> bool:
        """The member is whole."""
        return self._decoder is not None and self._decoder.eof

    def unpack(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        """At most limit bytes, and what of data was not used. Raises DamagedError."""
        if self._decoder is None:
            self._decoder = isal_zlib.decompressobj(31) if data.startswith(PLAIN) else zlib.decompressobj(31)
        try:
            out = self._decoder.decompress(data, limit)
        except UNPACKING_ERRORS as error:
            raise DamagedError("damaged gzip data") from error
        return out, self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail


class Frame:
    """Unpacks one zstd frame."""

    def __init__(self, dictionary: zstd.ZstdDict | None) -> None:
        options = {int(zstd.DecompressionParameter.window_log_max): WINDOW_LOG}
        self._decoder = zstd.ZstdDecompressor(zstd_dict=dictionary, options=options)
        self.holds_input = False

    @property
    def ended(self) -> bool:
        """The frame is whole."""
        return self._decoder.eof

    def unpack(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        """As for a gzip member; what is not used yet is kept inside."""
        try:
            out = self._decoder.decompress(data, limit)
        except zstd.ZstdError as error:
            raise DamagedError("damaged zstd data") from error
        self.holds_input = not (self._decoder.eof or self._decoder.needs_input)
        return out, self._decoder.unused_data if self._decoder.eof else b""


class Packing:
    """How a file is packed: plain, in gzip members or in zstd frames."""

    def __init__(self, start: bytes) -> None:
        self.is_zstd = start.startswith(ZSTD_MAGIC) or start[1:4] == SKIPPED
        self.is_packed = self.is_zstd or start.startswith(GZIP_MAGIC)
        self.magic = ZSTD_MAGIC if self.is_zstd else DEFLATED
        self.probe = ZSTD_PROBE if self.is_zstd else GZIP_PROBE
        self.dictionary: zstd.ZstdDict | None = None

    def read_dictionary(self, start: bytes, source: IO[bytes]) -> None:
        """Take in the dictionary that may stand at the beginning of a .warc.zst file."""
        size = int.from_bytes(start[4:8], "little")
        if not start.startswith(DICTIONARY) or size > LARGEST_DICTIONARY:
            return
        missing = max(0, size + 8 - len(start))
        content = start[8 : 8 + size] + source.read(missing)
        source.seek(-missing, 1) if missing else None
        try:
            content = zstd.decompress(content) if content.startswith(ZSTD_MAGIC) else content
            self.dictionary = zstd.ZstdDict(content)
        except (zstd.ZstdError, ValueError) as error:
            raise DamagedError("the dictionary is damaged") from error

    def member(self) -> Member | Frame:
        """A decoder for the next part."""
        return Frame(self.dictionary) if self.is_zstd else Member()

    def begins_record(self, data: bytes) -> bool:
        """Whether a part that begins with these bytes holds a WARC record."""
        try:
            return self.member().unpack(data, 16)[0].startswith(b"WARC/")
        except DamagedError:
            return False
