"""What the rules of 拜访记录, 拜访计划, 销售日报, 日报申诉, 销售指标 and 审批代理 know of a row, asked of a real book."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Sighting
from ledger.targets import Aimed
from policy.forms.appeal import Appeal
from policy.forms.daily_report import DailyReport
from policy.forms.deputy import Deputy
from policy.forms.exemption import Exemption
from policy.forms.target import Target
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan
from policy.words import fold
from tests.case_facts import ZONE
from tests.validators.world import HONGYUAN, HUAXIN, NOW, USUAL, World, customer, day, kept, received
from validators.facts import EarlierText, Lookalike

NOON, NINE = "2026-11-23T12:00:00+08:00", "2026-11-23T09:00:00+08:00"


# -- 拜访记录


def visit(name: str | None = HONGYUAN, photos: str = "现场.jpg", **other: Any) -> dict[str, Any]:
    return {"客户名称": name, "现场照片": photos, **other}


def planned(number: str, status: str = "accepted", person: str = "张三", on: str = "2026-11-23", **other: Any) -> Entry:
    read = {"customer_key": fold(HONGYUAN), **other.pop("read", {})}
    return received(number, "拜访计划", status, person, day=on, vals={"purpose": f"计划{number}"}, read=read, **other)


def test_a_visit_is_known_with_what_was_written_before_and_what_was_planned(world: World) -> None:
    earlier = [
        received(n, "拜访记录", vals={"content": f"内容{n}"}, submitted_at=f"2026-11-2{n}T09:00:00+08:00") for n in "12"
    ]
    other = [
        received("3", "拜访记录", person="王五", vals={"content": "别人的"}),
        received("4", "拜访记录", "rejected", vals={"content": "退回的"}),
    ]
    world.post(
        *earlier,
        *other,
        planned("7"),
        planned("6", "pending"),
        planned("8", person="王五"),
        planned("9", on="2026-11-22"),
    )
    written = {"content": (EarlierText("2", "内容2"), EarlierText("1", "内容1"))}
    mine = {"customer": world.customer(HONGYUAN), "earlier": written}
    assert world.known(Visit, visit()) == {**mine, "plan": EarlierText("7", "计划7")}
    assert world.known(Visit, visit(), receipt_no="2")["earlier"] == {"content": (EarlierText("1", "内容1"),)}
    assert world.known(Visit, visit(HUAXIN)) == {"customer": world.customer(HUAXIN), "earlier": written}
    assert world.known(Visit, visit(None)) == {"earlier": written}


def test_the_day_of_a_plan_is_the_day_of_the_first_picture(world: World) -> None:
    world.post(
        planned("7"), planned("9", on="2026-11-22"), kept(1, "aa", "一.jpg", taken_at=NOON),
        kept(2, "bb", "二.jpg", taken_at="2026-11-22T12:00:00+08:00"), kept(3, "cc", "三.jpg"),
    )  # fmt: skip
    plans = {
        photos: world.known(Visit, visit(photos=photos))["plan"].receipt_no
        for photos in ("一.jpg", "一.jpg、二.jpg", "三.jpg、二.jpg", "三.jpg")
    }
    assert plans == {"一.jpg": "7", "一.jpg、二.jpg": "9", "三.jpg、二.jpg": "9", "三.jpg": "7"}


def test_a_plan_for_a_customer_that_is_not_in_the_book_or_was_renamed_is_followed(world: World) -> None:
    world.post(
        planned("7", read={"customer_key": fold("新来的公司")}),
        planned("8", read={"customer_key": "旧名"}, customer_id=2),
    )
    assert world.known(Visit, visit("新来的 公司"))["plan"] == EarlierText("7", "计划7")
    assert world.known(Visit, visit(HUAXIN))["plan"] == EarlierText("8", "计划8")


def test_where_and_with_what_somebody_takes_pictures_is_known(world: World) -> None:
    world.post(
        kept(1, "aa", "一.jpg", model="X1", lat=22.5, lon=113.9, taken_at="2026-11-20T09:00:00+08:00"),
        kept(2, "bb", "二.jpg", model="X1", lat=22.5, lon=113.9, taken_at="2026-11-21T09:00:00+08:00"),
        kept(3, "cc", "三.jpg", "王五", model="Y2", lat=23.5, lon=113.9, taken_at=NOON),
    )  # fmt: skip
    found = world.known(Visit, visit(photos="二.jpg"))
    assert found["usual_models"] == {"X1": 2}
    seen = [(each.sha256, each.lat, each.lon) for each in found["sightings"]]
    assert seen == [("bb", 22.5, 113.9), ("aa", 22.5, 113.9)]
    assert all(type(each) is Sighting for each in found["sightings"])
    assert {sha: set(days) for sha, days in found["same_spot"].items()} == {"bb": {day("11-20"), day("11-21")}}
    assert world.known(Visit, visit(photos="没有.jpg"))["usual_models"] == {"X1": 2}
    assert "same_spot" not in world.known(Visit, visit(photos="没有.jpg"))


def test_what_is_read_of_a_visit(world: World) -> None:
    place = {"province": "广东省", "city": "深圳市", "district": "南山区"}
    world.post(
        kept(1, "aa", "一.jpg", taken_at=NOON), kept(2, "bb", "二.jpg", taken_at=NINE, lat=22.5, lon=113.9),
        kept(3, "cc", "三.jpg", lat=22.6, lon=113.9, place=place, near=[place]),
    )  # fmt: skip
    nothing = {"销售经理": "张三", "客户办公地点": "", "拜访时间": "", "visited_at": "", "customer_key": fold(HONGYUAN)}
    assert world.read(Visit, visit(photos="没有.jpg")) == nothing
    assert world.read(Visit, visit(None, photos="没有.jpg")) == {**nothing, "customer_key": ""}
    timed = {"拜访时间": "2026-11-23 09:00", "visited_at": "2026-11-23T09:00:00+08:00"}
    assert world.read(Visit, visit(photos="一.jpg、二.jpg")) == {**nothing, **timed}
    placed = world.read(Visit, visit(photos="三.jpg、二.jpg"))
    assert placed == {**nothing, **timed, "客户办公地点": "广东省深圳市南山区"}


# -- 拜访计划, and the customer that a row names


def plan(name: str | None) -> dict[str, Any]:
    return {"客户名称": name, "计划日期": "2026-11-24", "拜访目的": "确认二期设备数量和交期"}


def test_a_customer_is_named_by_its_present_or_by_a_former_name(world: World) -> None:
    assert world.known(VisitPlan, plan(" 深圳市宏远电子 有限公司")) == {"customer": world.customer(HONGYUAN)}
    renamed(world, 1, "深圳宏远集团")
    now = world.customer("深圳宏远集团")
    assert world.known(VisitPlan, plan(HONGYUAN)) == world.known(VisitPlan, plan("深圳宏远集团")) == {"customer": now}
    assert world.read(VisitPlan, plan(HONGYUAN)) == {"customer_key": "深圳宏远集团"}


def renamed(world: World, number: int, name: str) -> None:
    given = {"changes": {"name": name, "name_key": fold(name)}, "receipt_no": "k"}
    world.post(Entry("customer.changed", str(number), "张三", given))


def test_a_name_that_two_customers_bore_means_neither(world: World) -> None:
    for number, name in ((1, "甲的旧名公司"), (2, "甲的旧名公司二")):
        renamed(world, number, name)
    renamed(world, 1, "深圳宏远集团")
    renamed(world, 2, "甲的旧名公司")
    renamed(world, 2, "广州华新集团")
    assert world.known(VisitPlan, plan("甲的旧名公司")) == {"ambiguous": ("广州华新集团", "深圳宏远集团")}
    assert world.read(VisitPlan, plan("甲的旧名公司")) == {"customer_key": "甲的旧名公司"}
    world.post(customer(7, "甲的旧名公司", "陈六"))
    assert world.known(VisitPlan, plan("甲的旧名公司")) == {"customer": world.customer("甲的旧名公司")}


def test_a_customer_that_waits_for_approval_is_known_with_who_is_to_own_it(world: World) -> None:
    read = {"owner": "王五", "customer_key": fold("新来的公司"), "name_key": fold("新来的公司")}
    world.post(received("1", "客户新增", person="李四", key=fold("新来的公司"), read=read, vals={"name": "新来的公司"}))
    assert world.known(VisitPlan, plan("新来的公司")) == {"customer_waiting": True, "customer_waiting_owner": "王五"}
    assert world.known(VisitPlan, plan(None)) == {}


@pytest.mark.parametrize(
    ("who", "owners"),
    [
        ("张三", {"张三", "公海", "共享"}), ("王五", {"王五", "公海"}), ("李四", {"张三", "王五", "公海"}),
        ("赵总", {"张三", "王五", "陈六", "公海"}), ("钱督", {"张三", "王五", "陈六", "公海"}),
    ],
)  # fmt: skip
def test_which_near_names_somebody_may_know_of(world: World, who: str, owners: set[str]) -> None:
    """适用范围 2: a name mistyped on purpose would tell whose customers there are."""
    for number, (owner, shared) in enumerate(
        (("张三", []), ("王五", []), ("陈六", []), (None, []), ("陈六", ["张三"]))
    ):
        world.post(customer(20 + number, f"珠海市海天一色第{'甲乙丙丁戊'[number]}公司", owner, shared=shared))
    found = world.known(VisitPlan, plan("珠海市海天一色第己公司"), who).get("lookalikes", ())
    last = "珠海市海天一色第戊公司"
    assert {"共享" if each.name == last and who == "张三" else each.owner for each in found} == owners
    assert all(type(each) is Lookalike for each in found)


@pytest.mark.parametrize(("others", "mine_is_told"), [(19, True), (20, False)])
def test_of_names_that_are_near_the_twenty_nearest_are_looked_at(world: World, others: int, mine_is_told: bool) -> None:
    letters = "子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"[:others]
    world.post(*(customer(20 + n, f"珠海市海天一色第{letter}公司", "陈六") for n, letter in enumerate(letters)))
    world.post(customer(60, "珠海市海天二色第六公司"))
    found = world.known(VisitPlan, plan("珠海市海天一色第己公司")).get("lookalikes", ())
    assert [each.name for each in found] == (["珠海市海天二色第六公司"] if mine_is_told else [])


# -- 销售日报


def report(on: str | None = "2026-11-23") -> dict[str, Any]:
    return {"日期": on, "今日工作总结": "拜访宏远电子，确认二期四十台", "明日工作计划": "上午整理报价，下午拜访华新"}


def test_a_report_is_held_against_earlier_ones_but_not_the_one_that_it_replaces(world: World) -> None:
    world.post(
        received(
            "1",
            "销售日报",
            "accepted",
            key="张三|2026-11-20",
            vals={"summary": "二十日"},
            submitted_at="2026-11-20T18:00:00+08:00",
        ),
        received(
            "2", "销售日报", key="张三|2026-11-23", vals={"summary": "今天的"}, submitted_at="2026-11-23T17:00:00+08:00"
        ),
        received("3", "销售日报", key="王五|2026-11-23", person="王五", vals={"summary": "别人的"}),
    )
    twenty, today = EarlierText("1", "二十日"), EarlierText("2", "今天的")
    assert world.known(DailyReport, report()) == {"earlier": {"summary": (twenty,)}}
    assert world.known(DailyReport, report("2026-11-20"))["earlier"] == {"summary": (today,)}
    assert world.known(DailyReport, report("2026-11-19"))["earlier"] == {"summary": (today, twenty)}
    assert world.known(DailyReport, report("不是日期"))["earlier"] == {"summary": (today, twenty)}


@pytest.mark.parametrize(
    ("at", "punctuality"),
    [
        ("2026-11-23T19:59:59", "on_time"), ("2026-11-23T20:00:00", "on_time"), ("2026-11-23T20:00:01", "late"),
        ("2026-11-23T23:59:59", "late"), ("2026-11-24T00:00:00", "missing"),
    ],
)  # fmt: skip
def test_how_punctual_a_report_is(world: World, at: str, punctuality: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    read = world.read(DailyReport, report(), now=now)
    assert read.keys() == {"punctuality", "review_due"}
    assert read["punctuality"] == punctuality
    assert datetime.fromisoformat(read["review_due"]) > datetime(2026, 11, 23, 20, tzinfo=ZONE)
    assert world.read(DailyReport, report("不是日期"), now=now) == {}


# -- 日报申诉, 销售指标, 日报豁免


def closed(version: int, at: str, *states: tuple[str, str]) -> tuple[Entry, datetime]:
    lines = [{"person": person, "state": state} for person, state in states]
    given = {"version": version, "digest": "d", "content": {"lines": lines}}
    return Entry("period.closed", "日报合规_2026-11-20", "kebu", given), datetime.fromisoformat(f"{at}T01:00:00+08:00")


def test_an_objection_knows_how_its_day_was_judged_and_when_that_was_told(world: World) -> None:
    row = {"日期": "2026-11-20", "申诉理由": "当天在客户工厂调试设备，没有网络"}
    assert world.known(Appeal, row) == {}
    entry, at = closed(1, "2026-11-21", ("张三", "缺交"))
    world.post(entry, at=at)
    assert world.known(Appeal, row) == {"day_state": "缺交", "told_on": day("11-21")}
    assert world.known(Appeal, row, "王五") == {"day_state": "", "told_on": day("11-21")}
    assert world.known(Appeal, {**row, "日期": "2026-11-19"}) == {}
    assert world.known(Appeal, {**row, "日期": "不是日期"}) == {}
    assert world.judged(Appeal, row).day == day("11-20")


def test_a_target_is_held_against_the_person_s_others_of_that_year(world: World) -> None:
    def aimed(number: str, status: str = "accepted", **other: Any) -> Entry:
        vals = {
            "name": "张三",
            "year": 2026,
            "period": None,
            "month": 11,
            "orders_fen": 1,
            "payments_fen": None,
            "visits": 2,
            "new_customers": 3,
        }
        return received(number, "销售指标", status, vals={**vals, **other})

    world.post(
        aimed("2", period="季度", month=4),
        aimed("1"),
        aimed("3", "rejected"),
        aimed("4", name="王五"),
        aimed("5", year=2027),
    )
    row = {
        "年度": "2026",
        "期间类型": "月度",
        "月份": "12",
        "姓名": "张三",
        "开始日期": "2026-12-01",
        "结束日期": "2026-12-31",
    }
    assert world.known(Target, row) == {
        "aims": (Aimed("1", "月度", 11, 1, None, 2, 3), Aimed("2", "季度", 4, 1, None, 2, 3)),
    }  # fmt: skip
    assert world.known(Target, {**row, "姓名": None}) == world.known(Target, {**row, "年度": "哪年"}) == {}


@pytest.mark.parametrize(
    ("who", "start", "chain"),
    [("李四", -1, True), ("李四", 0, False), ("李四", 30, False), ("孙人", -1, False), ("李四", None, False)],
)
def test_who_reaches_far_back_does_not_exempt_alone(world: World, who: str, start: int | None, chain: bool) -> None:
    earliest = NOW.date() - timedelta(days=USUAL.daily_report.retroactive_days)
    begins = None if start is None else (earliest + timedelta(days=start)).isoformat()
    row = {"姓名": "张三", "开始日期": begins, "结束日期": "2026-12-31", "原因": "年假"}
    assert world.read(Exemption, row, who) == ({"chain": ["企管部"]} if chain else {})


# -- 审批代理


def deputy(
    principal: str, name: str, start: str | None = "2026-11-24", end: str | None = "2026-11-26"
) -> dict[str, Any]:
    return {"委托人": principal, "代理人": name, "开始日期": start, "结束日期": end, "原因": "年假"}


def named(number: str, principal: str, name: str, start: str, end: str) -> Entry:
    given = {"principal": principal, "deputy": name, "start": f"2026-11-{start}", "end": f"2026-11-{end}"}
    return Entry("deputy.named", number, principal, given)


def test_deputies_of_days_that_overlap_are_known(world: World) -> None:
    world.post(
        named("1", "赵总", "钱督", "20", "23"), named("2", "孙人", "吴纳", "20", "24"), named("3", "钱督", "孙人", "26", "30"),
        named("4", "吴纳", "李四", "27", "30"),
    )  # fmt: skip
    assert world.known(Deputy, deputy("李四", "赵总"), "李四") == {"deputies": {"孙人": "吴纳", "钱督": "孙人"}}
    assert world.known(Deputy, deputy("李四", "赵总", end=None), "李四") == {}
    assert world.known(Deputy, deputy("李四", "赵总", start=None), "李四") == {}


def test_a_circle_on_one_of_the_days_is_a_circle(world: World) -> None:
    world.post(named("1", "赵总", "李四", "25", "25"), named("2", "赵总", "钱督", "26", "26"))
    assert world.known(Deputy, deputy("李四", "赵总"), "李四") == {"deputies": {"赵总": "李四"}}
    assert world.known(Deputy, deputy("李四", "赵总", start="2026-11-26"), "李四") == {"deputies": {"赵总": "钱督"}}
    assert world.known(Deputy, deputy("李四", "孙人"), "李四") == {"deputies": {"赵总": "钱督"}}


def test_a_circle_over_two_is_found_on_the_first_day_and_on_the_last(world: World) -> None:
    world.post(
        named("1", "赵总", "钱督", "20", "24"),
        named("2", "钱督", "李四", "24", "24"),
        named("3", "钱督", "孙人", "25", "30"),
    )
    assert world.known(Deputy, deputy("李四", "赵总"), "李四") == {"deputies": {"赵总": "钱督", "钱督": "李四"}}
    assert world.known(Deputy, deputy("李四", "赵总", start="2026-11-25"), "李四") == {"deputies": {"钱督": "孙人"}}
