"""Entry → state for a change of name: everywhere one person, nobody else, and every list in the order it would have anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.journal import Entry, canonical
from tests.ledger.posting import STAMP, State, customer, decided, joined, opened, post, row, state
from tests.ledger.test_state_customers import to
from tests.ledger.test_state_people import bound, changed, device, invite, invited

ONE, TWO = "261123-0001", "261123-0002"
OLD, NEW = "张三", "阿丰"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


def renamed(old: str = OLD, new: str = NEW, number: str = "261123-0099") -> Entry:
    given = {"new_name": new, "plain_name": f"{new}平", "receipt_no": number}
    return Entry("person.renamed", old, "kebu", given)


def both(book: Book, *entries: Entry) -> tuple[State, State]:
    """The state before and after the change of name."""
    post(book, *entries)
    before = state(book)
    post(book, renamed())
    after = state(book)
    assert after.pop("s_people_before") == [{"name": OLD, "person": NEW, "until": STAMP}]
    return before, after


def as_new(found: State, columns: dict[str, tuple[str, ...]]) -> State:
    """*found* with the new name in these columns."""
    return {
        table: [{n: NEW if n in columns.get(table, ()) and v == OLD else v for n, v in line.items()} for line in lines]
        for table, lines in found.items()
    }  # fmt: skip


def in_order(found: State) -> dict[str, list[str]]:
    return {table: sorted(map(repr, lines)) for table, lines in found.items()}


def everything(who: str, n: int) -> list[Entry]:
    """Something in every table that names people, about *who*; *n* keeps it apart from others'."""
    span = {"start": "2026-11-24", "end": "2026-11-26", "reason": "请假"}
    picture = {
        "id": n, "sha256": f"sha{n}", "person": who, "name": "a.jpg", "name_key": "a", "arrived_at": STAMP, "archived_as": "x",
        "embedded": 0, "facts": {"pixel_hash": "p", "dhash": None, "model": None},
    }  # fmt: skip
    file = dict.fromkeys(
        ("sha256", "name", "arrived_at", "kind", "outcome", "archived_as", "quarantined_as", "reason"), "x"
    )
    unfit = {"file_id": n, "sheet": "s", "name": "n", "arrived_at": STAMP, "form": "f", "reason": "r"}
    door = {name: f"{name}{n}" for name in ("device", "kind", "name", "sha256", "body", "at", "live", "challenge")}
    number, void = f"261101-{n:04}", {"receipt_no": f"261102-{n:04}", "form": "f", "action": "作废", "reason": "r"}
    return [
        Entry("file.taken", "1", who, {**file, "id": n, "person": who, "by_machine": 0}),
        Entry("sheet.unfit", "1", who, unfit), Entry("photo.kept", f"sha{n}", who, picture),
        row(number, "拜访记录", person=who, photos=[f"sha{n}"], read={"owner": who}), decided(number, by=who),
        Entry("row.voided", f"261103-{n:04}", who, void),
        Entry("reminder.given", "1", "kebu", {"customer_id": n, "person": who, "days": 3, "since": "2026-11-01"}),
        Entry("exemption.granted", number, who, {"person": who, **span}),
        Entry("deputy.named", number, who, {"principal": who, "deputy": who, **span}),
        Entry("sheet.issued", f"S{n}", "kebu", {"form": "f", "approver": who, "rows": []}),
        Entry("delivery.queued", "x", "kebu", {"id": n, "person": who, "folder": "回执", "name": "n", "cause": "c"}),
        invited(who, f"c{n}"), bound(who, f"c{n}", f"d{n}"), Entry("door.received", f"k{n}", who, door),
    ]  # fmt: skip


COLUMNS = {
    "s_people": ("name",), "s_employments": ("person",), "s_terms": ("person",), "s_files": ("person",),
    "s_unfit_sheets": ("person",), "s_photos": ("person",), "s_photo_uses": ("person",), "s_corrections": ("actor",),
    "s_reminders": ("person",), "s_exemptions": ("person", "granted_by"), "s_deputies": ("principal", "deputy", "named_by"),
    "s_sheets": ("approver",), "s_deliveries": ("person",), "s_door_invites": ("person",), "s_door_devices": ("person",),
    "s_door_received": ("person",), "s_decisions": ("approver",), "s_rows": ("person", "owner", "decided_by"),
    "s_renamings": ("person",),
}  # fmt: skip


