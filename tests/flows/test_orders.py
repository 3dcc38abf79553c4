"""成交订单, played through folders: pages, duplicates, amounts, and the sales manager's approval (客户成交 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import ImageFilter

from demo.pictures import Shot, document, jpeg
from tests.company import FRONT, Company, a_company_with_a_customer, customer, moment, person, read, shot
from tests.deals import NAME, approved_order, order, page, sheet_is_returned

OTHER = "深圳市华新科技有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.new("张三")
        yield made


def sent(co: Company, *rows: Any, at: str = "11-23 18:00", by: str = "张三") -> list[dict[str, Any]]:
    """The rows of the receipt for these orders."""
    return co.answers(by, "成交订单", rows, at)


def test_an_order_goes_to_the_sales_manager_with_every_page_and_enters_the_book(co: Company, tmp_path: Path) -> None:
    for n in (1, 2):
        co.drop("张三", f"合同{n}.jpg", page(n))
    third = tmp_path / "第三页.jpg"
    third.write_bytes(page(3))
    co.hand_in(
        "张三", "订单.xlsx", [("成交订单", "E2", third)], 成交订单=[order("合同1.jpg、合同2", 成交金额="￥12.8万")]
    )
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("成交订单") == ["待审批"]
    assert co.new("李四", "审批") == []
    sheet = co.approval("赵总", "成交订单")
    shown = read(sheet).row("审批_成交订单")
    assert (shown["成交日期"], shown["成交金额"], shown["合同照片页数"]) == ("2026-11-23", "128,000.00", "3")
    assert len(openpyxl.load_workbook(sheet).worksheets[0]._images) == 3  # type: ignore[attr-defined]
    assert co.ask("SELECT last_followed_on AS day FROM customers") == [{"day": None}]
    co.decide("赵总", sheet)
    co.run("11-24 09:00")
    assert "赵总同意" in co.receipt("张三", "审批结果").text
    assert co.ask("SELECT customer, salesperson, signed_on, amount_fen, status FROM orders") == [
        {"customer": NAME, "salesperson": "张三", "signed_on": "2026-11-23", "amount_fen": 12_800_000,
         "status": "accepted"}]  # fmt: skip
    assert co.ask("SELECT last_followed_on AS day FROM customers") == [{"day": "2026-11-24"}]


def test_a_program_that_fills_every_row_decides_those_beside_upright_pages_and_no_others(co: Company) -> None:
    for n in (1, 2):
        co.drop("张三", f"合同{n}.jpg", page(n))
    co.hand_in("张三", "订单.xlsx", 成交订单=[order("合同1.jpg"), order("合同2.jpg", 合同编号="HY-2")])
    co.run("11-23 18:00")
    sheet = co.approval("赵总", "成交订单")
    book = openpyxl.load_workbook(sheet)
    there = book.worksheets[0]
    assert there.max_row > 4, "an upright page lies over rows of its own"
    column = [cell.value for cell in there[2]].index("审批结论") + 1
    for row in range(3, there.max_row + 1):
        there.cell(row, column, "同意")
    book.save(co.share / "赵总" / "投递" / sheet.name)
    co.run("11-24 09:00")
    assert co.receipt("赵总", "审批_").outcomes("审批_成交订单") == ["已受理", "已受理"]


def test_the_department_s_own_sales_manager_comes_before_the_company_s(co: Company) -> None:
    co.found([person("郑总", "13800138010", "销售一部", "销售经理")], "11-23 09:40")
    co.drop("张三", "合同1.jpg", page(1))
    sent(co, order())
    assert (len(co.new("郑总", "审批")), len(co.new("赵总", "审批"))) == (1, 0)


def test_amounts_are_taken_to_the_fen_however_they_are_written(co: Company) -> None:
    written = {
        "￥128,000.50": 12_800_050, "12.8万": 12_800_000, "１２８０００．０７元": 12_800_007, 1234567.89: 123_456_789,
        0.29: 29, "人民币 3 亿元整": 30_000_000_000,
    }  # fmt: skip
    for n in range(len(written)):
        co.drop("张三", f"合同{n}.jpg", page(n + 1))
    rows = [order(f"合同{n}.jpg", 合同编号=f"HY-{n}", 成交金额=amount) for n, amount in enumerate(written)]
    assert [row["结果"] for row in sent(co, *rows)] == ["待审批"] * len(written)
    kept = co.ask("SELECT amount_fen FROM orders ORDER BY contract_no")
    assert [row["amount_fen"] for row in kept] == list(written.values())


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"成交金额": "约5万"}, "不是金额"),
        ({"成交金额": 0}, "金额必须大于 0"),
        ({"成交金额": -100}, "金额必须大于 0"),
        ({"成交金额": 100.005}, "最多精确到分"),
        ({"成交金额": None}, "成交金额"),
        ({"成交日期": "2026-11-24"}, "2026-11-24 还没有到"),
        ({"成交日期": "2026-02-30"}, "不是真实存在的日期"),
        ({"客户名称": "深圳市没有的公司"}, "客户档案中没有"),
        ({"合同照片": None}, "合同照片"),
    ],
)
def test_an_order_that_cannot_be_right_comes_back(co: Company, cells: dict[str, Any], words: str) -> None:
    co.drop("张三", "合同1.jpg", page(1))
    (row,) = sent(co, order(**cells) if "合同照片" not in cells else order(None))
    assert row["结果"] == "退回"
    assert words in row["说明"]
    assert co.ask("SELECT 1 FROM orders WHERE status <> 'rejected'") == []


def test_a_blurred_and_a_small_page_are_flagged_to_the_approver(co: Company) -> None:
    camera = Shot(moment("11-23 10:00"), *FRONT)
    co.drop("张三", "糊.jpg", jpeg(document(1, ["购销合同"]).filter(ImageFilter.GaussianBlur(6)), camera))
    co.drop("张三", "小.jpg", jpeg(document(2, ["购销合同", "第一条"]).resize((600, 800)), camera))
    (row,) = sent(co, order("糊.jpg、小.jpg"))
    assert row["结果"] == "待审批"
    flags = read(co.approval("赵总", "成交订单")).row("审批_成交订单")["系统提示"]
    assert "“糊.jpg”不够清晰" in flags
    assert "“小.jpg”只有 600×800 像素" in flags


def test_a_page_that_cannot_be_opened_is_refused(co: Company) -> None:
    co.drop("张三", "合同1.jpg", "这不是照片".encode())
    (row,) = sent(co, order())
    assert row["结果"] == "退回"
    assert "“合同1.jpg”打不开" in row["说明"]


def test_a_contract_and_its_picture_serve_once(co: Company) -> None:
    first = approved_order(co)
    co.drop("张三", "客户.jpg", shot("11-23 12:00", 9))
    co.hand_in("张三", "客户.xlsx", 客户新增=[customer(OTHER, 门头照片="客户.jpg")])
    co.drop("张三", "又一次.jpg", page(1))
    co.drop("张三", "新.jpg", page(5))
    co.drop("张三", "新2.jpg", page(6))
    rows = sent(
        co,
        order("又一次.jpg", 合同编号="HY-2"),
        order("新.jpg", OTHER, 合同编号="ｈｙ - 1"),
        order("新2.jpg", 合同编号="HY-3"),
    )
    assert [row["结果"] for row in rows] == ["退回", "退回", "待审批"]
    assert f"已被 张三 在 2026-11-23 用于受理号 {first}" in rows[0]["说明"]
    assert f"已用于另一笔订单（受理号 {first}，张三）" in rows[1]["说明"]
    assert f"与受理号 {first} 的客户、日期、金额都相同" in rows[2]["说明"]
    flags = read(co.approval("赵总", "成交订单")).row("审批_成交订单")["系统提示"]
    assert "可能重复录入" in flags


def test_an_order_that_still_waits_may_be_mended_with_the_same_pictures(co: Company) -> None:
    co.drop("张三", "合同1.jpg", page(1))
    (first,) = sent(co, order())
    (again,) = sent(co, order(成交金额=120000), at="11-23 18:10")
    assert again["结果"] == "待审批"
    assert f"替换了先前提交的受理号 {first['受理号']}" in again["说明"]
    assert sorted((row["amount_fen"], row["status"]) for row in co.ask("SELECT amount_fen, status FROM orders")) == [
        (10_000_000, "superseded"), (12_000_000, "pending")]  # fmt: skip
    (third,) = sent(co, order(成交金额=120000), at="11-23 18:20")
    assert third["结果"] == "重复"


def test_an_approved_order_is_not_replaced(co: Company) -> None:
    first = approved_order(co)
    (row,) = sent(co, order("合同1.jpg", 成交金额=120000))
    assert row["结果"] == "退回"
    assert f"受理号 {first} 已经生效" in row["说明"]
    assert [row["amount_fen"] for row in co.ask("SELECT amount_fen FROM orders WHERE status = 'accepted'")] == [
        10_000_000
    ]


def test_a_colleague_does_not_replace_one_s_order(co: Company) -> None:
    """王五 shares the customer: the same contract from 王五 is another's contract, not a correction."""
    co.drop("张三", "合同1.jpg", page(1))
    (first,) = sent(co, order())
    co.drop("王五", "合同9.jpg", page(9))
    (row,) = sent(co, order("合同9.jpg", 成交金额=1), at="11-23 18:10", by="王五")
    assert row["结果"] == "退回"
    assert f"已用于另一笔订单（受理号 {first['受理号']}，张三）" in row["说明"]
    assert [row["status"] for row in co.ask("SELECT status FROM orders WHERE salesperson = '张三'")] == ["pending"]


