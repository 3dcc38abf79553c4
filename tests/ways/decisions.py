"""Ways out for decisions that are not taken: what the approver's receipt says leads to a row that is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from processors.approval import Hindrance, Refused
from tests.company import (
    STAFF,
    Company,
    a_company,
    a_company_with_a_customer,
    customer,
    head_row,
    person,
    report,
    shot,
    visit,
)
from tests.deals import CASHIER, approved_order, arrived, bank_line, confirm, confirmation, payment, plan
from tests.ways.mending import mend
from tests.ways.people import changed, deputy
from tests.ways.way import TAKEN, Row, Story, dropped

Edit = Callable[[Worksheet], None]


@contextmanager
def watched(*expected: Hindrance) -> Iterator[None]:
    """Every one of *expected* hinders a decision meanwhile."""
    seen, made = set(), Refused.__init__

    def noted(self: Refused, why: Hindrance, *rest: Any, **others: Any) -> None:
        made(self, why, *rest, **others)
        seen.add(why)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Refused, "__init__", noted)
        yield
    assert set(expected) <= seen, f"{set(expected) - seen} never came up"


def written(row: int, **cells: Any) -> Edit:
    """Put values into the *row*-th row of a sheet."""

    def edit(page: Worksheet) -> None:
        top = head_row(page)
        at = {cell.value: n for n, cell in enumerate(page[top], 1)}
        for header, value in cells.items():
            page.cell(top + 1 + row, at[header]).value = value

    return edit


def together(*edits: Edit) -> Edit:
    """All *edits*, one after another."""

    def edit(page: Worksheet) -> None:
        for each in edits:
            each(page)

    return edit


def answered(co: Company, who: str, form: str) -> list[tuple[str, str]]:
    """结果 and 说明 of each row of the approver's newest receipt."""
    return [(str(row["结果"]), str(row["说明"] or "")) for row in co.receipt(who, "审批_").rows(f"审批_{form}")]


def _spoilt_in_many_ways(folder: Path) -> None:
    """One sheet, each of its rows spoilt in another way; then the sheet as it was issued, filled in as it should be."""
    faults: tuple[tuple[Hindrance, dict[str, Any], str], ...] = (
        (Hindrance.FORGED, {"校验码": "WyJ4Il0.x"}, "请使用“取件/审批”文件夹中的原审批单"),
        (Hindrance.NUMBER, {"受理号": "261123-9999"}, "请使用原审批单，只填写黄色单元格"),
        (Hindrance.LOCKED, {"拜访目的": "改一改"}, "请恢复原内容，只填写黄色单元格"),
        (Hindrance.WORDS, {"审批结论": "再议"}, "请填写 同意 或 驳回"),
        (Hindrance.COMMENT, {"审批结论": "驳回"}, "请写明驳回的原因"),
        (Hindrance.CELL, {"审批结论": '=IF(1=1,"同意","驳回")'}, "公式"),
    )
    with a_company_with_a_customer(folder) as co, watched(Hindrance.ADDRESSEE, *(why for why, _cells, _says in faults)):
        co.hand_in("张三", "计划.xlsx", 拜访计划=[plan(f"2026-11-{24 + n}") for n in range(len(faults))])
        co.run("11-23 10:00")
        sheet = co.approval("李四", "拜访计划")
        co.decide("周八", sheet)
        co.run("11-23 10:20")
        assert {"请由本人审批" in words for _outcome, words in answered(co, "周八", "拜访计划")} == {True}
        co.decide("李四", sheet, edit=together(*(written(n, **cells) for n, (_why, cells, _says) in enumerate(faults))))
        co.run("11-23 10:40")
        for (_why, _cells, says), (outcome, words) in zip(faults, answered(co, "李四", "拜访计划"), strict=True):
            assert (outcome, says in words) == ("退回", True), words
        co.decide("李四", sheet, "驳回", "计划太密", rows=[4], edit=_agreed(0, 1, 2, 3, 5))
        co.run("11-23 11:00")
        assert {outcome for outcome, _words in answered(co, "李四", "拜访计划")} == {"已受理"}
        assert {row["status"] for row in co.ask("SELECT status FROM visit_plans")} == {"accepted", "rejected"}


def _agreed(*rows: int) -> Edit:
    return together(*(written(n, 审批结论="同意") for n in rows))


