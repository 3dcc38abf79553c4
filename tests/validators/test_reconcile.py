"""Payments held against bank lines: what is proposed, what agrees, which line is used up (客户回款 6.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.payments import Credit
from processors.reconcile import Expected, compare, given_kept, line_used, propose, propose_all

DAY = date(2026, 11, 23)
NAME = "深圳市宏远电子有限公司"


def line(payer: str = NAME, fen: int = 5_000_000, day: date = DAY, serial: str = "S1") -> Credit:
    return Credit(serial, day, payer, fen, None)


def expected(*names: str, fen: int = 5_000_000, day: date = DAY) -> Expected:
    return Expected(names or (NAME,), day, fen)


@pytest.mark.parametrize(
    ("payer", "fits"),
    [
        (NAME, True),
        ("深圳市宏远电子　有限公司", True),
        ("深圳市宏远电子有限公司（基本户）", True),
        ("深圳市宏远电子股份有限公司", True),
        ("深圳市宏远电孑有限公司", True),  # one wrong character of seven
        ("宏远电子", False),
        ("深圳市华新科技有限公司", False),
        ("有限公司", False),
    ],
)
def test_a_payer_s_name_may_differ_a_little(payer: str, fits: bool) -> None:
    assert (propose(expected(), [line(payer)]) is not None) is fits


def test_amount_and_day_must_fit() -> None:
    assert propose(expected(), [line(fen=5_000_001)]) is None
    assert propose(expected(), [line(day=DAY + timedelta(days=3))]) is not None
    assert propose(expected(), [line(day=DAY + timedelta(days=4))]) is None


def test_a_tie_proposes_nothing_and_the_better_of_two_is_taken() -> None:
    assert propose(expected(), [line(serial="S1"), line(serial="S2")]) is None
    exact, like = line(serial="S1"), line("深圳市宏远电子股份有限公司", serial="S2")
    assert propose(expected(), [like, exact]) == exact
    near, far = line(serial="S1"), line(day=DAY - timedelta(days=2), serial="S2")
    assert propose(expected(), [far, near]) == near


def test_the_banks_own_number_means_this_line_and_no_other() -> None:
    named = Expected((NAME,), DAY, 5_000_000, "s1")
    assert propose(named, [line("珠海海天食品有限公司", day=DAY - timedelta(days=30))]) is not None
    assert propose(named, [line("珠海海天食品有限公司", serial="S2")]) is None
    assert propose(named, [line("珠海海天食品有限公司", fen=1)]) is None
    assert propose(named, [line(serial="S2"), line("珠海海天食品有限公司")]) == line("珠海海天食品有限公司")
    assert propose(expected(), [line("珠海海天食品有限公司", serial="")]) is None


def test_a_former_name_counts() -> None:
    renamed = expected("深圳市远大电子有限公司", NAME)
    assert propose(renamed, [line()]) is not None
    assert all(each.agrees for each in compare(renamed, NAME, DAY, 5_000_000))


def test_two_payments_that_fit_one_line_equally_get_nothing() -> None:
    assert propose_all({"A": expected(), "B": expected()}, [line()]) == {}


def test_the_payment_that_fits_better_gets_the_line_wherever_it_stands() -> None:
    better, worse = expected(), expected("深圳市宏远电孑有限公司")
    for payments in ({"A": better, "B": worse}, {"B": worse, "A": better}):
        assert propose_all(payments, [line()]) == {"A": line()}


@given(
    st.lists(st.tuples(st.sampled_from((NAME, "深圳市宏远电孑有限公司", "珠海海天食品有限公司")), st.sampled_from((1, 2)),
                       st.integers(-5, 5)), max_size=6),
    st.lists(st.tuples(st.sampled_from((NAME, "珠海海天食品有限公司")), st.sampled_from((1, 2)), st.integers(-5, 5)),
             max_size=6),
)  # fmt: skip
def test_no_line_is_ever_proposed_twice_and_the_amount_always_fits(
    entered: list[tuple[str, int, int]], booked: list[tuple[str, int, int]]
) -> None:
    payments = {str(n): Expected((name,), DAY + timedelta(days=d), fen) for n, (name, fen, d) in enumerate(entered)}
    lines = [line(name, fen, DAY + timedelta(days=d), str(n)) for n, (name, fen, d) in enumerate(booked)]
    found = propose_all(payments, lines)
    assert len({each.serial for each in found.values()}) == len(found)
    assert all(payments[n].amount_fen == each.amount_fen for n, each in found.items())


def test_each_of_the_three_is_compared_on_its_own_and_shown_with_both_values() -> None:
    name, day, amount = compare(expected(), "深圳市华新科技有限公司", date(2026, 11, 24), 4_999_999)
    assert str(name) == "到账客户名称：不一致（登记 深圳市宏远电子有限公司，到账 深圳市华新科技有限公司）"
    assert str(day) == "到账日期：不一致（登记 2026-11-23，到账 2026-11-24）"
    assert str(amount) == "到账金额：不一致（登记 50,000.00 元，到账 49,999.99 元）"
    assert [str(each) for each in compare(expected(), "深圳市 宏远电子有限公司", DAY, 5_000_000)] == [
        "到账客户名称：一致（深圳市宏远电子有限公司）", "到账日期：一致（2026-11-23）", "到账金额：一致（50,000.00 元）"]  # fmt: skip


def test_the_line_that_was_copied_is_used_and_a_like_one_only_if_it_is_the_only_one() -> None:
    exact, like = line(serial="S1"), line("深圳市宏远电子股份有限公司", serial="S2")
    other = line("珠海海天食品有限公司", serial="S3")
    assert line_used([like, exact], NAME, DAY, 5_000_000) == exact
    assert line_used([like, other], NAME, DAY, 5_000_000) == like
    assert line_used([other], NAME, DAY, 5_000_000) is None
    assert line_used([like, line("深圳市宏远电子集团有限公司", serial="S4")], NAME, DAY, 5_000_000) is None


def test_the_comparison_is_kept_as_it_was_made() -> None:
    kept = given_kept(compare(expected(), NAME, date(2026, 11, 24), 5_000_000))
    assert kept["到账日期"] == {"entered": "2026-11-23", "arrived": "2026-11-24", "agrees": False}
    assert kept["到账金额"] == {"entered": "50,000.00 元", "arrived": "50,000.00 元", "agrees": True}
    assert list(kept) == ["到账客户名称", "到账日期", "到账金额"]
