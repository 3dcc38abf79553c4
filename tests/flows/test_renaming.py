"""新姓名 in 人员变更: one person before and after, in the book, on the share and in what others write (人员新增 10)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.answers.telling import explain, status
from service.days.person_day import person_day
from service.upkeep.backups import back_up
from service.upkeep.keeping import differences
from tests.company import (
    Company,
    a_company_with_a_customer,
    change,
    claim,
    customer,
    person,
    read,
    reopened,
    report,
    section,
    shot,
    transfer,
    visit,
    write,
)
from tests.deals import approved_order, target

HONGYUAN = "深圳市宏远电子有限公司"
NEW = "张三丰"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def rename(co: Company, at: str, name: str = "张三", new: str = NEW, day: str = "2026-11-23", **other: Any) -> str:
    """The sales manager hands in a change of name; gives 结果 and 说明."""
    co.hand_in("赵总", "改名.xlsx", 人员变更=[{"姓名": name, "生效日期": day, "新姓名": new, **other}])
    co.run(at)
    return co.told("赵总", "人员变更", "改名")[0]


def pending_visit(co: Company) -> Path:
    """A visit and a report of 张三 that wait for 李四, and the sheet of the visit."""
    co.drop("张三", "现场.jpg", shot("11-23 10:00", 2))
    co.hand_in("张三", 拜访记录=[visit(同行人员="王五")], 销售日报=[report("2026-11-23")])
    co.run("11-23 11:00")
    co.new("张三")
    return co.approval("李四", "拜访记录")


def folders(co: Company) -> set[str]:
    return {path.name for path in co.share.iterdir() if path.is_dir()}


def people_in(co: Company) -> dict[str, set[Any]]:
    """Who stands in the views, by view and column."""
    asked = {
        "people": ("name",), "customers": ("owner", "previous_owner"), "visits": ("salesperson",),
        "daily_reports": ("person", "reviewer"), "files": ("person",), "photos": ("person",), "decisions": ("approver",),
        "deliveries": ("person",), "changes": ("changed_by", "to_value"), "exemptions": ("person", "granted_by"),
        "transfers": ("from_person", "to_person"), "targets": ("person",), "customer_members": ("person",),
    }  # fmt: skip
    return {
        f"{view}.{column}": {row[column] for row in co.ask(f"SELECT {column} FROM {view}")}
        for view, columns in asked.items()
        for column in columns
    }


def test_one_person_before_and_after(co: Company) -> None:
    sheet = pending_visit(co)
    co.hand_in("孙人", 日报豁免=[{"姓名": "张三", "开始日期": "2026-11-24", "结束日期": "2026-11-24", "原因": "年假"}])
    co.hand_in("张三", "指标.xlsx", 销售指标=[target("张三")])
    co.run("11-23 11:30")
    (number,) = [row["receipt_no"] for row in co.ask("SELECT receipt_no FROM visits")]
    assert rename(co, "11-23 12:00").startswith("已受理")

    assert NEW in folders(co)
    assert "张三" not in folders(co)
    assert (co.share / NEW / "取件/模板/个人工作簿.xlsx").is_file()
    assert any("改名" in path.name for path in co.new(NEW))
    for place, named in people_in(co).items():
        assert "张三" not in named, place
    assert co.ask("SELECT owner FROM customers") == [{"owner": NEW}]
    assert co.ask("SELECT name, person FROM former_names") == [{"name": "张三", "person": NEW}]

    co.decide("李四", sheet)  # the sheet that lay with the manager says 张三, and still decides
    co.run("11-23 13:00")
    assert co.ask("SELECT salesperson, status FROM visits") == [{"salesperson": NEW, "status": "accepted"}]
    assert any("审批结果" in path.name for path in co.new(NEW))
    assert f"拜访记录  {NEW}（销售一部）" in "\n".join(explain(co.service, number) or [])
    assert f"row.received 张三（现名{NEW}）" in "\n".join(explain(co.service, number) or [])
    day = co.clock("11-23 12:00").date()
    told = person_day(co.service, NEW, day, co.clock("11-23 14:00"))
    assert told is not None
    assert told == person_day(co.service, "张三", day, co.clock("11-23 14:00"))
    assert list(differences(co.service)) == []

    co.new("李四")
    co.approve("李四", "销售日报", "11-23 15:00")
    co.nightly("2026-11-23", "11-24 00:30")
    assert {row["姓名"] for row in co.report("钱督", "日报合规_2026-11-23").rows("明细")} == {NEW, "王五", "陈六"}
    assert [row["客户名称"] for row in section(co, NEW, "我的客户")] == [HONGYUAN]
    assert [row["客户名称"] for row in section(co, NEW, "拜访历史")] == [HONGYUAN]
    page = (co.share / NEW / "取件" / "首页.html").read_text("utf-8")
    assert NEW in page
    assert "张三" not in page.replace(NEW, "")


def test_what_was_handed_in_before_is_known_after(co: Company) -> None:
    pending_visit(co)
    rename(co, "11-23 12:00")
    co.drop(NEW, "现场.jpg", shot("11-23 10:00", 2))
    co.hand_in(NEW, "又一次.xlsx", 拜访记录=[visit(同行人员="王五")], 销售日报=[report("2026-11-23")])
    co.run("11-23 13:00")
    told = co.receipt(NEW, "又一次")
    assert told.outcomes("拜访记录") == told.outcomes("销售日报") == ["重复"]
    co.hand_in(NEW, "改.xlsx", 销售日报=[report("2026-11-23", 今日工作总结="上午拜访宏远电子，下午整理报价和合同。")])
    co.run("11-23 14:00")
    assert "替换了先前提交的受理号" in co.told(NEW, "销售日报", "改")[0]
    assert len(co.ask("SELECT 1 FROM daily_reports WHERE status = 'pending'")) == 1


def test_what_was_closed_says_the_same_under_the_new_name(co: Company) -> None:
    approved_order(co)
    chance = {
        "客户名称": HONGYUAN,
        "商机名称": "二期设备",
        "阶段": "方案报价",
        "预计金额": 100000,
        "预计成交日期": "2026-12-20",
    }
    co.hand_in("张三", "十一月.xlsx", 商机=[chance], 销售指标=[target("张三")], 销售日报=[report("2026-11-23")])
    co.hand_in("王五", "十一月.xlsx", 销售指标=[target("王五")])
    co.run("11-23 17:00")
    co.decide("赵总", co.approval("赵总", "销售指标"))
    co.nightly("2026-11-23", "11-24 00:30")
    co.monthly("2026-11", "12-01 01:00")
    before = versions(co)
    assert {"商机漏斗_2026-11", "指标达成_2026-11", "日报扣款_2026-11", "日报合规_2026-11-23"} <= before.keys()
    rename(co, "12-01 09:00", day="2026-12-01", new="阿张")  # comes first among colleagues now
    rename(co, "12-01 09:10", day="2026-12-01", name="李四", new="阿李")  # reviews them
    assert co.nightly("2026-11-23", "12-02 00:40").version == 0
    assert co.monthly("2026-11", "12-02 01:00").version == 0
    assert {period: n for period, n in versions(co).items() if period in before} == before
    assert list(differences(co.service)) == []


def versions(co: Company) -> dict[str, int]:
    found = co.ask(
        "SELECT subject, MAX(payload ->> 'version') AS n FROM journal WHERE kind = 'period.closed' GROUP BY subject"
    )
    return {row["subject"]: row["n"] for row in found}


OLD = {
    "日报豁免": ("孙人", {"姓名": "张三", "开始日期": "{day}", "结束日期": "{day}", "原因": "年假"}),
    "审批代理": (
        "李四",
        {"委托人": "李四", "代理人": "张三", "开始日期": "{day}", "结束日期": "{day}", "原因": "年假"},
    ),
    "人员变更": ("赵总", {"姓名": "张三", "生效日期": "{day}", "部门": "销售二部"}),
    "销售指标": ("李四", target("张三", 12, 结束日期="2026-12-31")),
    "客户新增": ("王五", customer("深圳市西丽实业有限公司", 共享人员="张三", 门头照片="门头9.jpg")),
    "客户转交": ("王五", transfer("深圳市南山实业有限公司", "张三")),
}


@pytest.mark.parametrize(("at", "understood"), [("12-23", True), ("12-24", False)])
def test_the_old_name_is_understood_for_thirty_days_in_every_column_that_names_people(
    co: Company, at: str, understood: bool
) -> None:
    co.gain("王五", "李四", "深圳市南山实业有限公司", at="11-23 09:50")
    rename(co, "11-23 12:00")
    co.drop("王五", "门头9.jpg", shot(f"{at} 08:50", 97))
    for form, (who, cells) in OLD.items():
        row = {key: value.format(day=f"2026-{at}") if isinstance(value, str) else value for key, value in cells.items()}
        write(co.share / who / "投递" / f"{form}.xlsx", {form: [row]})
    co.run(f"{at} 09:00")
    for form, (who, _cells) in OLD.items():
        (path,) = (co.share / who / "取件" / "回执").rglob(f"*{form}*.xlsx")
        told = f"{read(path).row(form)['结果']} {read(path).row(form)['说明'] or ''}"
        assert told.startswith("退回") != understood, (form, told)
        assert ("“张三”已改名，按“张三丰”理解" in told) == understood, (form, told)
    expected = {NEW} if understood else set()
    assert {row["person"] for row in co.ask("SELECT person FROM exemptions")} == expected
    assert {row["deputy"] for row in co.ask("SELECT deputy FROM deputies")} == expected


def test_a_row_that_waited_is_approved_long_after_the_old_name_is_forgotten(co: Company) -> None:
    co.gain("王五", "李四", "深圳市南山实业有限公司", at="11-23 09:50")
    co.hand_in("王五", 客户转交=[transfer("深圳市南山实业有限公司", "张三")])
    co.run("11-23 11:00")
    sheet = co.approval("李四", "客户转交")
    kept = co.folder / sheet.name
    shutil.copyfile(sheet, kept)
    rename(co, "11-23 12:00")
    co.decide("李四", kept)
    co.run("2027-01-08 09:00")
    assert {row["owner"] for row in co.ask("SELECT owner FROM customers")} == {NEW}
    assert co.ask("SELECT to_person, status FROM transfers") == [{"to_person": NEW, "status": "accepted"}]


def test_a_name_that_others_bear_bore_or_are_to_bear_is_refused_with_a_way_out(co: Company) -> None:
    told = rename(co, "11-23 11:00", new="王五")
    assert told.startswith("退回")
    assert "名册中已有“王五”（销售一部）" in told
    assert "写成 王五8000" in told
    assert rename(co, "11-23 11:10", new="王五8000").startswith("已受理")  # the way that was told
    assert "王五8000" in folders(co)
    assert co.ask("SELECT owner FROM customers") == [{"owner": "王五8000"}]

    assert "改名前的姓名" in rename(co, "11-23 11:20", name="陈六", new="张三")
    co.hand_in("赵总", "两个.xlsx", 人员变更=[
        {"姓名": name, "生效日期": "2026-11-24", "新姓名": "刘备"} for name in ("陈六", "李四")
    ])  # fmt: skip
    co.run("11-23 11:30")
    first, second = co.told("赵总", "人员变更", "两个")
    assert first.startswith("已受理")
    assert "“陈六”已登记要改名为“刘备”" in second
    assert "刘备8001" in second
    assert rename(co, "11-23 11:40", name="王五8000", new="张三").startswith("已受理")  # one's own former name
    assert "张三" in folders(co)
    assert "新姓名与现在的姓名“李四”相同" in rename(co, "11-23 11:50", name="李四", new="李四")
    assert list(differences(co.service)) == []


def test_two_of_one_name_after_a_change_are_told_apart(co: Company) -> None:
    rename(co, "11-23 11:00", new="王五8000")
    co.hand_in("孙人", 日报豁免=[{"姓名": "王五", "开始日期": "2026-11-24", "结束日期": "2026-11-24", "原因": "年假"}])
    co.run("11-23 12:00")
    told = co.receipt("孙人").row("日报豁免")
    assert told["结果"] == "退回"
    for way in ("王五8000（销售一部）", "王五8002（销售一部）"):
        assert way in told["说明"]


def test_a_newcomer_with_a_name_that_was_just_given_up_carries_digits(co: Company) -> None:
    rename(co, "11-23 11:00")
    newcomer = person("张三", "13900138123", "销售二部", "销售人员", 入职日期="2026-11-24")
    co.hand_in("赵总", 人员新增=[newcomer])
    co.run("11-23 12:00")
    assert "张三8123" in folders(co)
    co.hand_in("孙人", 日报豁免=[{"姓名": "张三", "开始日期": "2026-11-24", "结束日期": "2026-11-24", "原因": "年假"}])
    co.run("11-24 12:00")
    told = co.receipt("孙人").row("日报豁免")["说明"]
    assert "张三丰（销售一部）" in told
    assert "张三8123（销售二部）" in told


def test_a_newcomer_long_after_gets_the_name_and_not_the_past(co: Company) -> None:
    pending_visit(co)
    rename(co, "11-23 12:00")
    newcomer = person("张三", "13900138123", "销售一部", "销售人员", 入职日期="2027-01-11")
    co.hand_in("赵总", 人员新增=[newcomer])
    co.run("2027-01-11 09:00")
    assert "张三" in folders(co)
    co.drop("张三", "现场.jpg", shot("2027-01-11 10:00", 3))
    co.hand_in("张三", 客户申领=[claim()], 销售日报=[report("2027-01-11")])
    co.run("2027-01-11 11:00")
    assert co.receipt("张三", "今天").outcomes("销售日报") == ["待审批"]
    assert {row["salesperson"] for row in co.ask("SELECT salesperson FROM visits")} == {NEW}
    assert list(differences(co.service)) == []


def test_a_change_for_a_later_day_waits_for_it(co: Company) -> None:
    assert rename(co, "11-23 11:00", day="2026-11-25").startswith("已受理")
    co.run("11-24 23:00")
    assert "张三" in folders(co)
    co.hand_in("张三", 销售日报=[report("2026-11-25")])  # dropped before the day began, taken after
    co.run("11-25 00:10")
    assert NEW in folders(co)
    assert "张三" not in folders(co)
    assert co.dropped() == []


def test_a_kill_between_the_book_and_the_folder_heals_in_the_next_round(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    co.drop("张三", "资料/旧.jpg", shot("11-23 10:30", 5))

    class Killed(BaseException):
        pass

    def killed(*_given: object) -> bool:
        raise Killed

    monkeypatch.setattr("disk.share.Share.move_folder", killed)
    co.hand_in("赵总", "改名.xlsx", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-23", "新姓名": NEW}])
    with pytest.raises(Killed):
        co.run("11-23 12:00")
    monkeypatch.undo()
    assert folders(co) >= {"张三"}
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])  # nobody has told 张三 yet
    co.run("11-23 12:10")
    assert "张三" not in folders(co)
    assert co.told(NEW, "销售日报", "日报")[0].startswith("待审批")
    assert co.dropped() == []
    assert list(differences(co.service)) == []


def test_a_folder_of_the_new_name_that_stands_already_takes_the_old_one_in(co: Company) -> None:
    co.new("张三")
    kept = sorted(path.relative_to(co.share / "张三").as_posix() for path in (co.share / "张三").rglob("*.xlsx"))
    for part in ("投递", "取件/模板"):
        (co.share / NEW / part).mkdir(parents=True)
    (co.share / NEW / "取件/模板/客户新增.xlsx").write_bytes(b"somebody's own")
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    (co.share / "张三/投递/日报.xlsx").rename(co.folder / "日报.xlsx")
    rename(co, "11-23 12:00")
    assert "张三" not in folders(co)
    now = {path.relative_to(co.share / NEW).as_posix() for path in (co.share / NEW).rglob("*.xlsx")}
    assert now >= set(kept)
    assert (co.share / NEW / "取件/模板/客户新增.xlsx").read_bytes() == b"somebody's own"
    assert (co.share / NEW / "取件/模板/客户新增-2.xlsx").is_file()
    shutil.copyfile(co.folder / "日报.xlsx", co.share / NEW / "投递/日报.xlsx")
    co.run("11-23 13:00")
    assert co.told(NEW, "销售日报", "日报")[0].startswith("待审批")


def test_a_link_in_the_place_of_the_folder_is_not_followed_and_is_told(co: Company) -> None:
    aside = co.folder / "woanders"
    (co.share / "张三").rename(aside)
    (co.share / "张三").symlink_to(aside)
    co.hand_in("赵总", "改名.xlsx", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-23", "新姓名": NEW}])
    troubles = co.run("11-23 12:00").troubles
    assert any("其文件夹还不能改名" in each for each in troubles)
    at = co.clock("11-23 12:05")
    assert any("文件夹还没有跟着改" in words for words in status(co.service, at)["for_operator"])
    (co.share / "张三").unlink()
    aside.rename(co.share / "张三")
    assert not any("还不能改名" in each for each in co.run("11-23 12:10").troubles)
    assert not any("文件夹还没有跟着改" in words for words in status(co.service, at)["for_operator"])
    assert (co.share / NEW / "取件/模板/个人工作簿.xlsx").is_file()


def test_a_renamed_approver_and_owner_of_pending_rows_goes_on(co: Company) -> None:
    """The manager is renamed while rows wait with them; a change of particulars names the colleague by the old name."""
    sheet = pending_visit(co)
    rename(co, "11-23 12:00", name="李四", new="李思")
    moved = co.share / "李思" / "取件/审批" / sheet.name
    assert moved.is_file()
    co.decide("李思", moved)
    co.hand_in("张三", 信息变更=[change(共享人员="李四、王五")])
    co.run("11-23 13:00")
    assert co.ask("SELECT status FROM visits") == [{"status": "accepted"}]
    assert co.ask("SELECT approver FROM decisions ORDER BY decided_at DESC LIMIT 1") == [{"approver": "李思"}]
    co.decide("李思", co.approval("李思", "信息变更"))
    co.run("11-23 14:00")
    assert {row["person"] for row in co.ask("SELECT person FROM customer_members")} == {"李思", "王五"}
    assert not list((co.share / "李思/取件/审批").glob("审批_拜访记录*")) or co.nightly("2026-11-23", "11-24 00:30")
    assert not list((co.share / "李思/取件/审批").glob("审批_拜访记录*"))
    assert list(differences(co.service)) == []


def test_a_book_restored_to_before_the_change_takes_it_up_again(co: Company) -> None:
    from service.retaking import retake

    back_up(co.service, "2026-11-23")
    backup = next((co.book / "backups").glob("*.db"))
    kept = co.folder / "kept.db"
    shutil.copyfile(backup, kept)
    rename(co, "11-23 12:00")
    co.hand_in(NEW, "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.service.book.close()
    for part in ("", "-wal", "-shm", "-journal"):
        Path(f"{co.book / 'ledger.db'}{part}").unlink(missing_ok=True)
    shutil.copyfile(kept, co.book / "ledger.db")
    (co.book / "anchor.log").unlink()
    with reopened(co.folder) as again:
        done = retake(again.service, None, again.clock("11-23 19:00"))
        assert [line for line in done.open if "投递人" in line] == []
        assert again.ask("SELECT person, status FROM daily_reports") == [{"person": NEW, "status": "pending"}]
        assert again.ask("SELECT owner FROM customers") == [{"owner": NEW}]
        assert NEW in folders(again)
        assert list(differences(again.service)) == []


def test_where_the_figures_are_taken_too_the_department_tells_namesakes_apart(co: Company) -> None:
    co.hand_in(
        "赵总",
        "新同事.xlsx",
        人员新增=[person("王五8001", "13900139009", "销售二部", "销售人员", 入职日期="2026-11-23")],
    )
    co.run("11-23 10:00")
    co.new("赵总")
    assert "请在“新姓名”写成 王五（销售一部），再投递" in rename(co, "11-23 10:10", name="李四", new="王五")
    assert "请在“新姓名”写成 陈六8001，再投递" in rename(co, "11-23 10:20", name="李四", new="陈六")
