"""The limit of each rule that has one: what lies just on it and what lies just beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from policy.form import Form
from tests.case_facts import ZONE, put
from tests.case_files import all_rules, form_of
from validators.live_photo import clock_words
from validators.person import is_usable
from validators.rule import Rule
from validators.words import too_short

NOW = datetime(2026, 11, 23, 18, tzinfo=ZONE)
TODAY = NOW.date()
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
BY_ID: Mapping[str, Rule] = {each.id: each for each in all_rules()}

Given = Mapping[str, Any]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def row(**cells: Any) -> Given:
    return {"row": cells}


def photo(**facts: Any) -> Given:
    return {"photo": facts}


def pictures(header: str, *tables: Given) -> Given:
    return {"photos": {header: list(tables)}}


def settings(**sections: Any) -> Given:
    return {"settings": sections}


def text(header: str, least: int) -> tuple[list[Given], list[Given]]:
    """A text of just enough characters, and one of one less."""
    words = "确认设备数量和交期并且带去新的报价单以及合同样本请客户签字盖章"
    return [row(**{header: words[:least]})], [row(**{header: words[: least - 1]})]


def at(hour: int, minute: int = 0, second: int = 0, on: int = 23) -> Given:
    return {"now": datetime(2026, 11, on, hour, minute, second, tzinfo=ZONE)}


def taken(ago: timedelta, **other: Any) -> Given:
    return photo(taken_at=NOW - ago, gps_at=NOW - ago, **other)


SPOT = (22.5405, 113.9435)  # where the customer's door is
FAR = 1 / 111_195  # of latitude, a metre


def metres(north: float) -> Given:
    return photo(lat=SPOT[0] + north * FAR, lon=SPOT[1])


def order_facts(**other: Any) -> dict[str, Any]:
    return {"order": {"amount_fen": 100_00, "paid_fen": 40_00, **other}}


def held(n: int, **people: Any) -> Given:
    return {"held": {"张三": n}, "people": {"张三": {"max_customers": 3, **people}}}


#: rule → what it lets pass, and what it finds
LIMITS: Mapping[str, tuple[Sequence[Given], Sequence[Given]]] = {
    "plan.date.ahead": ([row(计划日期=day(0)), row(计划日期=day(1))], [row(计划日期=day(-1))]),
    "plan.date.near": ([row(计划日期=day(366))], [row(计划日期=day(367))]),
    "plan.purpose.substantial": text("拜访目的", 4),
    "order.date.future": ([row(成交日期=day(0))], [row(成交日期=day(1))]),
    "order.date.old": ([row(成交日期=day(-90)), row(成交日期=day(0))], [row(成交日期=day(-91))]),
    "order.photo.small": (
        [photo(width=1000, height=1000), photo(width=1, height=1, trouble="坏了")], [photo(width=1000, height=999)],
    ),
    "order.photo.page_blurred": ([photo(sharpness=300.0), photo(lacks=["sharpness"])], [photo(sharpness=299.9)]),
    "order.photo.single": (
        [pictures("合同照片", {"pages": 2}), pictures("合同照片", {}, {}), pictures("合同照片")], [pictures("合同照片", {"pages": 1})],
    ),
    "payment.date.future": ([row(回款日期=day(0))], [row(回款日期=day(1))]),
    "payment.amount.over": (
        [{**row(回款金额="60.00"), **order_facts()}, {**row(回款金额="60.01", 回款类型="退款"), **order_facts()}],
        [{**row(回款金额="60.01"), **order_facts()}],
    ),
    "payment.refund.over": (
        [{**row(回款金额="40.00", 回款类型="退款"), **order_facts()}, {**row(回款金额="40.01"), **order_facts()}],
        [{**row(回款金额="40.01", 回款类型="退款"), **order_facts()}],
    ),
    "payment.order.undecided": (
        [order_facts(status="accepted"), order_facts(status="rejected")], [order_facts(status="pending"), order_facts(status="waiting")],
    ),
    "payment.order.known": (
        [order_facts(status=each) for each in ("accepted", "pending", "waiting")],
        [order_facts(status="rejected"), order_facts(status="superseded"), {"lacks": ["order"]}],
    ),
    "bank.date.future": ([row(到账日期=day(0))], [row(到账日期=day(1))]),
    "exemption.dates.order": ([row(开始日期=day(1), 结束日期=day(1))], [row(开始日期=day(1), 结束日期=day(0))]),
    "exemption.dates.length": (
        [row(开始日期=day(0), 结束日期=day(365))], [row(开始日期=day(0), 结束日期=day(366))],
    ),
    "deputy.dates.order": ([row(开始日期=day(1), 结束日期=day(1))], [row(开始日期=day(1), 结束日期=day(0))]),
    "deputy.dates.over": ([row(结束日期=day(0))], [row(结束日期=day(-1))]),
    "target.year.near": (
        [row(年度=year) for year in (2025, 2026, 2027)], [row(年度=2024), row(年度=2028)],
    ),
    "target.month.range": (
        [row(月份=1), row(月份=12), row(月份=1, 期间类型="季度"), row(月份=4, 期间类型="季度"), row(月份=1, 期间类型="年度")],
        [row(月份=0), row(月份=13), row(月份=0, 期间类型="季度"), row(月份=5, 期间类型="季度"), row(月份=2, 期间类型="年度")],
    ),
    "person.joined.past": ([row(入职日期=day(0)), row(入职日期=day(1))], [row(入职日期=day(-1))]),
    "person.limit.customers": ([row(客户数量上限=1), row(客户数量上限=0, 岗位="部门经理")], [row(客户数量上限=0)]),
    "person.limit.days": ([row(最长跟进天数=1), row(最长跟进天数=0, 岗位="部门经理")], [row(最长跟进天数=0)]),
    "person_change.date.joined": ([row(生效日期=date(2026, 1, 5))], [row(生效日期=date(2026, 1, 4))]),
    "person_change.date.past": ([row(生效日期=day(0))], [row(生效日期=day(-1))]),
    "person_change.held.limit": (
        [{**row(客户数量上限=3), **held(3)}, held(9)], [{**row(客户数量上限=2), **held(3)}, {**row(客户数量上限=0), **held(1)}],
    ),
    "person_change.held.leaver": (
        [{**row(状态="离职"), **held(0)}, {**row(岗位="销售人员"), **held(1)}, held(1)],
        [{**row(状态="离职"), **held(1)}, {**row(岗位="部门经理"), **held(1)}],
    ),
    "claim.room": ([held(2)], [held(3), held(4)]),
    "claim.cooldown": (
        [{"customer": {"pooled_on": day(-7), "previous_owner": "张三"}}, {"customer": {"pooled_on": day(0), "previous_owner": "赵六"}}],
        [{"customer": {"pooled_on": day(-6), "previous_owner": "张三"}}, {"customer": {"pooled_on": day(0), "previous_owner": "张三"}}],
    ),
    "claim.daily_cap": (
        [{"claims_today": 1, **settings(claim={"daily_cap": 2})}, {"claims_today": 99}], [{"claims_today": 2, **settings(claim={"daily_cap": 2})}],
    ),
    "customer.owner.room": ([held(2)], [held(3)]),
    "customer.name.full": ([row(客户名称="甲乙丙")], [row(客户名称="甲乙"), row(客户名称="123456")]),
    "customer.address.door": (
        [row(详细地址="科苑路8"), row(详细地址="邮局旁边"), row(详细地址="和平村口")], [row(详细地址="路8号"), row(详细地址="科苑路口街")],
    ),
    "customer.address.doubt": ([row(详细地址="科苑路8"), row(详细地址="局旁边"), row(详细地址="科苑大街")], [row(详细地址="邮局旁边"), row(详细地址="邮局X号")]),
    "transfer.receiver.room": (
        [{"people": {"王五": {"max_customers": 3}}, "move": {"customers": [{}, {}], "owner": "张三", "held": 1}}],
        [
            {"people": {"王五": {"max_customers": 3}}, "move": {"customers": [{}, {}], "owner": "张三", "held": 2}},
            {"people": {"王五": {"max_customers": 3}}, "move": {"customers": [{}], "owner": "张三", "held": 9}},
        ],
    ),
    "transfer.description.substantial": text("转交说明", 10),
    "change.explanation.substantial": text("变更说明", 4),
    "correction.reason.substantial": text("原因", 4),
    "daily.summary.substantial": text("今日工作总结", 10),
    "daily.plan.substantial": text("明日工作计划", 5),
    "visit.purpose.substantial": text("拜访目的", 4),
    "visit.content.substantial": text("拜访记录", 20),
    "daily.date.future": ([row(日期=day(0))], [row(日期=day(1))]),
    "daily.date.past": ([at(23, 59, 59)], [at(0, on=24)]),
    "daily.date.late": ([at(20), at(0, on=24)], [at(20, 0, 1), at(23, 59, 59)]),
    "daily.summary.copied": (
        [{**row(今日工作总结="一二三四五六七八九十"), "earlier": {"summary": [{"text": "一二三四五六七八甲乙"}]}}],
        [{**row(今日工作总结="一二三四五六七八九十"), "earlier": {"summary": [{"text": "别的"}, {"text": "一二三四五六七八九甲"}]}}],
    ),
    "visit.content.copied": (
        [{**row(拜访记录="一二三四五六七八九十"), "earlier": {"content": [{"text": "一二三四五六七八甲乙"}]}}],
        [{**row(拜访记录="一二三四五六七八九十"), "earlier": {"content": [{"text": "别的"}, {"text": "一二三四五六七八九甲"}]}}],
    ),
    "appeal.date.window": ([{"told_on": day(-3)}, {"lacks": ["told_on"]}], [{"told_on": day(-4)}]),
    "visit.met.named": ([row(拜访对象="李红"), row(拜访对象="老板娘")], [row(拜访对象="李"), row(拜访对象="老板"), row(拜访对象="Test"), row(拜访对象="12")]),
    "visit.photo.stale": ([taken(24 * HOUR), {**taken(HOUR)}], [taken(24 * HOUR + SECOND, arrived_at=NOW)]),
    "visit.photo.future": (
        [taken(-timedelta(minutes=10)), photo(lacks=["taken_at"])], [taken(-timedelta(minutes=10, seconds=1))],
    ),
    "visit.photo.clock": (
        [photo(taken_at=NOW - HOUR, gps_at=NOW - 2 * HOUR), photo(taken_at=NOW - HOUR, gps_at=NOW), photo(lacks=["gps_at"])],
        [photo(taken_at=NOW - HOUR, gps_at=NOW - 2 * HOUR - SECOND), photo(taken_at=NOW - HOUR, gps_at=NOW + SECOND)],
    ),
    "visit.photo.small": (
        [photo(width=600, height=500), photo(width=1, height=1, trouble="坏了")], [photo(width=600, height=499)],
    ),
    "visit.photo.blurred": ([photo(sharpness=37.0), photo(lacks=["sharpness"])], [photo(sharpness=36.9)]),
    "visit.photo.camera": (
        [{"usual_models": {"X": 2}}, {"usual_models": {"ALN-AL00": 1, "X": 9}}, {**photo(lacks=["model"]), "usual_models": {"X": 3}}],
        [{"usual_models": {"X": 3}}, {"usual_models": {"X": 1, "Y": 2}}],
    ),
    "visit.photo.off": ([metres(400), metres(5100)], [metres(600), metres(4900)]),
    "visit.photo.far": ([metres(4900)], [metres(5100)]),
    "visit.photo.similar": (
        [photo(uses=[{"bits": 0}, {"bits": 3}]), photo(uses=[{"bits": 64, "in_part": True}]), photo(uses=[])], [photo(uses=[{"bits": 1}])],
    ),
    "visit.photo.reused": ([photo(uses=[{"bits": 1}])], [photo(uses=[{"bits": 3}, {"bits": 0}])]),
    "visit.photo.part": (
        [photo(uses=[{"bits": 64, "in_part": True}, {"bits": 3}]), photo(uses=[])], [photo(uses=[{"bits": 64, "in_part": True}])],
    ),
    "opening.owner.room": ([held(2), {**held(9), "opening": True}], [held(3)]),
    "opening.followed.future": ([row(最近跟进日期=day(0))], [row(最近跟进日期=day(1))]),
    "opening.followed.overdue": (
        [row(最近跟进日期=day(-22)), row(最近跟进日期=day(-23), 客户状态="公海"), row(最近跟进日期=day(1))], [row(最近跟进日期=day(-23))],
    ),
    "opening.order.future": ([row(成交日期=day(0))], [row(成交日期=day(1))]),
    "opening.order.unpaid": ([row(未收金额=128000.0)], [row(未收金额=128000.01)]),
    "opportunity.date.passed": (
        [row(预计成交日期=day(0)), row(预计成交日期=day(-1), 阶段="赢单"), row(预计成交日期=day(-1), 阶段="输单")], [row(预计成交日期=day(-1))],
    ),
}  # fmt: skip


def found(rule: Rule, given: Given) -> list[dict[str, Any]]:
    """What the rule alone finds about the form's good row, changed as *given* says."""
    form: type[Form] = form_of(rule.id)
    question = put(form, given)
    assert question.shaped.unusable.isdisjoint(rule.reads), given
    return [dict(values) for values in rule.check(question.shaped.record, question.facts)]


