"""What the ledger's answers look like: words of states, what is not said of a record, what is neither compared nor printed."""

from __future__ import annotations

from dataclasses import MISSING, replace
from datetime import date
from typing import Any

import pytest

from ledger import records
from ledger.facts_json import facts_from, facts_kept
from tests.ledger.entries import DAY, NOON, open_records, picture_facts


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (records.Severity, {"REFUSE": "refuse", "FLAG": "flag", "NOTE": "note", "OFF": "off"}),
        (records.Status, {"WAITING": "waiting", "PENDING": "pending", "ACCEPTED": "accepted", "REJECTED": "rejected",
                          "SUPERSEDED": "superseded"}),
        (records.Outcome, {"ACCEPTED": "已受理", "PENDING": "待审批", "WAITING": "待补照片", "RETURNED": "退回", "DUPLICATE": "重复"}),
        (records.Sealed, {"LIVE": "live", "OFFLINE": "offline", "BROKEN": "broken", "FOREIGN": "foreign",
                          "REPEATED": "repeated"}),
    ],
)  # fmt: skip
def test_the_words_of_states_are_those_of_the_views_and_receipts(which: Any, words: dict[str, str]) -> None:
    assert {each.name: each.value for each in which} == words


def test_what_is_not_said_of_a_record_is_not_known_or_nothing() -> None:
    row = {name: None for name, field in records.Row.__dataclass_fields__.items() if field.default is MISSING}
    plain = records.Row(**row)  # type: ignore[arg-type]
    assert (plain.customer_id, plain.decided_at, plain.decided_by, plain.comment, plain.findings) == (None,) * 3 + (
        "",
        (),
    )
    use = records.PhotoUse("a", "1", "张三", NOON, 0)
    assert use.in_part is False
    person = records.Person("张三", "1", "女", "一部", "销售人员", 1, 1, None, DAY, None, NOON)
    assert (person.root, person.lasting, replace(person, root="甲").lasting) == ("", "张三", "甲")
    picture = records.Photo("a.jpg", "张三", NOON, picture_facts("a"))
    assert (picture.uses, picture.sealed, picture.words) == ((), None, None)
    seal = records.Seal("1", "张三", "c", NOON, NOON, NOON, 0, False, None, None, None)
    assert (seal.content, seal.mac) == ("", "")
    given = {name: None for name in records.Customer.__dataclass_fields__ if name != "receipt_no"}
    assert records.Customer(**given).receipt_no == ""  # type: ignore[arg-type]
    assert records.PDF == "PDF"


def test_facts_of_an_older_version_say_nothing_of_what_it_did_not_read() -> None:
    place = records.Area("广东省", "深圳市", "南山区")
    older = facts_kept(picture_facts("a", place=place))
    for later in ("seal", "pages", "tables"):
        del older[later]
    facts = facts_from(older)
    assert (facts.seal, facts.pages, facts.preview, facts.tables, facts.points) == (None, 1, b"", "", None)
    assert (facts.place, str(facts.place)) == (place, "广东省深圳市南山区")


def test_what_is_only_seen_or_found_by_is_neither_compared_nor_printed() -> None:
    points = records.Points(4, 3, b"places", b"codes", b"thumb")
    facts = picture_facts("a", preview=b"preview", points=points)
    assert facts == picture_facts("a")
    assert repr(facts) == repr(picture_facts("a"))
    assert str(records.Area("甲", "乙", "丙")) == "甲乙丙", "only an area has words of its own"
    assert repr(points) == "Points(width=4, height=3)"
    assert points != replace(points, thumb=b"other")


@pytest.mark.parametrize(
    ("day", "left_on", "active"),
    [
        (date(2026, 11, 1), None, False), (date(2026, 11, 2), None, True), (date(2026, 11, 4), date(2026, 11, 5), True),
        (date(2026, 11, 5), date(2026, 11, 5), False), (date(2026, 11, 1), date(2026, 11, 5), False),
    ],
)  # fmt: skip
def test_somebody_works_here_from_the_first_day_to_the_one_before_they_left(
    day: date, left_on: date | None, active: bool
) -> None:
    person = records.Person("张三", "1", "女", "一部", "销售人员", 1, 1, None, date(2026, 11, 2), left_on, NOON)
    assert person.active_on(day) is active


def test_a_municipality_is_named_once() -> None:
    assert str(records.Area("上海市", "上海市", "浦东新区")) == "上海市浦东新区"
    assert str(records.Area("广东省", "深圳市", "南山区")) == "广东省深圳市南山区"


def test_records_are_not_written_into() -> None:
    assert open_records(records) == []