def test_every_table_that_names_people_says_the_new_name_and_leaves_others_alone(book: Book) -> None:
    planned = changed(OLD, "2026-11-23", new_name=NEW, receipt_no="261123-0099")
    later = changed(OLD, "2026-12-23", new_name="再改", receipt_no="261123-0100")
    before, after = both(
        book,
        joined(OLD),
        joined("王五"),
        planned,
        later,
        *everything(OLD, 1),
        *everything("王五", 2),
        *everything("张三丰", 3),
    )
    expected = as_new(before, COLUMNS)
    assert set(COLUMNS) == {table for table in before if OLD in repr(before[table])}
    expected["s_people"] = [
        {**line, "plain_name": f"{NEW}平"} if line["name"] == NEW else line for line in expected["s_people"]
    ]
    expected["s_renamings"][0]["done_at"] = STAMP
    for line in expected["s_rows"]:
        line["read"] = line["read"].replace(f'"{OLD}"', f'"{NEW}"')
    assert in_order(after) == in_order(expected)
    assert after["s_door_devices"][0] == device(NEW, "d1")
    assert invite(NEW, "c1", "used") in after["s_door_invites"]


def test_who_changes_their_name_twice_is_the_same_person_all_along(book: Book) -> None:
    post(book, joined(OLD))
    post(book, renamed(), renamed(NEW, "再改"))
    assert state(book, "s_people_before")["s_people_before"] == [
        {"name": OLD, "person": "再改", "until": STAMP}, {"name": NEW, "person": "再改", "until": STAMP},
    ]  # fmt: skip
    assert [line["name"] for line in state(book, "s_people")["s_people"]] == ["再改"]


def test_a_change_of_name_that_was_carried_out_already_is_only_noted_as_done(book: Book) -> None:
    post(book, joined(OLD), changed(OLD, "2026-11-23", new_name=OLD, receipt_no="261123-0099"))
    before = state(book)
    post(book, renamed(new=OLD))
    before["s_renamings"][0]["done_at"] = STAMP
    assert state(book) == before


def test_customers_and_their_histories_name_the_new_name(book: Book) -> None:
    before, after = both(
        book, customer(1, OLD, shared=["王五", OLD]), customer(2, "王五"), customer(3, OLD),
        to("王五", "customer.claimed", OLD),
        Entry("customer.changed", "2", OLD, {"changes": {"shared": ["赵七", OLD], "contact": OLD}, "receipt_no": ONE}),
        Entry("customer.changed", "2", OLD, {"changes": {"shared": ["张三丰"]}, "receipt_no": ONE}),
        Entry("customer.transferred", "3", "王五", {"owner": "张三丰", "shared": [], "day": "2026-11-23", "receipt_no": ONE}),
    )  # fmt: skip
    expected = as_new(
        before, {"s_customers": ("owner", "previous_owner"), "s_members": ("person",), "s_changes": ("actor",)}
    )
    for line in expected["s_changes"]:
        if line["field"] == "owner":
            line.update({name: NEW for name in ("from", "to") if line.get(name) == OLD})
        if line["field"] == "shared":
            line.update(
                {
                    "from": line["from"].replace(f"{OLD}、赵七", f"{NEW}、赵七"),
                    "to": line["to"].replace(f"赵七、{OLD}", f"赵七、{NEW}"),
                }
            )
    assert in_order(after) == in_order(expected)
    told = [
        (line["field"], line.get("from"), line.get("to")) for line in after["s_changes"] if line["customer_id"] == 2
    ]
    assert told == [
        ("contact", "李经理", OLD), ("owner", None, "王五"), ("shared", "", f"赵七、{NEW}"), ("shared", f"{NEW}、赵七", "张三丰"),
    ]  # fmt: skip
    assert [(line["from"], line["to"]) for line in after["s_changes"] if line["kind"] in ("客户申领", "客户转交")] == [
        (NEW, "王五"), (NEW, "张三丰"),
    ]  # fmt: skip


# -- what rows say of people


def said(book: Book, form: str, vals: dict[str, Any], read: dict[str, Any]) -> tuple[Any, Any]:
    """What a row says after the change of name."""
    post(
        book,
        row(ONE, form, vals=vals, read=read, cells=[OLD]),
        row(TWO, "销售日报", vals={"summary": OLD}, read={"x": OLD}),
    )
    post(book, renamed())
    one, two = state(book, "s_rows")["s_rows"]
    assert (one["cells"], json.loads(two["vals"]), json.loads(two["read"])) == (
        f'["{OLD}"]',
        {"summary": OLD},
        {"x": OLD},
    )
    assert one["vals"] == canonical(json.loads(one["vals"]))
    return json.loads(one["vals"]), json.loads(one["read"])


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("客户转交", "receiver"),
        ("销售指标", "name"),
        ("没有这种表", "name"),
        ("审批代理", "deputy"),
        ("审批代理", "principal"),
    ],
)
def test_what_a_row_says_of_people_follows_and_the_rest_stays(book: Book, form: str, field: str) -> None:
    vals, read = said(book, form, {field: OLD, "reason": OLD, "more": "x"}, {"更正后的值": OLD})
    assert (vals, read) == ({field: NEW, "reason": OLD, "more": "x"}, {"更正后的值": OLD})


