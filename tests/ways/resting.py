"""Ways on from where things rest: rows, orders, payments, customers, people and days, each by what staff drop next."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.company import (
    POOL,
    Cells,
    Company,
    a_company,
    a_company_with_a_customer,
    a_company_with_a_pool,
    change,
    claim,
    person,
    report,
    shot,
    transfer,
    visit,
)
from tests.deals import CASHIER, arrived, bank_line, confirm, confirmation, order, page, payment, plan, target
from tests.flows.test_daily import lines
from tests.ways.days import appeal
from tests.ways.mending import mend
from tests.ways.people import changed, deputy, exempted
from tests.ways.sales import deal
from tests.ways.way import TAKEN, Row, Story, decided, dropped


def outcome(co: Company, at: str, *rows: Row) -> list[str]:
    """结果 of rows dropped together."""
    return [str(row["结果"]) for row in dropped(co, rows, at, "投递")]


def forget(co: Company, *names: str) -> None:
    """What they have been told has been read."""
    for name in names:
        co.new(name)


# -- rows, orders, payments


def _row_and_order(folder: Path) -> None:
    """待补照片 → 待审批 → replaced → rejected → again → accepted → put right → void → again."""
    with a_company_with_a_customer(folder) as co:
        seen, signed = Row("张三", "拜访记录", visit("现.jpg")), Row("张三", "成交订单", order("合同.jpg"))
        assert outcome(co, "11-23 10:00", seen, signed) == ["待补照片"] * 2
        co.drop("张三", "现.jpg", shot("11-23 09:50", 800))
        co.drop("张三", "合同.jpg", page(30))
        co.run("11-23 10:30")
        forget(co, "张三")
        assert _statuses(co) == {"visits": ["pending"], "orders": ["pending"]}
        seen = Row("张三", "拜访记录", visit("现.jpg", 拜访对象="李红梅"))
        signed = Row("张三", "成交订单", order("合同.jpg", 成交金额=90000))
        assert outcome(co, "11-23 11:00", seen, signed) == ["待审批"] * 2
        assert _statuses(co) == {"visits": ["superseded", "pending"], "orders": ["superseded", "pending"]}
        for at, decision in (("11-23 12:00", "驳回"), ("11-23 13:00", "同意")):
            decided(co, "李四", "拜访记录", at, {"张三": decision})
            decided(co, "赵总", "成交订单", at[:-2] + "10", {"张三": decision})
            forget(co, "张三")
            again = outcome(co, at[:-2] + "30", seen, signed)
            assert again == (["待审批"] * 2 if decision == "驳回" else ["重复"] * 2), (
                "rejected: again; accepted: no second"
            )
        rights = [
            mend(lambda _: _accepted(co, "visits"), "拜访对象", "李红"),
            mend(lambda _: _accepted(co, "orders"), value=88000),
        ]
        assert outcome(co, "11-23 14:00", *(Row("张三", "更正", row) for row in rights)) == ["待审批"] * 2
        assert outcome(co, "11-23 14:10", Row("张三", "更正", mend(lambda _: _accepted(co, "orders"), None, None))) == [
            "待审批"
        ]
        decided(co, "赵总", "更正", "11-23 15:00", {"张三": "同意"})
        assert "accepted" not in _statuses(co)["orders"]
        assert outcome(co, "11-23 16:00", signed) == ["待审批"], "what was made void may be handed in again"


def _statuses(co: Company) -> Mapping[str, list[str]]:
    return {
        view: [row["status"] for row in co.ask(f"SELECT status FROM {view} ORDER BY receipt_no")]
        for view in ("visits", "orders")
    }


def _accepted(co: Company, view: str) -> str:
    (row,) = co.ask(f"SELECT receipt_no FROM {view} WHERE status = 'accepted'")
    return str(row["receipt_no"])


def _payment(folder: Path) -> None:
    """Waits for the cashier → replaced → rejected → again → confirmed → put right → void → again."""
    with a_company_with_a_customer(folder) as co:
        co.found([CASHIER], "11-23 09:40")
        forget(co, "张三")
        first, paid = Row("张三", "客户回款", payment()), Row("张三", "客户回款", payment(回款类型="销售回款"))
        assert outcome(co, "11-23 10:00", first) == ["待审批"]
        assert outcome(co, "11-23 10:30", paid) == ["待审批"]
        assert [row["status"] for row in co.ask("SELECT status FROM payments ORDER BY receipt_no")] == [
            "superseded",
            "pending",
        ]
        for decision, again in (("驳回", "待审批"), ("同意", "重复")):
            confirm(co, co.new("吴纳", "审批")[-1], {**arrived(), "审批意见": "请看流水"}, decision=decision)
            co.run("11-23 11:00")
            forget(co, "张三")
            assert outcome(co, "11-23 11:30", paid) == [again]
        number = _accepted(co, "payments")
        assert outcome(co, "11-23 13:00", Row("张三", "更正", mend(lambda _: number, "回款金额", 51000))) == ["待审批"]
        assert outcome(co, "11-23 13:10", Row("张三", "更正", mend(lambda _: number, None, None))) == ["待审批"]
        decided(co, "吴纳", "更正", "11-23 14:00", {"张三": "同意"})
        assert outcome(co, "11-23 15:00", paid) == ["待审批"]


# -- customers and people


def _customer(folder: Path) -> None:
    """From the pool to an owner, changed, followed, handed over: wherever a customer is, it can go on."""
    with a_company_with_a_pool(folder) as co:
        name = POOL[0]
        assert outcome(co, "12-24 09:00", Row("王五", "客户申领", claim(name))) == ["待审批"]
        decided(co, "李四", "客户申领", "12-24 09:30", {"王五": "同意"})
        co.drop("王五", "现.jpg", shot("12-24 09:40", 810))
        forget(co, "王五")
        rows = (Row("王五", "信息变更", change(name, 联系人="王芳")), Row("王五", "拜访记录", visit("现.jpg", name)))
        assert outcome(co, "12-24 10:00", *rows) == ["待审批"] * 2
        decided(co, "李四", "信息变更", "12-24 10:10", {"王五": "同意"})
        decided(co, "李四", "拜访记录", "12-24 10:20", {"王五": "同意"})
        forget(co, "王五")
        again = Row("王五", "信息变更", change(name, 联系人="李红"))
        assert outcome(co, "12-24 11:00", again, Row("王五", "客户转交", transfer(name, "陈六"))) == ["待审批", "退回"]
        decided(co, "李四", "信息变更", "12-24 11:10", {"王五": "同意"})
        forget(co, "王五")
        assert outcome(co, "12-24 11:30", Row("王五", "客户转交", transfer(name, "陈六"))) == ["待审批"]
        decided(co, "李四", "客户转交", "12-24 12:00", {"王五": "同意"})
        forget(co, "王五", "陈六")
        assert co.ask("SELECT owner FROM customers WHERE name = ?", name) == [{"owner": "陈六"}]
        (moved,) = co.ask("SELECT receipt_no FROM transfers WHERE status = 'accepted'")
        assert outcome(co, "12-24 12:30", Row("王五", "更正", mend(lambda _: moved["receipt_no"], None, None))) == [
            "待审批"
        ]
        decided(co, "李四", "更正", "12-24 12:40", {"王五": "同意"})
        forget(co, "王五", "陈六")
        assert co.ask("SELECT owner FROM customers WHERE name = ?", name) == [{"owner": "王五"}], (
            "the transfer was void"
        )
        assert outcome(co, "12-24 13:00", Row("王五", "客户转交", transfer(name, "张三"))) == ["待审批"]


def _person(folder: Path) -> None:
    """Entered, changed before the first day, gone, and here again."""
    with a_company_with_a_customer(folder) as co:
        newcomer = person("钱七", "13800138020", "销售二部", "销售人员", 入职日期="2026-11-25")
        assert outcome(co, "11-23 10:00", Row("赵总", "人员新增", newcomer)) == ["已受理"]
        moves = (changed("钱七", "2026-11-25", 客户数量上限=20), changed("张三", "2026-11-23", 状态="离职"))
        assert outcome(co, "11-23 10:30", *(Row("赵总", "人员变更", each) for each in moves)) == ["已受理"] * 2
        taken_over = Row("李四", "客户转交", transfer("全部", "王五", 转交原因="离职"))
        assert outcome(co, "11-23 11:00", taken_over) == ["待审批"], "a leaver's customers go on"
        assert outcome(co, "11-23 11:30", Row("赵总", "人员变更", changed("张三", "2026-11-24", 状态="在职"))) == [
            "已受理"
        ]
        forget(co, "张三")
        assert outcome(co, "11-24 10:00", Row("张三", "销售日报", report("2026-11-24"))) == ["待审批"]
        renamed = Row("赵总", "人员变更", changed("张三", "2026-11-24", 新姓名="张三丰"))
        assert outcome(co, "11-24 11:00", renamed) == ["已受理"]
        forget(co, "张三丰")
        mended = Row("张三丰", "销售日报", report("2026-11-24", 明日工作计划="全天整理投标文件，晚上校对。"))
        assert outcome(co, "11-24 12:00", mended) == ["待审批"]
        back = Row("赵总", "人员变更", changed("张三丰", "2026-11-25", 新姓名="张三"))
        assert outcome(co, "11-25 09:00", back) == ["已受理"], "a name that was mistyped is changed again"


# -- days


def _days(folder: Path) -> None:
    """缺交, 迟交, 待核实, 未知, 未审 and 驳回未补 are all heard; what is decided wrongly is decided otherwise."""
    with a_company(folder) as co:
        co.hand_in("陈六", 销售日报=[report("2026-02-30")])
        co.hand_in("王五", 销售日报=[report("2026-11-23", 今日工作总结="王五拜访华新，送去样品，下周再谈。")])
        co.run("11-23 18:00")
        decided(co, "李四", "销售日报", "11-23 19:00", {"王五": "驳回"})
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 20:30")
        co.nightly("2026-11-23", "11-24 00:30")
        assert _state(co, "张三", "王五", "陈六") == ["迟交", "按时", "待核实"]
        found = lines(co, "2026-11-23")
        assert (found["张三"]["审核状态"], "驳回未补" in found["王五"]["说明"]) == ("未审", True)
        forget(co, "张三", "王五", "陈六")
        mended = Row(
            "王五", "销售日报", report("2026-11-23", 今日工作总结="王五拜访华新刘经理，送去样品两件，下周三再谈。")
        )
        heard = outcome(co, "11-24 09:00", mended, Row("张三", "日报申诉", appeal("2026-11-23")))
        assert heard == ["待审批"] * 2
        decided(co, "李四", "销售日报", "11-24 09:10", {"张三": "同意"})
        co.decide("钱督", co.approval("钱督", "扣款核定"), "计", "查看原件")
        co.run("11-24 09:20")
        co.nightly("2026-11-23", "11-24 09:30")
        assert (_state(co, "陈六"), lines(co, "2026-11-23")["张三"]["审核状态"]) == (["缺交"], "逾期")
        forget(co, "陈六", "周八")
        assert outcome(co, "11-24 10:00", Row("周八", "日报豁免", exempted("陈六", "2026-11-23", "2026-11-23"))) == [
            "已受理"
        ]
        shutil.rmtree(co.share / "王五" / "投递")
        co.nightly("2026-11-24", "11-25 00:30")
        assert _state(co, "王五", day="2026-11-24") == ["未知"]
        forget(co, "李四")
        assert outcome(co, "11-25 09:00", Row("李四", "日报豁免", exempted("王五", "2026-11-24", "2026-11-24"))) == [
            "已受理"
        ]
        co.nightly("2026-11-24", "11-25 09:30")
        co.nightly("2026-11-23", "11-25 09:40")
        assert (_state(co, "王五", day="2026-11-24"), _state(co, "陈六")) == (["豁免"], ["豁免"])


def _state(co: Company, *names: str, day: str = "2026-11-23") -> list[str]:
    found = lines(co, day)
    return [found[name]["状态"] for name in names]


# -- what has taken effect, form by form


def _taken_effect(folder: Path) -> None:
    """One row of every form that 更正 is for has taken effect; each can be made void."""
    with a_company_with_a_customer(folder) as co:
        co.found([CASHIER], "11-23 09:40")
        co.hand_in("陈六", 销售日报=[report("2026-02-30")])
        co.run("11-23 09:50")
        co.nightly("2026-11-23", "11-24 00:30")
        co.drop("张三", "现.jpg", shot("11-24 08:50", 820))
        co.drop("张三", "合同.jpg", page(31))
        forget(co, "张三", "王五", "陈六")
        assert set(outcome(co, "11-24 09:00", *_EFFECTIVE)) <= set(TAKEN)
        for decider, form in (("李四", "拜访计划"), ("李四", "拜访记录"), ("赵总", "成交订单"), ("李四", "销售日报"), ("赵总", "销售指标"),
                              ("钱督", "日报申诉")):  # fmt: skip
            decided(co, decider, form, "11-24 10:00", {"张三": "同意"})
        confirm(co, confirmation(co), arrived())
        co.decide("钱督", co.approval("钱督", "扣款核定"), "不计", "系统停机")
        co.run("11-24 10:30")
        forget(co, *(each.who for each in _EFFECTIVE), "钱督")
        rows = [row for row in co.ask(_RECEIVED) if row["form"] in VOIDABLE]
        assert {row["form"] for row in rows} == VOIDABLE
        void = [Row(row["actor"], "更正", mend(lambda _, row=row: row["receipt_no"], None, None)) for row in rows]  # type: ignore[misc]
        assert set(outcome(co, "11-24 11:00", *void)) <= set(TAKEN)
        assert co.ask("SELECT * FROM deputies") == [], "an absence that was entered by mistake is over"
        decided(co, "钱督", "更正", "11-24 12:00", {"张三": "同意", "陈六": "同意"})
        co.nightly("2026-11-23", "11-25 00:30")
        assert _state(co, "陈六", "张三") == ["待核实", "缺交"], "what was decided and made void is open again"


_RECEIVED = """SELECT json_extract(payload, '$.form') AS form, actor, subject AS receipt_no FROM journal
               WHERE kind = 'row.received' AND json_extract(payload, '$.status') <> 'rejected' ORDER BY seq"""


def _today(**other: Any) -> Cells:
    return report("2026-11-24", **other)


_EFFECTIVE: tuple[Row, ...] = (
    Row("张三", "拜访计划", plan("2026-11-25")), Row("张三", "拜访记录", visit("现.jpg")), Row("张三", "成交订单", order("合同.jpg")),
    Row("张三", "客户回款", payment()), Row("张三", "销售日报", _today()), Row("张三", "销售指标", target("张三")),
    Row("张三", "日报申诉", appeal("2026-11-23")), Row("张三", "商机", deal()), Row("吴纳", "银行流水", bank_line("B9", amount=1)),
    Row("李四", "日报豁免", exempted("王五", "2026-11-26", "2026-11-26")),
    Row("李四", "审批代理", deputy("李四", "周八", "2026-11-27", "2026-11-27")),
)  # fmt: skip
VOIDABLE = {row.sheet for row in _EFFECTIVE} | {"扣款核定"}

#: what has taken effect → the sheet that puts it right; every other form is put right by 更正
PUT_RIGHT_BY: Mapping[str, str] = {
    "人员新增": "人员变更", "人员变更": "人员变更", "客户新增": "信息变更", "信息变更": "信息变更", "客户转交": "更正",
    "客户申领": "客户转交", "更正": "更正", "期初客户": "信息变更", **dict.fromkeys(VOIDABLE, "更正"),
}  # fmt: skip
FINAL: Mapping[str, str] = {
    "row superseded": "被替换的那一行不再办理；替换它的一行照常办理",
    "outcome 重复": "先前的那一行照常办理",
    "payment waiting": "客户回款没有照片列，不会等照片",
    "day 按时": "没有什么要办",
    "day 不计审核人逾期": "审核单发出得太晚，审核人不担责；没有什么要办",
}

STORIES: tuple[Story, ...] = (
    Story("一行和一笔订单", frozenset({
        *(f"row {status}" for status in ("waiting", "pending", "accepted", "rejected")),
        *(f"order {status}" for status in ("waiting", "pending", "accepted", "rejected", "superseded")),
        *(f"outcome {word}" for word in ("已受理", "待审批", "待补照片", "退回")),
    }), _row_and_order),
    Story("一笔回款", frozenset(f"payment {status}" for status in ("pending", "accepted", "rejected", "superseded")), _payment),
    Story("一个客户", frozenset(f"customer.{what}" for what in ("added", "recycled", "claimed", "changed", "followed", "transferred", "returned")),
          _customer),
    Story("一位同事", frozenset({"person.joined", "person.changed", "person.renamed"}), _person),
    Story("一天", frozenset(f"day {word}" for word in ("缺交", "迟交", "待核实", "未知", "豁免", "未审", "逾期", "驳回未补")), _days),
    Story("已经生效", frozenset(f"in effect {form}" for form in PUT_RIGHT_BY), _taken_effect),
)  # fmt: skip
