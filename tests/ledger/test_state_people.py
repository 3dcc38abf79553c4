"""Entry → state: colleagues, what is said of the phone door, and what else concerns people — every column of every table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.journal import Entry
from ledger.state_people import root_of
from tests.ledger.posting import STAMP, joined, opened, post, post_singly, state


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


def changed(name: str, day: str, **other: Any) -> Entry:
    given: dict[str, Any] = {
        "effective_on": day, "phone": None, "state": None, "department": None, "post": None, "max_customers": None,
        "max_follow_days": None, "region": None, "receipt_no": "261123-0001", **other,
    }  # fmt: skip
    return Entry("person.changed", name, "孙人", given)


def employments(book: Book) -> list[tuple[Any, ...]]:
    return [tuple(line.values()) for line in state(book, "s_employments").get("s_employments", [])]


TERM = {
    "person": "张三", "from_day": "2026-01-05", "department": "销售一部", "post": "客户经理", "max_customers": 30,
    "max_follow_days": 20, "region": "华南",
}  # fmt: skip
PERSON = {
    "name": "张三", "phone": "13800000000", "gender": "女", "registered_at": STAMP, "plain_name": "张三平", "root": "张三根",
}  # fmt: skip


def test_a_newcomer_is_registered_employed_and_has_terms(book: Book) -> None:
    post(book, joined("张三"))
    assert state(book) == {
        "s_employments": [{"person": "张三", "joined_on": "2026-01-05"}], "s_people": [PERSON], "s_terms": [TERM],
    }  # fmt: skip


def test_a_newcomer_of_an_older_book_is_called_by_their_own_name_for_good(book: Book) -> None:
    old = joined("张三")
    del old.payload["root"]
    post(book, old)
    assert state(book, "s_people") == {"s_people": [{**PERSON, "root": "张三"}]}
    assert (root_of("张三", {}), root_of("张三", {"root": "旧名"})) == ("张三", "旧名")


def test_what_changes_for_somebody_holds_from_its_day_and_leaves_the_rest(book: Book) -> None:
    post(book, joined("张三"), joined("王五"))
    before = state(book)
    post(book, changed("张三", "2026-03-01", phone="13900000000", department="销售二部", max_customers=0))
    after = state(book)
    assert after.pop("s_people") == [
        {**PERSON, "phone": "13900000000"},
        {**PERSON, "name": "王五", "plain_name": "王五平", "root": "王五根"},
    ]
    new = {"person": "张三", "from_day": "2026-03-01", "department": "销售二部", "max_customers": 0}
    assert after.pop("s_terms") == [TERM, new, {**TERM, "person": "王五"}]
    assert after == {"s_employments": before["s_employments"]}
    post(book, changed("张三", "2026-03-01", region="华北", post="主管", max_follow_days=9, department="销售三部"))
    again = {**new, "department": "销售三部", "region": "华北", "post": "主管", "max_follow_days": 9}
    assert state(book, "s_terms")["s_terms"] == [TERM, again, {**TERM, "person": "王五"}]


def test_a_change_of_nothing_leaves_no_terms_and_no_plan(book: Book) -> None:
    post(book, joined("张三"))
    before = state(book)
    post(book, changed("张三", "2026-03-01", new_name=None), changed("张三", "2026-04-01", new_name=""))
    assert state(book) == before


def test_who_leaves_has_left_the_employment_of_that_day(book: Book) -> None:
    post(book, joined("张三"), joined("王五"))
    post(book, changed("张三", "2026-03-31", state="离职"))
    assert employments(book) == [("张三", "2026-01-05", "2026-03-31"), ("王五", "2026-01-05")]
    post(book, changed("张三", "2026-04-15", state="离职"))
    assert employments(book)[0] == ("张三", "2026-01-05", "2026-04-15"), "told again, the day is corrected"
    post(book, changed("张三", "2026-01-04", state="离职"))
    assert employments(book)[0] == ("张三", "2026-01-05", "2026-04-15"), "nobody leaves before they came"
    post(book, changed("张三", "2026-06-01", state="在职"), changed("张三", "2026-06-01", state="离职"))
    assert employments(book)[:2] == [("张三", "2026-01-05", "2026-04-15"), ("张三", "2026-06-01", "2026-06-01")]
    post(book, changed("张三", "2026-05-31", state="离职"))
    assert employments(book)[:2] == [("张三", "2026-01-05", "2026-05-31"), ("张三", "2026-06-01", "2026-06-01")]


@pytest.mark.parametrize(
    ("told", "then"),
    [
        ((("2026-02-01", "在职"),), [("张三", "2026-01-05")]),  # has not left
        ((("2025-12-01", "在职"),), [("张三", "2026-01-05")]),  # had not come yet
        ((("2026-03-31", "离职"), ("2026-04-01", "在职")), [("张三", "2026-01-05", "2026-03-31"), ("张三", "2026-04-01")]),
        ((("2026-03-31", "离职"), ("2026-03-31", "在职")), [("张三", "2026-01-05")]),  # the leaving is taken back
        ((("2026-03-31", "离职"), ("2026-03-01", "在职")), [("张三", "2026-01-05")]),
        (
            (("2026-03-31", "离职"), ("2026-06-01", "在职"), ("2026-05-01", "在职")),
            [("张三", "2026-01-05", "2026-03-31"), ("张三", "2026-05-01")],  # one that began later gives way
        ),
        (
            (("2026-03-31", "离职"), ("2026-06-01", "在职"), ("2026-06-30", "离职"), ("2026-07-01", "在职")),
            [("张三", "2026-01-05", "2026-03-31"), ("张三", "2026-06-01", "2026-06-30"), ("张三", "2026-07-01")],
        ),
        (
            (("2026-03-31", "离职"), ("2026-06-01", "在职"), ("2026-06-30", "离职"), ("2026-06-15", "在职")),
            [("张三", "2026-01-05", "2026-03-31"), ("张三", "2026-06-01")],
        ),
    ],
)  # fmt: skip
def test_who_comes_back_is_employed_anew_or_was_never_away(
    book: Book, told: tuple[tuple[str, str], ...], then: list[tuple[str, ...]]
) -> None:
    other = [("李一", "2026-01-05", "2026-02-02"), ("李一", "2026-09-01")]
    post(book, joined("张三"), joined("李一"), changed("李一", "2026-02-02", state="离职"))
    post(book, changed("李一", "2026-09-01", state="在职"))
    post_singly(book, *(changed("张三", day, state=what) for day, what in told))
    assert employments(book) == [*then, *other]


def test_a_new_name_is_planned_for_its_day(book: Book) -> None:
    post(book, joined("张三"))
    post(book, changed("张三", "2026-12-01", new_name="张三丰", receipt_no="261123-0007"))
    plan = {"receipt_no": "261123-0007", "person": "张三", "new_name": "张三丰", "from_day": "2026-12-01"}
    assert state(book, "s_renamings", "s_terms") == {"s_renamings": [plan], "s_terms": [TERM]}


# -- the phone door


def invited(person: str, code: str) -> Entry:
    return Entry("door.invited", person, "孙人", {"code_hash": code, "expires": "2026-11-24T12:00:00+08:00", "more": 1})


def bound(person: str, code: str, device: str) -> Entry:
    given = {"code_hash": code, "device": device, "token_hash": f"t{device}", "label": "手机", "more": 1}
    return Entry("door.bound", person, person, given)


def invite(person: str, code: str, how: str) -> dict[str, Any]:
    expires = "2026-11-24T12:00:00+08:00"
    return {"code_hash": code, "person": person, "invited_at": STAMP, "expires": expires, "state": how}


def device(person: str, number: str, why: str | None = None) -> dict[str, Any]:
    known = {"device": number, "person": person, "token_hash": f"t{number}", "bound_at": STAMP, "label": "手机"}
    return {**known, "revoked_at": STAMP, "why": why} if why else known


def test_an_invitation_binds_one_phone(book: Book) -> None:
    post(book, invited("张三", "a"), invited("王五", "b"))
    assert state(book) == {"s_door_invites": [invite("张三", "a", "open"), invite("王五", "b", "open")]}
    post(book, bound("张三", "a", "d1"))
    assert state(book) == {
        "s_door_devices": [device("张三", "d1")],
        "s_door_invites": [invite("张三", "a", "used"), invite("王五", "b", "open")],
    }


def test_a_new_invitation_makes_the_former_one_and_the_former_phone_worthless(book: Book) -> None:
    post(book, invited("张三", "a"), bound("张三", "a", "d1"), invited("王五", "b"), bound("王五", "b", "d2"))
    post(book, invited("张三", "c"), invited("张三", "d"))
    assert state(book) == {
        "s_door_devices": [device("张三", "d1", "invited"), device("王五", "d2")],
        "s_door_invites": [
            invite("张三", "a", "used"), invite("王五", "b", "used"), invite("张三", "c", "withdrawn"),
            invite("张三", "d", "open"),
        ],
    }  # fmt: skip


def test_a_phone_that_is_shut_out_stays_so_for_its_first_reason(book: Book) -> None:
    post(book, invited("张三", "a"), bound("张三", "a", "d1"), invited("王五", "b"), invited("张三", "c"))
    post(book, Entry("door.revoked", "张三", "孙人", {"why": "lost"}), bound("张三", "x", "d3"))
    post(book, Entry("door.revoked", "张三", "孙人", {"why": "left"}))
    assert state(book) == {
        "s_door_devices": [device("张三", "d1", "invited"), device("张三", "d3", "left")],
        "s_door_invites": [invite("张三", "a", "used"), invite("王五", "b", "open"), invite("张三", "c", "withdrawn")],
    }


def test_what_came_through_the_door_is_known_with_its_device(book: Book) -> None:
    given = {
        "device": "d1", "kind": "visit", "name": "拜访.json", "sha256": "cafe", "body": "{}", "at": "2026-11-23T09:00:00+08:00",
        "live": 1, "challenge": "abc",
    }  # fmt: skip
    post(book, Entry("door.received", "key1", "张三", {**given, "more": 1}))
    assert state(book) == {"s_door_received": [{"key": "key1", "person": "张三", **given}]}


# -- leave, deputies, reminders


def test_leave_and_deputies_are_known_by_their_row_and_who_granted_them(book: Book) -> None:
    span = {"start": "2026-11-24", "end": "2026-11-26", "reason": "请假"}
    deputy = {"principal": "李四", "deputy": "周八", **span}
    post(
        book, Entry("exemption.granted", "261123-0001", "李四", {"person": "张三", **span, "more": 1}),
        Entry("deputy.named", "261123-0002", "赵总", deputy),
    )  # fmt: skip
    granted = {"receipt_no": "261123-0001", "person": "张三", **span, "granted_by": "李四", "granted_at": STAMP}
    assert state(book) == {
        "s_deputies": [{"receipt_no": "261123-0002", "named_by": "赵总", **deputy}], "s_exemptions": [granted],
    }  # fmt: skip


def test_a_reminder_is_remembered_once(book: Book) -> None:
    given = {"customer_id": 1, "person": "张三", "days": 5, "since": "2026-11-01"}
    post_singly(book, *(Entry("reminder.given", "1", "kebu", {**given, "days": days}) for days in (5, 3, 5)))
    assert state(book) == {"s_reminders": [{**given, "days": 3}, given]}
