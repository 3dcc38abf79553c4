"""人员新增 and 人员变更, played through folders: who may, limits at once, and what takes effect on its day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.upkeep.keeping import differences
from tests.company import (
    POOL,
    STAFF,
    Cells,
    Company,
    a_company,
    a_company_with_a_customer,
    customer,
    person,
    report,
    shot,
)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def moves(co: Company, at: str, *rows: Cells) -> list[str]:
    """The sales manager hands in 人员变更; gives what the receipt says."""
    co.hand_in("赵总", "人事.xlsx", 人员变更=rows)
    co.run(at)
    return co.told("赵总", "人员变更", "人事")


def moved(name: str, day: str, **other: object) -> Cells:
    return {"姓名": name, "生效日期": day, **other}


def duties(co: Company, day: str, at: str) -> dict[str, str]:
    """姓名 → 状态 in the compliance report of a day."""
    co.nightly(day, at)
    return {row["姓名"]: row["状态"] for row in co.report("钱督", f"日报合规_{day}").rows("明细")}


def review_goes_to(co: Company, day: str, at: str, who: str = "张三") -> str:
    co.hand_in(who, 销售日报=[report(day)])
    co.run(at)
    (found,) = [name for name in ("李四", "周八", "赵总") if co.new(name, "审批")]
    return found


NEWCOMER = person("钱七", "13800138020", "销售二部", "销售人员", 入职日期="2026-11-24", 客户数量上限=1)


def test_a_newcomer_has_folders_although_the_power_failed_before_they_were_made(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    co.hand_in("赵总", 人员新增=[NEWCOMER])
    with monkeypatch.context() as patched:
        patched.setattr("service.taking.deliver", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            co.run("11-23 10:00")
    assert not (co.share / "钱七").exists()
    assert co.run("11-23 10:05").troubles == []
    assert (co.share / "钱七" / "投递").is_dir()
    co.hand_in("钱七", 销售日报=[report("2026-11-24")])
    co.run("11-24 18:00")
    assert co.ask("SELECT person FROM daily_reports") == [{"person": "钱七"}]


def test_a_newcomer_gets_nothing_before_their_drop_folder_can_be_made_and_then_everything(co: Company) -> None:
    drop = co.share / "钱七" / "投递"
    drop.parent.mkdir()
    drop.write_bytes(b"")
    co.hand_in("赵总", 人员新增=[NEWCOMER])
    assert [each for each in co.run("11-24 08:00").troubles if each.startswith("钱七/投递")] != []
    assert [path for path in drop.parent.rglob("*") if path.is_file()] == [drop]
    drop.unlink()
    assert co.run("11-24 09:00").troubles == []
    assert drop.is_dir()
    assert (co.share / "钱七/取件/模板/客户新增.xlsx").is_file()


def test_a_newcomer_has_folders_and_templates_and_owes_reports_from_the_first_day(co: Company) -> None:
    co.hand_in("赵总", 人员新增=[NEWCOMER])
    co.run("11-23 10:00")
    assert co.told("赵总", "人员新增")[0].startswith("已受理")
    assert (co.share / "钱七" / "投递").is_dir()
    assert "钱七" not in duties(co, "2026-11-23", "11-24 00:30")
    co.run("11-24 09:00")
    assert (co.share / "钱七/取件/模板/客户新增.xlsx").is_file()
    assert duties(co, "2026-11-24", "11-25 00:30")["钱七"] == "缺交"


@pytest.mark.parametrize("who", ["张三", "李四", "孙人", "钱督"])
def test_others_get_the_whole_sheet_back_with_who_may(co: Company, who: str) -> None:
    co.hand_in(who, 人员新增=[NEWCOMER], 人员变更=[moved("张三", "2026-11-24", 客户数量上限=99)])
    co.run("11-23 10:00")
    told = co.receipt(who, "今天")
    assert told.outcomes("人员新增") == told.outcomes("人员变更") == ["退回"]
    assert "只能由销售经理提交，您的岗位是" in told.text
    assert co.ask("SELECT name FROM people WHERE name = '钱七' OR max_customers = 99") == []


def test_limits_hold_at_once_for_new_customers(co: Company) -> None:
    co.drop("张三", "门头.jpg", shot("11-23 09:00", 91))
    assert moves(co, "11-23 09:30", moved("张三", "2026-11-23", 客户数量上限=1))[0].startswith("已受理")
    co.hand_in("张三", 客户新增=[customer(), customer(POOL[1])])
    co.run("11-23 10:00")
    told = co.told("张三", "客户新增")
    assert told[0].startswith("待审批")
    assert "张三已有 1 个客户（含待审批），达到上限 1 个" in told[1]


def test_a_lowered_limit_takes_nothing_away_and_says_who_is_above_it(co: Company) -> None:
    co.gain("张三", "李四", *POOL)
    (told,) = moves(co, "11-23 10:00", moved("张三", "2026-11-23", 客户数量上限=2))
    assert "张三现有 3 个客户（含待审批），超过新上限 2 个" in told
    assert len(co.ask("SELECT 1 FROM customers WHERE owner = '张三'")) == 3


def test_what_is_wrong_with_a_change_is_said_at_once(co: Company) -> None:
    told = moves(
        co, "11-23 10:00",
        moved("马六", "2026-11-24", 部门="销售二部"), moved("张三", "2026-11-24"), moved("张三", "2026-10-01", 部门="销售二部"),
        moved("张三", "2026-11-24", 手机号码="13800138002"), moved("李四", "2026-11-24", 岗位="销售人员"),
        moved("张三", "2026-11-24", 状态="退休"),
    )  # fmt: skip
    for words, line in zip(
        ("名册中没有“马六”", "没有填写任何要变更的内容", "早于入职日期 2026-11-01", "已登记给 王五", "必须明确客户数量上限", "状态："),
        told, strict=True,
    ):  # fmt: skip
        assert line.startswith("退回")
        assert words in line


def test_a_move_to_another_department_takes_effect_on_its_day(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-11-24", 部门="销售二部"))
    assert review_goes_to(co, "2026-11-23", "11-23 18:00") == "李四"
    assert review_goes_to(co, "2026-11-24", "11-24 18:00") == "周八"
    assert duties(co, "2026-11-24", "11-25 00:30")["张三"] == "按时"
    own = co.report("周八", "日报合规_2026-11-24").rows("明细")
    assert {row["姓名"] for row in own} == {"张三", "陈六"}
    assert (co.share / "张三" / "投递").is_dir()


def test_whoever_sells_no_more_owes_no_report(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-11-24", 岗位="企管部"))
    assert duties(co, "2026-11-23", "11-24 00:30")["张三"] == "缺交"
    assert "张三" not in duties(co, "2026-11-24", "11-25 00:30")
    co.hand_in("张三", 销售日报=[report("2026-11-25")])
    co.run("11-25 10:00")
    assert "您的岗位是企管部" in co.receipt("张三", "今天").text
    assert (co.share / "张三/取件/报表/2026-11/日报合规_2026-11-24.xlsx").is_file()


def test_nothing_of_one_who_has_left_takes_effect_and_the_answer_says_so(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-11-24", 状态="离职"), moved("李四", "2026-11-25", 状态="离职"))
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 19:00")
    assert co.told("张三", "销售日报")[0].startswith("待审批")  # the last day is a day like others
    issued = co.approval("李四", "销售日报")
    sheet = co.folder / issued.name  # kept by the approver; the issued one is cleared at night
    sheet.write_bytes(issued.read_bytes())
    co.hand_in("张三", 销售日报=[report("2026-11-24")], 客户新增=[customer()])
    co.run("11-24 09:00")
    told = co.receipt("张三", "今天")
    assert told.outcomes("销售日报") == told.outcomes("客户新增") == ["退回"]
    assert "您已于 2026-11-24 离职" in told.text
    assert co.dropped() == []
    assert "张三" not in duties(co, "2026-11-24", "11-25 00:30")
    co.decide("李四", sheet)
    co.run("11-25 09:00")
    (row,) = co.receipt("李四", "审批_").rows("审批_销售日报")
    assert "您已于 2026-11-25 离职" in row["说明"]
    assert co.ask("SELECT status FROM daily_reports") == [{"status": "pending"}]
    assert co.new("赵总", "审批")  # the next in the chain has it now


def test_leaving_told_late_reaches_back_and_a_report_closed_already_gets_a_new_version(co: Company) -> None:
    assert duties(co, "2026-11-23", "11-24 00:30")["张三"] == "缺交"
    (told,) = moves(co, "11-24 10:00", moved("张三", "2026-11-23", 状态="离职"))
    assert "已经过去，将追溯执行" in told
    assert "张三" not in duties(co, "2026-11-23", "11-24 11:00")


def test_whoever_comes_back_was_not_here_in_between(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-11-24", 状态="离职"), moved("张三", "2026-11-26", 状态="在职"))
    assert "张三" not in duties(co, "2026-11-25", "11-26 00:30")
    co.hand_in("张三", 销售日报=[report("2026-11-25")])
    co.run("11-25 10:00")
    assert "离职" in co.receipt("张三", "今天").text
    assert duties(co, "2026-11-26", "11-27 00:30")["张三"] == "缺交"
    assert "张三" not in duties(co, "2026-11-24", "11-27 01:00")
    assert duties(co, "2026-11-23", "11-27 02:00")["张三"] == "缺交"
    assert co.ask("SELECT joined_on, left_on FROM people WHERE name = '张三'") == [
        {"joined_on": "2026-11-26", "left_on": None}
    ]
    assert list(differences(co.service)) == []


def test_a_leaving_can_be_taken_back_and_its_day_corrected(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-11-30", 状态="离职"))
    moves(co, "11-23 11:00", moved("张三", "2026-12-05", 状态="离职"))
    assert co.ask("SELECT left_on FROM people WHERE name = '张三'") == [{"left_on": "2026-12-05"}]
    moves(co, "11-23 12:00", moved("张三", "2026-11-24", 状态="在职"))
    assert co.ask("SELECT left_on FROM people WHERE name = '张三'") == [{"left_on": None}]


def test_a_change_decided_for_later_does_not_undo_one_that_comes_before_it(co: Company) -> None:
    moves(co, "11-23 10:00", moved("张三", "2026-12-01", 部门="销售二部"))
    moves(co, "11-23 11:00", moved("张三", "2026-11-24", 客户数量上限=7))
    for day, department, limit in (("11-23", "销售一部", 50), ("11-24", "销售一部", 7), ("12-01", "销售二部", 7)):
        found = co.service.people(co.clock(f"{day} 09:00").date())["张三"]
        assert (found.department, found.max_customers) == (department, limit)


def test_a_sheet_of_people_dropped_again_changes_nothing(co: Company) -> None:
    row = moved("张三", "2026-11-24", 客户数量上限=7)
    moves(co, "11-23 10:00", row)
    assert moves(co, "11-23 11:00", row)[0].startswith("重复")
    co.hand_in("赵总", 人员新增=[STAFF[0]])
    co.run("11-23 12:00")
    assert co.told("赵总", "人员新增", "今天")[0].startswith("重复")
    co.hand_in("赵总", 人员新增=[{**STAFF[0], "客户数量上限": 99}])
    co.run("11-23 13:00")
    assert "“人员变更”" in co.told("赵总", "人员新增", "今天")[0]


def test_a_leaver_cannot_be_named_any_more(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        moves(co, "11-23 10:00", moved("王五", "2026-11-24", 状态="离职"))
        co.drop("张三", "新门头.jpg", shot("11-24 08:30", 92))
        co.hand_in("张三", 客户新增=[customer(POOL[1], 门头照片="新门头.jpg", 共享人员="王五"),
                                 customer(POOL[2], 门头照片="新门头.jpg", 销售经理="王五")])  # fmt: skip
        co.run("11-24 09:00")
        told = co.told("张三", "客户新增")
        assert "共享人员“王五”不是在职同事" in told[0]
        assert "“王五”不是在职的销售人员" in told[1]