@pytest.mark.parametrize("name", ["owner", "of_person", "for_person", "原提交人", "销售经理"])
def test_what_was_read_of_people_follows(book: Book, name: str) -> None:
    read = {name: OLD, "other": OLD, "list": [OLD]}
    assert said(book, "销售日报", {}, read) == ({}, {**read, name: NEW})


@pytest.mark.parametrize("name", ["for_person", "of_person"])
def test_lists_of_people_follow_one_by_one(book: Book, name: str) -> None:
    assert said(book, "销售日报", {}, {name: ["王五", OLD, "张三丰"]}) == ({}, {name: ["王五", NEW, "张三丰"]})


def test_what_a_row_will_change_follows_too(book: Book) -> None:
    read = {"changes": {"shared": [OLD, "王五"], "contact": OLD}}
    assert said(book, "信息变更", {}, read) == ({}, {"changes": {"shared": [NEW, "王五"], "contact": OLD}})


@pytest.mark.parametrize("changes", [["column", OLD], None])
def test_changes_that_are_no_particulars_stay(book: Book, changes: Any) -> None:
    read = {"changes": changes, "owner": OLD}
    assert said(book, "信息变更", {}, read) == ({}, {"changes": changes, "owner": NEW})


def test_what_a_void_transfer_gives_back_follows_too(book: Book) -> None:
    stood = {"owner": OLD, "shared": [OLD, "王五"], "previous_owner": OLD, "name": OLD, "id": 1}
    read = {"restores": [stood, {**stood, "owner": "王五"}]}
    now = {**stood, "owner": NEW, "shared": [NEW, "王五"], "previous_owner": NEW}
    assert said(book, "更正", {}, read) == ({}, {"restores": [now, {**now, "owner": "王五"}]})


def test_a_row_that_names_them_in_what_was_read_alone_follows(book: Book) -> None:
    assert said(book, "客户转交", {"receiver": "王五"}, {"owner": OLD}) == ({"receiver": "王五"}, {"owner": NEW})


@pytest.mark.parametrize(
    ("by", "instead_of", "then"),
    [
        (OLD, None, NEW), ("周八", OLD, f"周八（代{NEW}）"), (OLD, "李四", f"{NEW}（代李四）"), ("张三丰", None, "张三丰"),
        ("张三丰", "小张三", "张三丰（代小张三）"), ("李四", None, "李四"),
    ],
)  # fmt: skip
def test_who_decided_follows_for_themselves_and_as_a_deputy(
    book: Book, by: str, instead_of: str | None, then: str
) -> None:
    post(
        book,
        row(ONE, "销售日报"),
        row(TWO, "销售日报"),
        decided(ONE, by=by, instead_of=instead_of),
        decided(TWO, by="赵总"),
    )
    post(book, renamed())
    assert [line["decided_by"] for line in state(book, "s_rows")["s_rows"]] == [then, "赵总"]


# -- closed days and months


def closed(book: Book, content: dict[str, Any]) -> Any:
    """A closing's content after the change of name; another period, which does not name them, stays to the letter."""
    given = {"version": 1, "digest": "d", "mark": {"length": 1}}
    post(
        book, Entry("period.closed", "一", "kebu", {**given, "content": content}),
        Entry("period.closed", "一", "kebu", {**given, "version": 2, "content": content}),
        Entry("period.closed", "二", "kebu", {**given, "content": {"lines": [{"person": "王五", "b": 1}]}}),
        Entry("period.closed", "三", "kebu", {**given, "content": {"note": f"{OLD}说"}}),
    )  # fmt: skip
    post(book, renamed())
    one, again, three, two = state(book, "s_closings")["s_closings"]
    rest = {"version": 1, "digest": "d", "closed_at": STAMP, "mark": '{"length":1}'}
    assert two == {"period": "二", **rest, "content": '{"lines":[{"b":1,"person":"王五"}]}'}
    assert three == {"period": "三", **rest, "content": f'{{"note":"{OLD}说"}}'}
    said = one["content"]
    assert again == {**one, "version": 2}
    assert one["digest"] in ("d", hashlib.sha256(said.encode()).hexdigest())
    assert said == canonical(json.loads(said))
    assert (one["digest"] == "d") is (json.loads(said) == content)
    return json.loads(said)


