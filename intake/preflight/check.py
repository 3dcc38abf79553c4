"""Hostile or odd workbooks refused with the reason, before any library for .xlsx opens them."""

from __future__ import annotations

from collections.abc import Iterator

from intake.causes import Cause
from intake.preflight.book import WorkbookPart, date_styles, frame, relations
from intake.preflight.cells import Setting
from intake.preflight.kind import AGAIN, refuse_other_kinds
from intake.preflight.package import MB, Package
from intake.preflight.sheet import SheetScan
from intake.preflight.strings import odd_strings
from intake.preflight.survey import BookLimits, SheetSurvey, Survey, Unsafe
from intake.preflight.xml import check
from intake.raw import Refusal

__all__ = ["BookLimits", "Survey", "inspect"]

NOTICES = (
    (("externallinks/",), "工作簿含有指向其他文件的外部链接，已忽略，只采用已保存的数值"),
    (("connections.xml", "querytables/"), "工作簿含有外部数据连接，已忽略，没有连接"),
    (("embeddings/",), "工作簿里嵌入了其他文件（OLE 对象），已忽略，没有打开"),
    (("activex/", "ctrlprops/"), "工作簿含有控件，已忽略"),
    (("vbaproject.bin", "macrosheets/"), "工作簿含有宏，已忽略，没有运行"),
)
DDE = "工作簿含有动态数据链接(DDE)，已忽略，没有连接"
PICTURE_FOLDERS = ("/media/",)


def inspect(data: bytes, limits: BookLimits) -> Refusal | Survey:
    """What the readers must know of a workbook, or why it is not read.  Never raises for any *data*."""
    try:
        return _survey(data, limits)
    except Unsafe as refused:
        return refused.refusal
    except (ValueError, KeyError, IndexError, RecursionError, OverflowError) as error:
        # expat and zlib raise their own kinds, all handled; this is for what nobody has seen yet
        return Refusal(Cause.UNREADABLE, "工作簿的内部结构无法识别", AGAIN + f"（{type(error).__name__}）")


def _survey(data: bytes, limits: BookLimits) -> Survey:
    if len(data) > limits.megabytes * MB:
        remedy = "请压缩或删除工作簿里的图片，或把照片单独放入投递文件夹"
        raise Unsafe(Cause.TOO_BIG, f"文件超过 {limits.megabytes} MB", remedy)
    refuse_other_kinds(data)
    package = Package(data, limits)
    book = frame(package)
    strings = odd_strings(package, book.strings, limits)
    kinds = date_styles(package, book.styles)
    setting = Setting(limits, kinds, strings.escaped, frozenset(strings.blank), book.date1904, book.strict)
    sheets = tuple(
        SheetScan(name, part, state, setting).scan(package.chunks(part)) for name, state, part in book.sheets
    )
    for name, chunks in package.check_rest():
        _check_part(name, chunks)
    return _told(package, book, sheets)


def _told(package: Package, book: WorkbookPart, sheets: tuple[SheetSurvey, ...]) -> Survey:
    properties = next((r.target for r in relations(package, "") if r.type == "custom-properties"), None)
    pictures = any(folder in name for name in package.names for folder in PICTURE_FOLDERS)
    return Survey(sheets, book.part, book.date1904, tuple(_notices(package)), properties, pictures)


def _check_part(name: str, chunks: Iterator[bytes]) -> None:
    """XML is looked through for entities; everything is inflated, so that its true size counts."""
    if name.lower().endswith((".xml", ".rels", ".vml")):
        check(chunks)
    else:
        for _ in chunks:
            pass


def _notices(package: Package) -> Iterator[str]:
    names = [name.lower() for name in package.names]
    for signs, words in NOTICES:
        if any(sign in name for name in names for sign in signs):
            yield words
    links = [name for name in package.names if "externallinks/" in name.lower() and name.endswith(".xml")]
    if any(b"ddeLink" in chunk for name in links for chunk in package.chunks(name)):
        yield DDE