@pytest.mark.parametrize("rule", LIMITS)
def test_what_lies_on_the_limit_passes_and_what_lies_beyond_is_found(rule: str) -> None:
    lets_pass, finds = LIMITS[rule]
    assert [given for given in lets_pass if found(BY_ID[rule], given)] == []
    assert [given for given in finds if not found(BY_ID[rule], given)] == []


# -- limits of what rules share


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "手机时钟准确"), (59, "手机时钟准确"), (-59, "手机时钟准确"), (60, "手机时钟快 1 分钟，已扣除"), (-60, "手机时钟慢 1 分钟，已扣除"),
        (3569, "手机时钟快 59 分钟，已扣除"), (3600, "手机时钟快 1 小时 0 分，已扣除"), (-7260, "手机时钟慢 2 小时 1 分，已扣除"),
    ],
)  # fmt: skip
def test_how_a_phone_s_clock_goes(ahead: int, words: str) -> None:
    assert clock_words(ahead) == words


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("张三", True), ("三" * 30, True), ("三" * 31, False), (".张三", False), ("_张三", False), ("~张三", False), ("$张三", False),
        ("张三.", False), ("张.三", True), ("con", False), ("CON.txt", False), ("com1", False), ("com", True), ("lpt9.x", False), ("console", True),
        ("aux", False), ("nul", False), ("prn", False), *((f"张{mark}三", False) for mark in '/\\:*?"<>|'), ("张三_", True),
    ],
)  # fmt: skip
def test_which_names_a_folder_may_bear_everywhere(name: str, usable: bool) -> None:
    assert is_usable(name) == usable


