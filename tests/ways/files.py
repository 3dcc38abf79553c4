"""Ways out for whole files and sheets: what cannot be read, is not ours or may not be handed in; and what is never opened."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from intake.causes import Cause, Misfit
from intake.reading import workbook_at
from intake.sandbox.readers import Failure
from service import batch
from service.company import Service
from service.files.reads import Taken
from tests import hostile
from tests.company import a_company, a_company_with_a_customer, person, transfer, write
from tests.deals import plan
from tests.hostile import MB, book, cell, data, text
from tests.intake.test_preflight import OTHER_KINDS
from tests.ways.failing import Failing
from tests.ways.people import changed, newcomer
from tests.ways.way import TAKEN, Row, Story, dropped

#: Numbers of the config that let a test pass a limit with small files.
SMALL = {
    "xlsx_mb = ": "xlsx_mb = 1", "xlsx_entries = ": "xlsx_entries = 60", "inflated_mb = ": "inflated_mb = 20",
    "rows = ": "rows = 100", "incomplete_seconds = ": "incomplete_seconds = 0",
}  # fmt: skip
AGAIN, _COPY = "重新打开并保存原文件", "把数据复制到空白模板里"
SAVE_AS = "另存为”，类型选“Excel 工作簿(*.xlsx)”"


@dataclass(frozen=True)
class Wrong:
    """A file that is refused, and the words that say what to do: the same rows in a good workbook are taken."""

    cause: Cause
    content: bytes
    says: str


def _locked() -> bytes:
    out = BytesIO()
    OOXMLFile(BytesIO(book(data((1, cell("A1")))))).encrypt("秘密", out)
    return out.getvalue()


def _old_office(stream: str) -> bytes:
    """An OLE container with this stream's name in its directory; for the kind of file nothing else is looked at."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    head[24:34] = bytes((0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0))
    head[44:52], head[56:60] = (1).to_bytes(4, "little") + (1).to_bytes(4, "little"), (4096).to_bytes(4, "little")
    head[60:68], head[68:76] = b"\xfe\xff\xff\xff" + bytes(4), b"\xfe\xff\xff\xff" + bytes(4)
    head[76:80] = bytes(4)
    head[80:512] = b"\xff" * 432
    fat = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    return bytes(head) + fat + b"".join((_entry("Root Entry", 5, child=1), _entry(stream, 2), bytes(256)))


def _entry(name: str, kind: int, child: int = -1) -> bytes:
    entry = bytearray(128)
    written = name.encode("utf-16-le") + b"\0\0"
    entry[: len(written)], entry[64:66], entry[66], entry[67] = written, len(written).to_bytes(2, "little"), kind, 1
    for place, number in ((68, -1), (72, -1), (76, child), (116, -2)):
        entry[place : place + 4] = number.to_bytes(4, "little", signed=True)
    return bytes(entry)


def _filler() -> bytes:
    """What keeps a package from looking like a bomb."""
    return random.Random(1).randbytes(300_000)


def _strings() -> bytes:
    many = hostile.repeated(f'<sst xmlns="{hostile.MAIN}">'.encode(), b"<si><t/></si>", 1_010_000, b"</sst>")
    return hostile.pack({**hostile.parts("<sheetData/>"), "xl/sharedStrings.xml": many, "xl/media/a.bin": _filler()})


def _inflated() -> bytes:
    return hostile.pack({
        **hostile.parts("<sheetData/>"), "xl/media/a.bin": _filler(), "xl/media/b.bin": (bytes(MB) for _ in range(22)),
    })  # fmt: skip


def _without_sheets() -> bytes:
    whole = hostile.parts("<sheetData/>")
    body = whole["xl/workbook.xml"]
    return hostile.pack({**whole, "xl/workbook.xml": body[: body.index(b"<sheets>")] + b"<sheets/></workbook>"})


