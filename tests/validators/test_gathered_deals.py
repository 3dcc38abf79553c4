"""What the rules of 成交订单, 客户回款, 商机 and 期初客户 know of a row, asked of a real book."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Area
from policy.forms.opening import OpeningCustomer
from policy.forms.opportunity import Opportunity
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.words import fold
from tests.validators.world import DESHENG, GOOD, HONGYUAN, HUAXIN, USUAL, World, changed, customer, kept, received
from validators.facts import Lookalike, OrderFacts, Reserved

NANSHAN = Area("广东省", "深圳市", "南山区")
FEN = 12_800_000


def ordered(number: str, status: str = "accepted", person: str = "王五", **other: Any) -> Entry:
    vals = {"signed_on": "2026-11-20", "amount_fen": FEN, **other.pop("vals", {})}
    read = {"customer_key": fold(HONGYUAN), "contract_key": "hy-1", **other.pop("read", {})}
    return received(number, "成交订单", status, person, vals=vals, read=read, **other)


def paid(number: str, status: str = "accepted", person: str = "王五", **other: Any) -> Entry:
    vals = {"kind": "销售回款", "paid_on": "2026-11-20", "amount_fen": 500_00, "order_no": None, "serial": None}
    read = {"customer_key": fold(HONGYUAN)}
    return received(number, "客户回款", status, person, vals={**vals, **other.pop("vals", {})}, read=read, **other)


# -- 成交订单


def order(name: str | None = HONGYUAN, **other: Any) -> dict[str, Any]:
    return {"客户名称": name, "成交日期": "2026-11-20", "成交金额": "128000.00", "合同照片": "合同.jpg", **other}


def test_an_order_of_which_there_is_no_other(world: World) -> None:
    mine = world.customer(HONGYUAN)
    world.post(ordered("1", vals={"signed_on": "2026-11-19"}), ordered("2", vals={"amount_fen": FEN + 1}),
               ordered("3", "rejected"), ordered("4", read={"customer_key": fold(HUAXIN)}))  # fmt: skip
    assert world.known(Order, order(合同编号="HY-2")) == {"customer": mine}
    assert world.read(Order, order(合同编号="HY-2")) == {
        "customer_key": fold(HONGYUAN), "contract_key": "hy-2", "合同照片页数": "0",
    }  # fmt: skip
    nothing = {"customer_key": "", "contract_key": "", "合同照片页数": "0"}
    assert world.read(Order, order(None)) == nothing
    assert world.known(Order, order(None)) == {}


def test_the_same_contract_and_the_same_deal_elsewhere_are_named_the_first_of_each(world: World) -> None:
    world.post(ordered("5"), ordered("4", person="陈六"), ordered("6", vals={"amount_fen": 1}, person="李四"))
    both = {"same_contract": Reserved("陈六", "4", "成交订单"), "same_deal": Reserved("陈六", "4", "成交订单")}
    assert world.known(Order, order(合同编号=" Hy-1 ")) == {"customer": world.customer(HONGYUAN), **both}
    assert world.known(Order, order())["same_deal"] == Reserved("陈六", "4", "成交订单")
    assert "same_contract" not in world.known(Order, order())
    again = world.known(Order, order(合同编号="HY-1"), receipt_no="4")
    assert (again["same_contract"], again["same_deal"]) == (
        Reserved("王五", "5", "成交订单"),
        Reserved("王五", "5", "成交订单"),
    )


def test_a_deal_is_found_by_a_former_name_of_its_customer_too(world: World) -> None:
    world.post(ordered("5"), Entry("customer.changed", "1", "张三", {"changes": {"name": "深圳宏远集团", "name_key": "深圳宏远集团"}, "receipt_no": "k"}))  # fmt: skip
    world.post(ordered("6", read={"customer_key": "深圳宏远集团", "contract_key": ""}))
    found = world.known(Order, order())
    assert (found["customer"].name, found["same_deal"]) == ("深圳宏远集团", Reserved("王五", "6", "成交订单"))
    assert world.read(Order, order())["customer_key"] == "深圳宏远集团"


@pytest.mark.parametrize("left_out", ["客户名称", "成交日期", "成交金额"])
def test_half_an_order_is_held_against_no_other(world: World, left_out: str) -> None:
    world.post(ordered("5"))
    found = world.known(Order, order(**{"合同编号": "HY-1", left_out: None}))
    assert found.keys() == {"客户名称": set()}.get(left_out, {"customer"})


def test_an_opportunity_is_known_by_its_customer_s_name_and_its_own(world: World) -> None:
    key = f"{fold(HONGYUAN)}|{fold('二期设备采购')}"
    assert "opportunity_known" not in world.known(Order, order(商机名称="二期设备采购"))
    world.post(received("1", "商机", "rejected", key=key))
    assert "opportunity_known" not in world.known(Order, order(商机名称="二期设备采购"))
    world.post(received("2", "商机", "superseded", key=key), received("3", "商机", "accepted", key=key))
    assert world.known(Order, order(商机名称=" 二期设备采购"))["opportunity_known"] is True
    for other in (
        order(商机名称="一期"),
        order(HUAXIN, 商机名称="二期设备采购"),
        order(),
        order(None, 商机名称="二期设备采购"),
    ):
        assert "opportunity_known" not in world.known(Order, other)
    world.post(Entry("customer.changed", "1", "张三", {"changes": {"name": "深圳宏远集团", "name_key": "深圳宏远集团"}, "receipt_no": "k"}))  # fmt: skip
    for name in (HONGYUAN, "深圳宏远集团"):
        assert ("opportunity_known" in world.known(Order, order(name, 商机名称="二期设备采购"))) == (name == HONGYUAN)
    world.post(received("4", "商机", "pending", key=f"深圳宏远集团|{fold('二期设备采购')}"))
    assert world.known(Order, order("深圳宏远集团", 商机名称="二期设备采购"))["opportunity_known"] is True


def test_the_pages_of_the_pictures_are_counted(world: World) -> None:
    world.post(kept(1, "aa", "合同.jpg", pages=3), kept(2, "bb", "合同2.jpg"))
    assert world.read(Order, order(合同照片="合同.jpg、合同2.jpg"))["合同照片页数"] == "4"


# -- 商机


def test_an_opportunity_is_as_likely_as_its_stage(world: World) -> None:
    step = {"客户名称": HONGYUAN, "商机名称": "二期", "预计金额": "1000", "预计成交日期": "2026-12-20"}
    stages = USUAL.lists.stages
    likely = [USUAL.opportunities.likelihood_of(stage, stages) for stage in stages]
    assert len(set(likely)) > 2
    for stage, chance in zip(stages, likely, strict=True):
        assert world.read(Opportunity, {**step, "阶段": stage}) == {
            "customer_key": fold(HONGYUAN), "可能性": f"{chance}%", "likelihood": chance,
        }  # fmt: skip
    assert world.known(Opportunity, {**step, "阶段": stages[0]}) == {"customer": world.customer(HONGYUAN)}


# -- 客户回款


def payment(name: str | None = HONGYUAN, kind: str = "销售回款", **other: Any) -> dict[str, Any]:
    return {"客户名称": name, "回款类型": kind, "回款日期": "2026-11-20", "回款金额": "500.00", **other}


def test_money_for_an_order_is_known_with_what_was_paid_for_it(world: World) -> None:
    world.post(ordered("5", person="张三"), paid("6", vals={"order_no": "5"}), paid("7", "pending", vals={"order_no": "5", "amount_fen": 1_00}),
               paid("8", "rejected", vals={"order_no": "5"}), paid("9", vals={"order_no": "4"}))  # fmt: skip
    mine = {"customer": world.customer(HONGYUAN)}
    order_5 = OrderFacts("5", fold(HONGYUAN), "张三", "accepted", FEN, 501_00)
    assert world.known(Payment, payment(订单受理号="5", 回款金额="3"), receipt_no="") == {**mine, "order": order_5}
    assert world.known(Payment, payment(订单受理号="5", 回款金额="3"), receipt_no="7") == {
        **mine, "order": replace(order_5, paid_fen=500_00),
    }  # fmt: skip
    assert world.known(Payment, payment(订单受理号="4", 回款金额="3")) == mine
    assert world.known(Payment, payment(回款金额="3")) == mine
    assert world.read(Payment, payment()) == {"customer_key": fold(HONGYUAN)}


def test_the_same_money_is_another_s_unless_its_number_tells_it_apart(world: World) -> None:
    mine = {"customer": world.customer(HONGYUAN)}
    world.post(paid("6", vals={"serial": "S1"}), paid("5", "rejected"), paid("7", vals={"paid_on": "2026-11-19"}),
               paid("8", vals={"amount_fen": 1}), paid("9", person="陈六"))  # fmt: skip
    six, nine = Reserved("王五", "6", "客户回款"), Reserved("陈六", "9", "客户回款")
    assert world.known(Payment, payment()) == {**mine, "same_payment": six}
    assert world.known(Payment, payment(), receipt_no="6") == {**mine, "same_payment": nine}
    assert world.known(Payment, payment(流水号="S1")) == {**mine, "same_payment": six}
    assert world.known(Payment, payment(流水号="S2")) == mine
    assert world.known(Payment, payment(kind="退款")) == mine
    for half in (payment(None), payment(回款日期=None), payment(回款金额=None)):
        assert "same_payment" not in world.known(Payment, half)


def test_money_of_a_customer_that_is_not_in_the_book_is_the_same_money_too(world: World) -> None:
    world.post(received("6", "客户回款", "pending", "王五", vals={"kind": "预付款", "paid_on": "2026-11-20", "amount_fen": 500_00, "serial": None},
                        read={"customer_key": "新来的公司"}))  # fmt: skip
    assert world.known(Payment, payment("新来的公司")) == {"same_payment": Reserved("王五", "6", "客户回款")}


def test_whose_money_it_is_when_a_manager_enters_it(world: World) -> None:
    world.post(
        customer(4, "深圳市走了的公司", "冯走"), ordered("5", person="冯走", read={"customer_key": fold(DESHENG)})
    )
    assert world.read(Payment, payment("深圳市走了的公司"), "李四") == {
        "customer_key": fold("深圳市走了的公司"), "for_person": "冯走",
    }  # fmt: skip
    assert world.known(Payment, payment("深圳市走了的公司"), "李四")["stands_in"] == {"冯走"}
    assert "for_person" not in world.read(Payment, payment("深圳市走了的公司"), "张三")
    assert "for_person" not in world.read(Payment, payment(), "李四")
    assert "for_person" not in world.read(Payment, payment(DESHENG), "李四")
    assert world.read(Payment, payment(DESHENG, 订单受理号="5"), "李四")["for_person"] == "冯走"


def test_who_had_a_pooled_customer_last_is_whose_money_it_is(world: World) -> None:
    world.post(customer(4, "深圳市走了的公司", "冯走"), Entry("customer.recycled", "4", "kebu", {"day": "2026-11-21"}))
    assert world.read(Payment, payment("深圳市走了的公司"), "李四")["for_person"] == "冯走"


# -- 期初客户


def opening(name: str | None = "深圳市老客户有限公司", **other: Any) -> dict[str, Any]:
    return {**GOOD, "客户名称": name, "销售经理": "张三", "客户状态": "跟进中", **other}


def test_a_customer_of_the_book_s_beginning(world: World) -> None:
    assert world.known(OpeningCustomer, opening()) == {"held": {"张三": 1}, "area": NANSHAN}
    assert world.known(OpeningCustomer, opening(None, 销售经理=None, 客户地址=None)) == {}
    assert world.known(OpeningCustomer, opening(HUAXIN)) == {
        "held": {"张三": 1}, "area": NANSHAN, "taken_name": Lookalike(HUAXIN, "王五", 100),
    }  # fmt: skip
    assert world.known(OpeningCustomer, opening(DESHENG))["taken_name"] == Lookalike(DESHENG, "公海", 100)
    (near,) = world.known(OpeningCustomer, opening("深圳市宏远电子科技有限公司"))["lookalikes"]
    assert near.name == HONGYUAN


def test_what_waits_under_its_name_is_in_its_way(world: World) -> None:
    key = fold("深圳市老客户有限公司")
    world.post(received("1", "客户新增", person="王五", key=key, vals={"name": "深圳市老客户有限公司"},
                        read={"owner": "王五", "name_key": key, "customer_key": key}))  # fmt: skip
    found = world.known(OpeningCustomer, opening())
    assert found["taken_name"] == Lookalike("深圳市老客户有限公司", "王五，待审批", 100)


def test_a_second_order_of_a_customer_of_the_beginning_is_welcome(world: World) -> None:
    world.post(received("c9", "期初客户", "accepted"), customer(9, "深圳市老客户有限公司", receipt_no="c9"))
    more = opening(合同编号="HY-9", 成交日期="2026-08-03", 成交金额="1280", 未收金额="480")
    assert world.known(OpeningCustomer, more) == {
        "held": {"张三": 2}, "area": NANSHAN, "customer": world.customer("深圳市老客户有限公司"), "opening": True,
    }  # fmt: skip
    assert world.known(OpeningCustomer, opening())["taken_name"] == Lookalike("深圳市老客户有限公司", "张三", 100)
    world.post(received("c8", "客户新增", "accepted"), customer(8, "深圳市新客户有限公司", receipt_no="c8"))
    assert "opening" not in world.known(OpeningCustomer, {**more, "客户名称": "深圳市新客户有限公司"})
    assert "opening" not in world.known(OpeningCustomer, {**more, "客户名称": HUAXIN})


def test_the_same_order_elsewhere_is_named_by_its_contract_or_without_one_by_what_it_is(world: World) -> None:
    world.post(
        ordered("5", read={"customer_key": fold("深圳市老客户有限公司")}), ordered("6", read={"contract_key": "hy-9"})
    )
    deal = {"成交日期": "2026-11-20", "成交金额": "128000.00", "未收金额": "1"}
    five, six = Reserved("王五", "5", "成交订单"), Reserved("王五", "6", "成交订单")
    usual = {"held": {"张三": 1}, "area": NANSHAN}
    assert world.known(OpeningCustomer, opening(**deal)) == {**usual, "same_deal": five}
    assert world.known(OpeningCustomer, opening(**deal, 合同编号="HY-9")) == {**usual, "same_contract": six}
    assert world.known(OpeningCustomer, opening(**deal, 合同编号="HY-8")) == usual
    for header in ("成交日期", "成交金额"):
        assert world.known(OpeningCustomer, opening(**{**deal, header: None})) == usual


@pytest.mark.parametrize(
    ("followed_on", "owner", "counted_from"),
    [
        (None, "张三", "2026-11-23"), ("2026-11-20", "张三", "2026-11-20"), ("2026-11-02", "张三", "2026-11-02"),
        ("2026-11-01", "张三", "2026-11-01"), ("2026-10-31", "张三", "2026-11-01"), ("2026-01-01", "张三", "2026-11-01"),
        ("2026-01-01", None, "2026-11-23"), ("2026-01-01", "没有的", "2026-11-23"), ("2026-11-30", "张三", "2026-11-23"),
    ],
)  # fmt: skip
def test_the_day_from_which_a_customer_s_time_is_counted_leaves_time_for_every_warning(
    world: World, followed_on: str | None, owner: str | None, counted_from: str
) -> None:
    assert max(USUAL.recycling.warn_days) == 7, "of 30 days 22 may be over on the 23rd"
    assert world.read(OpeningCustomer, opening(最近跟进日期=followed_on, 销售经理=owner)) == {
        "期初": "期初登记，没有门头照片", "area": vars(NANSHAN), "owner": owner, "name_key": fold("深圳市老客户有限公司"),
        "customer_key": fold("深圳市老客户有限公司"), "counted_from": counted_from,
    }  # fmt: skip


def test_who_follows_for_less_than_the_warnings_take_begins_today_and_who_follows_for_ever_began_long_ago(
    world: World,
) -> None:
    world.post(changed("张三", max_follow_days=5), changed("王五", max_follow_days=10**6))
    row = opening(最近跟进日期="2026-01-01")
    assert world.read(OpeningCustomer, row)["counted_from"] == "2026-11-23"
    assert world.read(OpeningCustomer, {**row, "销售经理": "王五"})["counted_from"] == "2026-01-01"
    assert world.read(OpeningCustomer, opening(None, 客户地址=None))["name_key"] == ""