def test_how_short_a_text_is_is_told_with_how_long_it_should_be() -> None:
    assert list(too_short("确认", 3)) == [{"length": 2, "least": 3}]
    assert list(too_short("确认它", 3)) == []
    assert list(too_short("", 1)) == [{"length": 0, "least": 1}]
    assert list(too_short("，。！", 1)) == [{"length": 0, "least": 1}]


def test_a_picture_s_age_is_told_to_the_tenth_just_above_the_limit() -> None:
    ages = {
        hours: found(BY_ID["visit.photo.stale"], taken(timedelta(hours=hours)))[0]["age"]
        for hours in (24.01, 24.5, 24.99, 25, 49.9)
    }
    assert ages == {24.01: "24.1", 24.5: "24.5", 24.99: "25", 25: "25", 49.9: "49"}


def test_a_seal_that_is_another_s_without_saying_whose_is_a_stranger_s() -> None:
    rule = BY_ID["visit.photo.seal_foreign"]
    assert found(rule, photo(sealed="foreign")) == [{"photo": "IMG_0823.jpg", "owner": "他人"}]
    assert found(rule, photo(sealed="live", seal={"person": "王五"})) == [{"photo": "IMG_0823.jpg", "owner": "王五"}]
    assert found(rule, photo(sealed="live", seal={"person": "谁也不是"})) == [
        {"photo": "IMG_0823.jpg", "owner": "谁也不是"}
    ]
    assert found(rule, photo(sealed="live", seal={"person": "张三"})) == []