_USUAL = {
    Cause.EMPTY: AGAIN, Cause.BLANK: "请等网盘同步完成", Cause.TRUNCATED: AGAIN, Cause.DAMAGED: AGAIN,
    Cause.HTML: SAVE_AS, Cause.TEXT: SAVE_AS, Cause.XML2003: SAVE_AS, Cause.ODS: SAVE_AS, Cause.XLS: SAVE_AS,
    Cause.XLSM: SAVE_AS, Cause.XLSB: SAVE_AS, Cause.RTF: "请把内容填到 Excel 模板里", Cause.DOCX: "请把内容填到 Excel 模板里",
    Cause.PPTX: "请把内容填到 Excel 模板里", Cause.PDF: "请放入填写好的 Excel 工作簿", Cause.ARCHIVE: "请先解压",
    Cause.UNKNOWN: AGAIN, Cause.NUMBERS: "导出到 → Excel", Cause.NOT_WORKBOOK: "请先解压", Cause.ENTITY: AGAIN,
}  # fmt: skip


def wrong_files() -> Iterator[Wrong]:
    """A file for each cause that lies in the file itself."""
    yield from (Wrong(cause, OTHER_KINDS[cause.value], says) for cause, says in _USUAL.items())
    yield Wrong(Cause.PICTURE, b"\0\0\0\x14ftypisom" + bytes(400) + b"\1", "照片请直接放入手机里的原图")
    yield Wrong(Cause.ENCRYPTED, _locked(), "请在 Excel 中去掉密码后保存")
    yield Wrong(Cause.DOC, _old_office("WordDocument"), "请把内容填到 Excel 模板里")
    yield Wrong(Cause.PPT, _old_office("PowerPoint Document"), "请把内容填到 Excel 模板里")
    yield Wrong(Cause.STRANGE, book(b"<a>" * 30_000 + b"</a>" * 30_000), AGAIN)
    yield Wrong(Cause.UNREADABLE, book(data((1, '<c r="A1" t="s"><v>99</v></c>'))), AGAIN)
    yield Wrong(Cause.NO_SHEETS, _without_sheets(), AGAIN)
    large = hostile.pack({**hostile.parts("<sheetData/>"), "xl/media/a.bin": random.Random(2).randbytes(1_200_000)})
    yield Wrong(Cause.TOO_BIG, large, "请拆成几个较小的工作簿，或压缩其中的图片")
    yield Wrong(Cause.TOO_BIG_INFLATED, _inflated(), _COPY)
    yield Wrong(Cause.ZIP_BOMB, hostile.with_part("xl/media/a.bin", (bytes(MB) for _ in range(12))), _COPY)
    parts = {f"xl/media/{n}.png": b"" for n in range(80)}
    yield Wrong(Cause.TOO_MANY_PARTS, hostile.pack({**hostile.parts("<sheetData/>"), **parts}), _COPY)
    yield Wrong(Cause.TOO_MANY_STRINGS, _strings(), _COPY)
    yield Wrong(Cause.TOO_MANY_ROWS, book(data((102, cell("A102")))), "请删除数据下方多余的行")
    yield Wrong(Cause.TOO_MANY_COLUMNS, book(data((1, cell("CW1")))), "请删除数据右侧多余的列")
    yield Wrong(Cause.CELL_TOO_LONG, book(data((1, text("A1", "长" * 33_000)))), "请缩短这个单元格的内容")
    merged = data((1, cell("A1"))) + '<mergeCells><mergeCell ref="A1:XFD20000"/></mergeCells>'
    yield Wrong(Cause.MERGE_TOO_BIG, book(merged), "请取消合并单元格")


