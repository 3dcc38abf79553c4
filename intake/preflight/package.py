"""The zip package of a workbook: opened, counted and inflated by us, before any library trusts what it declares."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from intake.causes import Cause
from intake.preflight.kind import AGAIN
from intake.preflight.survey import BookLimits, Unsafe

MB = 1024 * 1024
CHUNK = 64 * 1024
RATIO_FROM = 10 * MB  # small files of repeated rows compress very well and harm nobody
NEVER_WORKBOOK = "请删除不需要的内容，或把数据复制到空白模板里再放入"


class Package:
    """The parts of a package by name; parts are inflated in pieces, and every inflated byte is counted once."""

    def __init__(self, data: bytes, limits: BookLimits) -> None:
        self._data = data
        self._limits = limits
        self._counted: set[str] = set()
        self._inflated = 0
        self._entries = _entries(data, limits)
        self._folded = {name.lower(): name for name in self._entries}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts, in the order of the package."""
        return tuple(self._entries)

    def find(self, name: str) -> str | None:
        """The part's true name: names differ only in case or a leading slash in some programs' files."""
        name = name.lstrip("/")
        return name if name in self._entries else self._folded.get(name.lower())

    def resolve(self, source: str, target: str) -> str | None:
        """The part that *target* means in a relationship of the part *source*."""
        base = "" if target.startswith("/") else posixpath.dirname(source)
        return self.find(posixpath.normpath(posixpath.join(base, target.replace("\\", "/").lstrip("/"))))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Inflate a part piece by piece; raises :class:`Unsafe` when it is damaged or the whole grows too big."""
        info = self._entries[name]
        first, checksum, size = name not in self._counted, 0, 0
        self._counted.add(name)
        for chunk in _inflate(_compressed(self._data, info), info.compress_type):
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
            if first:
                self._count(len(chunk))
            yield chunk
        if checksum != info.CRC or size != info.file_size:
            raise damaged()

    def read(self, name: str, most: int) -> bytes | None:
        """A whole part; None when it is bigger than *most* bytes."""
        pieces, size = [], 0
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > most:
                return None
            pieces.append(chunk)
        return b"".join(pieces)

    def check_rest(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The parts that nobody has inflated so far."""
        for name in self._entries:
            if name not in self._counted:
                yield name, self.chunks(name)

    def _count(self, size: int) -> None:
        self._inflated += size
        if self._inflated > self._limits.inflated_mb * MB:
            reason = f"工作簿解压后超过 {self._limits.inflated_mb} MB，内容过大"
            raise Unsafe(Cause.TOO_BIG_INFLATED, reason, NEVER_WORKBOOK)
        if self._inflated > RATIO_FROM and self._inflated > self._limits.ratio * len(self._data):
            raise Unsafe(Cause.ZIP_BOMB, "工作簿的压缩比例不正常（解压后大得离谱）", NEVER_WORKBOOK)


def damaged() -> Unsafe:
    """The words for a package that does not hold what it declares."""
    return Unsafe(Cause.DAMAGED, "工作簿文件已损坏，内容与压缩包目录不一致", AGAIN)


def _entries(data: bytes, limits: BookLimits) -> dict[str, zipfile.ZipInfo]:
    _check_directory(data, limits)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except Exception:  # BadZipFile, struct.error, NotImplementedError, UnicodeDecodeError, ...
        raise damaged() from None
    entries = {info.filename.replace("\\", "/").lstrip("/"): info for info in infos}
    if len({name.lower() for name in entries}) != len(infos):
        raise damaged()  # two parts of one name, but for case: which one a reader takes is anybody's guess
    if any(info.flag_bits & 1 for info in infos):
        raise Unsafe(Cause.ENCRYPTED, "文件是带密码的压缩包，系统无法读取", "请去掉密码后重新保存，再放入一次")
    return entries


def _check_directory(data: bytes, limits: BookLimits) -> None:
    """Count before parsing: a directory of a million names costs minutes."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66000))
    if end < 0 or end + 22 > len(data):
        raise Unsafe(Cause.TRUNCATED, "工作簿不完整（后半部分缺失），可能还没有复制完", AGAIN)
    count, size = struct.unpack_from("<HI", data, end + 10)
    if size > len(data) and count != 0xFFFF and size != 0xFFFFFFFF:
        raise Unsafe(Cause.TRUNCATED, "工作簿不完整（有一部分缺失），可能还没有复制完", AGAIN)
    if count > limits.entries or min(size, len(data)) > limits.entries * 512:
        reason = f"工作簿里的部件超过 {limits.entries} 个，内容过多"
        raise Unsafe(Cause.TOO_MANY_PARTS, reason, NEVER_WORKBOOK)


def _compressed(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    """The part's bytes as they lie in the file."""
    start = info.header_offset
    if start < 0 or data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise damaged()
    name, extra = struct.unpack_from("<HH", data, start + 26)
    begin = start + 30 + name + extra
    if begin + info.compress_size > len(data):
        raise Unsafe(Cause.TRUNCATED, "工作簿不完整（有一部分缺失），可能还没有复制完", AGAIN)
    return memoryview(data)[begin : begin + info.compress_size]


def _inflate(compressed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for place in range(0, len(compressed), CHUNK):
            yield bytes(compressed[place : place + CHUNK])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise damaged()
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for place in range(0, len(compressed), CHUNK):
            pending: bytes | memoryview = compressed[place : place + CHUNK]
            while pending:
                if chunk := inflater.decompress(pending, CHUNK):
                    yield chunk
                pending = inflater.unconsumed_tail
        if chunk := inflater.flush():
            yield chunk
    except zlib.error:
        raise damaged() from None
