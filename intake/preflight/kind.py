"""Files that are no .xlsx at all, each told apart by its first bytes and refused with its own words."""

from __future__ import annotations

import struct
from io import BytesIO

from intake.causes import Cause
from intake.preflight.survey import Unsafe

SAVE_AS = "请用 Excel 或 WPS 打开，点“文件 → 另存为”，类型选“Excel 工作簿(*.xlsx)”，再放入投递文件夹"
AGAIN = "请在电脑上重新打开并保存原文件，再放入一次"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def refuse_other_kinds(data: bytes) -> None:
    """Raise :class:`Unsafe` unless *data* begins like a zip package."""
    if not data:
        raise Unsafe(Cause.EMPTY, "文件是空的（0 字节）", AGAIN)
    if not data.strip(b"\0"):
        raise Unsafe(Cause.BLANK, "文件里只有空字节，可能还没有同步完", "请等网盘同步完成，确认能正常打开后再放入一次")
    if data.startswith(b"PK\x03\x04"):
        return
    if data.startswith(OLE):
        raise _ole(data)
    if data.startswith(BIFF):
        raise _xls()
    if data.startswith(b"%PDF"):
        raise Unsafe(Cause.PDF, "这是 PDF 文件，不是 Excel 工作簿", "请放入填写好的 Excel 工作簿(*.xlsx)")
    if data.startswith(PICTURES) or data[4:8] == b"ftyp":
        raise Unsafe(
            Cause.PICTURE,
            "这是图片或视频，不是 Excel 工作簿",
            "请放入填写好的 Excel 工作簿(*.xlsx)；照片请直接放入手机里的原图",
        )
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Unsafe(Cause.ARCHIVE, "这是压缩包，不是 Excel 工作簿", "请先解压，把里面的工作簿和照片放入投递文件夹")
    raise _text(data)


def _xls() -> Unsafe:
    return Unsafe(Cause.XLS, "这是旧版 Excel 97-2003 文件(.xls)，系统只读 .xlsx", SAVE_AS)


def _ole(data: bytes) -> Unsafe:
    names = _streams(data)
    if "encryptedpackage" in names:
        return Unsafe(Cause.ENCRYPTED, "工作簿设了打开密码，系统无法读取", "请在 Excel 中去掉密码后保存，再放入一次")
    if "worddocument" in names:
        return Unsafe(Cause.DOC, "这是 Word 文件，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if "powerpoint document" in names:
        return Unsafe(Cause.PPT, "这是 PPT 演示文件，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if _has_filepass(names.get("workbook") or names.get("book") or b""):
        remedy = "请在 Excel 中去掉密码，再点“文件 → 另存为”，类型选“Excel 工作簿(*.xlsx)”，重新放入"
        return Unsafe(Cause.ENCRYPTED, "这是设了密码的旧版 Excel 文件(.xls)，系统无法读取", remedy)
    return _xls()


def _streams(data: bytes) -> dict[str, bytes]:
    """The first bytes of each stream, by lower-case name; what could be read of a damaged container."""
    import olefile

    found: dict[str, bytes] = {}
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            for path in ole.listdir(streams=True):
                name = path[-1].lower()
                found[name] = ole.openstream(path).read(4096) if name in ("workbook", "book") else b""
    except Exception:  # damaged in its own way; the kind is still known
        return found
    return found


def _has_filepass(stream: bytes) -> bool:
    """Whether the globals of a BIFF stream begin with FILEPASS: the workbook needs a password."""
    place = 0
    for _ in range(4):
        if place + 4 > len(stream):
            return False
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == 0x2F:
            return True
        place += 4 + length
    return False


def _text(data: bytes) -> Unsafe:
    head = data[:4096]
    low = _decoded(head).lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in low:
        return Unsafe(Cause.XML2003, "这是“XML 表格 2003”格式，系统只读 .xlsx", SAVE_AS)
    if "opendocument" in low:
        return Unsafe(Cause.ODS, "这是 OpenDocument 表格，系统只读 .xlsx", SAVE_AS)
    if any(sign in low for sign in ("<html", "<table", "<!doctype html", "mime-version:", "<meta")):
        return Unsafe(Cause.HTML, "这是网页文件（多由其他系统导出），不是 Excel 工作簿", SAVE_AS)
    if low.startswith("{\\rtf"):
        return Unsafe(Cause.RTF, "这是写字板文件(RTF)，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if _is_text(head):
        return Unsafe(Cause.TEXT, "这是文本或 CSV 文件，不是 Excel 工作簿", SAVE_AS)
    return Unsafe(Cause.UNKNOWN, "文件内容不是 Excel 工作簿，可能已损坏", AGAIN)


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").lstrip()
    return head.decode("utf-8", "ignore").lstrip("\ufeff \r\n\t")


def _is_text(head: bytes) -> bool:
    if head.startswith(BOMS):
        return True
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return b"\0" not in head and printable >= 0.98 * len(head)
