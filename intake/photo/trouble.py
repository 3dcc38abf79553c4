"""Why a picture cannot be read, in words for the person who sent it."""

from __future__ import annotations

from io import BytesIO

from intake.preflight.sniff import ends_whole, sniff

EMPTY = "照片文件是空的，里面没有内容"
DAMAGED_PDF = "PDF 文件已损坏，无法打开"
LOCKED_PDF = "PDF 有密码，无法打开，请另存为没有密码的 PDF"
DAMAGED = "照片文件已损坏，无法打开"
CUT_OFF = "照片文件不完整，可能没有传完"
TOO_BIG = "照片的像素太多，无法读取"
NOT_ALLOWED = "这不是照片，或者不是可以使用的照片格式（可以使用 JPG、PNG、HEIC、WEBP、TIFF、BMP、GIF）"
OTHER_KINDS = {
    "zip": "这是 Excel、Word 文件或压缩包，不是照片",
    "ole": "这是旧版 Excel、Word 文件，不是照片",
}
VIDEO_BRANDS = frozenset({b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"M4V ", b"3gp4", b"3gp5", b"3gp6"})


class Unreadable(Exception):
    """A picture that is refused; its text is for the receipt."""


def no_picture(data: bytes) -> str:
    """What *data*, which is not a picture of an allowed kind, is instead."""
    if not data:
        return EMPTY
    if not any(data):
        return CUT_OFF
    if data[4:8] == b"ftyp" and data[8:12] in VIDEO_BRANDS:
        return "这是视频，不是照片"
    return OTHER_KINDS.get(sniff(data), NOT_ALLOWED)


def not_whole(data: bytes) -> str:
    """The words for a file whose end is missing; '' when its end is there."""
    return "" if ends_whole(BytesIO(data)) else CUT_OFF


def too_many_pages(pages: int, most: int) -> str:
    """The words for a document above the limit."""
    return f"PDF 有 {pages} 页，超过 {most} 页，请拆成几个文件"


def too_many_pixels(width: int, height: int, max_megapixels: int) -> str:
    """The words for a picture above the limit."""
    return f"照片的像素太多（{width}×{height}，超过 {max_megapixels * 100} 万像素），无法读取"
