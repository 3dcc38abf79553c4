"""Telephone numbers: what is taken without a look into the tables is what the tables would take."""

from __future__ import annotations

import phonenumbers
import pytest

from policy import phones


def test_plain_mobile_numbers_are_judged_as_the_tables_judge_them() -> None:
    for series in range(1_000):
        text = f"1{series:03}3800138"
        number = phonenumbers.parse(text, "CN")
        assert phones.valid_number(text) == (text if phonenumbers.is_valid_number(number) else None), text


@pytest.mark.parametrize(
    "text", ["13800138000 ", "１３８００１３８０００", "1380013800", "138001380000", "+8613800138000"]
)
def test_what_is_not_written_plainly_is_looked_up(text: str) -> None:
    assert phones.valid_number(text) == phones._looked_up(text)
