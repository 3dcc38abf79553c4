"""What people's pages and the morning ask of the book: what came back, what lacks pictures, what lies where, what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger import gauges, happenings, mornings, page
from ledger.book import Book
from ledger.gauges import Gauges
from ledger.happenings import Happening
from ledger.journal import Entry
from ledger.mornings import Unsettled
from ledger.page import OpenSheet, ReturnedRow, WithoutPictures
from ledger.records import Status
from tests.ledger.entries import (
    NOON,
    at,
    closed,
    completed,
    customer,
    decided,
    file,
    finding,
    gone,
    handed,
    joined,
    open_records,
    photo,
    post,
    queued,
    received,
    recycled,
    sheet,
)

SINCE = at("2026-11-23T10:00:00+08:00")


def visit(number: int, status: str = "rejected", about: str | None = "宏远", hour: int = 11, **other: Any) -> Entry:
    cells = [["客户名称", about], ["拜访目的", "谈"]] if about else []
    given = {"submitted_at": f"2026-11-23T{hour:02}:00:00+08:00", "cells": cells, "key": "", "file_id": 9, **other}
    return received(f"261123-{number:04}", "拜访记录", status, **given)


def no(number: int) -> str:
    return f"261123-{number:04}"


# -- what came back


def test_a_row_that_came_back_is_told_with_why_and_when(book: Book) -> None:
    findings = [finding("太短"), finding("提醒", "flag"), finding("日期不对")]
    post(book, file(1, "周一.xlsx"), visit(1, file_id=1, row_no=4, findings=findings), when=NOON)
    post(book, visit(2, "pending", "新光", 12), visit(3, about=None, hour=13), visit(4, about="无因", hour=10))
    post(book, decided(no(2), "驳回"), when=NOON + timedelta(hours=2))
    found = page.returned(book, [("张三", "拜访记录"), ("王五", "拜访记录"), ("张三", "成交订单")], SINCE)
    told, later = NOON.isoformat(), (NOON + timedelta(hours=2)).isoformat()
    assert found == {
        "张三": [
            ReturnedRow(no(4), "拜访记录", "无因", "", 2, at("2026-11-23T10:00:00+08:00"), "", "", told),
            ReturnedRow(no(1), "拜访记录", "宏远", "周一.xlsx", 4, at("2026-11-23T11:00:00+08:00"), "", "太短；日期不对", told),
            ReturnedRow(no(2), "拜访记录", "新光", "", 2, at("2026-11-23T15:00:00+08:00"), "李四", "看过", later),
            ReturnedRow(no(3), "拜访记录", "", "", 2, at("2026-11-23T13:00:00+08:00"), "", "", told),
        ]
    }  # fmt: skip


def test_what_was_put_right_or_came_before_is_not_told_again(book: Book) -> None:
    post(
        book,
        visit(1), visit(2, "waiting", hour=12),  # put right: about the same
        visit(3, about="甲", key="k"), visit(4, "accepted", "乙", 12, key="k"),  # under the same key
        visit(5, about="丙"), visit(6, about="丙", hour=12),  # the newest of several
        visit(7, about="丁", hour=9),  # before
        visit(8, about="戊"), visit(9, "pending", "戊", 10),  # an earlier one that was taken does not put it right
        visit(10, about="己"), received(no(11), "拜访记录", "pending", "王五", cells=[["客户名称", "己"]], submitted_at="2026-11-23T12:00:00+08:00"),
        visit(12, about="庚"), visit(13, "pending", "庚", 12), gone(no(13)),
        received("x", "拜访记录", "rejected", "陈六", cells=[["客户名称", "辛"]], submitted_at="2026-11-23T12:00:00+08:00"),
    )  # fmt: skip
    found = page.returned(book, [("张三", "拜访记录"), ("陈六", "拜访记录")], SINCE)
    assert [each.receipt_no for each in found["张三"]] == [no(5 + 3), no(10), no(12), no(6)]
    assert [(each.receipt_no, each.told_at) for each in found["陈六"]] == [("x", "")], "no entry tells of it by number"


def test_the_morning_tells_what_waits_for_its_submitter(book: Book) -> None:
    findings = [finding("太短"), finding("提醒", "note"), finding("日期不对")]
    post(
        book, visit(2, findings=findings), visit(1, "waiting", "新光"), visit(3, "pending", "丙", 10), visit(4, about=None, hour=12),
        visit(5, "accepted", "丁"), visit(6, about="戊", hour=9), received(no(7), "成交订单", "rejected"),
        received(no(8), "拜访记录", "rejected", "王五"), visit(9, about="己", key="k"), visit(10, "pending", "庚", 12, key="k"),
        visit(11, about="辛"), visit(12, about="辛", hour=12), decided(no(3), "驳回"),
    )  # fmt: skip
    found = mornings.unsettled(book, ["张三", "陈六"], ["拜访记录", "日报"], SINCE)

    def waits(number: int, about: str, hour: int, by: str, why: str, status: Status = Status.REJECTED) -> Unsettled:
        came = at(f"2026-11-23T{hour:02}:00:00+08:00")
        return Unsettled("张三", no(number), "拜访记录", about, status, came, by, why)

    assert found == {
        "张三": [
            waits(3, "丙", 10, "李四", "看过"), waits(1, "新光", 11, "", "", Status.WAITING),
            waits(2, "宏远", 11, "", "太短；日期不对"), waits(4, "", 12, "", ""), waits(12, "辛", 12, "", ""),
        ]
    }  # fmt: skip


# -- what lacks pictures


def test_a_row_that_lacks_pictures_is_told_or_the_first_of_many_of_a_file(book: Book) -> None:
    post(
        book, file(1, "多.xlsx"), file(2, "少.xlsx"), visit(3, "waiting", hour=12, file_id=1), visit(2, "waiting", file_id=1),
        visit(4, "waiting", "丙", file_id=1), visit(6, "waiting", None, 10, file_id=2), visit(5, "waiting", file_id=2),
        visit(7, "pending", file_id=1), visit(8, "waiting", hour=9), received(no(9), "拜访记录", "waiting", "王五"),
        received(no(10), "客户回款", "waiting", file_id=1, submitted_at="2026-11-23T13:00:00+08:00"),
    )  # fmt: skip
    cells = [["客户名称", "宏远"], ["拜访目的", "谈"]]
    early, first, late = (at(f"2026-11-23T{hour}:00:00+08:00") for hour in ("09", "10", "11"))
    found = page.without_pictures(book, ["张三", "陈六"], 2)
    assert found == {
        "张三": [
            WithoutPictures(no(8), "拜访记录", early, cells, "", 1), WithoutPictures(no(6), "拜访记录", first, [], "少.xlsx", 1),
            WithoutPictures(no(2), "拜访记录", late, cells, "多.xlsx", 3), WithoutPictures(no(5), "拜访记录", late, cells, "少.xlsx", 1),
            WithoutPictures(no(10), "客户回款", at("2026-11-23T13:00:00+08:00"), [], "多.xlsx", 1),
        ]
    }  # fmt: skip
    assert [each.about for each in found["张三"]] == ["宏远", "", "宏远", "宏远", ""]
    assert [(each.receipt_no, each.rows) for each in page.without_pictures(book, ["张三"], 3)["张三"]] == [
        (no(8), 1), (no(6), 1), (no(2), 1), (no(4), 1), (no(5), 1), (no(3), 1), (no(10), 1),
    ]  # fmt: skip


# -- files and sheets


def test_a_file_that_came_back_whole_is_told_until_its_name_comes_again(book: Book) -> None:
    def refused(number: int, name: str, **other: Any) -> Entry:
        return file(number, name, **{"outcome": "refused", "reason": f"因{number}", **other})

    post(
        book, refused(1, "坏.xlsx"), refused(2, "好了.xlsx"), file(3, "好了.xlsx"), refused(4, "早.xlsx", arrived_at="2026-11-22T11:00:00+08:00"),
        refused(5, "片.jpg", kind="photo"), refused(6, "又坏.xlsx", arrived_at="2026-11-23T10:30:00+08:00"),
        refused(7, "别人.xlsx", person="王五"), file(8, "坏.xlsx", person="王五"), refused(9, "陈.xlsx", person="陈六"),
        refused(10, "正点.xlsx", arrived_at=SINCE.isoformat()),
    )  # fmt: skip
    found = page.refused_files(book, ["张三", "陈六"], SINCE)

    def told(number: int, name: str, person: str = "张三", came: str = "2026-11-23T11:00:00+08:00") -> dict[str, str]:
        return {"person": person, "name": name, "arrived_at": came, "reason": f"因{number}"}

    assert found == {
        "张三": [
            told(10, "正点.xlsx", came=SINCE.isoformat()), told(6, "又坏.xlsx", came="2026-11-23T10:30:00+08:00"),
            told(1, "坏.xlsx"),
        ],
        "陈六": [told(9, "陈.xlsx", "陈六")],
    }  # fmt: skip


def test_the_sheets_that_lie_with_somebody_come_oldest_first_with_what_is_open(book: Book) -> None:
    post(book, *(received(str(n), "拜访记录") for n in range(1, 7)))
    post(book, sheet("B", "1", "2"), sheet("A", "3"), sheet("C", "4", approver="赵总"), sheet("D", "5"))
    post(book, sheet("0", "6"), when=NOON + timedelta(hours=1))
    for n, number in enumerate("BACD0"):
        book.db.execute("INSERT INTO standing VALUES (?, ?, ?, ?)", (n, number, number, f"李四/{number}.xlsx"))
    book.db.execute("INSERT INTO standing VALUES (9, 'B/照片', 'B', '李四/B_照片/1.jpg')")
    post(book, decided("2"), decided("5"))
    assert page.sheets_of(book, ["李四", "王五"]) == {
        "李四": [
            OpenSheet("A", "拜访记录", NOON, "李四/A.xlsx", 1), OpenSheet("B", "拜访记录", NOON, "李四/B.xlsx", 1),
            OpenSheet("0", "拜访记录", NOON + timedelta(hours=1), "李四/0.xlsx", 1),
        ]
    }  # fmt: skip
    assert page.sheets_of(book, ["赵总"]) == {"赵总": [OpenSheet("C", "拜访记录", NOON, "李四/C.xlsx", 1)]}


def test_the_answer_to_a_file_is_the_first_since_it_came_that_bears_its_name(book: Book) -> None:
    then, later = NOON, NOON + timedelta(minutes=5)
    long = "一二三四五六七八九十一二三四五六七八九十多余.xlsx"
    post(book, queued(1, "张三", "回执", "昨天_周一.xlsx"), when=NOON - timedelta(days=1))
    post(
        book, queued(2, "张三", "回执/11", "回执_a.xlsx"), queued(3, "张三", "回执", "回执_周一.xlsx"), queued(4, "王五", "回执", "周一.xlsx"),
        queued(5, "张三", "模板", "周一.xlsx"), queued(6, "张三", "回执其他", "周一.xlsx"), queued(7, "张三", "回执", f"回执_{long[:20]}.xlsx"),
        when=then,
    )  # fmt: skip
    post(book, queued(8, "张三", "回执", "回执_周二.xlsx"), when=later)

    def answer(source: str, since: str = then.isoformat(), folder: str = "回执") -> str:
        return page.answer(book, "张三", folder, since, source)

    assert answer("周一.xlsx") == "回执/回执_周一.xlsx"
    assert answer(long) == f"回执/回执_{long[:20]}.xlsx"
    assert answer("周二.xlsx") == answer("") == "回执/11/回执_a.xlsx", "of several at once, the first"
    before = (then - timedelta(seconds=1)).isoformat()
    assert (answer("周二.xlsx", before), answer("周一.xlsx", before)) == ("回执/回执_周二.xlsx", "回执/回执_周一.xlsx")
    assert (answer("周三.xlsx", before), answer("周一.xlsx", folder="公告")) == ("", "")
    assert answer("周一.xlsx", (later + timedelta(days=1)).isoformat()) == ""


def test_only_the_first_thirty_answers_are_looked_at(book: Book) -> None:
    names = [f"{n:02}号.xlsx" for n in range(31)]
    post(book, *(queued(n + 1, "张三", "回执", name) for n, name in enumerate(names)))
    before = (NOON - timedelta(seconds=1)).isoformat()
    assert page.answer(book, "张三", "回执", before, "29号.xlsx") == "回执/29号.xlsx"
    assert page.answer(book, "张三", "回执", before, "30号.xlsx") == ""


def test_the_newest_file_of_a_kind_is_found_for_each(book: Book) -> None:
    post(
        book, queued(1, "张三", "模板", "工作簿_11-22.xlsx"), queued(3, "张三", "模板", "工作簿_11-21.xlsx"),
        queued(4, "张三", "模板", "工作簿_11-21_第1版.xlsx"), queued(5, "张三", "模板", "名单.xlsx"), queued(6, "张三", "回执", "工作簿_11-29.xlsx"),
        queued(7, "王五", "模板", "工作簿_11-22.xlsx"), queued(8, "陈六", "模板", "名单.xlsx"), queued(9, "赵总", "模板", "工作簿_11-22.xlsx"),
        queued(10, "张三", "模板", "工作薄.xlsx"),
    )  # fmt: skip
    found = page.newest_files(book, ["张三", "王五", "陈六"], "模板", "工作簿_")
    assert found == {"张三": "模板/工作簿_11-21.xlsx", "王五": "模板/工作簿_11-22.xlsx"}


def test_records_are_gathered_by_person_in_their_order() -> None:
    one, two, three = {"person": "甲", "n": 1}, {"person": "乙", "n": 2}, {"person": "甲", "n": 3}
    assert page.by_person([one, two, three]) == {"甲": [one, three], "乙": [two]}


# -- what happened


def test_pages_remember_up_to_which_entry_they_tell(book: Book) -> None:
    assert (happenings.looked_until(book), happenings.is_current(book)) == (None, False)
    post(book, joined("张三"))
    seq = book.head()[0]
    for told, current in ((seq - 1, False), (seq, True), (seq + 1, True)):
        with book.transaction():
            happenings.look_until(book, told)
        assert (happenings.looked_until(book), happenings.is_current(book)) == (told, current)


def test_what_happened_names_everybody_whom_it_concerns_once(book: Book) -> None:
    post(book, joined("陈六"))
    seq = book.head()[0]
    deputy = {"principal": "李四", "deputy": "周八", "start": "2026-11-23", "end": "2026-11-24", "reason": "出差"}
    quiet = [
        photo(1, "a"), queued(1, "张三", "回执", "a.xlsx"),
        Entry("reminder.given", "1", "kebu", {"customer_id": 1, "person": "张三", "days": 3, "since": "2026-11-23"}),
        Entry("door.revoked", "张三", "kebu", {"why": "left"}),
    ]  # fmt: skip
    post(
        book, customer(1), received("1", "拜访记录"), received("2", "拜访记录"), decided("1", by="王五"), handed(1, "王五", receipt_no="1"),
        recycled(1), sheet("S", "2", form="日报"), Entry("deputy.named", "9", "孙人", deputy), joined("吴新"),
        closed("日报合规_2026-11-23"), *quiet,
    )  # fmt: skip
    found = happenings.happened_since(book, seq)
    assert sorted(found, key=lambda each: (each.kind, each.form, each.names)) == [
        Happening("customer.added", "", ("张三", "王五")), Happening("customer.claimed", "", ("张三", "王五")),
        Happening("customer.recycled", "", ("kebu", "王五")), Happening("decision.made", "拜访记录", ("王五", "张三")),
        Happening("deputy.named", "", ("孙人", "周八", "李四")), Happening("period.closed", "", ("kebu",)),
        Happening("person.joined", "", ("kebu", "吴新")), Happening("row.received", "拜访记录", ("张三",)),
        Happening("sheet.issued", "日报", ("kebu", "李四")),
    ]  # fmt: skip
    assert happenings.happened_since(book, book.head()[0]) == []


# -- what the machine's watchers count


def test_the_book_counts_what_there_is_what_waits_and_when_the_night_was_closed(book: Book) -> None:
    assert gauges.gauges(book) == Gauges(0, 0, 0, 0, 0, 0, None, "")
    post(
        book, file(1), file(2, outcome="refused"), file(3, outcome="refused"), file(4), received("1", "拜访记录"), received("2", "拜访记录"),
        received("3", "拜访记录"), received("4", "拜访记录", "waiting"), received("5", "拜访记录", "accepted"),
        received("6", "拜访记录", "waiting"), completed("6", "waiting"), received("7", "拜访记录", "rejected"),
    )  # fmt: skip
    for number in range(5):
        book.db.execute("INSERT INTO due (delivery_id, trouble) VALUES (?, '')", (number,))
    assert gauges.gauges(book) == Gauges(book.length(), 4, 2, 3, 2, 5, None, "")
    post(book, closed("日报合规_2026-11-22"), closed("日报扣款_2026-11"), closed("日报合规X2026-12-01"))
    post(book, closed("日报合规_2026-11-22", 2), when=NOON + timedelta(hours=1))
    post(book, closed("日报合规_2026-11-21", 2), when=NOON + timedelta(hours=2))
    found = gauges.gauges(book)
    assert (found.night_closed_at, found.night_closed) == (NOON + timedelta(hours=1), "2026-11-22")


@pytest.mark.parametrize("module", [page, mornings, happenings, gauges])
def test_records_are_not_written_into(module: Any) -> None:
    assert open_records(module) == []
