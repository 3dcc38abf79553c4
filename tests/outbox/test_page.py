"""首页.html, played through folders: what is to be done, what a post may see, when it is drawn, what it is drawn with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ledger.records import Person
from outbox.page import compose, draw
from outbox.page.model import Bar, Cell, Chart, Home, Part, Seen, Table, Task
from outbox.page.world import World
from service.answers.telling import status
from service.sending import pages
from service.sending.glance import Glance
from tests.company import Company, a_company_with_a_customer, a_company_with_a_pool, report, shot, visit
from tests.deals import table
from tests.page_stage import NIGHT, READERS, a_month, broken_links, opened, page_of, taken_apart

NAME = "深圳市宏远电子有限公司"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """To be read only."""
    with a_month(tmp_path_factory.mktemp("month")) as made:
        yield made


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


# -- what is to be done


def test_everybody_has_a_page_from_the_first_day_and_it_says_when_it_was_drawn(co: Company) -> None:
    for name in ("张三", "李四", "赵总", "钱督", "孙人"):
        assert page_of(co, name).is_file(), name
    assert "生成于 2026-11-23 09:30" in opened(co, "张三").text


def test_the_report_of_today_is_asked_for_until_it_is_there(co: Company) -> None:
    (task,) = opened(co, "张三").tasks
    assert "今天的销售日报还没有收到，20:00 截止" in task
    assert "个人工作簿.xlsx" in task
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    assert opened(co, "张三").tasks == []
    assert "今天要您做的 0 件" in opened(co, "张三").text


def test_a_returned_row_waits_with_its_age_and_file_until_it_is_put_right(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 11:00", 7))
    co.hand_in("张三", "周一.xlsx", 拜访记录=[visit(拜访目的="谈")])
    co.run("11-23 12:00")
    task = next(task for task in opened(co, "张三").tasks if "拜访记录" in task)
    assert NAME in task
    assert "退回" in task
    assert "周一.xlsx" in task
    assert "今天 12:00" in task
    assert broken_links(co, "张三") == []
    co.nightly("11-23", "11-24 00:30")
    assert "1 天" in next(task for task in opened(co, "张三").tasks if "拜访记录" in task)
    co.hand_in("张三", "周一改.xlsx", 拜访记录=[visit()])
    co.run("11-24 09:00")
    assert not [task for task in opened(co, "张三").tasks if "拜访记录" in task]


def test_a_missing_photo_is_named(co: Company) -> None:
    co.hand_in("张三", "周一.xlsx", 拜访记录=[visit("现场.jpg")])
    co.run("11-23 12:00")
    task = next(task for task in opened(co, "张三").tasks if "还缺照片" in task)
    assert "现场照片 现场.jpg" in task
    assert "周一.xlsx" in task
    assert "11-24 24:00" in task


def test_of_many_rows_of_one_file_that_lack_photos_the_number_is_told(co: Company) -> None:
    co.hand_in("张三", "少.xlsx", 拜访记录=[visit(f"少{n}.jpg") for n in range(20)])
    co.run("11-23 12:00")
    co.hand_in("张三", "多.xlsx", 拜访记录=[visit(f"多{n}.jpg") for n in range(21)])
    co.run("11-23 14:00")
    lacking = [task for task in opened(co, "张三").tasks if "还缺照片" in task]
    assert len([task for task in lacking if "少.xlsx" in task]) == 20
    (many,) = (task for task in lacking if "多.xlsx" in task)
    assert "“多.xlsx”里 拜访记录有 21 行还缺照片" in many
    assert "见回执" in many
    assert "11-24 24:00" in many
    assert broken_links(co, "张三") == []


def test_a_file_that_was_refused_whole_is_to_be_dropped_again(co: Company) -> None:
    co.drop("张三", "坏.xlsx", b"not a workbook")
    co.run("11-23 12:00")
    assert [task for task in opened(co, "张三").tasks if "坏.xlsx" in task and "没有收下" in task]
    co.hand_in("张三", "坏.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    assert opened(co, "张三").tasks == []


def test_a_sheet_is_asked_for_until_it_is_decided(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    sheet = co.approval("李四", "销售日报")
    (task,) = opened(co, "李四").tasks
    assert "销售日报等您审批：1 行" in task
    assert sheet.name in task
    co.decide("李四", sheet)
    co.run("11-23 20:30")
    assert opened(co, "李四").tasks == []


def test_customers_about_to_go_are_tasks_and_counted_as_in_the_personal_workbook(tmp_path: Path) -> None:
    with a_company_with_a_pool(tmp_path) as co:
        co.gain("张三", "李四", "中山新光灯饰厂", at="12-24 09:00")
        co.nightly("2027-01-20", "2027-01-21 00:30")
        page = opened(co, "张三")
        workbook = table(co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx", "我的客户", "客户名称")
        assert (
            {row["客户名称"]: int(row["剩余天数"]) for row in page.tables["customers-list"]}
            == {row["客户名称"]: row["剩余天数"] for row in workbook}
            == {"中山新光灯饰厂": 2}
        )
        assert [task for task in page.tasks if "再过 2 天没有跟进将回到公海" in task]
        assert opened(co, "李四").tables["leaving-list"][0]["剩余天数"] == "2"


# -- what a post may see: numbers are the ledger's


def test_a_salesperson_reads_their_days_deductions_and_goals(month: Company) -> None:
    page = opened(month, "张三")
    assert {row["日期"][:5]: row["状态"] for row in page.tables["month-days"]} == {
        "11-25": "还没收到", "11-24": "缺交", "11-23": "按时",
    }  # fmt: skip
    fines = page.tables["deductions-list"]
    assert {row["日期"] for row in fines} == {"2026-11-24"} | {
        row["日期"] for row in fines if row["日期"] < "2026-11-21"
    }
    assert all("没有覆盖当日的豁免" in row["证据"] for row in fines)
    goals = {row["项目"]: (row["指标"], row["完成"], row["达成率"]) for row in page.tables["goals-table"]}
    (orders,) = month.ask(
        "SELECT SUM(amount_fen) AS fen FROM orders WHERE status = 'accepted' AND salesperson = '张三'"
    )
    (payments,) = month.ask("SELECT SUM(amount_fen) AS fen FROM payments WHERE status = 'accepted'")
    assert goals["成交金额(元)"] == ("200,000.00", f"{orders['fen'] / 100:,.2f}", "50%")
    assert goals["回款金额(元)"] == ("100,000.00", f"{payments['fen'] / 100:,.2f}", "50%")
    assert goals["拜访次数"] == ("4", "1", "25%")
    assert goals["新增客户"][1] == "1"
    assert [row["受理号"] for row in page.tables["goals-orders"]] == [
        row["receipt_no"] for row in month.ask("SELECT receipt_no FROM orders")
    ]


def test_a_manager_reads_who_has_not_reported_visits_with_picture_and_attainment(month: Company) -> None:
    page = opened(month, "李四")
    assert {row["姓名"]: row["状态"] for row in page.tables["reports-today"]} == {
        "张三": "还没收到",
        "王五": "还没收到",
    }
    assert "广东省深圳市南山区" in page.text
    assert "李经理确认二期需要四十台" in page.text
    assert page.pictures == 2
    assert {row["姓名"] for row in page.tables["goals-table"]} >= {"张三", "王五", "销售一部"}
    assert "陈六" not in page.text


def test_the_sales_manager_reads_orders_and_payments_against_targets_pool_and_transfers(month: Company) -> None:
    page = opened(month, "赵总")
    whole = page.tables["goals-table"][0]
    (views,) = month.ask("SELECT SUM(amount_fen) / 100 AS yuan FROM payments WHERE status = 'accepted'")
    assert (whole["姓名"], whole["成交指标"], whole["成交完成"]) == ("全公司", "200,000.00", "100,000.00")
    assert whole["回款完成"] == f"{views['yuan']:,.2f}"
    (handed,) = page.tables["transfers-list"]
    assert (handed["原归属"], handed["接受人"], handed["状态"]) == ("张三", "王五", "待审批")
    assert "pool" in page.ids


def test_the_pool_is_shown_to_the_company_s_posts_alone(tmp_path: Path) -> None:
    with a_company_with_a_pool(tmp_path) as co:
        pool = {row["name"] for row in co.ask("SELECT name FROM customers WHERE owner IS NULL")}
        assert {row["客户名称"] for row in opened(co, "赵总").tables["pool-list"]} == pool
        assert "pool" not in opened(co, "李四").ids


def test_the_cashier_reads_what_waits(month: Company) -> None:
    page = opened(month, "吴纳")
    waiting = month.ask("SELECT receipt_no, amount_fen FROM payments WHERE status = 'pending'")
    assert [(row["受理号"], row["金额(元)"]) for row in page.tables["payments-list"]] == [
        (row["receipt_no"], f"{row['amount_fen'] / 100:,.2f}") for row in waiting
    ]
    assert len(waiting) == 1
    assert [row["流水号"] for row in page.tables["payments-unused"]] == ["S9"]
    assert "goals" not in page.ids


def test_supervision_reads_a_calendar_of_people_and_days(month: Company) -> None:
    page = opened(month, "钱督")
    grid = {row["姓名"]: row for row in page.tables["reports-grid"]}
    assert set(grid) == {"张三", "王五", "陈六"}
    assert grid["张三"]["23"] == "√审"
    assert grid["王五"]["23"] == "缺"  # the day was closed before the leave was known
    assert grid["陈六"]["25"] == "…"
    day = next(row for row in page.tables["reports-days"] if row["日期"].startswith("11-23"))
    assert (day["按时"], day["缺交"]) == ("1", "2")
    assert "deductions" not in page.ids


def test_hr_reads_fines_unverified_days_and_what_changed_since_the_last_version(month: Company) -> None:
    page = opened(month, "孙人")
    assert "第 2 版" in page.text
    assert "日报扣款_2026-11.xlsx" in page.text
    changed = {(row["变化"], row["姓名"], row["日期"]) for row in page.tables["fines-changes"]}
    assert ("删除", "王五", "2026-11-23") in changed
    assert sum(int(row["缺交次数"]) for row in page.tables["fines-people"]) == len(page.tables["fines-lines"])
    assert "visits" not in page.ids


#: whose page → figure → what the ledger's views say
COUNTED = {
    "张三": {"名下客户": "SELECT COUNT(*) FROM customers WHERE owner = '张三'"},
    "李四": {"拜访": "SELECT COUNT(*) FROM visits WHERE salesperson IN ('张三', '王五') AND status != 'rejected'"},
    "赵总": {
        "公海客户": "SELECT COUNT(*) FROM customers WHERE owner IS NULL",
        "客户转交": "SELECT COUNT(*) FROM transfers WHERE status != 'superseded'",
        "等待确认": "SELECT COUNT(*) || ' 笔' FROM payments WHERE status = 'pending'",
    },
    "吴纳": {
        "等待确认": "SELECT COUNT(*) || ' 笔' FROM payments WHERE status = 'pending'",
        "合计（元）": "SELECT SUM(amount_fen) / 100.0 FROM payments WHERE status = 'pending'",
    },
    "钱督": {
        "今天应交": "SELECT COUNT(*) FROM people WHERE post = '销售人员' AND left_on IS NULL",
        "11-24 没有按时交": "SELECT COUNT(*) FROM people WHERE post = '销售人员' AND left_on IS NULL AND name NOT IN "
                       "(SELECT person FROM daily_reports WHERE date = '2026-11-24' AND punctuality = 'on_time')",
    },
    "孙人": {"扣款合计（元）": ""},
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_figures_of_every_post_are_the_ledger_s(month: Company, name: str) -> None:
    page = opened(month, name)
    for label, question in COUNTED[name].items():
        if question:
            ((said,),) = (tuple(row.values()) for row in month.ask(question))
        else:  # a fine is no row of a view: HR's own workbook says it, and the rows below the figure
            lines = month.report(name, "日报扣款_2026-11").rows("汇总")
            said = f"{sum(line['扣款金额(元)'] for line in lines if line['姓名']):,.2f}"
            rows = page.tables["fines-lines"]
            assert said == f"{sum(float(row['金额(元)'].replace(',', '')) for row in rows):,.2f}"
        assert page.figures[label] == (f"{said:,.2f}" if isinstance(said, float) else str(said)), label


@pytest.mark.parametrize("name", READERS)
def test_every_figure_leads_to_its_rows_and_every_chart_to_its_numbers(month: Company, name: str) -> None:
    world = Glance(month.service, month.clock(NIGHT))
    world.readers = (world.people[name],)
    made = compose.home(world, world.people[name])
    page = opened(month, name)
    for part in made.parts:
        tables = {table.id: table for table in part.tables}
        lists = {*tables, *(grid.id for grid in part.grids), *({"visits-list"} if part.id == "visits" else ())}
        for figure in part.figures:
            assert figure.href.removeprefix("#") in lists, figure
            assert page.lead[figure.label].startswith("#")
        for chart in part.charts:
            cells = {cell.text.replace(",", "") for row in tables[chart.table].rows for cell in row}
            wanted = {f"{bar.value:g}" for bar in chart.bars if bar.value}
            told = {form for cell in cells for form in (cell, cell.removesuffix("%"), cell.removesuffix(".00"))}
            assert wanted <= told or chart.table in ("month-days", "reports-days"), chart  # those are counted there
        for each in part.tables:
            counts = [n for n in each.numbers if each.id.endswith(("-days", "-people", "-regions", "-sheets"))]
            assert all(row[n].href or row[0].href for row in each.rows for n in counts), each.id


def test_every_link_leads_somewhere(month: Company) -> None:
    for name in READERS:
        assert broken_links(month, name) == [], name


def test_what_is_seen_follows_the_policy(tmp_path: Path) -> None:
    lines = {'"指标达成" = ': '"指标达成" = ["销售经理"]', '"日报合规" = ': '"日报合规" = ["企管部"]'}
    with a_month(tmp_path, config=lines) as co:
        co.nightly("11-25", "11-26 00:30")
        assert "goals" not in opened(co, "张三").ids | opened(co, "李四").ids
        assert "reports" not in opened(co, "李四").ids
        assert "goals" in opened(co, "赵总").ids


# -- when it is drawn


def _drawings(co: Company) -> dict[str, int]:
    return {
        row["person"]: row["n"]
        for row in co.ask("SELECT person, COUNT(*) AS n FROM deliveries WHERE name = '首页.html' GROUP BY person")
    }


def test_a_round_draws_the_pages_of_those_whom_it_concerns_and_nothing_draws_none(co: Company) -> None:
    before = _drawings(co)
    co.hand_in("张三", 拜访记录=[visit("没到.jpg")])
    co.run("11-23 12:00")
    after = _drawings(co)
    assert {name for name in after if after[name] != before[name]} == {"张三"}
    length = co.service.book.length()
    co.run("11-23 12:10")
    assert co.service.book.length() == length
    co.nightly("11-23", "11-24 00:30")
    assert all(n > after[name] for name, n in _drawings(co).items())
    length = co.service.book.length()
    co.nightly("11-23", "11-24 00:40")
    assert co.service.book.length() == length


def test_a_night_draws_no_page_on_which_nothing_but_the_date_is_new(co: Company) -> None:
    co.nightly("11-27", "11-28 00:30")
    before = _drawings(co)
    co.nightly("11-28", "11-29 00:30")  # from a Saturday to a Sunday
    drawn = {name for name, n in _drawings(co).items() if n != before[name]}
    assert "张三" in drawn, "a customer has a day less"
    assert drawn.isdisjoint({"王五", "陈六", "赵总", "孙人"})
    assert "生成于 2026-11-28 00:30" in opened(co, "孙人").text


def test_a_page_that_was_taken_away_comes_back_with_the_night(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    page_of(co, "孙人").unlink()
    before = _drawings(co)
    co.nightly("11-24", "11-25 00:30")
    assert page_of(co, "孙人").is_file()
    assert _drawings(co)["孙人"] == before["孙人"] + 1


def test_what_was_interrupted_between_a_round_and_its_pages_is_made_up_for(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    co.hand_in("张三", 拜访记录=[visit("没到.jpg")])
    with monkeypatch.context() as patched:
        patched.setattr(pages, "renew_pages", _killed)
        with pytest.raises(KeyboardInterrupt):
            co.run("11-23 12:00")
    assert "没到.jpg" not in opened(co, "张三").text
    co.run("11-23 12:05")
    assert "没到.jpg" in opened(co, "张三").text


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def test_a_page_that_cannot_be_put_together_is_told_of_and_stops_nobody(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def home(world: World, reader: Person) -> Home:
        if reader.name == "王五":
            raise ValueError("odd")
        return compose.home(world, reader)

    monkeypatch.setattr(pages, "home", home)
    closed = co.nightly("11-23", "11-24 00:30")
    assert [words for words in closed.for_operator if "王五/首页.html" in words]
    assert "生成于 2026-11-24 00:30" in opened(co, "李四").text
    assert co.report("钱督", "日报合规_2026-11-23")


def test_a_book_from_before_there_were_pages_gets_them_with_the_next_round(co: Company) -> None:
    for name in ("张三", "李四"):
        page_of(co, name).unlink()
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute("DELETE FROM page_mark")
    co.run("11-24 08:00")
    assert page_of(co, "张三").is_file()
    assert page_of(co, "李四").is_file()


def test_small_copies_of_pictures_are_kept_while_pages_show_them(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 11:00", 7))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 12:00")
    kept = set((co.book / "previews").iterdir())
    assert kept
    co.nightly("11-24", "11-25 00:30")
    assert set((co.book / "previews").iterdir()) == kept
    assert opened(co, "李四").pictures == 1
    co.nightly("12-10", "12-11 00:30")
    assert not list((co.book / "previews").iterdir())
    assert opened(co, "李四").pictures == 0


# -- what it is drawn with


def test_words_of_strangers_stay_words(tmp_path: Path) -> None:
    odd = "<script>alert(1)</script>"
    said = f'{odd}=HYPERLINK("x") \u202egnp.exe 😀 "><img src=x onerror=y>' + "长" * 300
    with a_company_with_a_customer(tmp_path) as co:
        co.drop("张三", "现场.jpg", shot("11-23 11:00", 7))
        co.hand_in("张三", f"{'名' * 40}.xlsx", 拜访记录=[visit(拜访记录=said, 拜访对象=odd)])
        co.run("11-23 12:00")
        text = page_of(co, "李四").read_text("utf-8")
        page = opened(co, "李四")
    assert odd in page.text
    assert '=HYPERLINK("x")' in page.text
    assert "😀" in page.text
    assert "script" not in page.tags
    assert page.pictures == 1
    assert "<script" not in text
    assert "onerror=y>" not in text.replace("&#34;&gt;&lt;img src=x onerror=y&gt;", "")
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def _home(**other: object) -> Home:
    made = Home(
        "公司", "张三", "销售人员", "销售一部", date(2026, 11, 23), datetime(2026, 11, 23, 9, 0),
        (Task("bad", "做", "", datetime(2026, 11, 23, 8, 0), "甲.xlsx", ""),), (),
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


def test_a_page_stays_below_a_megabyte_whatever_is_in_it() -> None:
    seen = tuple(
        Seen(f"261123-{n:04d}", "张三", "客户", "", "", "", "", "字" * 200, "", "", f"previews/{n}.jpg")
        for n in range(90)
    )
    rows = tuple((Cell("长" * 50), Cell(str(n))) for n in range(9_000))
    page = _home(parts=(Part("visits", "拜访", visits=seen, tables=(Table("t", "表", ("甲", "乙"), rows),)),))
    made, fault = draw.render_home(page, lambda _kept: b"\xff\xd8" + bytes(30_000))
    assert fault == ""
    assert len(made) <= 1_000_000
    read = taken_apart(made.decode())
    assert len(read.tables["t"]) < 9_000
    assert "只列出前" in read.text


def test_labels_of_a_chart_are_words_and_none_is_lost() -> None:
    bars = (Bar("<b>&甲\x00\ud800", 3), Bar("很长很长很长很长的客户名称一", 1), Bar("很长很长很长很长的客户名称二", 0))
    page = _home(parts=(Part("p", "部分", charts=(Chart('"标题"<x>', bars, "p"),)),))
    text = draw.render_home(page, lambda _kept: b"")[0].decode()
    assert text.count("<rect") == 1 + len(bars)
    assert "<b>&" not in text
    assert "style=" not in text


def _template(co: Company, name: str, text: str) -> Path:
    path = co.folder / "templates" / "own" / "page" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_company_may_write_its_own_page(co: Company) -> None:
    _template(co, "home.html", "<!DOCTYPE html><p>早上好，{{ page.person }}</p>")
    assert co.nightly("11-23", "11-24 00:30").for_operator == []
    assert opened(co, "张三").text.strip() == "早上好，张三"


@pytest.mark.parametrize(
    ("text", "line"),
    [("<p>\n{% if %}\n</p>", "第 2 行"), ("<p>\n\n{{ page.nobody.knows }}</p>", "第 3 行"), ("{% include 'no.html' %}", "第 1 行")],
)  # fmt: skip
def test_a_broken_template_of_the_company_is_named_with_its_line_and_the_shipped_one_is_used(
    co: Company, text: str, line: str
) -> None:
    path = _template(co, "home.html", text)
    closed = co.nightly("11-23", "11-24 00:30")
    (told,) = [words for words in closed.for_operator if "模板" in words]
    assert str(path) in told
    assert line in told
    assert "今天要您做的" in opened(co, "张三").text
    if "if" in text:  # what does not even have to be drawn to be seen
        assert any(line in words for words in status(co.service, co.clock("11-24 09:00"))["groups"]["首页"])
    path.unlink()
    assert co.nightly("11-24", "11-25 00:30").for_operator == []


def test_in_the_first_days_of_a_month_the_last_one_is_still_there(tmp_path: Path) -> None:
    with a_month(tmp_path) as co:
        co.nightly("11-30", "12-01 00:30")
        page = opened(co, "张三")
        assert {row["项目"]: row["完成"] for row in page.tables["goals-2026-11-table"]}["成交金额(元)"] == "100,000.00"
        assert {row["项目"]: row["完成"] for row in page.tables["goals-table"]}["成交金额(元)"] == "0.00"
        assert "11-23 周一" in {row["日期"] for row in page.tables["month-days"]}
        assert opened(co, "赵总").tables["goals-2026-11-table"][0]["成交完成"] == "100,000.00"
        assert broken_links(co, "赵总") == []


def test_a_sheet_that_came_late_is_on_its_owner_s_page_at_once(tmp_path: Path) -> None:
    """Something stood in the way of the sheet when the page was drawn; nothing else happens before it is delivered."""
    with a_company_with_a_customer(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        approvals = co.share / "李四" / "取件" / "审批"
        approvals.rename(approvals.with_name("放一边"))
        approvals.symlink_to(co.folder)
        assert any("李四/审批" in each for each in co.run("11-23 18:00").troubles)
        assert "今天要您做的 0 件" in opened(co, "李四").text
        approvals.unlink()
        assert co.run("11-23 18:05").troubles == []
        assert "今天要您做的 1 件" in opened(co, "李四").text