FROM_THE_FILE = frozenset(_USUAL) | {
    Cause.PICTURE, Cause.ENCRYPTED, Cause.DOC, Cause.PPT, Cause.STRANGE, Cause.UNREADABLE, Cause.NO_SHEETS,
    Cause.TOO_BIG, Cause.TOO_BIG_INFLATED, Cause.ZIP_BOMB, Cause.TOO_MANY_PARTS, Cause.TOO_MANY_STRINGS,
    Cause.TOO_MANY_ROWS, Cause.TOO_MANY_COLUMNS, Cause.CELL_TOO_LONG, Cause.MERGE_TOO_BIG,
}  # fmt: skip


def _plan(n: int) -> Row:
    """The n-th of many plans, each of another day."""
    return Row("张三", "拜访计划", plan(str(date(2026, 11, 24) + timedelta(days=n))))


def _files(folder: Path) -> None:
    """Each kind of file comes back with its own words; the rows in a good workbook are taken."""
    wrong, causes, refuse = list(wrong_files()), dict[str, Cause](), batch._refuse_file

    def noted(service: Service, each: Taken, now: datetime) -> None:
        assert each.refusal is not None
        causes[each.drop.relative] = each.refusal.code
        refuse(service, each, now)

    with a_company_with_a_customer(folder, config=SMALL) as co, pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "_refuse_file", noted)
        for n, each in enumerate(wrong):
            co.drop("张三", f"坏{n:02d}号.xlsx", each.content)
        co.run("11-23 10:00")
        assert co.dropped() == []
        told = {path.stem.rpartition("_")[2]: path for path in co.new("张三")}
        for n, each in enumerate(wrong):
            assert causes[f"坏{n:02d}号.xlsx"] is each.cause
            path = told[f"坏{n:02d}号"]
            assert "_拒收_" in path.name, path.name
            (page,) = openpyxl.load_workbook(path).worksheets
            words = "\n".join(str(value) for line in page.iter_rows(values_only=True) for value in line if value)
            assert each.says in words, (each.cause, words)
        rows = dropped(co, [_plan(n) for n in range(len(wrong))], "11-23 11:00", "好的")
        assert {row["结果"] for row in rows} == {"待审批"}


_OURS: Mapping[Cause, str] = {
    Cause.TIME: "读取时间过长", Cause.MEMORY: "读取需要的内存过大", Cause.CRASH: "读取程序异常退出", Cause.ERROR: "无法读取",
}  # fmt: skip


def _our_readers_fail(folder: Path) -> None:
    """What our own reader could not read is saved anew and dropped again; it costs nobody a fine."""
    with a_company_with_a_customer(folder) as co:
        real = co.service
        for n, (cause, words) in enumerate(_OURS.items()):
            sick: Any = Failing(real.readers, Failure(cause.value, "as if"), workbook_at)  # type: ignore[arg-type]
            co.service = replace(real, readers=sick)
            co.hand_in("张三", f"计划{n}.xlsx", 拜访计划=[_plan(n).filled(co)])
            co.run(f"11-23 10:{n:02d}")
            said = co.receipt("张三", f"计划{n}").text
            assert words in said
            assert "另存为新的 .xlsx 再投递" in said
            co.service = real
            (row,) = dropped(co, [_plan(n)], f"11-23 11:{n:02d}", f"另存{n}")
            assert row["结果"] == "待审批"


def _our_own_fault(folder: Path) -> None:
    """A fault of the program keeps the file; once the administrator has mended it, the file is taken."""
    with a_company_with_a_customer(folder) as co, pytest.MonkeyPatch.context() as patch:

        def fail(*_given: Any) -> Any:
            raise RuntimeError("as if")

        patch.setattr(batch, "take_sheet", fail)
        co.hand_in("张三", "计划.xlsx", 拜访计划=[_plan(0).filled(co)])
        assert any("程序出错" in trouble for trouble in co.run("11-23 10:00").troubles)
        assert "请联系管理员" in co.receipt("张三", "计划").text
        patch.undo()
        (row,) = dropped(co, [_plan(0)], "11-23 11:00", "再来")
        assert row["结果"] == "待审批"


# -- sheets


