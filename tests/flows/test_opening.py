"""Taking over: 期初客户 enters the book with its owners, its pool and what is still to be paid; once, however often it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policy.form import columns
from policy.forms.opening import OpeningCustomer
from policy.forms.person import NewPerson
from service.answers.opening import Opened, open_customers
from service.upkeep.keeping import differences
from tests.company import STAFF, Cells, Company, a_company, claim, person, read, section, write
from tests.flows.test_commands import call

HONGYUAN, BAIYUN, HAITIAN = "深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司"


def opening(name: str = HONGYUAN, **other: Any) -> Cells:
    """A row of 期初客户 at which nothing is wrong."""
    return {
        "客户名称": name, "客户来源": "老客户", "客户类型": "民营企业", "联系人": "李红", "联系电话": "0755-26001234",
        "客户地址": "广东省/深圳市/南山区", "详细地址": "科苑路8号3栋1205室", "销售区域": "华南", "销售经理": "张三",
        "客户状态": "跟进中", "最近跟进日期": "2026-11-10", **other,
    }  # fmt: skip


ORDER: dict[str, Any] = {"合同编号": "HY-2026-118", "成交日期": "2026-11-03", "成交金额": 128000, "未收金额": 48000}


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def take(co: Company, rows: Sequence[Cells], at: str = "11-20 10:00") -> Opened:
    """``init --customers`` with these rows."""
    return open_customers(co.service, write(co.folder / "期初客户.xlsx", {"期初客户": rows}), co.clock(at))


def answers(taken: Opened) -> list[tuple[str, str]]:
    """结果 and 说明 of each row."""
    assert taken.receipt is not None
    return [(row["结果"], row["说明"] or "") for row in read(taken.receipt).rows("期初客户")]


def test_customers_come_with_their_owners_their_pool_and_a_mark_and_every_row_is_answered(co: Company) -> None:
    taken = take(co, [
        opening(共享人员="王五"),
        opening(BAIYUN, 客户状态="公海", 销售经理="张三", 最近跟进日期=None),
        opening(HAITIAN, 客户地址="广东省/珠海市/没有区", 销售经理="没有人"),
    ])  # fmt: skip
    assert [outcome for outcome, _words in answers(taken)] == ["已受理", "已受理", "退回"]
    assert "不是真实的省/市/区" in answers(taken)[2][1]
    assert "“没有人”不是在职的销售人员" in answers(taken)[2][1]
    assert co.ask("SELECT name, owner, opening, acquired_on, last_followed_on, pooled_on FROM customers ORDER BY id") == [
        {"name": HONGYUAN, "owner": "张三", "opening": 1, "acquired_on": "2026-11-10", "last_followed_on": "2026-11-10",
         "pooled_on": None},
        {"name": BAIYUN, "owner": None, "opening": 1, "acquired_on": "2026-11-20", "last_followed_on": None,
         "pooled_on": "2026-11-20"},
    ]  # fmt: skip
    assert {row["kind"] for row in co.ask("SELECT kind FROM changes")} == {"期初", "回收公海"}
    assert co.ask("SELECT person FROM customer_members") == [{"person": "王五"}]
    (mine,) = section(co, "张三", "我的客户")
    assert (mine["客户名称"], mine["最近跟进"].date().isoformat(), mine["剩余天数"]) == (HONGYUAN, "2026-11-10", 20)
    assert list(differences(co.service)) == []


def test_the_same_workbook_again_doubles_nothing_and_a_mended_row_is_taken(co: Company) -> None:
    bad = opening(BAIYUN, 联系电话="123")
    take(co, [opening(**ORDER), bad])
    again = take(co, [opening(**ORDER), {**bad, "联系电话": "020-86001234"}], "11-20 11:00")
    assert [outcome for outcome, _words in answers(again)] == ["重复", "已受理"]
    assert len(co.ask("SELECT 1 FROM customers")) == 2
    assert len(co.ask("SELECT 1 FROM orders")) == 1
    changed = take(co, [opening(联系人="王红")], "11-20 12:00")
    assert answers(changed)[0][0] == "退回"
    assert "信息变更" in answers(changed)[0][1]
    assert list(differences(co.service)) == []


def test_owners_beyond_their_limit_are_shown_and_not_refused(tmp_path: Path) -> None:
    people = [*STAFF[1:], person("张三", "13800138000", "销售一部", "销售人员", 客户数量上限=2)]
    with a_company(tmp_path, people) as co:
        rows = [opening(name) for name in (HONGYUAN, BAIYUN, HAITIAN)]
        roster = write(tmp_path / "名册.xlsx", {"人员新增": people})
        path = write(tmp_path / "期初.xlsx", {"期初客户": rows})
        at = ("--now", "2026-11-20T10:00:00")
        said = call(co.config, "init", "--roster", roster, "--customers", path, *at)
        assert said.code == 0
        assert "张三名下有 3 个客户，超过上限 2 个" in said.out
        assert "期初客户：已受理 3 行" in said.out
        first = read(next(co.book.glob("*期初*.xlsx")))
        assert "超过上限 2 个" in first.text
        assert "连同这一行，张三有 3 个客户" in first.rows("期初客户")[2]["说明"]
        told = call(co.config, "init", "--customers", path, "--json", *at).json
        assert [*told["customers"], len(told["beyond"])] == ["重复"] * 3 + [1]
        assert len(co.ask("SELECT 1 FROM customers WHERE owner = '张三'")) == 3


def test_an_open_order_keeps_its_customer_and_is_paid_by_its_number(co: Company) -> None:
    second: dict[str, Any] = {**ORDER, "合同编号": "HY-2026-119", "成交金额": 5000, "未收金额": 5000}
    taken = take(co, [opening(**ORDER, 最近跟进日期="2026-06-01"), opening(**second, 最近跟进日期="2026-06-01")])
    assert [outcome for outcome, _words in answers(taken)] == ["已受理", "已受理"]
    orders = co.ask("SELECT receipt_no, customer, salesperson, amount_fen, opening_paid_fen, status FROM orders")
    assert [(row["amount_fen"], row["opening_paid_fen"], row["salesperson"]) for row in orders] == [
        (12_800_000, 8_000_000, "张三"), (500_000, 0, "张三"),
    ]  # fmt: skip
    number = orders[0]["receipt_no"]
    assert f"订单受理号 {number}" in answers(taken)[0][1]
    assert "这一行只登记它的订单" in answers(taken)[1][1]
    (mine,) = section(co, "张三", "我的客户")
    assert number in mine["保留原因"]
    pay = {"客户名称": HONGYUAN, "回款类型": "销售回款", "回款日期": "2026-11-20", "订单受理号": number}
    co.hand_in("张三", 客户回款=[{**pay, "回款金额": 48000}, {**pay, "回款金额": 48001}])
    co.run("11-20 18:00")
    exact, over = co.receipt("张三").rows("客户回款")
    assert "超过订单金额" not in (exact["说明"] or "")
    assert "回款共 176,001.00 元，超过订单金额 128,000.00 元" in over["说明"]
    assert "由期初客户" in call(co.config, "explain", number).out


def test_what_was_signed_before_the_book_counts_for_no_target(co: Company) -> None:
    from ledger.activity import achieved

    take(co, [opening(**ORDER)])
    span = co.clock("11-01 00:00").date(), co.clock("11-30 00:00").date()
    assert achieved(co.service.book, *span) == []


def test_a_customer_whose_time_is_over_is_warned_of_before_it_goes(co: Company) -> None:
    taken = take(co, [opening(最近跟进日期="2026-06-01")])
    assert "172 天没有跟进，张三的最长跟进天数是 30 天" in answers(taken)[0][1]
    assert "2026-11-29 起没有跟进的回公海" in answers(taken)[0][1]
    co.nightly("2026-11-20", "11-21 00:30")
    assert any("通知" in path.name or "提醒" in path.name for path in co.new("张三"))
    for day in range(21, 28):
        co.nightly(f"2026-11-{day}", f"11-{day + 1} 00:30")
    assert co.ask("SELECT owner FROM customers") == [{"owner": "张三"}]
    co.nightly("2026-11-28", "11-29 00:30")
    assert co.ask("SELECT owner, pooled_on FROM customers") == [{"owner": None, "pooled_on": "2026-11-29"}]


def test_a_pooled_customer_can_be_claimed_by_a_colleague(co: Company) -> None:
    take(co, [opening(客户状态="公海", 销售经理=None)])
    co.hand_in("王五", 客户申领=[claim(HONGYUAN)])
    co.run("11-20 18:00")
    assert co.receipt("王五").outcomes("客户申领") == ["待审批"]


def test_a_row_with_any_cell_missing_is_answered(co: Company) -> None:
    good = dict(opening(共享人员="王五", **ORDER))
    taken = take(
        co,
        [{**good, "客户名称": f"{name}{HONGYUAN}", name: None} for name in good]
        + [{name: good[name]} for name in good],
    )
    assert len(answers(taken)) == 2 * len(good)
    assert list(differences(co.service)) == []


def test_what_was_taken_over_wrongly_is_put_right_where_it_belongs(co: Company) -> None:
    taken = take(co, [opening(**ORDER)])
    assert taken.receipt is not None
    number = read(taken.receipt).row("期初客户")["受理号"]
    order = co.ask("SELECT receipt_no FROM orders")[0]["receipt_no"]
    void = {"处理": "作废", "原因": "这笔订单在期初以前已经收齐款"}
    co.hand_in("钱督", 更正=[{"受理号": number, **void}])
    co.hand_in("张三", 更正=[{"受理号": order, **void}])
    co.run("11-20 18:00")
    assert "请用“信息变更”" in co.receipt("钱督").row("更正")["说明"]
    assert co.receipt("张三").row("更正")["结果"] == "待审批"
    co.approve("赵总", "更正", "11-20 19:00")
    assert co.ask("SELECT status FROM orders") == [{"status": "superseded"}]
    assert co.ask("SELECT last_followed_on, owner FROM customers") == [
        {"last_followed_on": "2026-11-10", "owner": "张三"}
    ]
    assert list(differences(co.service)) == []


def test_nobody_takes_customers_over_through_a_drop_folder(co: Company) -> None:
    co.hand_in("张三", 期初客户=[opening()])
    co.run("11-20 18:00")
    assert "只能由管理员（初始化）提交" in co.receipt("张三").text
    assert co.ask("SELECT 1 FROM customers") == []


def test_blank_workbooks_have_lists_and_an_example_that_is_never_taken(tmp_path: Path) -> None:
    with a_company(tmp_path, []) as co:
        said = call(co.config, "init", "--blank", tmp_path / "空白")
        assert said.code == 0
        roster, customers = tmp_path / "空白" / "人员名册.xlsx", tmp_path / "空白" / "期初客户.xlsx"
        for path, form in ((roster, NewPerson), (customers, OpeningCustomer)):
            with closing(openpyxl.load_workbook(path)) as book:
                page = book[form.sheet]
                assert [cell.value for cell in page[1]] == [column.header for column in columns(form)]
                assert page["A2"].value.startswith("示例：")
                lists = {
                    next(iter(rule.sqref.ranges)).min_col
                    for rule in page.data_validations.dataValidation
                    if rule.type == "list"
                }
                wanted = {n for n, column in enumerate(columns(form), 1) if column.choices or column.options}
                assert wanted <= lists
        at = ("--now", "2026-11-20T09:00:00")
        taken = call(co.config, "init", "--roster", roster, "--customers", customers, *at)
        assert taken.code == 0
        assert co.ask("SELECT 1 FROM people") == co.ask("SELECT 1 FROM customers") == []
        _fill(roster, "人员新增", STAFF[0])
        _fill(customers, "期初客户", opening())
        assert call(co.config, "init", "--roster", roster, "--customers", customers, *at).code == 0
        assert co.ask("SELECT name FROM people") == [{"name": "张三"}]
        assert co.ask("SELECT name FROM customers") == [{"name": HONGYUAN}]
        before = roster.read_bytes()
        assert "没有改动" in call(co.config, "init", "--blank", tmp_path / "空白").out
        assert roster.read_bytes() == before


def _fill(path: Path, sheet: str, row: Cells) -> None:
    with closing(openpyxl.load_workbook(path)) as book:
        page = book[sheet]
        for n, header in enumerate((str(cell.value) for cell in page[1]), 1):
            page.cell(3, n).value = row.get(header)
        book.save(path)


def test_init_asks_for_something_to_do(co: Company) -> None:
    said = call(co.config, "init")
    assert said.code == 2
    assert "--roster" in said.err
