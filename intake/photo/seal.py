"""The seal of the phone door: a signed segment in a JPEG that says who took it, when and where.

What is signed is everything else in the file: neither a pixel nor a word of its EXIF can change
without the seal saying so.  Reading a seal needs no key; whether it holds, whoever has the key says.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from disk.private import make_private_folder, write_private
from ledger.facts_json import seal_from, seal_kept
from ledger.records import Seal

_MARK = b"KEBU-SEAL\0"
_APP0, _APP11, _APP14, _COMMENT, _SCAN = 0xE0, 0xEB, 0xEE, 0xFE, 0xDA
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what phones and browsers write
_KEPT = frozenset({_APP0, _APP14})  # JFIF and the colour transform belong to the picture, the rest is only said of it


class NoJpeg(ValueError):
    """The bytes are not one whole JPEG."""


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker segments of a JPEG, as (marker, bytes with marker); the last one is the scan and all that follows.

    :raises NoJpeg: the file breaks off, or is something else
    """
    if data[:2] != b"\xff\xd8":
        raise NoJpeg("no start of a JPEG")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NoJpeg("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _SCAN:
            yield marker, data[at:]
            return
        length = struct.unpack_from(">H", data, at + 2)[0]
        if length < 2 or at + 2 + length > len(data):
            raise NoJpeg("a segment breaks off")
        yield marker, data[at : at + 2 + length]
        at += 2 + length
    raise NoJpeg("no picture in it")


def bare(data: bytes) -> bytes:
    """The picture alone: everything that anybody has written about it is left out.

    :raises NoJpeg: not one whole JPEG
    """
    parts = list(segments(data))
    if not any(marker in _FRAMES for marker, _ in parts):
        raise NoJpeg("no frame in it")
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise NoJpeg("the picture breaks off")
    kept = (body for marker, body in parts if marker in _KEPT or not (0xE0 <= marker <= 0xEF or marker == _COMMENT))
    return b"\xff\xd8" + b"".join(kept)


def sealed(picture: bytes, exif: bytes, seal: Seal, key: bytes) -> bytes:
    """The picture with an EXIF block (as it stands after ``Exif\\0\\0``) and the seal over both."""
    body = b"Exif\0\0" + exif
    whole = picture[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + picture[2:]
    signed = replace(seal, content=_content(whole))
    text = json.dumps(seal_kept(replace(signed, mac=_mac(signed, key))), ensure_ascii=False, sort_keys=True)
    said = _MARK + text.encode()
    return whole[:2] + bytes((0xFF, _APP11)) + struct.pack(">H", len(said) + 2) + said + whole[2:]


#: A seal of ours that cannot be read, or that stands in the file more than once: it never holds.
_ILLEGIBLE = seal_from({
    "id": "", "person": "", "challenge": "", "late": True, "lat": None, "lon": None, "accuracy_m": None,
    "phone_ahead": 0, **dict.fromkeys(("taken_at", "received_at", "phone_at"), "1970-01-01T00:00:00+00:00"),
})  # fmt: skip


def read_seal(data: bytes) -> Seal | None:
    """The seal in a file, as far as it can be read; None where there is none.  Never raises."""
    try:
        found = [body for marker, body in segments(data) if marker == _APP11 and body[4:].startswith(_MARK)]
    except NoJpeg:
        return None
    if not found:
        return None
    try:
        (only,) = found
        given: dict[str, Any] = json.loads(only[4 + len(_MARK) :])
        seal = seal_from(given)
        return replace(seal, content=_content(data)) if _well_formed(seal) else _ILLEGIBLE
    except Exception:  # whatever somebody has written there
        return _ILLEGIBLE


def _well_formed(seal: Seal) -> bool:
    words = (seal.id, seal.person, seal.challenge, seal.content, seal.mac)
    numbers = (seal.lat, seal.lon, seal.accuracy_m)
    return (
        all(isinstance(word, str) and len(word.encode()) <= 800 for word in words)  # half a character raises
        and all(number is None or (isinstance(number, int | float) and math.isfinite(number)) for number in numbers)
        and isinstance(seal.phone_ahead, int)
        and isinstance(seal.late, bool)
        and all(each.tzinfo is not None for each in (seal.taken_at, seal.received_at, seal.phone_at))
    )


def holds(seal: Seal, key: bytes) -> bool:
    """Whether the seal was made with this key, over this very content."""
    return bool(seal.id) and hmac.compare_digest(_mac(seal, key), seal.mac)


def _mac(seal: Seal, key: bytes) -> str:
    said = json.dumps(seal_kept(replace(seal, mac="")), ensure_ascii=False, sort_keys=True)
    return hmac.new(key, b"kebu seal 1\n" + said.encode(), hashlib.sha256).hexdigest()


def _content(data: bytes) -> str:
    """sha256 of the file without seals."""
    digest = hashlib.sha256(data[:2])
    for marker, body in segments(data):
        if not (marker == _APP11 and body[4:].startswith(_MARK)):
            digest.update(body)
    return digest.hexdigest()


def key_path(book: Path) -> Path:
    """Where the door's key lies: in the book's folder, which staff do not see, and outside the ledger."""
    return book / "keys" / "door.key"


def read_key(book: Path) -> bytes | None:
    """The door's key; None while no door was ever opened."""
    path = key_path(book)
    return bytes.fromhex(path.read_text("ascii").strip()) if path.exists() else None


def make_key(book: Path) -> bytes:
    """The door's key, made where there is none, readable by the service alone."""
    path = key_path(book)
    make_private_folder(path.parent)
    if not path.exists():
        write_private(path, secrets.token_hex(32).encode())
    return bytes.fromhex(path.read_text("ascii").strip())
