"""Recycling, played through folders: the countdown, the warnings, the sweep, its dry run; and who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from service.upkeep.keeping import differences
from tests.company import (
    POOL,
    STAFF,
    Cells,
    Company,
    a_company,
    person,
    read,
    section,
    shot,
    table,
    transfer,
    visit,
)
from tests.deals import approved_order

HONGYUAN, BAIYUN, HAITIAN = POOL
#: 张三 may go ten days without following a customer; 陈六 thirty
SOON = [person("张三", "13800138000", "销售一部", "销售人员", 最长跟进天数=10), *STAFF[1:]]


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path, SOON) as made:
        made.gain("张三", "李四", HONGYUAN)  # acquired on 11-23
        yield made


def night(co: Company, day: str) -> int:
    """Close a day of November or December half an hour after its end; gives how many customers went."""
    following = co.clock(f"{day} 00:00").date().toordinal() + 1
    morning = co.clock(f"{day} 00:00").date().fromordinal(following)
    return co.nightly(f"2026-{day}", f"{morning:%m-%d} 00:30").counts.get("回收", 0)


def owner(co: Company, name: str = HONGYUAN) -> str | None:
    (row,) = co.ask("SELECT owner FROM customers WHERE name = ?", name)
    found: str | None = row["owner"]
    return found


def warnings(co: Company, name: str = "张三") -> list[str]:
    return [read(path).text for path in co.new(name) if "跟进提醒" in path.name]


def overview(co: Company, who: str, day: str, title: str) -> list[Cells]:
    return list(table(co.share / who / f"取件/报表/2026-{day[:2]}" / f"部门概览_2026-{day}.xlsx", title))


def test_a_customer_goes_strictly_after_the_limit_as_the_countdown_and_the_dry_run_say(co: Company) -> None:
    night(co, "12-02")  # 12-03 is the tenth day
    (mine,) = section(co, "张三", "我的客户")
    assert mine["剩余天数"] == 0
    assert owner(co) == "张三"
    (forecast,) = overview(co, "李四", "12-02", "明日回收预演")
    assert (forecast["客户名称"], forecast["归属"], forecast["剩余天数"]) == (HONGYUAN, "张三", -1)
    assert overview(co, "周八", "12-02", "明日回收预演") == []
    assert night(co, "12-03") == 1
    assert owner(co) is None
    assert section(co, "张三", "我的客户") == []
    for name in ("张三", "王五", "陈六"):
        (pooled,) = section(co, name, "公海客户")
        assert (pooled["客户名称"], f"{pooled['进入公海日期']:%m-%d}") == (HONGYUAN, "12-04")
    (gone,) = overview(co, "李四", "12-03", "已回收")
    assert gone["客户名称"] == HONGYUAN
    (told,) = [read(path).text for path in co.new("张三") if "公海回收" in path.name]
    assert f"“{HONGYUAN}”自 2026-11-23 起没有跟进，已超过期限，回到公海" in told
    assert list(differences(co.service)) == []


def test_owners_are_warned_seven_three_and_one_days_before_once_each(co: Company) -> None:
    given = {}
    for n in range(25, 31):
        night(co, f"11-{n}")
        given[f"11-{n}"] = warnings(co)
    for n in range(1, 4):
        night(co, f"12-0{n}")
        given[f"12-0{n}"] = warnings(co)
    assert {day: len(told) for day, told in given.items() if told} == {"11-25": 1, "11-29": 1, "12-01": 1}
    for day, left in (("11-25", 7), ("11-29", 3), ("12-01", 1)):
        assert f"“{HONGYUAN}”再过 {left} 天没有跟进将回到公海（2026-12-04 零点，上次跟进 2026-11-23）" in given[day][0]
    night(co, "12-01")
    assert warnings(co) == []


def test_closing_a_night_twice_or_an_earlier_one_again_changes_nothing(co: Company) -> None:
    night(co, "12-03")
    told = len(co.ask("SELECT 1 FROM journal")), sorted(co.share.rglob("*.xlsx"))
    assert night(co, "12-03") == 0
    co.nightly("2026-12-03", "12-04 15:00")
    assert (len(co.ask("SELECT 1 FROM journal")), sorted(co.share.rglob("*.xlsx"))) == told
    for day in ("11-24", "12-01"):  # never closed at their time: nothing was due on them
        assert co.nightly(f"2026-{day}", "12-04 16:00").counts.get("回收", 0) == 0
    assert co.ask("SELECT pooled_on FROM customers") == [{"pooled_on": "2026-12-04"}]


def test_an_approved_visit_begins_the_time_anew_and_one_that_waits_keeps_the_customer(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("12-03 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("12-03 15:00")
    assert night(co, "12-03") == 0
    (kept,) = overview(co, "李四", "12-03", "到期保留")
    assert "有待审批的内容（受理号 261203-" in kept["保留原因"]
    (mine,) = section(co, "张三", "我的客户")
    assert "有待审批的内容" in mine["保留原因"]
    co.approve("李四", "拜访记录", "12-04 10:00")
    night(co, "12-04")
    (mine,) = section(co, "张三", "我的客户")
    assert (mine["剩余天数"], mine["保留原因"], f"{mine['最近跟进']:%m-%d}") == (8, None, "12-03")
    assert night(co, "12-12") == 0
    assert night(co, "12-13") == 1


def test_an_order_that_is_not_fully_paid_keeps_the_customer_and_is_named(co: Company) -> None:
    co.drop("张三", "合同.jpg", shot("11-24 09:00", 3))
    order = {
        "客户名称": HONGYUAN,
        "合同编号": "HT-1",
        "成交日期": "2026-11-24",
        "成交金额": 10000,
        "合同照片": "合同.jpg",
    }
    co.hand_in("张三", 成交订单=[order])
    co.run("11-24 10:00")
    co.approve("赵总", "成交订单", "11-24 11:00")
    assert night(co, "12-10") == 0
    (kept,) = overview(co, "李四", "12-10", "到期保留")
    assert "订单未收齐款（受理号 261124-" in kept["保留原因"]
    assert owner(co) == "张三"


def test_a_limit_that_is_raised_in_time_keeps_the_customer(co: Company) -> None:
    co.hand_in("赵总", 人员变更=[{"姓名": "张三", "生效日期": "2026-12-03", "最长跟进天数": 20}])
    co.run("12-03 10:00")
    assert night(co, "12-03") == 0
    (mine,) = section(co, "张三", "我的客户")
    assert mine["剩余天数"] == 9


def test_a_leavers_customers_are_still_recycled(co: Company) -> None:
    co.hand_in("赵总", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-24", "状态": "离职"}])
    co.run("11-23 10:00")
    assert night(co, "12-03") == 1
    assert owner(co) is None


# -- sight: who may know what


def words_of(folder: Path) -> str:
    """Every cell and every comment of every workbook below *folder*."""
    found: list[str] = []
    for path in sorted(folder.rglob("*.xlsx")):
        with closing(openpyxl.load_workbook(path)) as book:
            for page in book.worksheets:
                for line in page.iter_rows():
                    found += [
                        f"{cell.value} {cell.comment.text if cell.comment else ''}" for cell in line if cell.value
                    ]
    return "\n".join(found)


#: none of them is an example in a template
FIRST, SECOND, THIRD, MOVED = "中山市翠亨精工厂", "佛山市禅城陶瓷行", "汕头市潮阳文具社", "江门市蓬江灯饰店"


def test_nobody_finds_a_name_in_their_folder_that_is_not_theirs_to_see(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", FIRST, 共享人员="王五", 联系人="甲联系人")
        co.gain("王五", "李四", SECOND, at="11-23 10:00", 联系人="乙联系人")
        co.gain("陈六", "周八", THIRD, MOVED, at="11-23 11:00", 联系人="丙联系人")
        co.hand_in("陈六", 信息变更=[{"客户名称": THIRD, "联系电话": "13711112222", "变更说明": "换了电话号码"}],
                   客户转交=[transfer(MOVED, "王五")])  # fmt: skip
        co.run("11-23 13:00")
        co.approve("周八", "信息变更", "11-23 14:00")
        co.approve("周八", "客户转交", "11-23 15:00")
        co.nightly("2026-11-23", "11-24 00:30")
        co.nightly("2026-12-21", "12-22 00:30")  # the dry run names what goes in the next night
        co.monthly("2026-11", "12-22 01:00")
        seen = {each["姓名"]: words_of(co.share / each["姓名"] / "取件") for each in STAFF}
        for name, (own, foreign) in {
            "张三": ((FIRST, "甲联系人"), (SECOND, THIRD, MOVED, "乙联系人", "丙联系人")),
            "王五": ((FIRST, "甲联系人", SECOND, MOVED, "丙联系人"), (THIRD, "13711112222")),
            "陈六": ((THIRD, MOVED, "13711112222"), (FIRST, SECOND, "甲联系人", "乙联系人")),
            "李四": ((FIRST, SECOND, MOVED), (THIRD, "13711112222")),
            "周八": ((THIRD, MOVED, "13711112222"), (FIRST, SECOND, "甲联系人", "乙联系人")),
            "赵总": ((FIRST, SECOND, THIRD, MOVED), ()),
            "钱督": ((), (FIRST, SECOND, THIRD, MOVED, "甲联系人")),
            "孙人": ((), (FIRST, SECOND, THIRD, MOVED, "甲联系人")),
        }.items():
            assert [word for word in own if word not in seen[name]] == [], name
            assert [word for word in foreign if word in seen[name]] == [], name


# -- the owner away, and rows that nobody decides


def leave(start: str, end: str) -> Cells:
    return {"姓名": "张三", "开始日期": f"2026-{start}", "结束日期": f"2026-{end}", "原因": "年假"}


def test_leave_stops_the_clock_for_the_countdown_the_warning_and_the_sweep(co: Company) -> None:
    co.hand_in("李四", 日报豁免=[leave("11-20", "11-25"), leave("11-25", "11-26"), leave("12-20", "12-25")])
    co.run("11-24 09:00")  # 11-24 to 11-26 lie within the ten days: three days more
    assert night(co, "12-03") == 0
    (mine,) = section(co, "张三", "我的客户")
    assert mine["剩余天数"] == 2
    assert night(co, "12-05") == 0
    assert night(co, "12-06") == 1
    assert owner(co) is None


def test_a_company_may_let_the_clock_run_on_leave(tmp_path: Path) -> None:
    with a_company(tmp_path, SOON, config={"pause_on_leave = ": "pause_on_leave = false"}) as co:
        co.gain("张三", "李四", HONGYUAN)
        co.hand_in("李四", 日报豁免=[leave("11-24", "11-30")])
        co.run("11-24 09:00")
        assert night(co, "12-03") == 1


def test_a_row_that_nobody_decides_keeps_its_customer_for_fifteen_days(co: Company) -> None:
    co.hand_in("张三", 客户转交=[transfer(HONGYUAN, "王五")])
    co.run("11-23 18:00")
    assert night(co, "12-07") == 0  # on 12-08 the row is fifteen days old
    assert owner(co) == "张三"
    assert night(co, "12-08") == 1
    assert owner(co) is None


def test_an_older_visit_approved_late_does_not_move_the_last_one_back(co: Company) -> None:
    sheets = []
    for day, seed in (("11-24", 31), ("11-27", 32)):
        co.drop("张三", "现场.jpg", shot(f"{day} 14:00", seed))
        co.hand_in(
            "张三", 拜访记录=[visit(name=HONGYUAN, 拜访记录=f"{day} 李经理确认二期需要四十台，希望春节前交货。")]
        )
        co.run(f"{day} 15:00")
        sheets.append(co.approval("李四", "拜访记录"))
    for n, sheet in enumerate(reversed(sheets)):
        co.decide("李四", sheet)
        co.run(f"11-27 1{6 + n}:00")
    (row,) = co.ask("SELECT last_followed_on FROM customers")
    assert row["last_followed_on"] == "2026-11-27"
    assert night(co, "12-04") == 0


def test_an_owner_is_not_warned_of_what_will_not_go(co: Company) -> None:
    approved_order(co, "11-23 10:00")  # not paid: the customer stays, however long it takes
    co.gain("张三", "李四", BAIYUN, at="11-23 11:00")
    for day in ("11-25", "11-29", "12-01"):
        night(co, day)
        (told,) = warnings(co)
        assert BAIYUN in told, day
        assert HONGYUAN not in told, day
