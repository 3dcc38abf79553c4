"""Cells made into values: each as its column asks for it, what cannot be read is told with its column, clause and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from intake.raw import CellValue, Trouble
from ledger.records import Finding, Severity
from policy.form import Form, columns
from policy.forms.bank_line import BankLine
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.exemption import Exemption
from policy.forms.opening import OpeningCustomer
from policy.forms.order import Order
from policy.forms.person import NewPerson
from policy.forms.visit import Visit
from tests.validators.world import USUAL
from validators.shape import Reading, Shaped, adapter, jsonable, reader, shape

LISTS = USUAL.lists.model_dump()
TODAY = date(2026, 11, 23)


def read(form: type[Form], cells: Mapping[str, CellValue], **other: Any) -> Shaped:
    """The cells, by field, as the form reads them."""
    given = {"troubles": {}, "pictured": frozenset(), "today": TODAY, **other}
    return shape(form, cells, LISTS, given["troubles"], given["pictured"], given["today"])


def said(shaped: Shaped) -> list[tuple[str, str, str]]:
    return [(each.rule, each.column, each.message) for each in shaped.findings]


def test_a_good_row_is_read_value_by_value() -> None:
    cells: dict[str, CellValue] = {
        "customer": " 深圳市宏远电子有限公司\u200b", "contract_no": 20260118.0, "signed_on": datetime(2026, 11, 20, 9, 30), "amount_fen": "12.8万",
        "contract_photos": "合同1.jpg、合同2.jpg;合同1.jpg", "opportunity": None,
    }  # fmt: skip
    shaped = read(Order, cells)
    assert vars(shaped.record) == {
        "customer": "深圳市宏远电子有限公司", "contract_no": "20260118", "signed_on": date(2026, 11, 20), "amount_fen": 12_800_000,
        "contract_photos": ("合同1.jpg", "合同2.jpg"), "opportunity": None,
    }  # fmt: skip
    assert (shaped.unusable, shaped.findings) == (frozenset(), ())


def test_what_cannot_be_read_is_unusable_holds_nothing_and_keeps_no_other_from_being_read() -> None:
    shaped = read(
        Order,
        {"customer": None, "signed_on": "昨", "amount_fen": "很多", "contract_photos": None, "contract_no": "HY-1"},
    )
    assert shaped.unusable == {"customer", "signed_on", "amount_fen", "contract_photos"}
    assert vars(shaped.record) == {
        "customer": None, "contract_no": "HY-1", "signed_on": None, "amount_fen": None, "contract_photos": (), "opportunity": None,
    }  # fmt: skip
    by_column = {column.header: column for column in columns(Order)}
    assert [each.column for each in shaped.findings] == ["客户名称", "成交日期", "成交金额", "合同照片"]
    assert all(
        each.severity is Severity.REFUSE and each.clause == by_column[each.column].clause for each in shaped.findings
    )
    assert [each.rule for each in shaped.findings] == ["shape.required", "shape.date", "shape.money", "shape.required"]
    assert [each.remedy for each in shaped.findings] == [
        "请填写：签订合同的客户，例如 深圳市宏远电子有限公司", "写全年月日，例如 2026-11-23", "只填数字金额，例如 12800.50",
        "请填写：合同各页照片或扫描件的文件名，多个用顿号隔开；照片也可直接插入单元格，例如 合同1.jpg、合同2.jpg",
    ]  # fmt: skip


def test_a_blank_cell_is_missed_only_where_it_is_compulsory_and_no_picture_lies_in_it() -> None:
    assert read(Visit, {}).unusable == {column.field for column in columns(Visit) if column.required}
    assert "photos" not in read(Visit, {}, pictured=frozenset({"photos"})).unusable
    assert "photos" in read(Visit, {}, pictured=frozenset({"companions"})).unusable
    assert vars(read(Visit, {}).record)["companions"] == vars(read(Visit, {}).record)["photos"] == ()
    assert vars(read(CustomerChange, {}).record)["shared"] == ()
    assert vars(read(CustomerChange, {}).record)["contact"] is None


def test_a_cell_in_trouble_is_told_as_it_was_read_and_not_looked_at() -> None:
    trouble = Trouble(2, 1, "单元格是错误值 #REF!", "请改正公式，或直接填写内容")
    shaped = read(DailyReport, {"date": "2026-11-23", "summary": "好好的", "plan": "x"}, troubles={"summary": trouble})
    assert shaped.findings == (
        Finding("shape.cell", "daily.7.1", Severity.REFUSE, "今日工作总结", trouble.message, trouble.remedy),
    )
    assert shaped.unusable == {"summary"}
    assert vars(shaped.record) == {"date": TODAY, "summary": None, "plan": "x"}


# -- words of a list


def test_a_word_must_be_one_of_the_company_s_list_or_of_the_form_s_own() -> None:
    good, bad = read(NewCustomer, {"source": "展会"}), read(NewCustomer, {"source": "朋友"})
    assert vars(good.record)["source"] == "展会"
    (found,) = (each for each in bad.findings if each.column == "客户来源")
    assert (found.rule, found.message) == ("shape.choice", "“朋友”不在可选范围内")
    assert found.remedy == f"请从下拉列表中选择：{'、'.join(USUAL.lists.sources)}"
    own = shape(NewCustomer, {"source": "朋友"}, {**LISTS, "sources": ("朋友",)}, {}, frozenset(), TODAY)
    assert vars(own.record)["source"] == "朋友"
    fixed = read(NewPerson, {"gender": "男生"})
    assert ("shape.choice", "性别", "“男生”不在可选范围内") in said(fixed)
    state = [each for each in read(OpeningCustomer, {"state": "丢了"}).findings if each.column == "客户状态"]
    assert [each.remedy for each in state] == ["请从下拉列表中选择：跟进中、公海"]


def test_a_sheet_that_repeats_its_words_reads_them_alike() -> None:
    reading = Reading(Visit, LISTS, TODAY)
    rows = [
        reading.row({"companions": each}, {}, frozenset())
        for each in ("王五、赵六", "王五", "王五、赵六", None, "王五")
    ]
    assert [vars(each.record)["companions"] for each in rows] == [
        ("王五", "赵六"),
        ("王五",),
        ("王五", "赵六"),
        (),
        ("王五",),
    ]
    days = Reading(Exemption, LISTS, TODAY)
    wrong = [
        days.row({"start": each}, {}, frozenset()) for each in ("2026-02-30", "2026-11-24", "2026-02-30", "2026-11-24")
    ]
    assert ["start" in each.unusable for each in wrong] == [True, False, True, False]
    assert said(wrong[0])[1] == said(wrong[2])[1] == ("shape.date", "开始日期", "“2026-02-30”不是真实存在的日期")


# -- days


@pytest.mark.parametrize(
    ("form", "field", "cell", "today", "value", "told"),
    [
        (DailyReport, "date", None, TODAY, TODAY, "“日期”没有填写，按 2026-11-23 理解"),
        (DailyReport, "date", "昨天", TODAY, date(2026, 11, 22), "“昨天”，按 2026-11-22 理解"),
        (DailyReport, "date", "11-20", TODAY, date(2026, 11, 20), "“11-20”，按 2026-11-20 理解"),
        (DailyReport, "date", "2026-11-20", TODAY, date(2026, 11, 20), None),
        (DailyReport, "date", date(2026, 11, 20), TODAY, date(2026, 11, 20), None),
        (DailyReport, "date", "2026-01-04", date(2027, 1, 5), date(2027, 1, 4), "“2026-01-04”，按 2027-01-04 理解"),
        (DailyReport, "date", date(2026, 1, 4), date(2027, 1, 5), date(2027, 1, 4), "“2026-01-04”，按 2027-01-04 理解"),
        (Exemption, "start", "2026-01-04", date(2027, 1, 5), date(2026, 1, 4), None),
        (Exemption, "start", "明天", TODAY, date(2026, 11, 24), "“明天”，按 2026-11-24 理解"),
    ],
)  # fmt: skip
def test_how_a_day_is_understood_is_said_where_it_was_not_written_in_full(
    form: type[Form], field: str, cell: CellValue, today: date, value: date, told: str | None
) -> None:
    shaped = read(form, {field: cell}, today=today)
    assert vars(shaped.record)[field] == value
    found = [each for each in shaped.findings if each.rule == "shape.understood"]
    assert [each.message for each in found] == ([told] if told else [])
    if told:
        (column,) = (each for each in columns(form) if each.field == field)
        assert found == [
            Finding(
                "shape.understood", column.clause, Severity.NOTE, column.header, told, "不对的，请写全年月日后再投递"
            )
        ]


def test_without_a_day_of_arrival_nothing_is_taken_from_it() -> None:
    shaped = read(DailyReport, {"date": None, "summary": "x", "plan": "y"}, today=None)
    assert said(shaped) == [("shape.required", "日期", "“日期”没有填写")]
    assert said(read(DailyReport, {"date": "昨天", "summary": "x", "plan": "y"}, today=None))[0][0] == "shape.date"
    full = read(DailyReport, {"date": "2026-11-20", "summary": "x", "plan": "y"}, today=None)
    assert (vars(full.record)["date"], full.findings) == (date(2026, 11, 20), ())


# -- phones, numbers


def test_several_phones_are_wrong_as_one_is() -> None:
    found = {each.column: each for each in read(NewCustomer, {"phone": "12"}).findings}["联系电话"]
    assert found.rule == "shape.phone"
    assert found.remedy == "核对后填写完整号码，最多两个，用顿号隔开"
    one = {each.column: each for each in read(NewPerson, {"phone": "12"}).findings}["手机号码"]
    assert (one.rule, one.remedy) == ("shape.phone", "核对后填写一个完整号码")
    number = {each.column: each for each in read(NewPerson, {"max_customers": "几个"}).findings}["客户数量上限"]
    assert (number.rule, number.remedy) == ("shape.integer", "只填整数")


# -- what is kept of a row


def test_values_are_kept_as_json_has_them_and_unusable_ones_are_not() -> None:
    shaped = read(
        Order,
        {
            "customer": "甲",
            "signed_on": "2026-11-20",
            "amount_fen": "1.5",
            "contract_photos": "一.jpg、二.jpg",
            "contract_no": None,
        },
    )
    assert jsonable(Order, shaped.record, shaped.unusable) == {
        "customer": "甲", "contract_no": None, "signed_on": "2026-11-20", "amount_fen": 150, "contract_photos": ["一.jpg", "二.jpg"],
        "opportunity": None,
    }  # fmt: skip
    half = read(Order, {"customer": "甲", "signed_on": "?", "amount_fen": "?"})
    assert jsonable(Order, half.record, half.unusable) == {"customer": "甲", "contract_no": None, "opportunity": None}


def test_a_column_is_read_by_its_own_type() -> None:
    assert reader(BankLine, "amount_fen")("1,234.56", None) == 123_456
    assert reader(BankLine, "arrived_on")("昨天", TODAY) == date(2026, 11, 22)
    assert reader(Visit, "companions")("王五、赵六", None) == ("王五", "赵六")
    assert reader(BankLine, "memo")(" 货款 ", None) == "货款"
    assert reader(BankLine, "memo") is reader(BankLine, "memo")
    assert adapter(BankLine, "memo").validate_python("货款") == "货款"
    assert adapter(Order, "signed_on").dump_python(date(2026, 11, 20), mode="json") == "2026-11-20"
