"""信息变更, played through folders: what changes and what stays, who changed it, and names that were borne before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sync
from service.upkeep.keeping import differences
from tests.company import (
    POOL,
    Cells,
    Company,
    a_company_with_a_customer,
    change,
    customer,
    read,
    section,
    shot,
    table,
    transfer,
    visit,
)

HONGYUAN, BAIYUN, HAITIAN = POOL
NEW = "深圳市宏远智能科技有限公司"
FIELDS = "name, contact, phone, source, type, region, province, city, district, address, owner"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    """张三 has 宏远, whom 王五 shares."""
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def changes(co: Company, at: str, *rows: Cells, name: str = "张三") -> list[str]:
    co.hand_in(name, "变更.xlsx", 信息变更=rows)
    co.run(at)
    return co.told(name, "信息变更", "变更")


def kept(co: Company) -> dict[str, object]:
    (found,) = co.ask(
        f"SELECT c.* FROM (SELECT id, {FIELDS.replace('address', 's.address AS address')} FROM s_customers AS s) AS c WHERE id = 1"
    )
    return found


def renamed(co: Company, name: str, to: str, at: str) -> None:
    changes(co, at, change(name, 新客户名称=to))
    co.approve("李四", "信息变更", at)
    co.new("张三")


def test_only_the_given_fields_change_and_the_approver_reads_from_what_to_what(co: Company) -> None:
    before = kept(co)
    assert changes(co, "11-23 10:00", change(联系人="王芳", 联系电话="13900139000", 销售区域="华南")) == ["待审批 "]
    assert kept(co) == before
    sheet = co.approval("李四", "信息变更")
    assert read(sheet).row("审批_信息变更")["变更内容"] == "联系人：李红 → 王芳；联系电话：0755-26001234 → 13900139000"
    co.decide("李四", sheet)
    co.run("11-23 11:00")
    assert kept(co) == {**before, "contact": "王芳", "phone": "13900139000"}
    told = co.ask("SELECT * FROM changes WHERE kind = '信息变更' ORDER BY field")
    assert [(row["field"], row["from_value"], row["to_value"]) for row in told] == [
        ("contact", "李红", "王芳"), ("phone", "0755-26001234", "13900139000"),
    ]  # fmt: skip
    assert {(row["changed_by"], row["approved_by"], row["changed_at"][:16]) for row in told} == {
        ("张三", "李四", "2026-11-23T11:00")
    }
    (number,) = {row["receipt_no"] for row in told}
    story = CliRunner().invoke(sync.app, ["--config", str(co.config), "explain", number]).stdout
    for words in ("联系人：李红 → 王芳", "李四 同意", "customer.changed"):
        assert words in story
    co.nightly("2026-11-23", "11-24 00:30")
    for viewer, sees in (("李四", True), ("赵总", True), ("周八", False)):
        lines = table(co.share / viewer / "取件/报表/2026-11/部门概览_2026-11-23.xlsx", "变更记录")
        found = [line for line in lines if line["项目"] == "联系人"]
        assert [(line["原来"], line["现在"], line["提交人"], line["审批人"]) for line in found] == (
            [("李红", "王芳", "张三", "李四")] if sees else []
        )
    assert list(differences(co.service)) == []


def test_the_rules_are_those_for_a_new_customer(co: Company) -> None:
    co.gain("陈六", "周八", BAIYUN, at="11-23 10:00")
    (told,) = changes(
        co, "11-23 11:00",
        change(客户来源="听说", 客户类型="外星", 联系电话="12", 客户地址="广东省/深圳市/啊区", 详细地址="科苑路",
               销售区域="火星", 新客户名称=BAIYUN, 共享人员="马六、张三", 变更说明="改"),
    )  # fmt: skip
    for words in (
        "客户来源：", "客户类型：", "联系电话：", "客户地址：", "详细地址：", "销售区域：", f"“{BAIYUN}”已经在册，归属：陈六",
        "“马六”不是在职同事", "共享人员“张三”", "变更说明只有 1 个字",
    ):  # fmt: skip
        assert words in told, words
    (nothing,) = changes(co, "11-23 12:00", change())
    assert "没有填写任何要变更的内容" in nothing
    (same,) = changes(co, "11-23 12:30", change(联系人="李红"))
    assert "与档案中的内容相同" in same
    (foreign,) = changes(co, "11-23 13:00", change(联系人="王芳"), name="王五")  # shares it only
    assert "归属张三，只有归属人可以提交" in foreign


def test_a_shop_front_in_another_city_does_not_pass(co: Company) -> None:
    co.drop("张三", "北京.jpg", shot("11-23 09:00", 60, (39.9087, 116.3975)))
    (told,) = changes(co, "11-23 10:00", change(门头照片="北京.jpg"))
    assert "不在同一城市" in told


def test_a_shop_front_moves_the_place_with_which_visits_are_compared(co: Company) -> None:
    futian = (22.5333, 114.0546)
    co.drop("张三", "新门头.jpg", shot("11-23 09:00", 61, futian))
    changes(co, "11-23 10:00", change(门头照片="新门头.jpg", 客户地址="广东省/深圳市/福田区", 详细地址="福华路8号"))
    shown = read(sheet := co.approval("李四", "信息变更")).row("审批_信息变更")["变更内容"]
    assert shown.endswith("门头位置：按新照片，离原来约 12.4 公里")
    co.decide("李四", sheet)
    co.run("11-23 11:00")
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 62, futian))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 15:00")
    assert co.told("张三", "拜访记录")[0].startswith("待审批")


def test_an_old_name_still_finds_its_customer(co: Company) -> None:
    renamed(co, HONGYUAN, NEW, "11-23 10:00")
    assert kept(co)["name"] == NEW
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 15:00")
    assert co.told("张三", "拜访记录")[0].startswith("待审批")
    co.approve("李四", "拜访记录", "11-23 16:00")
    assert co.ask("SELECT customer, status FROM visits") == [{"customer": NEW, "status": "accepted"}]
    assert co.ask("SELECT name, last_followed_on FROM customers") == [{"name": NEW, "last_followed_on": "2026-11-23"}]
    co.hand_in("张三", "转交.xlsx", 客户转交=[transfer(HONGYUAN, "陈六")])
    co.run("11-23 17:00")
    co.approve("李四", "客户转交", "11-23 18:00")
    assert co.ask("SELECT name, owner FROM customers") == [{"name": NEW, "owner": "陈六"}]
    co.nightly("2026-11-23", "11-24 00:30")
    assert [row["客户名称"] for row in section(co, "陈六", "拜访历史")] == [NEW]


def test_a_row_that_waited_while_its_customer_was_renamed_goes_to_the_right_one(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 09:30", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 09:40")
    renamed(co, HONGYUAN, NEW, "11-23 10:00")
    co.approve("李四", "拜访记录", "11-23 11:00")
    assert co.ask("SELECT customer, status FROM visits") == [{"customer": NEW, "status": "accepted"}]


def test_a_name_that_two_customers_bore_is_asked_for_naming_both(co: Company) -> None:
    co.gain("张三", "李四", BAIYUN, at="11-23 10:00")
    for n, (name, to) in enumerate(((HONGYUAN, HAITIAN), (HAITIAN, NEW), (BAIYUN, HAITIAN), (HAITIAN, BAIYUN))):
        renamed(co, name, to, f"11-23 1{n + 1}:00")
    co.drop("张三", "现场.jpg", shot("11-23 15:00", 2))
    co.hand_in("张三", 拜访记录=[visit(name=HAITIAN)])
    co.run("11-23 16:00")
    (told,) = co.told("张三", "拜访记录")
    assert told.startswith("退回")
    assert f"是几个客户用过的名称：{NEW}、{BAIYUN}" in told or f"是几个客户用过的名称：{BAIYUN}、{NEW}" in told
    assert "请填写客户现在的名称" in told


def test_a_new_customer_under_a_name_that_another_bore_is_put_before_the_approver(co: Company) -> None:
    renamed(co, HONGYUAN, BAIYUN, "11-23 10:00")
    renamed(co, BAIYUN, NEW, "11-23 11:00")
    co.drop("王五", "门头.jpg", shot("11-23 11:30", 63))
    co.hand_in("王五", 客户新增=[customer(BAIYUN)])
    co.run("11-23 12:00")
    (told,) = co.told("王五", "客户新增")
    assert told.startswith("待审批")
    assert f"与已有客户“{NEW}”（归属：张三）或其曾用名很相似" in told
    renamed(co, NEW, HONGYUAN, "11-23 13:00")  # one's own former name is nobody else's


def test_the_same_change_dropped_again_is_a_repetition_and_changing_back_is_not(co: Company) -> None:
    there, back = change(联系人="王芳"), change(联系人="李红", 变更说明="王芳离职，由李红接任")
    changes(co, "11-23 10:00", there)
    co.approve("李四", "信息变更", "11-23 10:30")
    (again,) = changes(co, "11-23 11:00", there)
    assert again.startswith("重复")
    told = changes(co, "11-23 12:00", there, back)  # the workbook has grown
    assert [each[:3].strip() for each in told] == ["重复", "待审批"]
    co.approve("李四", "信息变更", "11-23 12:30")
    assert kept(co)["contact"] == "李红"
    told = changes(co, "11-23 13:00", {**there, "变更说明": "李红退休，王芳回来"})
    assert told == ["待审批 "]
    co.approve("李四", "信息变更", "11-23 14:00")
    assert kept(co)["contact"] == "王芳"


def test_two_customers_cannot_take_one_name_while_both_wait(co: Company) -> None:
    co.gain("张三", "李四", BAIYUN, at="11-23 10:00")
    told = changes(co, "11-23 11:00", change(HONGYUAN, 新客户名称=NEW), change(BAIYUN, 新客户名称=NEW))
    assert [each[:3].strip() for each in told] == ["待审批", "待审批"]
    decided = co.approve("李四", "信息变更", "11-23 12:00").rows("审批_信息变更")
    assert [row["结果"] for row in decided] == ["已受理", "退回"]
    assert f"“{NEW}”已经在册" in decided[1]["说明"]


def test_an_owner_who_changed_meanwhile_stops_the_change_in_words(co: Company) -> None:
    changes(co, "11-23 10:00", change(联系人="王芳"))
    sheet = co.approval("李四", "信息变更")
    co.hand_in("张三", "转交.xlsx", 客户转交=[transfer(HONGYUAN, "陈六")])
    co.run("11-23 10:30")
    assert "（信息变更，张三）办理中" in co.told("张三", "客户转交")[0]
    co.decide("李四", sheet)
    co.run("11-23 11:00")
    assert kept(co)["contact"] == "王芳"