def test_an_order_of_a_customer_who_still_waits_is_approved_after_the_customer(co: Company) -> None:
    co.drop("张三", "客户.jpg", shot("11-23 12:00", 9))
    co.drop("张三", "合同1.jpg", page(1))
    co.hand_in("张三", "订单.xlsx", 客户新增=[customer(OTHER, 门头照片="客户.jpg")], 成交订单=[order(name=OTHER)])
    co.run("11-23 18:00")
    assert "还在审批中" in co.receipt("张三").row("成交订单")["说明"]
    deals, customers = co.approval("赵总", "成交订单"), co.approval("李四", "客户新增")
    co.decide("赵总", deals)
    co.run("11-23 18:10")
    assert "还没有审批通过" in co.receipt("赵总").row("审批_成交订单")["说明"]
    co.decide("李四", customers)
    co.run("11-23 18:20")
    co.decide("赵总", deals)
    co.run("11-23 18:30")
    assert co.ask("SELECT customer, status FROM orders") == [{"customer": OTHER, "status": "accepted"}]
    assert co.ask("SELECT last_followed_on AS day FROM customers WHERE name = ?", OTHER) == [{"day": "2026-11-23"}]


def test_an_order_for_a_colleague_s_customer_is_refused(co: Company) -> None:
    co.drop("陈六", "合同1.jpg", page(1))
    (row,) = sent(co, order(), by="陈六")
    assert row["结果"] == "退回"
    assert "归属张三" in row["说明"]


