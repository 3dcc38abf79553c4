"""Files that cannot be read: each answered in plain Chinese, kept in quarantine, and out of everybody's way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import psutil
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from service import batch
from service.days.duties import duties_on
from service.rows.merging import take_sheet
from service.taking import take_everything
from service.upkeep.keeping import differences
from tests.company import Company, a_company, report, write
from tests.hostile import huge_workbooks
from validators import catalogue, judging

XLSM = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def plain(tmp: Path) -> bytes:
    """A good workbook."""
    return write(tmp / "好的.xlsx", {"销售日报": [report("2026-11-23")]}).read_bytes()


def locked(tmp: Path) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain(tmp))).encrypt("秘密", out)
    return out.getvalue()


def old_xls(_tmp: Path) -> bytes:
    return b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(2000)


def ods(_tmp: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def macros(tmp: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain(tmp))) as source, zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                assert main in data
                data = data.replace(main, XLSM.encode())
            package.writestr(name, data)
        package.writestr("xl/vbaProject.bin", b"\0" * 64)
    return out.getvalue()


Maker = Callable[[Path], bytes]
KINDS: tuple[tuple[str, Maker, str], ...] = (
    ("密码.xlsx", locked, "打开密码"),
    ("旧版.xls", old_xls, "97-2003"),
    ("旧版改名.xlsx", old_xls, "97-2003"),
    ("网页.xlsx", lambda _tmp: b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    ("逗号.xlsx", lambda _tmp: "日期,总结\n2026-11-23,好\n".encode(), "CSV"),
    ("开放.ods", ods, "OpenDocument"),
    ("开放改名.xlsx", ods, "OpenDocument"),
    ("爆炸.xlsx", lambda _tmp: next(iter(huge_workbooks().values())), ""),
)


def refused(co: Company, name: str) -> str:
    """The text of the receipt, after everything else about the refusal was looked at."""
    told = co.receipt("张三", Path(name).stem)
    assert list(told.sheets) == ["概要"]
    (file,) = co.ask("SELECT outcome, reason, sha256 FROM files WHERE name = ?", name)
    assert file["outcome"] == "refused"
    kept = [path for path in (co.book / "quarantine").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert file["reason"] in told.text
    return told.text


@pytest.mark.parametrize(("name", "make", "words"), KINDS, ids=[name for name, _make, _words in KINDS])
def test_each_kind_has_its_own_reason(co: Company, tmp_path: Path, name: str, make: Maker, words: str) -> None:
    co.drop("张三", name, make(tmp_path))
    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    summary = co.run("11-23 18:00")
    assert (summary.files, summary.refused) == (2, 1)
    text = refused(co, name)
    assert words in text
    assert "原文件已原样保留" in text
    assert co.dropped() == []
    assert co.receipt("王五").outcomes("销售日报") == ["待审批"]


def test_a_macro_workbook_is_refused_or_read_without_its_macros_but_always_answered(
    co: Company, tmp_path: Path
) -> None:
    co.drop("张三", "宏.xlsm", macros(tmp_path))
    co.run("11-23 18:00")
    assert "宏" in co.receipt("张三").text
    assert co.dropped() == []


@pytest.mark.parametrize(("name", "cut"), [("空的.xlsx", 0), ("半个.xlsx", 3000)])
def test_an_unfinished_file_is_waited_for_and_then_answered(tmp_path: Path, name: str, cut: int) -> None:
    with a_company(tmp_path / "co", config={"incomplete_seconds = ": "incomplete_seconds = 1"}) as co:
        co.drop("张三", name, plain(tmp_path)[:cut])
        assert co.run("11-23 18:00").settling == 1
        assert co.new("张三") == []
        now = co.clock("11-23 18:01")
        assert take_everything(co.service, now, arrival=now, patience=10).refused == 1
        assert refused(co, name)
        assert co.dropped() == []


def test_a_refused_workbook_saved_properly_is_taken(co: Company, tmp_path: Path) -> None:
    co.drop("张三", "今天.xlsx", locked(tmp_path))
    co.run("11-23 18:00")
    co.new("张三")
    office = msoffcrypto.OfficeFile(io.BytesIO(locked(tmp_path)))
    office.load_key(password="秘密")
    out = io.BytesIO()
    office.decrypt(out)
    co.drop("张三", "今天.xlsx", out.getvalue())
    co.run("11-23 18:10")
    assert co.receipt("张三").outcomes("销售日报") == ["待审批"]


def test_rows_that_no_cell_can_carry_are_named_cell_by_cell(co: Company) -> None:
    path = co.share / "张三" / "投递" / "公式.xlsx"
    book = openpyxl.load_workbook(write(path, {"销售日报": [report("2026-11-23"), report("2026-11-23")]}))
    page = book["销售日报"]
    page["B2"] = "=A1&B1"  # a formula without a value
    page["C3"] = "#REF!"
    page["C3"].data_type = "e"
    book.save(path)
    co.run("11-23 18:00")
    told = co.receipt("张三").rows("销售日报")
    assert [row["结果"] for row in told] == ["退回", "退回"]
    assert "今日工作总结：" in told[0]["说明"]
    assert "明日工作计划：" in told[1]["说明"]


def test_text_that_would_be_a_formula_elsewhere_comes_back_as_text(co: Company) -> None:
    evil = '=HYPERLINK("http://example.invalid","点我")，拜访了三家客户，谈定合同'
    path = co.share / "张三" / "投递" / "今天.xlsx"
    book = openpyxl.load_workbook(write(path, {"销售日报": [report("2026-11-23")]}))
    book["销售日报"]["B2"].value = evil
    book["销售日报"]["B2"].data_type = "s"
    book.save(path)
    co.run("11-23 18:00")
    told = co.receipt("张三")
    cell = openpyxl.load_workbook(told.path)["销售日报"]["E2"]
    assert (cell.value, cell.data_type) == (evil, "s")
    sheet = openpyxl.load_workbook(co.approval("李四", "销售日报")).worksheets[0]
    assert [cell.data_type for cell in sheet[3] if cell.value == evil] == ["s"]


def test_ignored_files_stay_where_they_are_and_disturb_nothing(co: Company) -> None:
    for name in ("~$今天.xlsx", ".DS_Store", "Thumbs.db", "下载.crdownload"):
        co.drop("张三", name, b"x")
    assert co.run("11-23 18:00").files == 0
    assert len(co.dropped()) == 4
    assert co.new("张三") == []


def test_a_row_over_which_our_own_code_fails_sets_aside_its_workbook_and_no_other(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = catalogue.rules_for

    def faulty(form: Any) -> Any:
        rules = whole(form)

        def gather(record: Any, facts: Any, context: Any) -> Any:
            return rules.gather(1 / 0 if "绊" in str(record.summary) else record, facts, context)

        return replace(rules, gather=gather)

    monkeypatch.setattr(judging, "rules_for", faulty)
    stumbling = report("2026-11-20", 今日工作总结="绊倒程序的一句话，有四十个台阶那么长。")
    co.hand_in("张三", "绊.xlsx", 销售日报=[report("2026-11-23"), stumbling, report("2026-11-19")])
    co.hand_in("张三", "好.xlsx", 销售日报=[report("2026-11-23")])
    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    summary = co.run("11-23 18:00")
    assert [("绊.xlsx" in words, "ZeroDivisionError" in words) for words in summary.troubles] == [(True, True)]
    assert (summary.outcomes, summary.refused) == ({"待审批": 2}, 1)
    assert sorted(row["person"] for row in co.ask("SELECT person FROM daily_reports")) == ["张三", "王五"]


def test_a_fault_of_our_own_in_one_file_blames_nobody_and_lets_the_others_through(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = take_sheet

    def faulty(service: Any, ready: Any, sheet: Any, form: Any, submitter: Any, *rest: Any) -> Any:
        done = whole(service, ready, sheet, form, submitter, *rest)
        if submitter.name == "张三":
            raise KeyError("a bug")  # after entries were posted: nothing of them may stay
        return done

    monkeypatch.setattr(batch, "take_sheet", faulty)
    for name in ("张三", "王五"):
        co.hand_in(name, 销售日报=[report("2026-11-23")])
    summary = co.run("11-23 18:00")
    assert ["张三" in words for words in summary.troubles] == [True]
    assert (summary.outcomes, summary.refused) == ({"待审批": 1}, 1)
    assert "不是您的问题" in co.receipt("张三").text
    assert co.receipt("王五").outcomes("销售日报") == ["待审批"]
    assert [row["person"] for row in co.ask("SELECT person FROM daily_reports")] == ["王五"]
    assert co.dropped() == []
    monkeypatch.undo()
    co.nightly("11-23", "11-24 00:30")
    duties = {duty.person: duty.state for duty in duties_on(co.service, date(2026, 11, 23), ())}
    assert (duties["张三"], duties["王五"]) == ("未知", "按时")
    assert list(differences(co.service)) == []


def test_readers_that_somebody_ended_between_two_rounds_lose_no_decision_and_no_notice(co: Company) -> None:
    """An approval sheet is no bad file because the kernel, short of memory, has ended whoever was to read it."""
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.new("张三")
    co.decide("李四", co.approval("李四", "销售日报"))
    for child in psutil.Process().children():
        child.kill()
        child.wait(5)
    summary = co.run("11-23 19:00")
    assert (summary.refused, summary.decisions, summary.troubles) == (0, 1, [])
    assert co.receipt("李四", "审批_").outcomes("审批_销售日报") == ["已受理"]
    assert co.receipt("张三", "审批结果").outcomes("销售日报") == ["已受理"]


def test_as_many_rows_as_the_limit_says_are_answered_and_one_more_is_refused_with_its_words(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"rows = ": "rows = 3"}) as co:
        told = co.answers("张三", "销售日报", [report("不是日期")] * 3, "11-23 18:00")
        assert [row["结果"] for row in told] == ["退回"] * 3
        co.hand_in("张三", "四行.xlsx", 销售日报=[report("2026-11-23")] * 4)
        co.run("11-23 18:30")
        assert "工作表“销售日报”超过 3 行数据（表头不算，空行也计算在内）" in co.receipt("张三", "四行").text
