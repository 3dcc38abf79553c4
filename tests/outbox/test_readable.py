"""Reports say things as their readers would: 24:00, why, how much, and nothing drawn of nothing."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from outbox.reports.attainment import AttainmentLine, AttainmentReport
from outbox.reports.deduction import DeductionLine, DeductionReport
from outbox.reports.overview import Overview
from outbox.templates.model import Listing
from outbox.templates.template import render_template
from policy.clauses import cite
from policy.forms.target import Target
from policy.forms.visit import Visit
from processors.deduction import changes_between
from tests.told import drawn
from tests.workbook_text import opened, values

NOW = datetime(2026, 12, 1, 1)
DAY = date(2026, 11, 23)


def test_the_end_of_a_day_is_its_own_24_00() -> None:
    ends = [datetime(2026, 11, 24), datetime(2026, 11, 23, 20), datetime(2026, 11, 24, 6)]
    lines = tuple(DeductionLine(DAY, "张三", due_at, "销售日报 7(4)", "") for due_at in ends)
    sheet = opened(drawn(DeductionReport("2026-11", NOW, (), lines)))["明细"]
    assert [row[2] for row in values(sheet)[1:]] == ["2026-11-23 24:00", *ends[1:]]


def test_a_lifted_fine_says_how_the_day_is_judged_now() -> None:
    line = {"day": "2026-11-23", "person": "张三", "unit_fen": 2000, "evidence": ""}
    before = {"lines": [line, {**line, "day": "2026-11-24"}], "unverified": []}
    after: dict[str, list[Any]] = {"lines": [], "unverified": []}
    stands = {("2026-11-23", "张三"): "当日现为“豁免”：病假"}
    reasons = [change[-1] for change in changes_between(before, after, stands)]
    assert reasons == ["当日现为“豁免”：病假", "这一天现在不用交日报（日历或人员情况有更新）"]


def test_an_overview_begins_with_how_much_stands_in_each_sheet() -> None:
    full = Listing("等待审批", ("受理号",), (("261123-0001",), ("261123-0002",)), notes=("还没有决定的行。",))
    book = opened(drawn(Overview("部门概览 2026-11-23", (full, Listing("已回收", ("客户名称",), ())), NOW)))
    assert book.sheetnames == ["概要", "等待审批", "已回收"]
    assert values(book["概要"])[3:] == [["等待审批", 2, "还没有决定的行。"], ["已回收", 0, None]]
    assert book["概要"]["A4"].hyperlink.location == "'等待审批'!A1"


def test_a_chart_is_drawn_only_of_something() -> None:
    def charts(aim: float, done: float) -> int:
        line = AttainmentLine("个人", "销售一部", "张三", (aim, 0, 0, 0), (done, 0, 3, 1))
        report = AttainmentReport("2026-11", "全公司", NOW, (("本月", (line,)),))
        book = load_workbook(io.BytesIO(drawn(report)))
        return len(book["本月"]._charts)  # type: ignore[attr-defined]

    assert (charts(0, 0), charts(100, 0), charts(0, 100)) == (0, 1, 1)


def test_photos_are_spoken_of_only_where_there_are_photos() -> None:
    def said(form: type[Target] | type[Visit]) -> str:
        book = opened(render_template(form, {}, NOW, version="1", cite=cite))
        return "".join(str(row[0]) for row in values(book["填写说明"])[1:4])

    assert "手机原图" in said(Visit)
    assert "手机原图" not in said(Target)
