"""What the book answers about the phone door, and which messages went out of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ledger import door, messages
from ledger.book import Book
from ledger.door import Device, Invite
from ledger.journal import Entry
from ledger.messages import Tried
from tests.ledger.entries import NOON, called, file, joined, open_records, post

LATER = NOON + timedelta(hours=1)
SINCE = NOON.replace(tzinfo=NOON.tzinfo)


def invited(person: str, code: str, days: int = 3) -> Entry:
    given = {"code_hash": code, "expires": (NOON + timedelta(days=days)).isoformat()}
    return Entry("door.invited", person, "kebu", given)


def bound(person: str, code: str, device: str) -> Entry:
    given = {"code_hash": code, "device": device, "token_hash": f"t{device}", "label": f"{person}的手机"}
    return Entry("door.bound", person, person, given)


def revoked(person: str, why: str = "revoked") -> Entry:
    return Entry("door.revoked", person, "kebu", {"why": why})


def came(key: str, person: str = "张三", hours: int = 0, **other: Any) -> Entry:
    given = {
        "device": "d1", "kind": "photo", "name": f"{key}.jpg", "sha256": f"s{key}", "body": "", "live": 0, "challenge": "",
        "at": (NOON + timedelta(hours=hours)).isoformat(), **other,
    }  # fmt: skip
    return Entry("door.received", key, person, given)


# -- invitations and phones


def test_an_invitation_is_known_by_its_code_until_it_is_used_or_withdrawn(book: Book) -> None:
    post(
        book,
        invited("张三", "a", 5),
        invited("王五", "b"),
        invited("张三", "c"),
        invited("陈六", "d"),
        bound("陈六", "d", "d4"),
    )
    three, five = NOON + timedelta(days=3), NOON + timedelta(days=5)
    assert [door.invite(book, code) for code in "abcdx"] == [
        Invite("张三", five, "withdrawn"), Invite("王五", three, "open"), Invite("张三", three, "open"), Invite("陈六", three, "used"),
        None,
    ]  # fmt: skip
    assert [door.open_invites(book, person) for person in ("张三", "王五", "陈六")] == [1, 1, 0]


def test_a_phone_is_known_by_its_token_and_to_whom_it_is_bound(book: Book) -> None:
    post(
        book,
        joined("张三"),
        invited("张三", "a"),
        bound("张三", "a", "d1"),
        invited("王五", "b"),
        bound("王五", "b", "d2"),
    )
    mine = Device("d1", "张三", NOON, "张三的手机", None, None)
    other = Device("d2", "王五", NOON, "王五的手机", None, None)
    assert [door.device(book, token) for token in ("td1", "td2", "td3")] == [mine, other, None]
    assert (door.devices(book, "张三"), door.devices(book, "陈六"), door.bound(book)) == ([mine], [], 2)
    post(book, revoked("张三"), when=LATER)
    gone = Device("d1", "张三", NOON, "张三的手机", LATER, "revoked")
    assert (door.device(book, "td1"), door.devices(book, "张三"), door.bound(book)) == (gone, [], 1)
    post(book, called("张三", "张三丰"))
    assert [door.owner_of(book, device) for device in ("d1", "d2", "d9")] == ["张三丰", "王五", None]


def test_whose_phone_or_invitation_opens_the_door_is_known(book: Book) -> None:
    assert (door.whoever_may_come(book), door.bound(book)) == ([], 0)
    for person in ("王五", "张三", "陈六", "赵总"):
        post(book, invited(person, person), bound(person, person, person))
    post(
        book,
        revoked("陈六"),
        invited("赵总", "again"),
        invited("周八", "x"),
        invited("钱督", "y"),
        revoked("钱督", "left"),
    )
    assert door.whoever_may_come(book) == sorted(["王五", "张三", "赵总", "周八"])


# -- what came through


def test_what_came_through_is_known_by_its_key_and_by_what_it_answered(book: Book) -> None:
    post(
        book,
        came("1", live=1, challenge="c1"),
        came("2", live=0, challenge="c2"),
        came("3", "王五", body="{}", kind="row"),
    )
    assert door.received(book, "3") == {
        "key": "3", "person": "王五", "device": "d1", "kind": "row", "name": "3.jpg", "sha256": "s3", "body": "{}",
        "at": NOON.isoformat(), "live": 0, "challenge": "",
    }  # fmt: skip
    assert door.received(book, "4") is None
    assert [door.answered(book, challenge) for challenge in ("c1", "c2", "c3")] == ["1", None, None]


def test_what_the_service_has_taken_of_it_is_known(book: Book) -> None:
    post(
        book, came("1", hours=-1), came("2"), came("3", hours=1), came("4", "王五", hours=2), came("5", "王五", hours=3),
        file(1, sha256="s2"), file(2, sha256="s3", person="王五"), file(3, sha256="s5", person="王五"),
    )  # fmt: skip
    assert [door.untaken(book, NOON + timedelta(hours=hours)) for hours in (-2, -1, 0, 1, 2, 3)] == [3, 3, 2, 2, 1, 0]
    found = door.came_since(book, "张三", SINCE)
    assert [(each["key"], each["taken"]) for each in found] == [("3", 0), ("2", 1)]
    second = door.received(book, "2")
    assert second
    assert found[1] == {**second, "taken": 1}
    assert [each["key"] for each in door.came_since(book, "王五", SINCE)] == ["5", "4"]
    assert [door.is_taken(book, person, sha256) for person, sha256 in (("张三", "s2"), ("张三", "s3"), ("王五", "s3"))] == [
        True, False, True,
    ]  # fmt: skip


def test_files_that_were_refused_whole_since_a_moment_come_newest_first(book: Book) -> None:
    def refused(number: int, hours: int, **other: Any) -> Entry:
        given = {
            "outcome": "refused",
            "reason": f"因{number}",
            "arrived_at": (NOON + timedelta(hours=hours)).isoformat(),
        }
        return file(number, f"{number}.xlsx", **{**given, **other})

    post(
        book,
        refused(1, 0),
        refused(2, 2),
        refused(3, 1),
        refused(4, -1),
        refused(5, 1, outcome="taken"),
        refused(6, 1, person="王五"),
    )
    found = door.refused_since(book, "张三", SINCE)
    assert [each["name"] for each in found] == ["2.xlsx", "3.xlsx", "1.xlsx"]
    assert found[2] == {"name": "1.xlsx", "arrived_at": NOON.isoformat(), "reason": "因1"}


# -- messages


def test_what_was_claimed_is_nobody_elses_until_it_failed(book: Book) -> None:
    assert messages.untold(book, "群", ["a", "b"]) == ["a", "b"]
    assert messages.claim(book, "群", ["c", "a"], NOON) == ["c", "a"]
    assert messages.claim(book, "群", ["a", "b", "c"], NOON) == ["b"]
    assert messages.claim(book, "别群", ["a"], NOON) == ["a"]
    messages.told(book, "群", ["a"], NOON)
    messages.failed(book, "群", ["a", "b"], NOON, "连不上")
    assert messages.untold(book, "群", ["d", "a", "b", "c"]) == ["d", "b"], "what was sent stays so"
    assert messages.untold(book, "别群", ["a", "b"]) == ["b"]


def test_what_was_sent_long_ago_is_forgotten_and_what_nobody_knows_of_is_not(book: Book) -> None:
    long, just = NOON - timedelta(days=60, seconds=1), NOON - timedelta(days=60)
    messages.claim(book, "群", ["old", "unheard"], long)
    messages.claim(book, "群", ["just"], just)
    messages.told(book, "群", ["old", "just"], just)
    messages.claim(book, "群", ["new"], NOON)
    assert messages.untold(book, "群", ["old", "unheard", "just", "new"]) == ["old"]
    assert {tuple(each.values()) for each in book.ask("SELECT * FROM messages")} == {
        ("群", "unheard", "sending", long.isoformat()), ("群", "just", "sent", just.isoformat()), ("群", "new", "sending", NOON.isoformat()),
    }  # fmt: skip


def test_how_it_went_with_a_target_is_remembered(book: Book) -> None:
    assert messages.tries(book) == {}
    messages.failed(book, "群", [], NOON, "连不上")
    messages.failed(book, "群", [], LATER, "拒绝")
    messages.unheard(book, "别群", NOON)
    assert messages.tries(book) == {"群": Tried(2, LATER, None, "拒绝"), "别群": Tried(0, NOON, NOON, "")}
    messages.unheard(book, "群", LATER + timedelta(hours=1))
    then = LATER + timedelta(hours=1)
    assert messages.tries(book)["群"] == Tried(2, then, then, "拒绝")
    messages.told(book, "群", [], LATER)
    assert messages.tries(book)["群"] == Tried(0, LATER, LATER, "")
    messages.failed(book, "群", [], then, "又断")
    assert messages.tries(book)["群"] == Tried(1, then, LATER, "又断")


def test_what_was_never_heard_of_again_is_counted(book: Book) -> None:
    messages.claim(book, "群", ["a", "b"], NOON)
    messages.claim(book, "群", ["c"], LATER)
    messages.claim(book, "别群", ["a"], NOON)
    messages.claim(book, "三群", ["a"], LATER)
    messages.told(book, "群", ["b"], NOON)
    assert messages.uncertain(book, NOON, LATER) == {"群": 1, "别群": 1}
    assert messages.uncertain(book, NOON, LATER + timedelta(seconds=1)) == {"群": 2, "别群": 1, "三群": 1}


def test_records_are_not_written_into() -> None:
    assert open_records(door, messages) == []
