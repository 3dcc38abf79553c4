"""Where mutants begin: good files of every kind that people hand in, small, and always the same."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import xlsxwriter
from PIL import Image

from demo import pictures as demo
from demo.pictures import Shot
from intake.photo.seal import sealed
from ledger.records import Seal
from tests import hostile, pictures
from tests.company import CONFIG, Cells, change, claim, customer, person, report, transfer, visit, write
from tests.deals import bank_line, order, payment, plan, target
from tests.hostile import book, cell, corner, data, text
from tests.ways.days import appeal
from tests.ways.people import changed, deputy, exempted
from tests.ways.sales import deal

_AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_KEY = b"a key of nobody's" * 2
_SMALL = (96, 72)


@cache
def books() -> tuple[bytes, ...]:
    """Workbooks of other programs and of ours."""
    red = hostile.jpeg("red")
    anchor = "<xdr:twoCellAnchor>" + corner("from", 1, 1) + corner("to", 2, 3) + "{pic}</xdr:twoCellAnchor>"
    rows = data(
        (1, text("A1", "客户名称") + text("B1", "日期")),
        (2, text("A2", "甲") + cell("B2", "46349", ' s="1"')),
        (3, cell("A3", "1.5")),
    )
    plain = hostile.parts(rows + '<mergeCells><mergeCell ref="A3:B3"/></mergeCells>')
    plain["xl/styles.xml"] = hostile.styles("yyyy-mm-dd", 22)
    return (
        hostile.pack(plain), hostile.wps_book(red), hostile.floating_book(anchor, red), _written(), _excel_pictures(red), *forms(),
        book(data((1, cell("A1") + '<c r="B1"><f>A1+1</f><v>2</v></c>' + text("C1", "_x000D_"))), book='<workbookPr date1904="1"/>'),
    )  # fmt: skip


def _written() -> bytes:
    """Everything that XlsxWriter knows and our staff use."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.set_properties({"created": _AT})
        made.set_custom_property("kebu_form", "拜访记录")
        sheet, hidden = made.add_worksheet("拜访记录"), made.add_worksheet("地区")
        hidden.hide()
        day, rich = made.add_format({"num_format": 'yyyy"年"m"月"d"日"'}), made.add_format({"bold": True})
        sheet.write_row(0, 0, ["客户名称", "日期", "金额", "是否", "备注"])
        sheet.write_datetime(1, 1, datetime(2026, 11, 24), day)
        sheet.write_row(2, 0, ["甲\n乙", None, 1234.5, True, "=1+1"])
        sheet.write_rich_string(1, 0, rich, "深圳", "市宏远")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_url(1, 4, "https://example.invalid/", string="链接")
        sheet.write_comment(2, 0, "批注")
        sheet.data_validation("D2:D100", {"validate": "list", "source": ["是", "否"]})
        sheet.merge_range("A5:C5", "合计")
        sheet.autofilter("A1:E3")
        sheet.freeze_panes(1, 1)
        sheet.conditional_format("C2:C9", {"type": "cell", "criteria": ">", "value": 5, "format": rich})
        hidden.write_column(0, 0, ["广东省", "北京市"])
        made.define_name("区域", "=地区!$A$1:$A$2")
    return out.getvalue()


def _excel_pictures(red: bytes) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.set_properties({"created": _AT})
        sheet = made.add_worksheet("客户新增")
        sheet.write_row(0, 0, ["客户名称", "门头照片"])
        sheet.embed_image(1, 1, "a.jpg", {"image_data": BytesIO(red)})
        sheet.insert_image(2, 1, "b.jpg", {"image_data": BytesIO(hostile.jpeg("blue"))})
    return out.getvalue()


@cache
def forms() -> tuple[bytes, ...]:
    """Each form filled in as it should be, by openpyxl."""
    filled: tuple[dict[str, list[Cells]], ...] = (
        {"客户新增": [customer(), customer("广州白云家具厂", 共享人员="王五")]}, {"拜访记录": [visit(), visit("乙.jpg", 同行人员="王五")]},
        {"客户申领": [claim()], "拜访计划": [plan("2026-11-26")]}, {"销售日报": [report("2026-11-24"), report("2026-11-23")]},
        {"成交订单": [order()], "客户回款": [payment(), payment(1200.5)]}, {"银行流水": [bank_line("LS1"), bank_line("LS2", amount="1,200.50")]},
        {"信息变更": [change(联系人="王红")], "客户转交": [transfer("全部", "王五")]}, {"销售指标": [target("张三"), target("张三", 12)], "商机": [deal()]},
        {"日报申诉": [appeal("2026-11-23")],
         "更正": [{"受理号": "A1B2C3", "处理": "作废", "原因": "写错了金额"}]},
        {"日报豁免": [exempted("王五", "2026-11-25", "2026-11-25")], "审批代理": [deputy("李四", "赵总", "2026-11-30", "2026-12-01")]},
        {"人员新增": [person("陈新", "13800138009", "销售一部", "销售人员")], "人员变更": [changed("王五", "2026-11-26", 客户数量上限=60)]},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        return tuple(write(Path(folder) / "a.xlsx", sheets).read_bytes() for sheets in filled)


@cache
def photos() -> tuple[bytes, ...]:
    """Pictures of cameras, screens and scanners, and one with the door's seal."""
    scene = pictures.scene(1, _SMALL)
    whole = pictures.exif(
        offset="+08:00", gps_at=_AT, orientation=6, software="1.0", thumbnail=pictures.scene(1, (32, 24))
    )
    shot = Shot(_AT, 22.5405, 113.9345)
    page = demo.document(1, ("购销合同",), (120, 160))
    seal = Seal(
        id="ab" * 16, person="张三", challenge="c", taken_at=_AT, received_at=_AT, phone_at=_AT, phone_ahead=1, late=False,
        lat=22.5, lon=113.9, accuracy_m=8.0,
    )  # fmt: skip
    return (
        pictures.jpeg(scene, whole), pictures.photo(2, (480, 360)), pictures.jpeg(scene), sealed(pictures.jpeg(scene), whole[6:], seal, _KEY),
        pictures.encode(scene, "JPEG", progressive=True, exif=whole), pictures.encode(scene.convert("CMYK"), "JPEG"), pictures.endless_maker_note(),
        pictures.encode(scene, "PNG", exif=whole), pictures.encode(scene.convert("P"), "PNG"), pictures.encode(scene.convert("I;16"), "PNG"),
        demo.heic(pictures.scene(3, (128, 96)), shot), demo.heic(pictures.scene(4, (64, 64)), shot), demo.scanned([page, page], _AT),
        pictures.encode(scene, "WEBP", exif=whole), pictures.encode(scene, "TIFF"), pictures.encode(scene, "BMP"), pictures.encode(scene.convert("P"), "GIF"),
        pictures.encode(scene, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 24))]),
    )  # fmt: skip


@cache
def configs() -> tuple[bytes, ...]:
    """The product's own."""
    return (
        CONFIG.read_bytes(),
        CONFIG.read_bytes() + b"\n[[policy]]\nfrom = 2026-12-01\n[policy.photos]\nnear_m = 300\n",
    )


def fingerprints(kind: str, files: tuple[bytes, ...]) -> Iterator[str]:
    """What each file is, so that two runs can be told to begin with the same."""
    for number, content in enumerate(files):
        yield f"{kind}:{number} {hashlib.sha256(content).hexdigest()[:12]} {len(content)}"