def test_a_rejected_order_frees_its_contract_and_pictures(co: Company) -> None:
    co.drop("张三", "合同1.jpg", page(1))
    sent(co, order())
    co.decide("赵总", co.approval("赵总", "成交订单"), "驳回", "金额与合同不符")
    co.run("11-23 18:10")
    assert "赵总驳回：金额与合同不符" in co.receipt("张三", "审批结果").text
    (row,) = sent(co, order(成交金额=128000), at="11-23 18:20")
    assert row["结果"] == "待审批"


@pytest.mark.parametrize("name", ["李四", "赵总", "孙人"])
def test_only_salespeople_hand_in_orders(co: Company, name: str) -> None:
    sheet_is_returned(co, name, "成交订单", order(), may="销售人员")


def renamed(co: Company, name: str, to: str, at: str) -> None:
    """An approved 信息变更 of a customer's name."""
    co.hand_in(
        "张三", "变更.xlsx", 信息变更=[{"客户名称": name, "新客户名称": to, "变更说明": "营业执照已变更为新名称"}]
    )
    co.run(f"{at}:00")
    co.decide("李四", co.approval("李四", "信息变更"))
    co.run(f"{at}:20")
    co.new("张三")


def test_a_former_name_finds_its_customer_until_two_customers_bore_it(co: Company) -> None:
    renamed(co, NAME, "深圳市远大电子有限公司", "11-23 10")
    co.drop("张三", "合同1.jpg", page(1))
    (row,) = sent(co, order(), at="11-23 11:00")
    assert row["结果"] == "待审批"
    assert co.ask("SELECT customer FROM orders") == [{"customer": "深圳市远大电子有限公司"}]
    co.drop("张三", "客户.jpg", shot("11-23 11:30", 9))
    co.hand_in("张三", "客户.xlsx", 客户新增=[customer(OTHER, 门头照片="客户.jpg")])
    co.run("11-23 12:00")
    co.decide("李四", co.approval("李四", "客户新增"))
    co.run("11-23 12:20")
    renamed(co, OTHER, NAME, "11-23 13")
    renamed(co, NAME, "深圳市广大机电有限公司", "11-23 14")
    co.drop("张三", "合同2.jpg", page(2))
    (row,) = sent(co, order("合同2.jpg", 合同编号="HY-2"), at="11-23 15:00")
    assert row["结果"] == "退回"
    assert f"“{NAME}”是几个客户用过的名称：深圳市广大机电有限公司、深圳市远大电子有限公司" in row["说明"]


def test_a_customer_between_owners_belongs_to_the_one_who_has_it(co: Company) -> None:
    """Until the transfer is approved it is still 张三's; afterwards it is not."""
    co.hand_in(
        "张三",
        "转交.xlsx",
        客户转交=[
            {"客户名称": NAME, "接受人": "王五", "转交原因": "范围调整", "转交说明": "华南区域重新划分，由王五负责"}
        ],
    )
    co.run("11-23 10:00")
    co.new("张三")
    co.drop("张三", "合同1.jpg", page(1))
    (row,) = sent(co, order(), at="11-23 11:00")
    assert row["结果"] == "待审批"
    co.decide("李四", co.approval("李四", "客户转交"))
    co.run("11-23 12:00")
    co.new("张三")
    co.drop("张三", "合同2.jpg", page(2))
    (row,) = sent(co, order("合同2.jpg", 合同编号="HY-2"), at="11-23 13:00")
    assert row["结果"] == "退回"
    assert "归属王五" in row["说明"]
    assert co.ask("SELECT salesperson, status FROM orders WHERE status = 'pending'") == [
        {"salesperson": "张三", "status": "pending"}
    ]


def test_nobody_sells_to_a_customer_in_the_pool(co: Company) -> None:
    for day, at in (("12-22", "12-23 00:30"), ("12-23", "12-24 00:30")):
        co.nightly(day, at)
    assert co.ask("SELECT owner FROM customers") == [{"owner": None}]
    co.drop("张三", "合同1.jpg", page(1, "12-24 08:00"))
    co.new("张三")
    (row,) = sent(co, order(成交日期="2026-12-23"), at="12-24 09:00")
    assert row["结果"] == "退回"
    assert "归属公海" in row["说明"]
