"""Ways out for 期初客户: the operator mends the workbook and takes it again; what stands in the book already is changed by its owner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.answers.opening import open_customers
from tests.company import Cells, Company, a_company, change, read, write
from tests.flows.test_opening import ORDER, opening
from tests.ways.way import TAKEN, Row, Story, dropped, refusing

SHEET = "期初客户"
THERE = "深圳市宏远电子有限公司"
Mended = tuple[
    str, Cells, str, Cells
]  #: rule, the row that comes back, the words that are followed, the row that is taken


def _mended(rule: str, n: int, says: str, good: Cells | None = None, **wrong: Any) -> Mended:
    right = opening(f"惠州第{'零一二三四五六七八九十'[n]}机械厂", **(good or {}))
    return rule, {**right, **wrong}, says, right


ROWS: tuple[Mended, ...] = (
    _mended("opening.name.full", 1, "有效证件上的全称", 客户名称="惠机"),
    _mended("opening.area.real", 2, "请写成 省/市/区", 客户地址="广东省/深圳市/天河区"),
    _mended("opening.address.door", 3, "请写明楼栋和门牌", 详细地址="科苑路"),
    _mended("opening.owner.missing", 4, "客户状态选“公海”", {"客户状态": "公海", "销售经理": None}, 客户状态="跟进中"),
    _mended("opening.owner.active", 5, "改填在职销售人员", 销售经理="李四"),
    _mended("opening.owner.former", 6, "或者空着", {"客户状态": "公海", "销售经理": None}, 销售经理="没有人"),
    _mended("opening.shared.active", 7, "请填写在职同事的姓名", {"共享人员": "王五"}, 共享人员="王五五"),
    _mended("opening.shared.owner", 8, "请从共享人员中去掉这个姓名", {"共享人员": "王五"}, 共享人员="王五、张三"),
    _mended("opening.followed.future", 9, "不知道就空着", {"最近跟进日期": None}, 最近跟进日期="2026-12-01"),
    _mended("opening.order.whole", 10, "请补上", {**ORDER, "合同编号": "K-1"}, 未收金额=None),
    _mended("opening.order.future", 1, "请按合同签订日期填写", {**ORDER, "合同编号": "K-2"}, 成交日期="2026-12-01"),
    _mended("opening.order.unpaid", 2, "请核对", {**ORDER, "合同编号": "K-3"}, 未收金额=128001),
    _mended("opening.contract.elsewhere", 3, "请核对合同编号和客户名称", {**ORDER, "合同编号": "K-4"}, 合同编号="HY-2026-118"),
)  # fmt: skip


def _taken(co: Company, rows: Sequence[Cells], at: str) -> list[dict[str, Any]]:
    found = open_customers(co.service, write(co.folder / "期初客户.xlsx", {SHEET: rows}), co.clock(at))
    assert found.receipt is not None
    return read(found.receipt).rows(SHEET)


def _play(folder: Path) -> None:
    with a_company(folder) as co:
        _taken(co, [opening(**ORDER)], "11-20 10:00")
        back = _taken(co, [*(wrong for _rule, wrong, _says, _right in ROWS), opening(联系人="王红")], "11-20 11:00")
        for (rule, _wrong, says, _right), row in zip(ROWS, back[:-1], strict=True):
            assert (row["结果"], refusing(co, row["受理号"])) == ("退回", {rule}), row["说明"]
            assert says in row["说明"], rule
        assert (back[-1]["结果"], refusing(co, back[-1]["受理号"])) == ("退回", {"opening.name.taken"})
        assert "请归属人投递“信息变更”" in back[-1]["说明"]
        taken = _taken(co, [right for _rule, _wrong, _says, right in ROWS], "11-20 12:00")
        changed = dropped(co, [Row("张三", "信息变更", change(THERE, 联系人="王红"))], "11-20 13:00", "改好")
        assert [(row["结果"], row["说明"]) for row in (*taken, *changed) if row["结果"] not in TAKEN] == []


OPENING = Story("期初", frozenset({"opening.name.taken", *(rule for rule, *_rest in ROWS)}), _play)