def _page(name: str, *lines: list[Any]) -> bytes:
    """A workbook with one sheet of these lines."""
    made, out = openpyxl.Workbook(), BytesIO()
    made.worksheets[0].title = name
    for line in lines:
        made.worksheets[0].append(line)
    made.save(out)
    return out.getvalue()


_HEADERS = ["客户名称", "计划日期", "拜访目的"]
_CELLS = [plan("2026-11-24")[header] for header in _HEADERS]
MISFITS: tuple[tuple[Misfit, bytes, str], ...] = (
    (Misfit.FOREIGN, _page("随手记", ["想到的", "说明"], ["客户来电", "周五"]), "请使用“取件/模板”中的表格填写"),
    (Misfit.UNTOUCHED, _page("拜访计划", _HEADERS), "请在表头下面逐行填好"),
    (Misfit.HEADLESS, _page("拜访计划", _CELLS), "必须有这些列：客户名称、计划日期、拜访目的"),
    (Misfit.TWICE, _page("拜访计划", [*_HEADERS, "计划日期"], [*_CELLS, "2026-11-25"]), "请删去多余的列"),
    (Misfit.INCOMPLETE, _page("拜访计划", ["客户名称", "哪天", "拜访目的"], _CELLS), "请用最新模板，或把列名改回原样"),
)  # fmt: skip


def _sheets(folder: Path) -> None:
    """A sheet that is not ours, or not whole, says what a whole one looks like; that one is taken."""
    with a_company_with_a_customer(folder) as co:
        for n, (_why, content, says) in enumerate(MISFITS):
            co.drop("张三", f"表{n}.xlsx", content)
            co.run(f"11-23 10:{n:02d}")
            paper = co.receipt("张三", f"表{n}")
            everything = f"{paper.text}\n{paper.sheets}"
            assert says in everything, everything
            (row,) = dropped(co, [_plan(n)], f"11-23 11:{n:02d}", f"改好{n}")
            assert row["结果"] == "待审批"


def _not_mine_to_hand_in(folder: Path) -> None:
    """For another post, before one's first day, after one's last: who may does it, and then it is taken."""
    with a_company_with_a_customer(folder) as co:
        joining = {**person("何九", "13800138009", "销售一部", "销售人员"), "入职日期": "2026-11-25"}
        co.found([joining], "11-23 09:00")
        for n, (who, form, row, says, then) in enumerate((
            ("张三", "人员新增", newcomer(31, "陈东"), "只能由销售经理提交", Row("赵总", "人员新增", newcomer(31, "陈东"))),
            ("何九", "销售日报", _report("2026-11-23"), "您的入职日期是 2026-11-25，从这一天起才能投递", Row("何九", "销售日报", _report("2026-11-25"))),
        )):  # fmt: skip
            write(co.share / who / "投递" / f"不行{n}.xlsx", {form: [row]})
            co.run(f"11-23 10:{n:02d}")
            paper = co.receipt(who, f"不行{n}")
            assert says in f"{paper.text}{paper.sheets}"
            (taken,) = dropped(co, [then], f"11-{25 if who == '何九' else 23} 18:{n:02d}", f"可以{n}")
            assert taken["结果"] in TAKEN
        co.hand_in("赵总", "离职.xlsx", 人员变更=[changed("张三", "2026-11-26", 状态="离职")])
        co.run("11-26 09:00")
        write(co.share / "张三" / "投递" / "交给王五.xlsx", {"客户转交": [transfer("全部", "王五", 转交原因="离职")]})
        co.run("11-26 10:00")
        paper = co.receipt("张三", "交给王五")
        assert "如有疑问请联系原部门经理" in f"{paper.text}{paper.sheets}"
        (row,) = dropped(
            co, [Row("李四", "客户转交", transfer("全部", "王五", 转交原因="离职"))], "11-26 11:00", "代交"
        )
        assert row["结果"] == "待审批"


