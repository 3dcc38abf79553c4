"""Makers of workbooks that no office program would write, and of some that only WPS or Excel would."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
ART = "http://schemas.openxmlformats.org/drawingml/2006/main"
MB = 1024 * 1024

Parts = dict[str, bytes]


def jpeg(colour: str) -> bytes:
    """A small real JPEG."""
    out = BytesIO()
    Image.new("RGB", (24, 16), colour).save(out, "JPEG")
    return out.getvalue()


def relationships(*rows: tuple[str, str, str]) -> bytes:
    """A .rels part of (id, type, target); a target with ``://`` is external."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{kind if "://" in kind else f"{OFFICE}/{kind}"}" Target="{target}"'
        + (' TargetMode="External"/>' if "://" in target else "/>")
        for name, kind, target in rows
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{items}</Relationships>'.encode()


def styles(*formats: int | str) -> bytes:
    """A styles part whose cell styles have these formats: built-in numbers, or codes."""
    own = {code: 164 + place for place, code in enumerate(f for f in formats if isinstance(f, str))}
    given = "".join(f'<numFmt numFmtId="{n}" formatCode="{escape(c, {chr(34): "&quot;"})}"/>' for c, n in own.items())
    fills = "<fills><fill><patternFill/></fill></fills>"
    cells = "".join(f'<xf numFmtId="{own[f] if isinstance(f, str) else f}" xfId="0"/>' for f in (0, *formats))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{given}</numFmts><fonts><font/></fonts>{fills}'
        f"<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>"
    ).encode()


