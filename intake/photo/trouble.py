"""Why a picture cannot be read, in words for the person who sent it."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO

from intake.preflight.sniff import ends_whole, sniff


class Spoilt(StrEnum):
    """Why a picture cannot be used, as its owner reads it: a closed list, so that each has a way that is tried (tests/ways)."""

    EMPTY = "照片文件是空的，里面没有内容"
    CUT_OFF = "照片文件不完整，可能没有传完"
    DAMAGED = "照片文件已损坏，无法打开"
    DAMAGED_PDF = "PDF 文件已损坏，无法打开"
    LOCKED_PDF = "PDF 有密码，无法打开，请另存为没有密码的 PDF"
    PAGES = "PDF 有 {pages} 页，超过 {most} 页，请拆成几个文件"
    PIXELS = "照片的像素太多（{width}×{height}，超过 {most} 万像素），无法读取"
    BOMB = "照片的像素太多，无法读取"
    LARGE = "文件超过 {megabytes} MB"
    VIDEO = "这是视频，不是照片"
    PACKAGE = "这是 Excel、Word 文件或压缩包，不是照片"
    OLD_OFFICE = "这是旧版 Excel、Word 文件，不是照片"
    NO_PICTURE = "这不是照片，或者不是可以使用的照片格式（可以使用 JPG、PNG、HEIC、WEBP、TIFF、BMP、GIF）"


VIDEO_BRANDS = frozenset({b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"M4V ", b"3gp4", b"3gp5", b"3gp6"})
_OTHERS = {"zip": Spoilt.PACKAGE, "ole": Spoilt.OLD_OFFICE}


class Unreadable(Exception):
    """A picture that is refused."""

    def __init__(self, why: Spoilt, **numbers: int) -> None:
        super().__init__(why.value.format(**numbers))  # the text is for the receipt


def no_picture(data: bytes) -> Spoilt:
    """What *data*, which is not a picture of an allowed kind, is instead."""
    if not data:
        return Spoilt.EMPTY
    if not any(data):
        return Spoilt.CUT_OFF
    if data[4:8] == b"ftyp" and data[8:12] in VIDEO_BRANDS:
        return Spoilt.VIDEO
    return _OTHERS.get(sniff(data), Spoilt.NO_PICTURE)


def is_cut_off(data: bytes) -> bool:
    """Whether the end of the file is missing."""
    return not ends_whole(BytesIO(data))