def _reported(co: Company, who: str = "张三", at: str = "11-23 18:00") -> Path:
    co.hand_in(who, "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run(at)
    co.new(who)
    return co.approval("李四", "销售日报")


def _told(co: Company, who: str, form: str, says: str) -> None:
    ((outcome, words),) = answered(co, who, form)
    assert (outcome, says in words) == ("退回", True), words


def _decided(co: Company, who: str, form: str, at: str) -> None:
    """The new sheet of a form is decided."""
    co.decide(who, co.approval(who, form), file=f"{form}.xlsx")
    co.run(at)
    assert {outcome for outcome, _words in _rows(co, who, form)} == {"已受理"}


def _rows(co: Company, who: str, form: str) -> list[tuple[str, str]]:
    papers = [co.receipt(who, form)]
    return [(str(row["结果"]), str(row["说明"] or "")) for paper in papers for row in paper.rows(f"审批_{form}")]


def _changed_since(folder: Path) -> None:
    with a_company(folder) as co, watched(Hindrance.CHANGED):
        first = _reported(co)
        co.hand_in(
            "张三", "改.xlsx", 销售日报=[report("2026-11-23", 今日工作总结="上午拜访宏远电子，下午整理报价和合同。")]
        )
        co.run("11-23 18:20")
        newer = co.approval("李四", "销售日报")
        co.decide("李四", first)
        co.run("11-23 18:40")
        _told(co, "李四", "销售日报", "请在新的审批单中审批")
        co.decide("李四", newer)
        co.run("11-23 19:00")
        assert [outcome for outcome, _words in answered(co, "李四", "销售日报")] == ["已受理"]


def _moved(folder: Path) -> None:
    """The deputy has it now, and decides."""
    with a_company(folder) as co, watched(Hindrance.MOVED):
        first = _reported(co)
        co.hand_in("李四", "代理.xlsx", 审批代理=[deputy("李四", "周八", "2026-11-23", "2026-11-24")])
        co.run("11-23 18:20")
        co.new("李四")
        co.decide("李四", first)
        co.run("11-23 18:40")
        _told(co, "李四", "销售日报", "已改由其他审批人审批。无需处理")
        _decided(co, "周八", "销售日报", "11-23 19:00")


def _own(folder: Path) -> None:
    """A colleague in the same post decides what one has handed in oneself."""
    with (
        a_company(folder, [*STAFF, person("吴管", "13800138009", "销售一部", "部门经理")]) as co,
        watched(Hindrance.OWN),
    ):
        co.drop("李四", "门头.jpg", shot("11-23 09:00", 5))
        co.hand_in("李四", 客户新增=[customer("珠海海天食品有限公司", 门头照片="门头.jpg", 销售经理="张三")])
        co.run("11-23 10:00")
        co.new("李四")
        sheet = co.approval("吴管", "客户新增")
        co.decide("李四", sheet)
        co.run("11-23 11:00")
        _told(co, "李四", "客户新增", "由审批链中的下一位审批")
        co.decide("吴管", sheet)
        co.run("11-23 12:00")
        assert co.ask("SELECT name FROM customers") == [{"name": "珠海海天食品有限公司"}]


def _away(folder: Path) -> None:
    """Who has left decides nothing; whoever comes next does."""
    with a_company(folder) as co, watched(Hindrance.AWAY):
        first = _reported(co)
        co.hand_in("赵总", "离职.xlsx", 人员变更=[changed("李四", "2026-11-24", 状态="离职")])
        co.run("11-23 19:00")
        co.new("赵总")
        co.decide("李四", first)
        co.run("11-24 09:00")
        _told(co, "李四", "销售日报", "这一行由接任的审批人审批")
        _decided(co, "赵总", "销售日报", "11-24 10:00")


def _decided_otherwise(folder: Path) -> None:
    """同意 by mistake is put right by 更正, 驳回 by mistake by dropping the row again."""
    with a_company(folder) as co, watched(Hindrance.DECIDED):
        for n, (first, then) in enumerate((("同意", "驳回"), ("驳回", "同意"))):
            who = ("张三", "王五")[n]
            sheet = _reported(co, who, f"11-23 18:{n}0")
            for at, decision in ((f"11-23 18:{n}2", first), (f"11-23 18:{n}4", then)):
                co.new("李四")
                co.decide("李四", sheet, decision, "请看制度")
                co.run(at)
            _told(co, "李四", "销售日报", "同意有误的，请投递“更正”")
        accepted, rejected = (
            row["receipt_no"] for row in co.ask("SELECT receipt_no FROM daily_reports ORDER BY receipt_no")
        )
        assert rejected
        co.new("王五")
        mended, again = dropped(co, [
            Row("钱督", "更正", mend(lambda _: accepted, None, None)), Row("王五", "销售日报", report("2026-11-23")),
        ], "11-23 19:00", "改正")  # fmt: skip
        assert (mended["结果"], again["结果"]) == ("待审批", "待审批")
        assert [row["person"] for row in co.ask("SELECT person FROM daily_reports WHERE status = 'pending'")] == [
            "王五"
        ]


def _customer_first(folder: Path) -> None:
    """A visit waits for its customer: that is approved first; one that was turned down comes again, and then goes on."""
    with a_company(folder) as co, watched(Hindrance.CUSTOMER_WAITS, Hindrance.CUSTOMER_GONE):
        co.drop("张三", "门头.jpg", shot("11-23 08:30", 1))
        co.drop("张三", "现场.jpg", shot("11-23 09:00", 2))
        co.hand_in("张三", "都.xlsx", 客户新增=[customer()], 拜访记录=[visit()])
        co.run("11-23 10:00")
        new, seen = co.approval("李四", "客户新增"), co.approval("李四", "拜访记录")
        _refused(co, seen, "11-23 10:20", "请先审批客户新增，再审批本行")
        co.decide("李四", new, "驳回", "请补营业执照")
        co.run("11-23 10:40")
        co.new("李四")
        _refused(co, seen, "11-23 11:00", "或等客户重新投递并通过后再审批")
        co.hand_in("张三", "再来.xlsx", 客户新增=[customer()])
        co.run("11-23 11:20")
        _decided(co, "李四", "客户新增", "11-23 11:40")
        co.decide("李四", seen)
        co.run("11-23 12:00")
        assert [outcome for outcome, _words in answered(co, "李四", "拜访记录")] == ["已受理"]


def _refused(co: Company, sheet: Path, at: str, says: str) -> None:
    co.decide("李四", sheet)
    co.run(at)
    _told(co, "李四", "拜访记录", says)


def _overtaken(folder: Path) -> None:
    """What a row would change is not as it was: it is turned down, and handed in anew as things are now."""
    with a_company_with_a_customer(folder) as co, watched(Hindrance.OVERTAKEN):
        number = approved_order(co)
        co.hand_in("张三", "一.xlsx", 更正=[mend(lambda _: number, value=90000)(co)])
        co.run("11-23 14:00")
        first = co.approval("赵总", "更正")
        co.hand_in("张三", "二.xlsx", 更正=[mend(lambda _: number, None, None)(co)])
        co.run("11-23 14:10")
        _decided(co, "赵总", "更正", "11-23 14:20")
        co.decide("赵总", first)
        co.run("11-23 15:00")
        _told(co, "赵总", "更正", "请驳回这一行，由提交人按现在的情况重新提交")
        co.decide("赵总", first, "驳回", "这一单已作废")
        co.run("11-23 15:20")
        assert [outcome for outcome, _words in answered(co, "赵总", "更正")] == ["已受理"]
        again = {
            "客户名称": "深圳市宏远电子有限公司",
            "合同编号": "HY-1",
            "成交日期": "2026-11-23",
            "成交金额": 90000,
            "合同照片": "合同1.jpg",
        }
        (row,) = dropped(co, [Row("张三", "成交订单", again)], "11-23 16:00", "重来")
        assert row["结果"] == "待审批"


def _cashier(folder: Path) -> None:
    """Blank, no date, no amount, money that was counted before: each is written as the bank has it, and confirmed."""
    with (
        a_company_with_a_customer(folder) as co,
        watched(Hindrance.BLANK, Hindrance.DATE, Hindrance.AMOUNT, Hindrance.SPENT),
    ):
        co.found([CASHIER], "11-23 09:40")
        co.new("张三")
        co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1", amount=50000)])
        co.hand_in("张三", "先.xlsx", 客户回款=[payment(50000)])
        co.run("11-23 10:00")
        confirm(co, confirmation(co), arrived())
        co.run("11-23 10:20")
        for name in ("张三", "吴纳"):
            co.new(name)
        rows = [payment(50000, 流水号="第2笔"), payment(61000), payment(62000), payment(63000)]
        co.hand_in("张三", "后.xlsx", 客户回款=rows)
        co.run("11-23 11:00")
        sheet = confirmation(co)
        places = {int(fen): n for n, fen in enumerate(_amounts(sheet))}
        order = [places[amount] for amount in (50000, 61000, 62000, 63000)]
        given: list[Any] = [None] * 4
        for place, cells in zip(order, (arrived(), arrived(payer=None, amount=61000), arrived(day="哪天", amount=62000),
                                        arrived(amount="很多")), strict=True):  # fmt: skip
            given[place] = cells
        confirm(co, sheet, *given)
        co.run("11-23 11:20")
        told = [(str(row["结果"]), str(row["说明"])) for row in co.receipt("吴纳", "确认_").rows("审批_客户回款")]
        words = ("请先投递它的银行流水", "请按银行到账情况填写", "请写成 2026-11-23", "请只填数字金额")
        for place, says in zip(order, words, strict=True):
            assert (told[place][0], says in told[place][1]) == ("退回", True), told[place]
        co.hand_in("吴纳", "补流水.xlsx", 银行流水=[bank_line("A2", amount=50000)])
        co.run("11-23 11:40")
        for place, amount in zip(order, (50000, 61000, 62000, 63000), strict=True):
            given[place] = arrived(amount=amount)
        co.new("吴纳")
        confirm(co, sheet, *given)
        co.run("11-23 12:00")
        assert co.receipt("吴纳", "确认_").outcomes("审批_客户回款") == ["已受理"] * 4
        assert {row["status"] for row in co.ask("SELECT status FROM payments")} == {"accepted"}


def _amounts(sheet: Path) -> list[float]:
    from tests.company import read

    return [float(str(row["回款金额"]).replace(",", "")) for row in read(sheet).rows("审批_客户回款")]


def _differs(folder: Path) -> None:
    """What the cashier found otherwise goes back to the submitter with both values, is mended and confirmed."""
    with a_company_with_a_customer(folder) as co:
        co.found([CASHIER], "11-23 09:40")
        co.new("张三")
        co.hand_in("张三", "回款.xlsx", 客户回款=[payment(50000)])
        co.run("11-23 10:00")
        confirm(co, confirmation(co), arrived(amount=49000))
        co.run("11-23 10:20")
        assert "49,000.00" in "".join(map(str, co.receipt("张三", "审批结果").rows("客户回款")))
        (row,) = dropped(co, [Row("张三", "客户回款", payment(49000))], "11-23 11:00", "改好")
        assert row["结果"] in TAKEN
        confirm(co, confirmation(co), arrived(amount=49000))
        co.run("11-23 11:20")
        assert [each["status"] for each in co.ask("SELECT status FROM payments ORDER BY receipt_no")][-1] == "accepted"


def _story(name: str, play: Callable[[Path], None], *hindrances: Hindrance) -> Story:
    return Story(name, frozenset(hindrances), partial(play))


DECISIONS: tuple[Story, ...] = (
    _story(
        "一张改坏的审批单", _spoilt_in_many_ways, Hindrance.FORGED, Hindrance.NUMBER, Hindrance.LOCKED, Hindrance.WORDS,
        Hindrance.COMMENT, Hindrance.CELL, Hindrance.ADDRESSEE,
    ),
    _story("提交人又改过", _changed_since, Hindrance.CHANGED),
    _story("已由代理人审批", _moved, Hindrance.MOVED),
    _story("自己提交的", _own, Hindrance.OWN),
    _story("已经离职", _away, Hindrance.AWAY),
    _story("先前另有结论", _decided_otherwise, Hindrance.DECIDED),
    _story("客户还没有通过", _customer_first, Hindrance.CUSTOMER_WAITS, Hindrance.CUSTOMER_GONE),
    _story("情况有变", _overtaken, Hindrance.OVERTAKEN),
    _story("出纳填错", _cashier, Hindrance.BLANK, Hindrance.DATE, Hindrance.AMOUNT, Hindrance.SPENT),
    _story("到账不一致", _differs),
)  # fmt: skip
