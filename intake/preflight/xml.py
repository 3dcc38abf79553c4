"""Reading XML that may be hostile: piece by piece, without entities, without depth or size to drown in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn
from xml.parsers import expat

from intake.causes import Cause
from intake.preflight.kind import AGAIN
from intake.preflight.survey import Unsafe

MAX_DEPTH = 20_000  # open elements, roughly counted
MAX_TOKEN = 1024 * 1024  # bytes of one tag or comment

ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii"})

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile("[\ud800-\udfff]")

Attributes = dict[str, str]


class _Locals(dict[str, str]):
    """Element names without their prefix, remembered: the lookup happens for every cell."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < 10_000:
            self[name] = local
        return local


local_name = _Locals().__getitem__


def new_parser() -> Any:
    """An expat parser that refuses a DOCTYPE, and with it every entity, and encodings that the libraries do not obey alike."""
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = _refuse_encoding
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def feed(parser: Any, chunks: Iterable[bytes]) -> Iterator[None]:
    """Feed the parser; yields after each piece.  Raises :class:`Unsafe` for malformed or hostile XML."""
    depth = fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            depth += _opened(chunk)
            if depth > MAX_DEPTH or fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN + len(chunk):
                raise strange()
            yield
        parser.Parse(b"", True)
        yield
    except (
        expat.ExpatError,
        ValueError,
        LookupError,
    ):  # the latter two: an encoding that nobody knows, or of several bytes
        raise Unsafe(Cause.DAMAGED, "工作簿内部的数据已损坏，无法读取", AGAIN) from None


def starts(chunks: Iterable[bytes], wanted: frozenset[str]) -> Iterator[tuple[str, Attributes]]:
    """Local name and attributes of each element among *wanted*, in document order."""
    found: list[tuple[str, Attributes]] = []
    parser = new_parser()

    def start(tag: str, attributes: Attributes) -> None:
        name = local_name(tag)
        if name in wanted:
            found.append((name, attributes))

    parser.StartElementHandler = start
    for _ in feed(parser, chunks):
        yield from found
        found.clear()


def attribute(attributes: Attributes, name: str) -> str | None:
    """An attribute by its local name (``r:id`` is ``id``, whatever the prefix)."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if local_name(key) == name), None)


def unescape(text: str) -> str:
    """Characters that XML cannot hold, written as ``_x000D_``; a typed ``_x000D_`` is written ``_x005F_x000D_``."""
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if SURROGATE.search(plain):
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def check(chunks: Iterable[bytes]) -> None:
    """Look through a part that nobody reads: entities are refused, mere untidiness (VML) is not."""
    pieces = iter(chunks)
    try:
        parser = new_parser()
        parser.XmlDeclHandler = None
        for _ in feed(parser, pieces):
            pass
    except Unsafe as refused:
        if refused.refusal.code is not Cause.DAMAGED:
            raise
        for _ in pieces:  # the rest still counts
            pass


def _opened(chunk: bytes) -> int:
    """How many more elements a piece opens than it closes; text may mislead it a little, never by thousands."""
    plain = chunk.replace(b"\0", b"") if b"\0" in chunk else chunk
    other = plain.count(b"<!") + plain.count(b"<?")
    return plain.count(b"<") - other - 2 * plain.count(b"</") - plain.count(b"/>")


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise strange()


def _refuse_doctype(*_arguments: object) -> NoReturn:
    raise Unsafe(Cause.ENTITY, "工作簿内部含有 DOCTYPE 或实体定义，正常的 Excel 文件不会有，为安全起见不读取", AGAIN)


def strange() -> Unsafe:
    """The words for XML that no office program writes."""
    return Unsafe(Cause.STRANGE, "工作簿内部的结构不正常，为安全起见不读取", AGAIN)
