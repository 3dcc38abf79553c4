"""客户转交, played through folders: one and all, the receiver's room, leavers, and what stays with a customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sync
from service.upkeep.keeping import differences
from tests.company import (
    POOL,
    STAFF,
    Cells,
    Company,
    a_company,
    a_company_with_a_customer,
    change,
    person,
    read,
    section,
    shot,
    table,
    transfer,
    visit,
)
from tests.deals import CASHIER, approved_order, arrived, confirm, confirmation, payment

HONGYUAN = POOL[0]


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    """张三 has 宏远, whom 王五 shares."""
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def transfers(co: Company, name: str, at: str, *rows: Cells) -> list[str]:
    co.hand_in(name, "转交.xlsx", 客户转交=rows)
    co.run(at)
    return co.told(name, "客户转交", "转交")


def owned(co: Company, name: str) -> set[str]:
    return {row["name"] for row in co.ask("SELECT name FROM customers WHERE owner = ?", name)}


def leaves(co: Company, name: str, day: str, at: str) -> None:
    co.hand_in("赵总", "离职.xlsx", 人员变更=[{"姓名": name, "生效日期": day, "状态": "离职"}])
    co.run(at)
    assert co.told("赵总", "人员变更")[0].startswith("已受理")


def status(co: Company, at: str) -> list[str]:
    done = CliRunner().invoke(sync.app, ["--config", str(co.config), "--json", "--now", f"2026-{at}", "status"])
    return list(json.loads(done.stdout)["for_operator"])


def test_a_transferred_customer_brings_its_history_and_its_new_shared_people(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 15:00")
    co.approve("李四", "拜访记录", "11-23 16:00")
    assert transfers(co, "张三", "11-23 17:00", transfer(HONGYUAN, "陈六", 共享人员="张三")) == ["待审批 "]
    co.approve("李四", "客户转交", "11-23 18:00")
    assert owned(co, "陈六") == {HONGYUAN}
    assert f"张三转交的客户已归您跟进：{HONGYUAN}" in co.receipt("陈六", "客户转入").text
    assert co.ask("SELECT person FROM customer_members") == [{"person": "张三"}]  # 王五 shares no longer
    co.nightly("2026-11-23", "11-24 00:30")
    (mine,) = section(co, "陈六", "我的客户")
    assert (mine["客户名称"], mine["获得日期"].date().isoformat(), mine["剩余天数"]) == (HONGYUAN, "2026-11-23", 29)
    (told,) = section(co, "陈六", "拜访历史")
    assert (told["拜访时间"], told["拜访人"], told["拜访目的"]) == (
        "2026-11-23 14:00",
        "张三",
        "确认二期设备数量和交期",
    )
    assert section(co, "王五", "我的客户") == section(co, "王五", "拜访历史") == []
    (seen,) = co.ask("SELECT from_person, to_person, reason, status FROM transfers")
    assert list(seen.values()) == ["张三", "陈六", "范围调整", "accepted"]


def test_all_of_ones_customers_go_together_and_the_approver_reads_which(co: Company) -> None:
    co.gain("张三", "李四", *POOL[1:], at="11-23 10:00")
    assert transfers(co, "张三", "11-23 11:00", transfer("全部", "陈六", 转交原因="岗位变动")) == ["待审批 "]
    sheet = co.approval("李四", "客户转交")
    (row,) = [row for row in _read(sheet) if row["受理号"]]
    assert set(row["转交客户"].split("、")) == set(POOL)
    co.decide("李四", sheet)
    co.run("11-23 12:00")
    assert owned(co, "陈六") == set(POOL)
    assert owned(co, "张三") == set()
    (again,) = transfers(co, "张三", "11-23 13:00", transfer("全部", "陈六", 转交原因="岗位变动"))
    assert again.startswith("重复")
    (nothing,) = transfers(co, "张三", "11-23 14:00", transfer("全部", "王五", 转交原因="岗位变动"))
    assert "没有可以转交的客户" in nothing
    assert list(differences(co.service)) == []


def _read(path: Path) -> list[Cells]:
    from tests.company import read

    return list(read(path).rows("审批_客户转交"))


def test_a_receiver_gets_as_many_as_fit_and_the_rest_is_named(tmp_path: Path) -> None:
    people = [each for each in STAFF if each["姓名"] != "陈六"]
    people.append(person("陈六", "13800138006", "销售二部", "销售人员", 客户数量上限=2))
    with a_company(tmp_path, people) as co:
        co.gain("张三", "李四", *POOL)
        (told,) = transfers(co, "张三", "11-23 10:00", transfer("全部", "陈六"))
        assert told.startswith("待审批")
        assert "没有一并转交：珠海海天食品有限公司" in told


def test_what_is_missing_in_a_transfer_is_said_at_once(co: Company) -> None:
    (told,) = transfers(
        co, "张三", "11-23 10:00", transfer(HONGYUAN, "李四", 转交原因="心情", 转交说明="给他", 共享人员="马六")
    )
    for words in ("“李四”不是在职的销售人员", "转交原因：", "转交说明只有 2 个字", "“马六”不是在职同事"):
        assert words in told
    (other,) = transfers(co, "王五", "11-23 11:00", transfer(HONGYUAN, "陈六"))  # shares it only
    assert f"“{HONGYUAN}”归属张三，不能由您转交" in other
    (own,) = transfers(co, "张三", "11-23 12:00", transfer(HONGYUAN, "张三"))
    assert "张三已经是这些客户的归属人" in own


def test_a_customer_under_way_elsewhere_waits(co: Company) -> None:
    transfers(co, "张三", "11-23 10:00", transfer(HONGYUAN, "陈六"))
    (again,) = transfers(co, "张三", "11-23 11:00", transfer(HONGYUAN, "王五"))
    assert "（客户转交，张三）办理中" in again
    co.hand_in("张三", 信息变更=[change(联系人="王芳")])
    co.run("11-23 11:30")
    assert "（客户转交，张三）办理中" in co.told("张三", "信息变更")[0]
    co.approve("李四", "客户转交", "11-23 12:00", "驳回")
    assert transfers(co, "张三", "11-23 13:00", transfer(HONGYUAN, "王五")) == ["待审批 "]


def test_a_receiver_who_left_before_the_approval_stops_it_in_words(co: Company) -> None:
    transfers(co, "张三", "11-23 10:00", transfer(HONGYUAN, "陈六"))
    leaves(co, "陈六", "2026-11-24", "11-23 11:00")
    (told,) = co.approve("李四", "客户转交", "11-24 09:00").rows("审批_客户转交")
    assert told["结果"] == "退回"
    assert "提交之后情况有变：接受人“陈六”不是在职的销售人员" in told["说明"]
    assert owned(co, "张三") == {HONGYUAN}


def test_all_is_what_it_was_when_it_was_handed_in(co: Company) -> None:
    """A customer that came after the sheet was not meant, and is not given away unseen."""
    transfers(co, "张三", "11-23 10:00", transfer("全部", "陈六"))
    sheet = co.approval("李四", "客户转交")
    co.gain("张三", "李四", POOL[1], at="11-23 11:00")
    co.decide("李四", sheet)
    co.run("11-23 12:00")
    (told,) = co.receipt("李四", "审批_客户转交").rows("审批_客户转交")
    assert "要转交的客户已有变化" in told["说明"]
    assert owned(co, "陈六") == set()


def test_a_leavers_customers_show_until_the_department_manager_hands_them_over(co: Company) -> None:
    leaves(co, "张三", "2026-11-24", "11-23 17:00")
    assert not [words for words in status(co, "11-23T18:00:00") if HONGYUAN in words]
    assert f"已离职或调岗的张三名下的客户还没有转交：{HONGYUAN}" in status(co, "11-24T09:00:00")
    co.nightly("2026-11-24", "11-25 00:30")
    for viewer in ("李四", "赵总"):
        waiting = table(co.share / viewer / "取件/报表/2026-11/部门概览_2026-11-24.xlsx", "离职待转交")
        assert [(row["客户名称"], row["原归属人（已离职或调岗）"]) for row in waiting] == [(HONGYUAN, "张三")]
    assert table(co.share / "周八/取件/报表/2026-11/部门概览_2026-11-24.xlsx", "离职待转交") == []
    (foreign,) = transfers(co, "周八", "11-25 09:00", transfer(HONGYUAN, "陈六", 转交原因="离职"))
    assert "不能由您转交" in foreign
    assert transfers(co, "李四", "11-25 10:00", transfer("全部", "王五", 转交原因="离职")) == ["待审批 "]
    co.approve("赵总", "客户转交", "11-25 11:00")  # nobody approves their own
    assert owned(co, "王五") == {HONGYUAN}
    assert not [words for words in status(co, "11-25T12:00:00") if HONGYUAN in words]
    (again,) = transfers(co, "李四", "11-25 13:00", transfer("全部", "王五", 转交原因="离职"))
    assert again.startswith("重复")


def test_whoever_sells_no_more_has_their_customers_handed_over_by_the_manager(co: Company) -> None:
    co.hand_in("赵总", "调岗.xlsx", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-24", "岗位": "企管部"}])
    co.run("11-23 17:00")
    assert any(HONGYUAN in words and "调岗" in words for words in status(co, "11-24T09:00:00"))
    assert transfers(co, "李四", "11-24 10:00", transfer(HONGYUAN, "王五", 转交原因="岗位变动")) == ["待审批 "]
    co.approve("赵总", "客户转交", "11-24 11:00")
    assert owned(co, "王五") == {HONGYUAN}


def test_a_manager_cannot_give_away_what_belongs_to_somebody_who_is_here(co: Company) -> None:
    told = transfers(co, "李四", "11-23 10:00", transfer(HONGYUAN, "陈六"), transfer("全部", "陈六", 转交原因="离职"))
    assert "归属张三，不能由您转交" in told[0]
    assert "没有可以转交的客户" in told[1]


def test_a_leavers_customers_are_given_away_without_those_of_the_manager_who_does_it(co: Company) -> None:
    co.gain("王五", "李四", POOL[1], at="11-23 10:00")
    co.hand_in("赵总", "升职.xlsx", 人员变更=[{"姓名": "王五", "生效日期": "2026-11-23", "岗位": "部门经理"}])
    leaves(co, "张三", "2026-11-23", "11-23 11:00")
    assert transfers(co, "王五", "11-23 12:00", transfer("全部", "陈六", 转交原因="离职")) == ["待审批 "]
    co.approve("李四", "客户转交", "11-23 13:00")
    assert (owned(co, "陈六"), owned(co, "王五")) == ({HONGYUAN}, {POOL[1]})


def test_a_transfer_handed_in_on_the_last_day_is_approved_after_it(co: Company) -> None:
    transfers(co, "张三", "11-23 17:00", transfer(HONGYUAN, "陈六", 转交原因="离职"))
    leaves(co, "张三", "2026-11-24", "11-23 17:30")
    (told,) = co.approve("李四", "客户转交", "11-24 09:00").rows("审批_客户转交")
    assert told["结果"] == "已受理"
    assert owned(co, "陈六") == {HONGYUAN}


def test_a_receiver_without_room_for_another_is_named_with_what_they_hold(tmp_path: Path) -> None:
    people = [each for each in STAFF if each["姓名"] != "陈六"]
    people.append(person("陈六", "13800138006", "销售二部", "销售人员", 客户数量上限=2))
    with a_company(tmp_path, people) as co:
        co.gain("张三", "李四", *POOL)
        one_by_one = transfers(co, "张三", "11-23 11:00", *(transfer(name, "陈六") for name in POOL))
        assert [each[:3].strip() for each in one_by_one] == ["待审批", "待审批", "退回"]
        assert "已有 2 个客户（含待审批）" in one_by_one[2]
        co.approve("李四", "客户转交", "11-23 12:00")
        assert owned(co, "陈六") == set(POOL[:2])


# -- made void before anybody has built upon it


def number_of(co: Company, view: str = "transfers") -> str:
    return str(co.ask(f"SELECT receipt_no FROM {view} ORDER BY receipt_no DESC LIMIT 1")[0]["receipt_no"])


def void(co: Company, name: str, number: str, at: str, **other: object) -> dict[str, object]:
    """Somebody makes a row void; gives the row of the receipt."""
    row = {"受理号": number, "处理": "作废", "原因": "接受人写错了，应交给别的同事", **other}
    co.hand_in(name, "更正.xlsx", 更正=[row])
    co.run(at)
    return co.receipt(name, "更正").row("更正")


STOOD = "SELECT name, owner, previous_owner, acquired_on, last_followed_on FROM customers ORDER BY name"
SHARED = "SELECT customer, person FROM customer_members ORDER BY customer, person"


def test_a_void_transfer_leaves_everything_as_it_stood_and_tells_both(co: Company) -> None:
    co.gain("张三", "李四", POOL[1], at="11-23 09:50", 共享人员="陈六")
    before = co.ask(STOOD), co.ask(SHARED)
    transfers(co, "张三", "11-24 10:00", transfer("全部", "王五", 共享人员="陈六"))
    co.approve("李四", "客户转交", "11-24 11:00")
    assert owned(co, "王五") == {HONGYUAN, POOL[1]}
    number = number_of(co)
    for name in ("张三", "王五"):
        co.new(name)
    assert void(co, "张三", number, "11-24 12:00")["结果"] == "待审批"
    shown = read(sheet := co.approval("李四", "更正")).row("审批_更正")
    assert "由张三转给王五" in shown["原值"]
    co.hand_in("赵总", "改名.xlsx", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-24", "新姓名": "张三丰"}])
    co.run("11-24 12:30")  # a change of name in between is nobody else
    co.decide("李四", sheet)
    co.run("11-24 13:00")
    now = [{**row, "owner": "张三"} for row in co.ask(STOOD) if row["owner"] == "张三丰"], co.ask(SHARED)
    assert now == before
    assert co.ask("SELECT status FROM transfers") == [{"status": "superseded"}]
    assert "不再归您" in "".join(read(path).text for path in co.new("王五") if "更正" in path.name)
    assert [row["客户名称"] for row in section(co, "张三丰", "我的客户")] or co.nightly("2026-11-24", "11-25 00:30")
    again = transfers(co, "张三丰", "11-25 09:00", transfer(HONGYUAN, "陈六"))
    assert again == ["待审批 "]
    assert list(differences(co.service)) == []


def test_a_transfer_that_others_have_followed_stays(co: Company) -> None:
    transfers(co, "张三", "11-23 10:00", transfer(HONGYUAN, "王五"))
    co.approve("李四", "客户转交", "11-23 11:00")
    number = number_of(co)
    assert void(co, "张三", number, "11-23 11:30")["结果"] == "待审批"
    waiting = co.approval("李四", "更正")
    co.drop("王五", "现场.jpg", shot("11-23 12:00", 2))
    co.hand_in("王五", 拜访记录=[visit()])
    co.run("11-23 12:10")
    co.new("李四")
    co.decide("李四", waiting)
    co.run("11-23 13:00")
    (told,) = [row["说明"] for row in co.receipt("李四", "审批_更正").rows("审批_更正")]
    assert "提交之后情况有变：" in told
    assert "（拜访记录，王五）" in told
    co.decide("李四", waiting, "驳回", "王五已经接着跟进", file="驳回.xlsx")
    co.run("11-23 13:30")
    for name in ("张三", "李四"):
        co.new(name)
    words = str(void(co, "李四", number, "11-23 14:00", 原因="归属弄错了，要重新分")["说明"])
    assert "已经有人接着办理" in words
    assert "用“客户转交”交回" in words
    assert owned(co, "王五") == {HONGYUAN}
    transfers(co, "王五", "11-23 15:00", transfer(HONGYUAN, "陈六"))
    co.approve("李四", "客户转交", "11-23 16:00")
    assert "已经有人接着办理" in str(void(co, "李四", number, "11-23 17:00")["说明"])
    assert list(differences(co.service)) == []


def test_the_words_of_a_transfer_are_put_right_and_its_receiver_is_not(co: Company) -> None:
    transfers(co, "张三", "11-23 10:00", transfer(HONGYUAN, "王五"))
    co.approve("李四", "客户转交", "11-23 11:00")
    mended = {"处理": "更正", "列": "转交原因", "新值": "岗位变动"}
    assert void(co, "张三", number_of(co), "11-23 12:00", **mended)["结果"] == "待审批"
    wrong = void(co, "张三", number_of(co), "11-23 12:10", 处理="更正", 列="接受人", 新值="陈六")
    assert "可以更正的列有转交原因、转交说明，其余请作废后重新投递" in str(wrong["说明"])
    co.approve("李四", "更正", "11-23 13:00")
    assert co.ask("SELECT reason, to_person FROM transfers") == [{"reason": "岗位变动", "to_person": "王五"}]


def test_a_leavers_customer_with_an_open_order_stays_out_of_the_pool_and_goes_with_the_transfer(co: Company) -> None:
    co.found([CASHIER], "11-23 09:40")
    co.gain("张三", "李四", POOL[1], at="11-23 09:50")
    order_no = approved_order(co, "11-23 10:00")
    leaves(co, "张三", "2026-11-25", "11-24 17:00")
    co.nightly("2026-12-30", "12-31 00:30")
    assert owned(co, "张三") == {HONGYUAN}, "one without an order has gone to the pool, one with an order waits"
    assert transfers(co, "李四", "12-31 09:00", transfer("全部", "王五", 转交原因="离职")) == ["待审批 "]
    co.approve("赵总", "客户转交", "12-31 10:00")
    assert owned(co, "王五") == {HONGYUAN}
    assert [row["status"] for row in co.ask("SELECT status FROM orders")] == ["accepted"]
    due = payment(100000, 回款类型="销售回款", 订单受理号=order_no, 回款日期="2026-12-31")
    co.hand_in("王五", "回款.xlsx", 客户回款=[due])
    co.run("12-31 11:00")
    assert co.receipt("王五", "回款").outcomes("客户回款") == ["待审批"]
    confirm(co, confirmation(co), arrived(day="2026-12-31", amount=100000))
    co.run("12-31 12:00")
    assert co.ask("SELECT salesperson, status FROM payments") == [{"salesperson": "王五", "status": "accepted"}]
    co.nightly("2027-01-29", "2027-01-30 00:30")
    assert owned(co, "王五") == {HONGYUAN}, "followed on the day of the payment"
    co.nightly("2027-01-30", "2027-01-31 00:30")
    assert owned(co, "王五") == set(), "fully paid and not followed for longer than the limit"
