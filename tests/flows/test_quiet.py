"""取件 that can be read without opening a file: names that say what came of it, months in folders, and nothing for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ledger.journal import Entry
from service.upkeep.keeping import differences
from tests.company import Company, a_company, a_company_with_a_customer, read, report, shot, visit, write


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def receipts(co: Company, name: str) -> list[str]:
    """Everything in somebody's 回执, as they see it."""
    top = co.share / name / "取件" / "回执"
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())


# -- names


def test_a_receipts_name_says_when_what_came_of_it_and_what_it_is_about(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.new("张三")
        before = receipts(co, "张三")
        co.hand_in("张三", "好.xlsx", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        wrong = [report("2026-11-22", 今日工作总结=""), report("2026-11-22", 明日工作计划=""), report("2026-11-20")]
        co.hand_in("张三", "错.xlsx", 销售日报=wrong)
        co.run("11-23 18:01")
        co.hand_in("张三", "缺.xlsx", 拜访记录=[visit("没到.jpg")])
        co.run("11-23 18:02")
        co.drop("张三", "旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        co.run("11-23 18:03")
        co.drop("张三", "现场.jpg", shot("11-23 14:00", 9, (22.70, 113.9345)))  # far from the door: flagged
        co.hand_in("张三", "看.xlsx", 拜访记录=[visit()])
        co.run("11-23 18:04")
        assert [name for name in receipts(co, "张三") if name not in before] == [
            "2026-11/1123-180000_收下_好.xlsx",
            "2026-11/1123-180100_退回2_错.xlsx",
            "2026-11/1123-180200_待补照片1_缺.xlsx",
            "2026-11/1123-180300_拒收_旧.xlsx",
            "2026-11/1123-180400_请留意1_看.xlsx",
        ]


def test_a_mended_receipt_is_about_what_it_was_about_before(co: Company) -> None:
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23", 今日工作总结="")])
    co.run("11-23 18:00")
    told = co.receipt("张三")
    book = openpyxl.load_workbook(told.path)
    page = book["销售日报"]
    page.cell(2, 5).value = report("2026-11-23")["今日工作总结"]
    book.save(co.share / "张三" / "投递" / told.path.name)
    book.save(co.share / "张三" / "投递" / "回执_日报_20261120-180000.xlsx")  # as an earlier version called them
    co.run("11-23 19:00")
    assert receipts(co, "张三")[1:] == [
        "2026-11/1123-190000_收下_日报-2.xlsx",
        "2026-11/1123-190000_收下_日报.xlsx",
    ]


@pytest.mark.parametrize(
    ("dropped", "about"),
    [
        ("周\u202e报\u200b.xlsx", "周_报_"),
        ("周:报?.xlsx", "周_报_"),
        ("..\\..\\周报.xlsx", ".._.._周报"),
        ("报" * 80 + ".xlsx", "报" * 53),
        ("\U0001f4ca" * 60 + ".xlsx", "\U0001f4ca" * 40),
    ],
)
def test_a_hostile_name_stays_a_name(co: Company, tmp_path: Path, dropped: str, about: str) -> None:
    """Nothing turns the reading around, reaches into other folders, or is longer than file systems take."""
    made = write(tmp_path / "一.xlsx", {"销售日报": [report("2026-11-23")]})
    co.drop("张三", dropped, made.read_bytes())
    co.run("11-23 18:00")
    assert receipts(co, "张三") == [f"2026-11/1123-180000_收下_{about}.xlsx"]
    assert co.dropped() == []
    assert read(co.new("张三")[0]).outcomes("销售日报") == ["待审批"]


def test_what_answers_no_drop_is_called_a_notice_and_speaks_of_no_dropped_file(co: Company) -> None:
    co.nightly("2026-11-23", "11-24 00:30")
    (told,) = co.new("张三")
    assert told.name == "1124-003000_通知_日报缺交.xlsx"
    assert "投递文件\n" not in read(told).text
    assert "收件人\n张三" in read(told).text


def test_the_companys_name_stands_in_headings(tmp_path: Path) -> None:
    name = '<易通> "A&B" 公司'
    with a_company(tmp_path, config={"[company]\nname = ": f"[company]\nname = '{name}'"}) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        assert read(co.new("张三")[0]).text.startswith(f"{name}　回执\n")
        sheet = openpyxl.load_workbook(co.approval("李四", "销售日报"))
        assert sheet["说明"]["A1"].value == f"{name}　销售日报 审批表"
        co.nightly("2026-11-23", "11-24 00:30")
        workbook = openpyxl.load_workbook(co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx")
        assert workbook["今天"]["A1"].value == f"{name}　11 月 24 日　星期二"
        report_ = openpyxl.load_workbook(co.share / "钱督" / "取件" / "报表" / "日报合规_最新.xlsx")
        assert str(report_.properties.title).startswith(name)


# -- decisions


def test_what_is_decided_on_ones_rows_is_one_workbook_a_day_that_grows(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "销售日报"), rows=[0])
    co.run("11-23 18:10")
    co.hand_in("张三", "补.xlsx", 销售日报=[report("2026-11-20")])
    co.run("11-23 18:20")
    co.new("张三")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "太短")
    co.run("11-23 18:30")
    (grown,) = co.new("张三")
    assert grown.relative_to(co.share).as_posix() == "张三/取件/回执/2026-11/1123_审批结果.xlsx"
    told = read(grown)
    assert told.outcomes("销售日报") == ["已受理", "退回"]
    lines = told.text.split("\n")
    assert lines.index("需改正（共 1 条）") < lines.index("李四驳回：太短") < lines.index("无需处理（共 1 条）")
    assert lines.index("无需处理（共 1 条）") < lines.index("李四同意"), "what was agreed to is no problem"
    assert not [name for name in receipts(co, "王五") if "审批结果" in name], "nothing of theirs was decided"
    co.hand_in("张三", "明.xlsx", 销售日报=[report("2026-11-24")])
    co.run("11-24 18:00")
    co.decide("李四", co.approval("李四", "销售日报"))
    co.run("11-24 18:10")
    assert read(co.share / "张三/取件/回执/2026-11/1124_审批结果.xlsx").outcomes("销售日报") == ["已受理"]


# -- age


def test_what_is_older_than_the_months_kept_leaves_and_stays_in_the_book(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.nightly("2026-11-23", "11-24 00:30")
    co.monthly("2026-11", "12-01 01:00")
    home = co.share / "张三" / "取件"
    (receipt,) = home.glob("回执/2026-11/*收下*.xlsx")
    co.nightly("2027-05-22", "2027-05-23 00:30")
    assert receipt.is_file(), "not six months yet"
    co.nightly("2027-05-23", "2027-05-24 00:30")
    assert not receipt.exists()
    assert [path.name for path in home.glob("回执/2026-11/*")] == []
    assert (co.share / "孙人/取件/报表/日报扣款_2026-11.xlsx").is_file(), "all of them stay"
    co.nightly("2027-06-01", "2027-06-02 00:30")  # the month's end had sent it once more
    assert not (co.share / "钱督/取件/报表/2026-11/日报合规_2026-11-23.xlsx").exists()
    assert (co.share / "钱督/取件/报表/日报合规_最新.xlsx").is_file()
    assert (home / "模板" / "销售日报.xlsx").is_file()
    assert list(differences(co.service)) == []
    assert co.ask("SELECT outcome FROM files WHERE name = '今天.xlsx'") == [{"outcome": "taken"}]
    assert len(list(co.book.rglob("*今天.xlsx"))) == 1, "the original stays in the archive"


def test_what_is_not_just_as_we_put_it_there_never_leaves(co: Company) -> None:
    for n, minute in enumerate(("00", "01", "02")):
        co.hand_in("张三", f"{n}.xlsx", 销售日报=[report("2026-11-23")])
        co.run(f"11-23 18:{minute}")
    month = co.share / "张三" / "取件" / "回执" / "2026-11"
    filled, replaced, ours = sorted(month.glob("1123-18*.xlsx"))
    book = openpyxl.load_workbook(filled)
    book.worksheets[0]["A40"] = "我的备注"
    book.save(filled)
    replaced.write_bytes(b"mine")
    (month / "我的.xlsx").write_bytes(b"mine")
    co.nightly("2027-06-01", "2027-06-02 00:30")
    assert (filled.is_file(), replaced.is_file(), ours.is_file()) == (True, True, False)
    assert (month / "我的.xlsx").read_bytes() == b"mine"
    co.nightly("2027-06-02", "2027-06-03 00:30")
    assert filled.is_file(), "not the next night either"


def test_a_folder_that_is_out_of_reach_is_looked_at_another_night(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    (receipt,) = (co.share / "张三" / "取件" / "回执" / "2026-11").iterdir()
    away = co.share / "张三"
    away.rename(co.folder / "lost drive")
    co.nightly("2027-06-01", "2027-06-02 00:30")
    (co.folder / "lost drive").rename(away)
    assert receipt.is_file()
    co.nightly("2027-06-02", "2027-06-03 00:30")
    assert not receipt.exists()


def test_what_an_earlier_version_queued_comes_under_its_old_name_stays_known_and_leaves_when_it_is_old(
    co: Company,
) -> None:
    data = b"PK, as an earlier version drew it"
    kept = hashlib.sha256(data).hexdigest()
    (co.book / "spool" / kept).write_bytes(data)
    name = "回执_今天_20261123-180000.xlsx"
    with co.service.book.transaction():
        number = co.service.book.one("SELECT MAX(id) + 1 FROM s_deliveries")
        told = {"id": number, "person": "张三", "folder": "回执", "name": name, "sha256": kept, "cause": "workbook"}
        co.service.book.post([Entry("delivery.queued", f"张三/回执/{name}", "kebu", told)], co.clock("11-23 18:00"))
    co.run("11-23 18:30")
    assert receipts(co, "张三") == [name]
    co.nightly("2027-05-31", "2027-06-01 00:30")
    assert name not in receipts(co, "张三")
    assert (co.share / "张三" / "取件" / "回执").is_dir()
    assert list(differences(co.service)) == []


def test_how_long_things_are_kept_is_the_companys_to_say(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"keep_months = ": "keep_months = 1"}) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        co.nightly("2026-12-24", "12-25 00:30")
        assert not [name for name in receipts(co, "张三") if "收下" in name]
