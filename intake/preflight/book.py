"""The frame of a workbook: what kind of package it is, its sheets, styles, strings and what it links to."""

from __future__ import annotations

from dataclasses import dataclass

from intake.causes import Cause
from intake.preflight.format import kind_of_format
from intake.preflight.kind import AGAIN, SAVE_AS
from intake.preflight.package import Package
from intake.preflight.survey import DateKind, Unsafe
from intake.preflight.xml import attribute, starts

MACROS = "macroenabled"
STRICT = "http://purl.oclc.org/ooxml/"


@dataclass(frozen=True)
class Relation:
    """One relationship of a part; ``target`` is the part's name, or None when it lies outside the file."""

    id: str
    type: str  #: last word of its address: ``worksheet``, ``drawing``, ``image``, ...
    target: str | None


@dataclass(frozen=True)
class WorkbookPart:
    """The workbook part: sheets in their order as (name, state, part)."""

    part: str
    date1904: bool
    strict: bool
    sheets: tuple[tuple[str, str, str], ...]
    styles: str | None
    strings: str | None


def relations(package: Package, source: str) -> tuple[Relation, ...]:
    """The relationships of a part ('' for the package's own)."""
    folder, _, name = source.rpartition("/")
    part = package.find(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    if part is None:
        return ()
    found = []
    for _, given in starts(package.chunks(part), frozenset({"Relationship"})):
        outside = given.get("TargetMode", "").lower() == "external"
        target = None if outside else package.resolve(source, given.get("Target", ""))
        found.append(Relation(given.get("Id", ""), given.get("Type", "").rpartition("/")[2], target))
    return tuple(found)


def workbook_part(package: Package) -> str:
    """The workbook's part; raises :class:`Unsafe` for every package that is no plain .xlsx."""
    _refuse_foreign(package)
    part = next((r.target for r in relations(package, "") if r.type == "officeDocument" and r.target), None)
    types = _content_types(package)
    main = types.get((part or "").lower()) or next((t for t in types.values() if t.endswith(".main+xml")), "")
    _refuse_type(main.lower())
    if part is not None and part.lower().endswith(".bin"):  # Excel declares the binary kind for all such parts at once
        raise _binary()
    if part is None:
        raise Unsafe(Cause.NOT_WORKBOOK, "这是一个压缩包，里面没有 Excel 工作簿", "请放入填写好的 Excel 工作簿(*.xlsx)")
    return part


def _refuse_foreign(package: Package) -> None:
    mimetype = package.find("mimetype")
    declared = (package.read(mimetype, 1000) or b"") if mimetype else b""
    if b"opendocument.spreadsheet" in declared:
        raise Unsafe(Cause.ODS, "这是 OpenDocument 表格(.ods)，系统只读 .xlsx", SAVE_AS)
    if b"opendocument" in declared:
        raise Unsafe(Cause.NOT_WORKBOOK, "这是 OpenDocument 文件，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if any(name.endswith((".iwa", "Index.zip")) or name in ("index.apxl", "index.xml") for name in package.names):
        remedy = "请在 Numbers 中点“文件 → 导出到 → Excel”，再放入导出的 .xlsx"
        raise Unsafe(Cause.NUMBERS, "这是苹果 Numbers 表格，系统只读 .xlsx", remedy)


def _content_types(package: Package) -> dict[str, str]:
    part = package.find("[Content_Types].xml")
    if part is None:
        raise Unsafe(
            Cause.NOT_WORKBOOK, "这是一个压缩包，不是 Excel 工作簿", "请先解压，把里面的工作簿和照片放入投递文件夹"
        )
    found = {}
    for _, given in starts(package.chunks(part), frozenset({"Override"})):
        found[given.get("PartName", "").lstrip("/").lower()] = given.get("ContentType", "")
    return found


def _binary() -> Unsafe:
    return Unsafe(Cause.XLSB, "这是二进制工作簿(.xlsb)，系统只读 .xlsx", SAVE_AS)


def _refuse_type(main: str) -> None:
    if "sheet.binary" in main:
        raise _binary()
    if MACROS in main and ("excel" in main or "spreadsheet" in main):
        raise Unsafe(Cause.XLSM, "这是带宏的工作簿(.xlsm)；系统不运行宏，也不接收带宏的文件", SAVE_AS)
    if "wordprocessingml" in main or "word." in main:
        raise Unsafe(Cause.DOCX, "这是 Word 文档，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if "presentationml" in main or "powerpoint" in main:
        raise Unsafe(Cause.PPTX, "这是 PPT 演示文稿，不是 Excel 工作簿", "请把内容填到 Excel 模板里再放入")
    if main and "spreadsheetml" not in main:
        raise Unsafe(Cause.NOT_WORKBOOK, "这个文件不是 Excel 工作簿", "请放入填写好的 Excel 工作簿(*.xlsx)")


def frame(package: Package) -> WorkbookPart:
    """Read the workbook part and what belongs to it."""
    part = workbook_part(package)
    related = relations(package, part)
    targets = {relation.id: relation for relation in related}
    sheets: list[tuple[str, str, str]] = []
    date1904 = strict = False
    for name, given in starts(package.chunks(part), frozenset({"workbook", "sheet", "workbookPr"})):
        if name == "workbook":
            strict = any(value.startswith(STRICT) for value in given.values())
        elif name == "workbookPr":
            date1904 = date1904 or given.get("date1904") in ("1", "true")  # extLst has a workbookPr as well
        else:
            _add_sheet(sheets, given, targets.get(attribute(given, "id") or ""))
    if not sheets:
        raise Unsafe(Cause.NO_SHEETS, "工作簿里没有工作表", AGAIN)
    first = {relation.type: relation.target for relation in reversed(related)}
    return WorkbookPart(part, date1904, strict, tuple(sheets), first.get("styles"), first.get("sharedStrings"))


def _add_sheet(sheets: list[tuple[str, str, str]], given: dict[str, str], relation: Relation | None) -> None:
    """Charts and the like are not data; a worksheet without its part is damage."""
    name = given.get("name", "")
    if relation is not None and relation.type != "worksheet":
        return
    if relation is None or relation.target is None:
        raise Unsafe(Cause.DAMAGED, f"工作簿已损坏：工作表“{name}”的内容缺失", AGAIN)
    if any(name.lower() == other.lower() for other, _, _ in sheets):
        raise Unsafe(Cause.DAMAGED, f"工作簿里有两个同名的工作表“{name}”", "请给工作表改名后再放入")
    sheets.append((name, given.get("state", "visible"), relation.target))


def date_styles(package: Package, part: str | None) -> tuple[DateKind | None, ...]:
    """For each cell style (``s`` of a cell), whether it shows numbers as dates or times."""
    if part is None:
        return ()
    codes: dict[int, str] = {}
    kinds: list[int] = []
    inside = ""
    wanted = frozenset({"numFmt", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "xf"})
    for name, given in starts(package.chunks(part), wanted):
        if name == "xf":
            if inside == "cellXfs":
                kinds.append(_format_id(given.get("numFmtId", "0")))
        elif name != "numFmt":
            inside = name
        elif inside != "dxfs":
            codes[_format_id(given.get("numFmtId", "0"))] = given.get("formatCode", "")
    known = {number: kind_of_format(number, codes.get(number)) for number in set(kinds)}
    return tuple(known[number] for number in kinds)


def _format_id(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