def parts(sheet: str | bytes, *, main: str = SHEET_TYPE, book: str = "", name: str = "表") -> Parts:
    """The parts of a workbook of one sheet; *sheet* is what stands inside ``<worksheet>``."""
    inside = sheet.encode() if isinstance(sheet, str) else sheet
    types = (
        f'<Types xmlns="{TYPES}"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook.encode(),
        "xl/_rels/workbook.xml.rels": relationships(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "styles", "styles.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": styles(),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>'.encode(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">'.encode()
        + inside
        + b"</worksheet>",
    }


def pack(content: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
    """A zip of parts; a part may be given in pieces, so that a bomb need not lie in memory."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, body in content.items():
            with archive.open(_info(name), "w") as part:
                for piece in (body,) if isinstance(body, bytes) else body:
                    part.write(piece)
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def cell(reference: str, value: str = "1", more: str = "") -> str:
    """A number cell."""
    return f'<c r="{reference}"{more}><v>{value}</v></c>'


def text(reference: str, words: str) -> str:
    """An inline text cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def data(*rows: tuple[int, str]) -> str:
    """``sheetData`` of (row number, cells)."""
    return "<sheetData>" + "".join(f'<row r="{number}">{cells}</row>' for number, cells in rows) + "</sheetData>"


def book(sheet: str | bytes, **given: str) -> bytes:
    """A workbook of one sheet."""
    return pack(parts(sheet, **given))


def with_part(name: str, body: bytes | Iterable[bytes], sheet: str = "<sheetData/>") -> bytes:
    """An ordinary workbook with one more part, or with one part replaced."""
    content: dict[str, bytes | Iterable[bytes]] = {**parts(sheet), name: body}
    return pack(content)


def repeated(head: bytes, piece: bytes, times: int, tail: bytes) -> Iterable[bytes]:
    """head, *times* pieces, tail: in blocks."""
    yield head
    block = piece * 10_000
    for _ in range(times // 10_000):
        yield block
    yield tail


def sheet_pieces(
    piece: bytes, times: int, head: bytes = b"<sheetData>", tail: bytes = b"</sheetData>"
) -> Iterable[bytes]:
    """A worksheet part of very many equal pieces."""
    return repeated(f'<worksheet xmlns="{MAIN}">'.encode() + head, piece, times, tail + b"</worksheet>")


def huge_workbooks() -> dict[str, bytes]:
    """Workbooks that cost other readers minutes or gigabytes, each a small file."""
    sheet = "xl/worksheets/sheet1.xml"
    strings = repeated(f'<sst xmlns="{MAIN}">'.encode(), b"<si><t>a</t></si>", 5_000_000, b"</sst>")
    long_cell = sheet_pieces(
        b"x" * 2000,
        100_000,
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>',
        b"</t></is></c></row></sheetData>",
    )
    return {
        "corner": book(data((1, cell("A1")), (1048576, cell("XFD1048576")))),
        "columns": book(data((1, cell("A1") + cell("CW1")))),
        "rows by count": with_part(sheet, sheet_pieces(b"<row/>", 1_000_000)),
        "thirty million empty rows": with_part(sheet, sheet_pieces(b"<row/>", 30_000_000)),
        "rows by number": book(data((20002, cell("A20002")))),
        "cells without addresses": with_part(
            sheet, sheet_pieces(b"<c><v>1</v></c>", 1_000_000, b"<sheetData><row>", b"</row></sheetData>")
        ),
        "shared strings": with_part("xl/sharedStrings.xml", strings),
        "long cell": with_part(sheet, long_cell),
        "long shared string": with_part(
            "xl/sharedStrings.xml", repeated(b"<sst><si><t>", b"y" * 1000, 100_000, b"</t></si></sst>")
        ),
        "long attribute": with_part(sheet, sheet_pieces(b"z" * 1000, 100_000, b'<sheetData a="', b'"></sheetData>')),
        "deep": with_part(sheet, sheet_pieces(b"<a>", 10_000_000)),
        "merge": book(data((1, cell("A1"))) + '<mergeCells><mergeCell ref="A1:XFD20000"/></mergeCells>'),
        "many merges": book(
            data((1, cell("A1"))) + "<mergeCells>" + '<mergeCell ref="A1:CV20000"/>' * 3 + "</mergeCells>"
        ),
        "bomb": with_part("xl/media/image1.bin", (bytes(MB) for _ in range(300))),
        "bomb in xml": with_part("xl/theme/theme1.xml", repeated(b"<a>", b" " * 1000, 300_000, b"</a>")),
    }


def lying_size(content: bytes) -> bytes:
    """The same zip, its directory saying that every part inflates to 10 bytes."""
    out, place = bytearray(content), 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        out[place + 24 : place + 28] = (10).to_bytes(4, "little")
        place += 4
    return bytes(out)


def entity_bomb() -> bytes:
    """Billion laughs in the sheet."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><worksheet xmlns="{MAIN}"><sheetData/>&l9;</worksheet>'
    return with_part("xl/worksheets/sheet1.xml", body.encode())


def external_entity(part: str) -> bytes:
    """A part that asks for a file of the machine."""
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return with_part(part, body)


def wps_book(picture: bytes, *, formula: str | None = '_xlfn.DISPIMG("ID_0A1B",1)', keep_picture: bool = True) -> bytes:
    """A workbook as WPS saves a picture that was put into cell B2; without *formula*, as others save it again."""
    stored = f"<f>{escape(formula)}</f>" if formula else ""
    sheet = data(
        (1, text("A1", "客户名称") + text("B1", "现场照片")),
        (2, text("A2", "甲公司") + f'<c r="B2" t="str">{stored}<v>=DISPIMG("ID_0A1B",1)</v></c>'),
    )
    content = parts(sheet)
    content["xl/_rels/workbook.xml.rels"] = relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId5", "http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml"),
    )
    if keep_picture:
        content["xl/cellimages.xml"] = _cell_images("ID_0A1B")
        content["xl/_rels/cellimages.xml.rels"] = relationships(("rId1", "image", "media/image1.jpeg"))
        content["xl/media/image1.jpeg"] = picture
    return pack(content)


def _cell_images(name: str) -> bytes:
    return (
        f'<?xml version="1.0"?><etc:cellImages xmlns:xdr="{DRAWING}" xmlns:a="{ART}" xmlns:r="{OFFICE}" '
        f'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:cellImage><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="2" name="{name}" descr="门头"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr/></xdr:pic>'
        f"</etc:cellImage></etc:cellImages>"
    ).encode()


def floating_book(anchor: str, picture: bytes, *, blip: str = 'r:embed="rId1"', rows: str = "") -> bytes:
    """A workbook with one floating picture; *anchor* holds ``{pic}`` where the picture stands."""
    pic = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        f"<xdr:blipFill><a:blip {blip}/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/>"
    )
    body = f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{ART}" xmlns:r="{OFFICE}">{anchor.format(pic=pic)}</xdr:wsDr>'
    content = parts((rows or data((1, text("A1", "照片")))) + '<drawing r:id="rId9"/>')
    content["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(("rId9", "drawing", "../drawings/drawing1.xml"))
    content["xl/drawings/drawing1.xml"] = body.encode()
    content["xl/drawings/_rels/drawing1.xml.rels"] = relationships(
        ("rId1", "image", "../media/image1.jpeg"), ("rId2", "image", "http://example.invalid/a.jpg")
    )
    content["xl/media/image1.jpeg"] = picture
    return pack(content)


def corner(tag: str, column: int, row: int, offset: int = 0) -> str:
    """``from`` or ``to`` of an anchor; column and row from 0, offset down the row in EMU."""
    return (
        f"<xdr:{tag}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>{offset}</xdr:rowOff></xdr:{tag}>"
    )
