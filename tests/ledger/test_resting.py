"""No dead ends: wherever a row, an order, a payment, a customer, a person or a day can rest, there is a way on, or it is final."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.records import Outcome, Status
from ledger.state_customers import CUSTOMER_ENTRIES
from ledger.state_people import PEOPLE_ENTRIES
from policy.form import columns
from policy.forms import FORMS, form_named
from policy.forms.payment import Payment
from processors import compliance
from tests.ways.resting import FINAL, PUT_RIGHT_BY, STORIES
from tests.ways.way import Story
from validators.put_right import ELSEWHERE


def states() -> Iterator[str]:
    """Every state that the code knows: from its own words, not from a list of ours."""
    for kind in ("row", "order", "payment"):
        yield from (f"{kind} {status.value}" for status in Status)
    yield from (f"outcome {each.value}" for each in Outcome)
    yield from CUSTOMER_ENTRIES
    yield from PEOPLE_ENTRIES
    yield from (f"day {word}" for name, word in vars(compliance).items() if name.isupper() and isinstance(word, str))
    yield from (f"day {word}" for word in re.findall(r'return f"(\w+未\w+)：', inspect.getsource(compliance)))
    yield from (f"in effect {form.sheet}" for form in FORMS)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_there_is_a_way_on(story: Story, tmp_path: Path) -> None:
    story.play(tmp_path)


def test_every_state_has_a_way_on_or_is_final() -> None:
    known, told = set(states()), {state for story in STORIES for state in story.rules} | set(FINAL)
    assert known - told == set()
    assert told - known == set(), "a state that is no more"
    assert {state for story in STORIES for state in story.rules} & set(FINAL) == set()


def test_a_payment_never_waits_for_pictures() -> None:
    assert [column.header for column in columns(Payment) if column.kind == "photos"] == []


def test_what_has_taken_effect_is_put_right_where_the_refusal_of_a_correction_says() -> None:
    assert {form: way for form, way in PUT_RIGHT_BY.items() if way != "更正"} == dict(ELSEWHERE)
    assert [way for way in PUT_RIGHT_BY.values() if form_named(way) is None] == []
