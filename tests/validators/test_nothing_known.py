"""What is known of a row before anybody was asked: nothing, in the kind of nothing that each rule expects."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any, cast

from ledger.book import Book
from ledger.records import Row
from policy.forms.visit import Visit
from tests.case_facts import ZONE, put
from tests.validators.world import USUAL
from validators.context import Context
from validators.facts import CorrectedRow, Facts, Move
from validators.judging import Gathered
from validators.namesakes import Register
from validators.verdict import Verdict
from validators.written.point import Match, Point

NOW = datetime(2026, 11, 23, 18, tzinfo=ZONE)
ME = put(Visit, {}).facts.submitter


def told(record: Any) -> dict[str, Any]:
    return {each.name: getattr(record, each.name) for each in fields(record)}


def test_facts_of_which_nothing_was_asked() -> None:
    assert told(Facts(NOW, USUAL, ME)) == {
        "now": NOW, "settings": USUAL, "submitter": ME, "people": {}, "customer": None, "customer_waiting": False,
        "customer_waiting_owner": None, "lookalikes": (), "taken_name": None, "held": {}, "photos": {}, "usual_models": {},
        "sightings": (), "same_spot": {}, "earlier": {}, "phone_owner": None, "area": None, "namesake": False, "registered": False,
        "name_taken": "", "name_way": "", "ambiguous": (), "reserved": None, "claims_today": 0, "plan": None, "same_contract": None,
        "same_deal": None, "order": None, "same_payment": None, "move": Move((), "", 0, ()), "stands_in": frozenset(), "day_state": None,
        "told_on": None, "deputies": {}, "opportunity_known": False, "original": None, "opening": False, "aims": (),
    }  # fmt: skip
    one, other = Facts(NOW, USUAL, ME), Facts(NOW, USUAL, ME)
    assert not {id(one.held), id(one.people)} & {id(other.held), id(other.people)}, (
        "what one is given is not the other's"
    )


def test_a_move_of_nothing_and_a_correction_of_a_row_alone() -> None:
    assert told(Move()) == {"customers": (), "owner": "", "held": 0, "rest": ()}
    row = cast("Row", object())
    assert told(CorrectedRow(row)) == {
        "row": row, "voided_by": None, "used_by": None, "paid": {}, "followed": "", "restores": (), "column": None, "value": None,
        "trouble": "",
    }  # fmt: skip


def test_a_context_of_a_row_that_is_new() -> None:
    book = cast("Book", object())
    assert told(Context(book, USUAL, ME, NOW)) == {
        "book": book, "settings": USUAL, "submitter": ME, "now": NOW, "receipt_no": "", "same_sheet_names": None, "written_at": None,
    }  # fmt: skip


def test_a_register_without_former_names_understands_none() -> None:
    register = Register({}, {}, date(2026, 11, 23))
    assert (register.days, register.before("王五")) == (0, ())


def test_what_the_group_and_the_names_add_to_a_row_is_nothing_at_first() -> None:
    facts = Facts(NOW, USUAL, ME)
    assert Gathered((), (), "", facts).elsewhere == ()
    row: dict[str, Any] = {
        "form": Visit, "person": "张三", "department": "销售一部", "submitted_at": NOW, "sheet": "拜访记录", "row_no": 2, "cells": [],
        "values": {}, "read": {}, "photos": (), "embedded": {}, "missing": (), "findings": (), "key": "k",
    }  # fmt: skip
    verdict = Verdict(**row)
    assert (verdict.customer_id, verdict.day, verdict.rooted, verdict.roots, verdict.refused) == (
        None,
        None,
        {},
        {},
        False,
    )
    assert told(Point("招牌", Match.UNREAD)) == {
        "what": "招牌",
        "match": Match.UNREAD,
        "found": "",
        "wanted": "",
        "spot": None,
    }
