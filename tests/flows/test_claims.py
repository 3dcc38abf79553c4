"""客户申领, played through folders: the pool, the first to come, limits, waiting times, and what a decision does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.inbox.leaving import Drop
from policy.form import columns
from policy.forms import FORMS
from policy.posts import POSTS
from service.sending.delivering import deliver
from service.summary import Summary
from service.taking import take_batch
from service.upkeep.keeping import differences
from tests.company import (
    POOL,
    STAFF,
    Company,
    a_company,
    a_company_with_a_pool,
    claim,
    customer,
    person,
    section,
    shot,
)

HONGYUAN, BAIYUN, HAITIAN = POOL


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_pool(tmp_path) as made:
        yield made


def claims(co: Company, name: str, at: str, *rows: object) -> list[str]:
    """Hand in 客户申领, and read what the receipt says of each row."""
    co.hand_in(name, "申领.xlsx", 客户申领=rows)  # type: ignore[arg-type]
    co.run(at)
    return co.told(name, "客户申领", "申领")


def owners(co: Company) -> dict[str, str | None]:
    return {row["name"]: row["owner"] for row in co.ask("SELECT name, owner FROM customers")}


def received(co: Company, name: str) -> list[str]:
    """受理号 of everything that somebody has handed in."""
    found = co.ask("SELECT subject FROM journal WHERE kind = 'row.received' AND actor = ? ORDER BY seq", name)
    return [row["subject"] for row in found]


def test_an_approved_claim_gives_the_customer_to_the_claimer_and_takes_it_from_the_pool(co: Company) -> None:
    assert claims(co, "王五", "12-24 09:00", claim(共享人员="陈六")) == ["待审批 "]
    assert owners(co)[HONGYUAN] is None
    co.approve("李四", "客户申领", "12-24 10:00")
    assert owners(co) == {HONGYUAN: "王五", BAIYUN: None, HAITIAN: None}
    assert "已受理" in co.told("王五", "客户申领")[0]
    assert co.ask("SELECT person FROM customer_members WHERE customer = ?", HONGYUAN) == [{"person": "陈六"}]
    co.nightly("2026-12-24", "12-25 00:30")
    mine = section(co, "王五", "我的客户")
    assert [(row["客户名称"], row["归属"], row["剩余天数"]) for row in mine] == [(HONGYUAN, "王五", 29)]
    assert [row["客户名称"] for row in section(co, "陈六", "我的客户")] == [HONGYUAN]  # shared
    for name in ("张三", "王五", "陈六"):
        assert {row["客户名称"] for row in section(co, name, "公海客户")} == {BAIYUN, HAITIAN}
    (told,) = co.ask(
        "SELECT kind, field, from_value, to_value, changed_by, approved_by FROM changes WHERE kind = '客户申领'"
    )
    assert list(told.values()) == ["客户申领", "owner", None, "王五", "王五", "李四"]
    assert list(differences(co.service)) == []


def test_only_what_is_in_the_pool_can_be_claimed(co: Company) -> None:
    co.gain("陈六", "周八", "深圳市华新科技有限公司", at="12-24 08:00")
    told = claims(co, "王五", "12-24 09:00", claim("深圳市华新科技有限公司"), claim("没有这个客户的公司"))
    assert told[0].startswith("退回")
    assert "“深圳市华新科技有限公司”不在公海，归属陈六" in told[0]
    assert "客户档案中没有“没有这个客户的公司”" in told[1]


def test_a_customer_that_still_waits_for_approval_cannot_be_claimed(co: Company) -> None:
    co.drop("陈六", "门头.jpg", shot("12-24 08:00", 77))
    co.hand_in("陈六", 客户新增=[customer("深圳市华新科技有限公司")])
    co.run("12-24 08:30")
    (told,) = claims(co, "王五", "12-24 09:00", claim("深圳市华新科技有限公司"))
    assert "正在审批，不在公海" in told


def test_whoever_let_it_go_waits_and_reads_from_when(co: Company) -> None:
    (told,) = claims(co, "张三", "12-30 23:00", claim())
    assert told.startswith("退回")
    assert "2026-12-31 起才能再申领" in told
    assert [row["本人可申领日期"].date().isoformat() for row in section(co, "张三", "公海客户")] == ["2026-12-31"] * 3
    co.nightly("2026-12-30", "12-31 00:05")
    assert [row["本人可申领日期"] for row in section(co, "张三", "公海客户")] == [None] * 3, "the day has come"
    assert claims(co, "张三", "12-31 00:10", claim()) == ["待审批 "]


def test_the_first_to_arrive_reserves_and_a_rejection_ends_it(co: Company) -> None:
    assert claims(co, "陈六", "12-24 09:00", claim()) == ["待审批 "]
    (told,) = claims(co, "王五", "12-24 09:01", claim())
    (number,) = received(co, "陈六")
    assert f"已由陈六先申领（受理号 {number}），正在审批" in told
    co.approve("周八", "客户申领", "12-24 10:00", "驳回")
    assert claims(co, "王五", "12-24 10:01", claim()) == ["待审批 "]
    co.approve("李四", "客户申领", "12-24 11:00")
    assert owners(co)[HONGYUAN] == "王五"


def test_of_two_claims_in_one_batch_the_earlier_file_wins(co: Company) -> None:
    """Both lie in the folders when the service looks; the file systems' times decide."""
    found: list[Drop] = []
    for name, at in (("王五", "12-24 09:00:01"), ("陈六", "12-24 09:00:00")):
        co.hand_in(name, "申领.xlsx", 客户申领=[claim()])
        found += co.service.inbox.scan([name], co.clock(at)).drops
    summary = Summary()
    take_batch(co.service, found, co.clock("12-24 09:05"), summary)
    deliver(co.service, co.clock("12-24 09:05"), summary)
    assert co.told("陈六", "客户申领") == ["待审批 "]
    assert "已由陈六先申领" in co.told("王五", "客户申领")[0]