def _report(day: str) -> dict[str, Any]:
    return {
        "日期": day,
        "今日工作总结": "走访了南山的三家客户，谈定一家的交期。",
        "明日工作计划": "上午整理报价，下午拜访华新。",
    }


# -- what lies in 投递 and is never opened


def _never_opened(folder: Path) -> None:
    """A link, a pipe and a file that is too large are told of once each; the file itself, or a smaller one, is taken."""
    with a_company_with_a_customer(folder, config={"xlsx_mb = ": "xlsx_mb = 1", "photo_mb = ": "photo_mb = 1"}) as co:
        drop = co.share / "张三" / "投递"
        good = write(folder / "桌面上的.xlsx", {"拜访计划": [_plan(0).filled(co)]})
        (drop / "快捷方式.xlsx").symlink_to(good)
        os.mkfifo(drop / "管道.xlsx")
        co.drop("张三", "大文件.xlsx", bytes(2 * MB))
        co.run("11-23 10:00")
        co.run("11-23 10:20")
        told = {path.stem.rpartition("_")[2]: path for path in co.new("张三")}
        assert set(told) == {"快捷方式", "管道", "大文件"}, "each once"
        for name, says in (
            ("快捷方式", "请直接放入文件本身"),
            ("管道", "请放入普通的文件"),
            ("大文件", "请压缩或拆小后再投递"),
        ):
            page = openpyxl.load_workbook(told[name]).worksheets[0]
            words = "\n".join(str(value) for line in page.iter_rows(values_only=True) for value in line if value)
            assert says in words
            assert "请自行移走" in words
            (drop / f"{name}.xlsx").unlink()
        (drop / "计划.xlsx").write_bytes(good.read_bytes())
        co.run("11-23 11:00")
        assert co.receipt("张三", "计划").outcomes("拜访计划") == ["待审批"]


def _out_of_reach(folder: Path) -> None:
    """A folder that cannot be looked into, and a file that cannot be read, are taken by themselves once they can be."""
    with a_company(folder) as co:
        drop, aside = co.share / "张三" / "投递", folder / "aside"
        drop.rename(aside)
        assert any("暂停收发" in each or "收不到" in each for each in co.run("11-23 18:00").troubles)
        write(aside / "日报.xlsx", {"销售日报": [_report("2026-11-23")]})
        aside.rename(drop)
        co.run("11-23 18:20")
        assert co.receipt("张三", "日报").outcomes("销售日报") == ["待审批"]


def _locked_file(folder: Path) -> None:
    with a_company(folder) as co, pytest.MonkeyPatch.context() as patch:

        def held(*_given: Any) -> Any:
            raise PermissionError("open in Excel")

        patch.setattr("intake.inbox.settle.open_plain", held)
        co.hand_in("张三", "日报.xlsx", 销售日报=[_report("2026-11-23")])
        assert any("关闭打开它的程序后会自动收取" in each for each in co.run("11-23 18:00").troubles)
        patch.undo()
        co.run("11-23 18:20")
        assert co.receipt("张三", "日报").outcomes("销售日报") == ["待审批"]


FILES: tuple[Story, ...] = (
    Story("打不开的文件", frozenset(FROM_THE_FILE), _files),
    Story("系统读不了", frozenset(_OURS), _our_readers_fail),
    Story("系统出错", frozenset({Cause.FAULT}), _our_own_fault),
)
SHEETS: tuple[Story, ...] = (
    Story("不成样子的表", frozenset(why for why, _content, _says in MISFITS), _sheets),
    Story("不该由您交", frozenset({Misfit.POST, Misfit.NOT_YET, Misfit.LEFT}), _not_mine_to_hand_in),
)
FOLDERS: tuple[Story, ...] = (
    Story("不会打开的", frozenset({"link", "device", "large"}), _never_opened),
    Story("暂时够不着", frozenset({"unreachable"}), _out_of_reach),
    Story("正被占用", frozenset({"locked"}), _locked_file),
)
