"""What the book answers about days: reports and their reviews, leave, deputies, and what was closed and told of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from ledger import days, deputies
from ledger.book import Book
from ledger.days import Granted, Report
from ledger.deputies import Named
from ledger.journal import Entry
from tests.ledger.entries import (
    DAY,
    NOON,
    at,
    both,
    changed,
    closed,
    decided,
    file,
    gone,
    joined,
    leave,
    open_records,
    post,
    queued,
    received,
    sheet,
    void,
)


def report(number: str, status: str = "pending", person: str = "张三", hour: int = 18, **other: Any) -> Entry:
    came = {"submitted_at": f"2026-11-23T{hour:02}:00:00+08:00", "day": DAY.isoformat(), "file_id": int(number)}
    return received(number, "销售日报", status, person, **{**came, **other})


def came(hour: int, minute: int = 0) -> Any:
    return at(f"2026-11-23T{hour:02}:{minute:02}:00+08:00")


# -- reports


def test_a_days_reports_are_known_by_person_with_arrival_and_review(book: Book) -> None:
    early = {"earliest": "2026-11-23T17:55:00+08:00", "known": "seen"}
    post(book, file(1), file(2, **early), report("1", person="王五"), report("2"), report("9", person="陈六"))
    post(book, sheet("S2", "2"), when=NOON + timedelta(hours=2))
    post(book, sheet("S1", "2"), when=NOON + timedelta(hours=1))
    post(book, decided("2", at="2026-11-23T21:00:00+08:00"))
    post(book, report("7", person="赵总", day="2026-11-24"), received("8", "拜访记录", person="赵总", day="2026-11-23"))
    unreviewed: dict[str, Any] = {"reviewer": None, "reviewed_at": None, "issued_at": None, "comment": ""}
    assert days.reports_on(book, DAY) == [
        Report(
            "2", "张三", DAY, came(18), "accepted", "李四", came(21), NOON + timedelta(hours=1), "看过", came(17, 55), "seen"
        ),
        Report("1", "王五", DAY, came(18), "pending", **unreviewed),
        Report("9", "陈六", DAY, came(18), "pending", **unreviewed, earliest=None, known="file"),
    ]  # fmt: skip


def test_a_mended_or_replaced_report_is_counted_by_its_first_arrival(book: Book) -> None:
    seen = {"earliest": "2026-11-23T16:00:00+08:00", "known": "folder"}
    post(
        book, file(1, **seen), file(2), report("1", hour=17), gone("1"), report("2", hour=19),
        report("3", person="王五", hour=17), decided("3", "驳回", comment=""), report("4", "waiting", "王五", 20),
        report("5", "rejected", "陈六", 17), report("6", person="陈六", hour=21),
        report("7", person="周八"), void("7"), report("8", "rejected", "赵总"),
    )  # fmt: skip
    found = days.reports_on(book, DAY)
    assert [(each.person, each.receipt_no, each.arrived_at, each.status) for each in found] == [
        ("张三", "2", came(17), "pending"), ("王五", "4", came(17), "waiting"), ("陈六", "6", came(21), "pending"),
    ]  # fmt: skip
    assert [(each.earliest, each.known) for each in found] == [(came(16), "folder"), (None, "file"), (None, "file")]


def test_a_report_that_an_approver_turned_down_did_arrive(book: Book) -> None:
    post(book, report("1"), decided("1", "驳回"))
    (found,) = days.reports_on(book, DAY)
    assert (found.status, found.reviewer, found.comment) == ("rejected", "李四", "看过")


def test_workbooks_that_our_reader_could_not_read_are_known_by_who_dropped_them(book: Book) -> None:
    other: dict[str, Any] = {"by_machine": 1, "outcome": "refused"}
    post(
        book, file(2, "乙.xlsx", **other), file(1, "甲.xlsx", **other), file(3, "丙.xlsx", "王五", **other), file(4, outcome="refused"),
        file(5, arrived_at="2026-11-22T23:59:59+08:00", **other), file(6, arrived_at="2026-11-24T00:00:00+08:00", **other),
    )  # fmt: skip
    assert days.unread_files_on(book, DAY) == {"张三": ["甲.xlsx", "乙.xlsx"], "王五": ["丙.xlsx"]}


def test_the_nearest_reports_before_and_after_a_day_are_found(book: Book) -> None:
    def of(number: str, day: int, status: str = "accepted", person: str = "张三", form: str = "销售日报") -> Entry:
        return received(number, form, status, person, day=f"2026-11-{day}")

    post(
        book, of("1", 18), of("2", 20), of("3", 21, "rejected"), of("4", 22, form="拜访计划"), of("5", 23), of("6", 24, person="王五"),
        of("7", 24, "rejected"), of("8", 26), of("9", 28), of("a", 25, form="拜访计划"),
    )  # fmt: skip
    assert days.neighbours(book, "张三", DAY) == (date(2026, 11, 20), date(2026, 11, 26))
    assert days.neighbours(book, "王五", DAY) == (None, date(2026, 11, 24))
    assert days.neighbours(book, "王五", date(2026, 11, 25)) == (date(2026, 11, 24), None)
    assert days.neighbours(book, "陈六", DAY) == (None, None)


# -- leave


def test_the_leave_that_covers_a_day_is_the_first_granted(book: Book) -> None:
    post(
        book, leave("2026-11-20", "2026-11-23", "5"), leave("2026-11-23", "2026-11-23", "4", "王五", "赵总"),
        leave("2026-11-20", "2026-11-22", "1", "陈六"), leave("2026-11-24", "2026-11-25", "2", "陈六"),
    )  # fmt: skip
    post(book, leave("2026-11-23", "2026-11-30", "3"), when=NOON + timedelta(hours=1))
    post(book, leave("2026-11-22", "2026-11-24", "6"), when=NOON)
    assert days.exemptions_on(book, DAY) == {
        "张三": Granted("5", "张三", date(2026, 11, 20), DAY, "请假", "李四"),
        "王五": Granted("4", "王五", DAY, DAY, "请假", "赵总"),
    }
    assert days.exemptions_on(book, date(2026, 11, 24))["张三"].receipt_no == "6"


def test_everybodys_leaves_come_by_their_first_day(book: Book) -> None:
    post(
        book, leave("2026-11-20", "2026-11-23", "1"), leave("2026-11-01", "2026-11-02", "2"), leave("2026-12-01", "2026-12-01", "3", "王五"),
        leave("2026-11-20", "2026-11-23", "4", "陈六"),
    )  # fmt: skip
    assert days.leaves(book, iter(["王五", "张三", "赵总", "张三"])) == {
        "张三": [(date(2026, 11, 1), date(2026, 11, 2)), (date(2026, 11, 20), DAY)],
        "王五": [(date(2026, 12, 1), date(2026, 12, 1))],
    }


# -- deputies


def deputy(number: str, principal: str, name: str, start: str, end: str) -> Entry:
    given = {
        "principal": principal,
        "deputy": name,
        "start": f"2026-11-{start}",
        "end": f"2026-11-{end}",
        "reason": "出差",
    }
    return Entry("deputy.named", number, "孙人", given)


def test_who_decides_for_whom_is_known_for_each_day(book: Book) -> None:
    asked = [date(2026, 11, n) for n in (20, 24, 22, 26)]
    found = both(
        book, deputies.on_day, asked, deputy("2", "李四", "王五", "20", "24"), deputy("1", "李四", "周八", "22", "24"),
        deputy("3", "赵总", "钱督", "24", "25"), deputy("4", "孙人", "陈六", "01", "19"), deputy("5", "李四", "陈六", "27", "28"),
    )  # fmt: skip
    assert found == [{"李四": "王五"}, {"李四": "周八", "赵总": "钱督"}, {"李四": "周八"}, {}]
    assert deputies.deputies_on(book, date(2026, 11, 24)) == {"李四": "周八", "赵总": "钱督"}
    assert deputies.deputies(book, date(2026, 11, 25)) == [
        Named("3", "赵总", "钱督", date(2026, 11, 24), date(2026, 11, 25)),
        Named("5", "李四", "陈六", date(2026, 11, 27), date(2026, 11, 28)),
    ]
    assert [each.receipt_no for each in deputies.deputies(book, date(2026, 11, 24))] == ["2", "1", "3", "5"]


def test_where_nobody_answers_for_a_day_nobody_decides_for_another(book: Book) -> None:
    assert deputies.on_day.otherwise == {}
    assert deputies.deputies_on(book, DAY) == {}


# -- what was closed


def test_a_period_is_known_by_its_versions(book: Book) -> None:
    period, first, second = "日报合规_2026-11-23", {"lines": [{"n": 1}]}, {"lines": [{"n": 2}]}
    post(book, closed(period, 2, second, mark={"seq": 7}), when=NOON + timedelta(days=1))
    post(book, closed(period, 1, first), closed("日报合规_2026-11-22", 3))
    one = {"period": period, "version": 1, "digest": "d1", "closed_at": NOON.isoformat(), "content": first}
    two = {**one, "version": 2, "digest": "d2", "closed_at": (NOON + timedelta(days=1)).isoformat(), "content": second}
    assert days.closings(book, period) == [{**one, "mark": None}, {**two, "mark": '{"seq":7}'}]
    assert days.last_closing(book, period) == {**two, "mark": {"seq": 7}}
    other = days.last_closing(book, "日报合规_2026-11-22")
    assert other
    assert (other["version"], other["content"], other["mark"]) == (3, {"lines": []}, None)
    assert (days.last_closing(book, "日报合规_2026-11-21"), days.closings(book, "日报合规_2026-11-21")) == (None, [])


def judged(version: int, **states: str) -> Entry:
    lines = [{"person": name, "state": state} for name, state in states.items()]
    return closed("日报合规_2026-11-23", version, {"lines": lines})


@pytest.mark.parametrize(
    ("states", "last", "told"),
    [
        ((), None, None),
        (({"王五": "按时"},), "", 0),  # nothing was owed
        (({"张三": "缺交"},), "缺交", 0),
        (({"张三": "缺交"}, {"张三": "缺交", "王五": "按时"}), "缺交", 0),
        (({"张三": "缺交"}, {"张三": "迟交"}), "迟交", 1),
        (({"张三": "缺交"}, {"张三": "迟交"}, {"张三": "缺交"}), "缺交", 2),
        (({"张三": "缺交"}, {}, {}), "", 1),
    ],
)
def test_how_a_day_was_last_judged_and_since_when_they_know(
    book: Book, states: Sequence[dict[str, str]], last: str | None, told: int | None
) -> None:
    for n, each in enumerate(states):
        post(book, judged(n + 1, **each), when=NOON + timedelta(days=n))
    on = None if told is None else NOON.date() + timedelta(days=told)
    assert days.judged(book, "张三", DAY) == (last, on)


def test_what_was_closed_is_found_by_its_kind(book: Book) -> None:
    assert (days.last_closed(book, "日报合规"), days.reported(book, "日报合规")) == (None, [])
    of = (
        "日报合规_2026-11-22",
        "日报合规_2026-11-21",
        "日报扣款_2026-11",
        "日报合规X_2026-12",
        "日报_2026-12-24",
        "日报合规`",
        "日报合规",
    )
    post(book, *(closed(each) for each in of), closed("日报合规_2026-11-21", 2))
    assert days.reported(book, "日报合规") == ["日报合规_2026-11-21", "日报合规_2026-11-22"]
    assert (days.last_closed(book, "日报合规"), days.last_closed(book, "日报扣款")) == ("2026-11-22", "2026-11")
    assert days.last_closed(book, "销售漏斗") is None
    post(book, closed("销售漏斗_2026_11"))
    assert days.last_closed(book, "销售漏斗") == "2026_11"


def test_a_report_that_never_reached_its_reader_is_named(book: Book) -> None:
    def on(day: int) -> str:
        return f"日报合规_2026-11-{day}"

    off: dict[str, Any] = {"unreachable": [], "lines": []}
    post(
        book,
        joined("钱督", "企管部"),
        joined("周八", "企管部"),
        joined("赵总", "销售经理"),
        changed("周八", "2026-11-10", post="销售人员"),
    )
    post(
        book, closed(on(22)), closed(on(21)), closed(on(20)), closed(on(19)), closed(on(18), 1, off), closed(on(17), 1, off),
        closed(on(17), 2, off), closed(on(16), 1, {**off, "lines": [{"person": "张三"}]}), closed("日报扣款_2026-11"),
        queued(1, "钱督", "报表", f"{on(20)}.xlsx"), queued(2, "周八", "报表", f"{on(19)}.xlsx"), queued(3, "赵总", "报表", f"{on(21)}.xlsx"),
        queued(4, "钱督", "报表", f"{on(22)}.pdf"),
    )  # fmt: skip
    assert days.never_received(book, "日报合规", "企管部") == [on(16), on(17), on(21), on(22)]
    assert days.never_received(book, "日报扣款", "销售经理") == ["日报扣款_2026-11"]


def test_the_book_begins_with_its_first_entry(book: Book) -> None:
    assert days.first_day(book) is None
    post(book, joined("张三"), when=NOON)
    post(book, joined("王五"), when=NOON + timedelta(days=3))
    assert days.first_day(book) == NOON.date()


def test_the_words_by_which_days_are_known() -> None:
    assert (days.DAILY_REPORT, days.COMPLIANCE) == ("销售日报", "日报合规")


@pytest.mark.parametrize("module", [days, deputies])
def test_records_are_not_written_into(module: Any) -> None:
    assert open_records(module) == []