def test_two_rows_of_one_sheet_for_one_customer_are_one_claim(co: Company) -> None:
    told = claims(co, "王五", "12-24 09:00", claim(), claim(), claim(共享人员="陈六"))
    assert [each[:3].strip() for each in told] == ["待审批", "重复", "待审批"]
    assert "替换了先前提交的受理号" in told[2]
    assert len(received(co, "王五")) == 2
    co.approve("李四", "客户申领", "12-24 10:00")
    assert co.ask("SELECT person FROM customer_members WHERE customer = ?", HONGYUAN) == [{"person": "陈六"}]


def test_a_claim_that_is_handed_in_anew_does_not_stand_in_its_own_way(co: Company) -> None:
    assert claims(co, "王五", "12-24 09:00", claim()) == ["待审批 "]
    (told,) = claims(co, "王五", "12-24 09:10", claim(共享人员="陈六"))
    assert told.startswith("待审批")
    assert "办理" not in told


def test_a_claim_drops_back_as_a_repetition_after_its_approval(co: Company) -> None:
    claims(co, "王五", "12-24 09:00", claim())
    co.approve("李四", "客户申领", "12-24 10:00")
    (told,) = claims(co, "王五", "12-24 11:00", claim())
    assert told.startswith("重复")
    assert "已受理" in told


def test_new_customers_and_claims_that_wait_count_towards_the_limit(tmp_path: Path) -> None:
    people = [person("王五", "13800138002", "销售一部", "销售人员", 客户数量上限=2), *STAFF[:1], *STAFF[2:]]
    with a_company(tmp_path, people) as co:
        co.gain("张三", "李四", *POOL)
        co.nightly("2026-12-23", "12-24 00:30")
        co.drop("王五", "门头.jpg", shot("12-24 08:00", 78))
        co.hand_in("王五", "新.xlsx", 客户新增=[customer("深圳市华新科技有限公司")])
        told = claims(co, "王五", "12-24 09:00", claim(HONGYUAN), claim(BAIYUN))
        assert told[1] == "待审批 " if told[0].startswith("退回") else told[0] == "待审批 "
        full = next(each for each in told if each.startswith("退回"))
        assert "您已有 2 个客户（含待审批），达到上限 2 个" in full
        co.approve("李四", "客户申领", "12-24 10:00", "驳回")
        assert claims(co, "王五", "12-24 10:30", claim(HAITIAN)) == ["待审批 "]  # the rejection has made room


def test_a_limit_that_was_lowered_meanwhile_stops_the_approval_in_words(co: Company) -> None:
    claims(co, "王五", "12-24 09:00", claim(HONGYUAN), claim(BAIYUN))
    co.hand_in("赵总", 人员变更=[{"姓名": "王五", "生效日期": "2026-12-24", "客户数量上限": 1}])
    co.run("12-24 09:30")
    assert "王五现有 2 个客户（含待审批），超过新上限 1 个" in co.told("赵总", "人员变更")[0]
    told = co.approve("李四", "客户申领", "12-24 10:00").rows("审批_客户申领")
    assert [row["结果"] for row in told] == ["退回", "退回"]
    assert "提交之后情况有变" in told[0]["说明"]
    assert set(owners(co).values()) == {None}


def test_the_company_may_limit_how_many_are_claimed_in_a_day(tmp_path: Path) -> None:
    with a_company_with_a_pool(tmp_path, config={"daily_cap": "daily_cap = 1"}) as co:
        told = claims(co, "王五", "12-24 09:00", claim(HONGYUAN), claim(BAIYUN))
        assert told[0] == "待审批 "
        assert "今天已申领 1 个客户，每天最多 1 个" in told[1]
        assert claims(co, "王五", "12-25 09:00", claim(BAIYUN)) == ["待审批 "]


def test_shared_people_are_colleagues_other_than_the_claimer(co: Company) -> None:
    (told,) = claims(co, "王五", "12-24 09:00", claim(共享人员="马六、王五、陈六"))
    assert "“马六”不是在职同事" in told
    assert "“王五”不是在职同事，或就是您自己" in told
    assert "“陈六”不是在职同事" not in told


def test_one_who_left_before_the_approval_gets_no_customer(co: Company) -> None:
    claims(co, "王五", "12-24 09:00", claim())
    co.hand_in("赵总", 人员变更=[{"姓名": "王五", "生效日期": "2026-12-25", "状态": "离职"}])
    co.run("12-24 10:00")
    (told,) = co.approve("李四", "客户申领", "12-25 10:00").rows("审批_客户申领")
    assert "王五已不是在职的销售人员" in told["说明"]
    assert owners(co)[HONGYUAN] is None


def test_a_row_with_any_cell_missing_is_answered(tmp_path: Path) -> None:
    """A blank cell in anybody's sheet must never stop the others'."""
    staff = [*STAFF, person("吴出纳", "13800138009", "财务部", "出纳")]
    with a_company(tmp_path, staff) as co:
        for n, form in enumerate(form for form in FORMS if set(form.submitters) & set(POSTS)):
            headers = [column.header for column in columns(form)]
            examples = {column.header: column.example or "甲" for column in columns(form)}
            rows = [{**examples, header: None} for header in headers] + [
                {header: examples[header]} for header in headers
            ]
            who = next(each["姓名"] for each in staff if each["岗位"] in form.submitters)
            co.hand_in(who, f"{n}.xlsx", **{form.sheet: rows})  # type: ignore[arg-type]
        co.run("11-23 09:00")
        assert co.dropped() == []
        assert list(differences(co.service)) == []
