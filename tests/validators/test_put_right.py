"""What 更正 knows of the row that it is about, what the approver compares, and who decides (目的 1)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Row, Status
from ledger.targets import Aimed
from policy.forms.correction import Correction
from policy.words import fold
from tests.validators.world import HONGYUAN, HUAXIN, World, changed, joined, received
from validators.facts import CorrectedRow
from validators.put_right import ELSEWHERE, form_put_right

ORDER = {
    "customer": HONGYUAN,
    "contract_no": "HY-1",
    "signed_on": "2026-11-20",
    "amount_fen": 12_800_000,
    "opportunity": None,
}


def correction(
    number: str | None = "5", action: str = "更正", column: str | None = "成交金额", value: str | None = "126000.00"
) -> dict[str, Any]:
    return {"受理号": number, "处理": action, "列": column, "新值": value, "原因": "金额多写了两千元，以合同为准"}


def ordered(number: str = "5", status: str = "accepted", **other: Any) -> Entry:
    return received(number, "成交订单", status, vals=ORDER, read={"customer_key": fold(HONGYUAN)}, **other)


def exempted(number: str = "6", start: str = "2026-11-20", end: str = "2026-11-25", **other: Any) -> Entry:
    vals = {"name": "张三", "start": start, "end": end, "reason": "年假"}
    return received(number, "日报豁免", "accepted", "李四", vals=vals, **other)


def found(world: World, row: dict[str, Any], name: str = "张三") -> CorrectedRow:
    original = world.known(Correction, row, name)["original"]
    assert type(original) is CorrectedRow
    return original


# -- the row


def test_nothing_is_known_of_a_row_that_there_is_not(world: World) -> None:
    assert world.known(Correction, correction()) == world.known(Correction, correction(None)) == {}
    assert world.read(Correction, correction()) == {}


def test_the_row_its_column_and_the_value_as_the_journal_will_keep_it(world: World) -> None:
    world.post(ordered())
    original = found(world, correction())
    assert (original.row.receipt_no, original.row.values, original.row.status) == ("5", ORDER, Status.ACCEPTED)
    assert original.column is not None
    assert (original.column.field, original.column.header, original.value, original.trouble) == (
        "amount_fen",
        "成交金额",
        12_600_000,
        "",
    )
    others = (original.voided_by, original.used_by, original.paid, original.followed, original.restores)
    assert others == (None, None, {}, "", ())
    assert world.known(Correction, correction()).keys() == {"original"}


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (correction(column="成交日期", value="2026-11-19"), "signed_on", "2026-11-19"),
        (correction(column=" 合同编号*", value="HY-2"), "contract_no", "HY-2"), (correction(column="客户名称"), None, None),
        (correction(column="没有的"), None, None), (correction(column=None), None, None),
        (correction(value=None), "amount_fen", None), (correction(action="作废"), None, None),
    ],
)  # fmt: skip
def test_which_column_is_put_right_and_to_what(
    world: World, row: dict[str, Any], column: str | None, value: Any
) -> None:
    world.post(ordered())
    original = found(world, row)
    assert (original.column.field if original.column else None, original.value) == (column, value)


def test_a_column_is_found_by_what_it_was_called_before(world: World) -> None:
    vals = {
        "customer": HONGYUAN,
        "kind": "销售回款",
        "paid_on": "2026-11-20",
        "amount_fen": 1,
        "order_no": None,
        "serial": None,
    }
    world.post(received("7", "客户回款", "accepted", vals=vals, read={"customer_key": fold(HONGYUAN)}))
    for name in ("订单受理号", "受理号"):
        column = found(world, correction("7", column=name, value="5")).column
        assert column is not None, name
        assert column.field == "order_no"


def test_what_hangs_on_the_row_is_known(world: World) -> None:
    vals = {"kind": "销售回款", "paid_on": "2026-11-20", "amount_fen": 500_00, "order_no": "5", "serial": None}
    void = {"receipt_no": "9", "form": "成交订单", "action": "作废", "reason": "x"}
    world.post(
        ordered(), received("7", "客户回款", "accepted", vals=vals, read={"customer_key": fold(HONGYUAN)}), ordered("8"),
        Entry("row.voided", "8", "赵总", void),
    )  # fmt: skip
    assert found(world, correction()).paid == {"7": 500_00}
    assert found(world, correction("7", column="回款金额", value="1")).paid == {}
    assert (found(world, correction()).voided_by, found(world, correction("8")).voided_by) == (None, "9")


def test_a_bank_line_that_confirms_a_payment_is_known_to(world: World) -> None:
    line = {"arrived_on": "2026-11-20", "payer": "宏远", "amount_fen": 1, "memo": None, "receipt_no": "7"}
    vals = {"serial": "S1", "arrived_on": "2026-11-20", "payer": "宏远", "amount_fen": 1, "memo": None}
    world.post(received("7", "银行流水", "accepted", "吴纳", vals=vals), Entry("bank.received", "S1", "吴纳", line))
    row = correction("7", column="付款方名称", value="华新")
    assert found(world, row, "吴纳").used_by is None
    world.post(Entry("bank.used", "S1", "吴纳", {"receipt_no": "8"}))
    assert found(world, row, "吴纳").used_by == "8"
    world.post(ordered("9"))
    assert found(world, correction("9")).used_by is None


# -- a transfer


def moved(world: World, status: str = "accepted") -> None:
    vals = {
        "customer": HONGYUAN,
        "receiver": "陈六",
        "reason": "范围调整",
        "description": "南山片区调整，由接受人继续跟进",
        "shared": [],
    }
    read = {"转交客户": HONGYUAN, "owner": "张三", "moving": [1], "chain": ["部门经理"]}
    world.post(received("7", "客户转交", status, vals=vals, read=read))
    if status == "accepted":
        world.post(
            Entry(
                "customer.transferred",
                "1",
                "李四",
                {"owner": "陈六", "day": "2026-11-22", "shared": [], "receipt_no": "7"},
            )
        )


def test_how_customers_stood_before_a_transfer_is_known_where_it_is_made_void(world: World) -> None:
    moved(world)
    stood = ({"id": 1, "owner": "张三", "shared": ["王五"], "acquired_on": "2026-11-01", "previous_owner": None},)
    assert found(world, correction("7", "作废", None, None)).restores == stood
    assert found(world, correction("7", "更正", "转交原因", "岗位变动")).restores == ()
    read = world.read(Correction, correction("7", "作废", None, None))
    assert read == {
        "原表": "客户转交", "原提交人": "张三", "原值": f"（整行：{HONGYUAN}，由张三转给陈六）", "of_form": "客户转交", "of_person": "张三",
        "chain": ["部门经理"], "field": None, "from": None, "to": None, "restores": list(stood),
    }  # fmt: skip
    assert "restores" not in world.read(Correction, correction("7", "更正", "转交原因", "岗位变动"))


def test_what_has_come_of_a_transferred_customer_is_known(world: World) -> None:
    moved(world)
    assert found(world, correction("7", "作废", None, None)).followed == ""
    world.post(received("8", "拜访记录", person="陈六", customer_id=1, submitted_at="2026-11-23T09:00:00+08:00"))
    for row in (correction("7", "作废", None, None), correction("7", "更正", "转交原因", "岗位变动")):
        assert found(world, row).followed == f"{HONGYUAN}已有受理号 8（拜访记录，陈六）"


def test_a_transfer_that_has_not_taken_effect_restores_nothing(world: World) -> None:
    moved(world, "pending")
    world.post(received("8", "拜访记录", person="陈六", customer_id=1, submitted_at="2026-11-23T09:00:00+08:00"))
    original = found(world, correction("7", "作废", None, None))
    assert (original.followed, original.restores) == ("", ())


# -- a target


def test_a_target_is_known_with_the_person_s_others(world: World) -> None:
    vals = {
        "name": "张三",
        "year": 2026,
        "period": "月度",
        "month": 11,
        "orders_fen": 100,
        "payments_fen": None,
        "visits": 2,
        "new_customers": 3,
    }
    world.post(
        received("7", "销售指标", "accepted", vals=vals),
        received("8", "销售指标", "accepted", vals={**vals, "month": 12}),
    )
    known = world.known(Correction, correction("7", column="拜访次数指标", value="5"))
    assert known["aims"] == (Aimed("7", "月度", 11, 100, None, 2, 3), Aimed("8", "月度", 12, 100, None, 2, 3))
    assert known["original"].value == 5
    world.post(ordered())
    assert "aims" not in world.known(Correction, correction())


# -- what cannot be


@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        (correction(column="成交日期", value="2026-11-24"), "日期 2026-11-24 还没有到"),
        (correction(column="成交日期", value="2026-11-23"), ""), (correction(value="十二万"), "“十二万”不是金额，请填数字，例如 12800.50"),
        (correction("6", column="开始日期", value="2026-11-26"), "开始日期 2026-11-26 晚于结束日期 2026-11-25"),
        (correction("6", column="开始日期", value="2026-11-25"), ""),
        (correction("6", column="结束日期", value="2026-11-19"), "开始日期 2026-11-20 晚于结束日期 2026-11-19"),
        (correction("6", column="结束日期", value="2026-11-20"), ""), (correction("6", column="结束日期", value="2026-12-31"), ""),
        (correction("7", column="订单受理号", value="5"), ""), (correction("7", column="订单受理号", value="4"), "没有受理号为 4 的、这个客户的已生效订单"),
        (correction("7", column="订单受理号", value="3"), "没有受理号为 3 的、这个客户的已生效订单"),
        (correction("7", column="订单受理号", value="2"), "没有受理号为 2 的、这个客户的已生效订单"),
        (correction("7", column="回款类型", value="定金"), "“定金”不在可选范围内：预付款、销售回款、退款"),
        (correction("7", column="回款类型", value="退款"), ""), (correction("7", column="回款日期", value="2026-11-24"), "日期 2026-11-24 还没有到"),
        (correction("8", column="到账日期", value="2026-11-24"), "日期 2026-11-24 还没有到"),
    ],
)  # fmt: skip
def test_what_a_row_cannot_be_put_right_to(world: World, row: dict[str, Any], trouble: str) -> None:
    paid = {
        "customer": HONGYUAN,
        "kind": "销售回款",
        "paid_on": "2026-11-20",
        "amount_fen": 1,
        "order_no": "5",
        "serial": None,
    }
    line = {"serial": "S1", "arrived_on": "2026-11-20", "payer": "宏远", "amount_fen": 1, "memo": None}
    world.post(
        ordered(), exempted(), received("7", "客户回款", "accepted", vals=paid, read={"customer_key": fold(HONGYUAN)}),
        received("8", "银行流水", "accepted", "吴纳", vals=line), ordered("4", "pending"),
        received("3", "成交订单", "accepted", vals=ORDER, read={"customer_key": fold(HUAXIN)}),
    )  # fmt: skip
    original = found(world, row)
    assert original.trouble == trouble
    assert (original.value is None) == (trouble.startswith("“"))


# -- what the approver compares, and who that is


def read(world: World, row: dict[str, Any], name: str = "张三") -> dict[str, Any]:
    return world.read(Correction, row, name)


def test_the_old_value_is_shown_beside_the_new_one(world: World) -> None:
    world.post(ordered(), exempted())
    usual = {
        "原表": "成交订单",
        "原提交人": "张三",
        "of_form": "成交订单",
        "of_person": "张三",
        "chain": ["销售经理", "企管部"],
    }
    assert read(world, correction()) == {
        **usual,
        "原值": "128,000.00",
        "field": "amount_fen",
        "from": 12_800_000,
        "to": 12_600_000,
    }
    number = read(world, correction(column="合同编号", value="HY-2"))
    assert number == {**usual, "原值": "HY-1", "field": "contract_no", "from": "HY-1", "to": "HY-2"}
    whole = read(world, correction(action="作废", column=None, value=None))
    assert whole == {**usual, "原值": "（整行）", "field": None, "from": None, "to": None}
    world.post(
        received(
            "8",
            "银行流水",
            "accepted",
            "吴纳",
            vals={"serial": "S1", "arrived_on": "2026-11-20", "payer": "宏远", "amount_fen": 1, "memo": None},
        )
    )
    assert read(world, correction("8", column="摘要", value="货款"), "吴纳")["原值"] == "（空）"


def test_whoever_approved_the_original_decides(world: World) -> None:
    world.post(ordered(), exempted())
    assert read(world, correction())["chain"] == ["销售经理", "企管部"]
    assert read(world, correction("6", column="结束日期", value="2026-11-24"))["chain"] == [], "it took effect at once"
    own = {"customer_key": fold(HONGYUAN), "chain": ["企管部", "部门经理"]}
    world.post(received("4", "成交订单", "accepted", vals=ORDER, read=own))
    assert read(world, correction("4"))["chain"] == ["企管部", "部门经理"]
    world.post(received("3", "更正", "accepted", vals={"receipt_no": "4"}, read={"chain": ["财务部"]}))
    assert read(world, correction("3"))["chain"] != ["财务部"], "a correction of a correction is refused anyway"
    world.post(received("2", "成交订单", "accepted", "从没有过", vals=ORDER, read={"customer_key": fold(HONGYUAN)}))
    assert read(world, correction("2"))["chain"] == []


@pytest.mark.parametrize(
    ("who", "column", "value", "supervised"),
    [
        ("李四", "开始日期", "2026-11-15", True), ("李四", "开始日期", "2026-11-16", False), ("李四", "结束日期", "2026-11-22", False),
        ("孙人", "开始日期", "2026-11-15", False), ("李四", "原因", "病假", False),
    ],
)  # fmt: skip
def test_a_manager_does_not_exempt_days_of_long_ago_by_mending(
    world: World, who: str, column: str, value: str, supervised: bool
) -> None:
    back = world.context().settings.daily_report.retroactive_days
    assert back == 7
    world.post(exempted(start="2026-11-20"))
    assert (read(world, correction("6", column=column, value=value), who)["chain"] == ["企管部"]) == supervised


def test_to_shorten_what_began_long_ago_reaches_back_as_well(world: World) -> None:
    world.post(exempted(start="2026-11-01", end="2026-11-10"))
    assert read(world, correction("6", column="结束日期", value="2026-11-22"), "李四")["chain"] == ["企管部"]
    assert read(world, correction("6", column="开始日期", value="2026-11-22"), "李四")["chain"] == ["企管部"], (
        "it began then"
    )
    assert read(world, correction("6", column="开始日期", value=None), "李四")["chain"] != ["企管部"]
    assert read(world, correction("6", "作废", None, None), "李四")["chain"] != ["企管部"]


def test_for_which_forms_there_is_another_way(world: World) -> None:
    assert ELSEWHERE == {
        "人员新增": "人员变更", "人员变更": "人员变更", "客户新增": "信息变更", "信息变更": "信息变更", "客户申领": "客户转交",
        "期初客户": "信息变更",
    }  # fmt: skip
    world.post(
        ordered(), received("6", "客户新增", "accepted"), received("7", "更正", "accepted", vals={"receipt_no": "5"})
    )
    forms = {number: form_put_right(world.gathered(Correction, correction(number)).facts) for number in "567"}
    assert {number: form.sheet if form else None for number, form in forms.items()} == {
        "5": "成交订单",
        "6": None,
        "7": None,
    }
    assert form_put_right(world.context().facts) is None


def test_a_manager_may_put_right_for_those_who_are_gone(world: World) -> None:
    world.post(ordered(person="冯走"), joined("唐出", department="销售二部"), changed("唐出", state="离职"))
    assert world.known(Correction, correction(), "李四")["stands_in"] == {"冯走"}
    assert "stands_in" not in world.known(Correction, correction(), "张三")
    assert type(found(world, correction(), "李四").row) is Row