def line(person: str, department: str = "一部", **other: Any) -> dict[str, Any]:
    return {"person": person, "department": department, **other}


@pytest.mark.parametrize(
    ("content", "then"),
    [
        ({"unreachable": ["李四", OLD, "张三丰"]}, {"unreachable": ["张三丰", "李四", NEW]}),
        (
            {"reviews": [["一部", OLD, 3, 1], ["一部", "周八", 2, 0], ["二部", f"周八（代{OLD}）", 1, 0]]},
            {"reviews": [["一部", "周八", 2, 0], ["一部", NEW, 3, 1], ["二部", f"周八（代{NEW}）", 1, 0]]},
        ),
        ({"note": OLD, "number": 3, "list": [OLD], "none": None}, {"note": OLD, "number": 3, "list": [OLD], "none": None}),
        ({"mixed": [line(OLD), OLD]}, {"mixed": [line(OLD), OLD]}),
        # no order that is known: as they were written
        ({"lines": [line("王五"), line(OLD), line("周八")]}, {"lines": [line("王五"), line(NEW), line("周八")]}),
        (
            {"lines": [{"name": OLD, "level": "部门"}, {"name": OLD, "person": "x"}]},
            {"lines": [{"name": OLD, "level": "部门"}, {"name": OLD, "person": "x"}]},
        ),
        (
            {"lines": [{"reviewer": OLD}, {"reviewer": f"周八（代{OLD}）"}, {"reviewer": ""}, {"reviewer": None}]},
            {"lines": [{"reviewer": NEW}, {"reviewer": f"周八（代{NEW}）"}, {"reviewer": ""}, {"reviewer": None}]},
        ),
        (
            {"lines": [line("王五", aim={"person": OLD, "x": OLD, "in": {"person": OLD}})]},
            {"lines": [line("王五", aim={"person": NEW, "x": OLD, "in": {"person": NEW}})]},
        ),
    ],
)  # fmt: skip
def test_what_was_closed_says_the_new_name(book: Book, content: dict[str, Any], then: dict[str, Any]) -> None:
    assert closed(book, content) == then


def level(name: str, what: str, department: str = "一部") -> dict[str, Any]:
    return {"name": name, "level": what, "department": department}


@pytest.mark.parametrize(
    ("lines", "then"),
    [
        (  # people by department and name, then departments, then the company
            [level(OLD, "个人", "二部"), level("李四", "个人", "二部"), level("周八", "个人", "三部"), level("一部", "部门"), level("甲", "公司", "")],
            [level("周八", "个人", "三部"), level("李四", "个人", "二部"), level(NEW, "个人", "二部"), level("一部", "部门"), level("甲", "公司", "")],
        ),
        (  # days by department and person
            [line(OLD, "一部", day="2026-11-02"), line("李四", "一部", day="2026-11-02"), line("周八", "零部", day="2026-11-02"),
             line("阿", "一部", day="2026-11-03"), line(OLD, "一部", day="2026-11-01")],
            [line(NEW, "一部", day="2026-11-01"), line("李四", "一部", day="2026-11-02"), line(NEW, "一部", day="2026-11-02"),
             line("周八", "零部", day="2026-11-02"), line("阿", "一部", day="2026-11-03")],
        ),
        (  # months of states by department and person
            [line(OLD, "二部", states="a"), line("李四", "二部", states="b"), line("周八", "一部", states="c")],
            [line("周八", "一部", states="c"), line("李四", "二部", states="b"), line(NEW, "二部", states="a")],
        ),
        (  # aims by their span as it came, and person
            [line(OLD, span="2026-12"), line("李四", span="2026-12"), line(OLD, span="2026-11"), line("阿", span="2026-11")],
            [line("李四", span="2026-12"), line(NEW, span="2026-12"), line("阿", span="2026-11"), line(NEW, span="2026-11")],
        ),
    ],
)  # fmt: skip
def test_lines_stand_in_the_order_in_which_they_would_be_written_now(
    book: Book, lines: list[dict[str, Any]], then: list[dict[str, Any]]
) -> None:
    assert closed(book, {"lines": lines}) == {"lines": then}


@pytest.mark.parametrize("more", [{"level": "部门"}, {"day": "2026-11-02"}, {"states": "a"}, {"span": "x"}])
def test_lines_that_do_not_name_them_stay_in_their_order(book: Book, more: dict[str, Any]) -> None:
    lines = [line("王五", "二部", name="乙", **more), line("李四", "一部", name="甲", **more)]
    assert closed(book, {"lines": lines, "unreachable": [OLD]}) == {"lines": lines, "unreachable": [NEW]}