def test_a_change_that_brings_a_picture_is_something_new_whatever_else_it_says() -> None:
    rule = BY_ID["change.different"]
    assert len(found(rule, row(联系人="李红"))) == 1
    assert found(rule, row(联系人="李红", 门头照片="新门头.jpg")) == []
    assert found(rule, row(联系人="王芳")) == []
    assert found(rule, row(联系人=None, 客户地址="某省/某市/某区")) == [], (
        "what is not understood is told by another rule"
    )
    assert found(rule, {**row(联系人="李红"), "lacks": ["customer"]}) == []


def test_what_of_everything_cannot_go_now_is_named() -> None:
    rule, everything = BY_ID["transfer.customer.none"], row(客户名称="全部")
    nothing = found(rule, {**everything, "move": {"customers": [], "rest": []}})
    assert [rule.says.format(**each) for each in nothing] == ["没有可以转交的客户"]
    two = found(rule, {**everything, "move": {"customers": [], "rest": ["甲公司", "乙公司"]}})
    assert [rule.says.format(**each) for each in two] == [
        "没有可以转交的客户：甲公司、乙公司 正在办理别的手续，或接受人名额不够"
    ]
    rest = found(
        BY_ID["transfer.customer.rest"], {**everything, "move": {"customers": [{}], "rest": ["甲公司", "乙公司"]}}
    )
    assert rest == [{"names": "甲公司、乙公司"}]
    assert found(rule, {**everything, "move": {"customers": [{}], "rest": ["甲公司"]}}) == []
    assert found(rule, {"move": {"customers": []}}) == []


def test_several_names_are_told_with_a_mark_between_them() -> None:
    several = found(BY_ID["visit.customer.ambiguous"], {"ambiguous": ["甲公司", "乙公司"], "lacks": ["customer"]})
    assert several == [{"customer": "深圳市宏远电子有限公司", "names": "甲公司、乙公司"}]
    paid = found(
        BY_ID["correction.row.paid"], {**row(处理="作废"), "original": {"row": {}, "paid": {"9": 100, "7": 50}}}
    )
    assert paid == [{"number": "261116-0003", "paid": 1.5, "payments": "7、9"}]
    models = found(BY_ID["visit.photo.camera"], {"usual_models": {"Y": 1, "X": 2}})
    assert models == [{"photo": "IMG_0823.jpg", "model": "ALN-AL00", "usual": "X、Y"}]
    missing = found(BY_ID["opening.order.whole"], row(成交日期=None, 未收金额=None))
    assert missing == [{"what": "成交日期、未收金额", "column": "成交日期"}]
    columns = found(BY_ID["correction.column.given"], row(列=None, 新值=None))
    assert columns == [{"what": "列", "column": "列"}, {"what": "新值", "column": "新值"}]
