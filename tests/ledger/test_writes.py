"""Writes are gathered and sent down in sets: the outcome is that of writing them one by one, in far fewer statements."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from ledger import schema, state
from ledger.database import Database
from ledger.journal import ERASED, Entry, Posted, canonical
from ledger.points import FORGOTTEN
from ledger.state_write import Rows, Writes
from tests.ledger.posting import STAMP, customer, decided, joined, row, table_rows
from tests.ledger.test_state_beside import kept
from tests.ledger.test_state_people import bound, invited
from tests.ledger.test_state_people import changed as moved


class Counted(sqlite3.Connection):
    """Notes what is sent down."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.sent: list[tuple[str, list[Any]]] = []

    def executemany(self, sql: str, values: Iterable[Any], /) -> sqlite3.Cursor:
        """Noted, and done."""
        noted = list(values)
        self.sent.append((sql, noted))
        return super().executemany(sql, noted)


@pytest.fixture
def db() -> Iterator[Counted]:
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=Counted)) as made:
        made.execute("CREATE TABLE one (id, text)")
        made.execute("CREATE TABLE two (id, text)")
        yield made


ADD, SET = "INSERT INTO one VALUES (?, ?)", "UPDATE one SET text = ? WHERE id = ?"
OTHER = "INSERT INTO two VALUES (?, ?)"
READ = "INSERT INTO two SELECT id, text FROM one WHERE id = ?"


def sent(db: Counted) -> list[tuple[str, list[Any]]]:
    return db.sent


def test_writes_that_say_the_same_of_different_rows_go_down_together(db: Counted) -> None:
    writes = Writes(db)
    for number in (1, 2, 3):
        writes.run("one", ADD, number, "a", rows=(number,))
        writes.run("one", SET, "b", number, rows=(number,))
    assert sent(db) == [], "nothing goes down before it is sent"
    writes.send()
    assert sent(db) == [(ADD, [(1, "a"), (2, "a"), (3, "a")]), (SET, [("b", 1), ("b", 2), ("b", 3)])]
    assert db.execute("SELECT * FROM one").fetchall() == [(1, "b"), (2, "b"), (3, "b")]
    writes.send()
    assert len(sent(db)) == 2, "what went down does not go down again"
    writes.run("one", ADD, 4, "a", rows=(4,))
    writes.send()
    assert sent(db)[2:] == [(ADD, [(4, "a")])]


ORDERS: list[tuple[list[tuple[str, tuple[int, ...]]], list[str]]] = [
    ([(ADD, (1,)), (SET, (1,)), (ADD, (1,))], [ADD, SET, ADD]),  # the same row: in their order
    ([(ADD, (1,)), (SET, (2,)), (ADD, (1,))], [ADD, SET]),
    ([(ADD, (1,)), (SET, (1, 2)), (ADD, (2,))], [ADD, SET, ADD]),
    ([(ADD, (1,)), (SET, (2,)), (SET, (1,)), (ADD, (1,))], [ADD, SET, ADD]),
    ([(ADD, ()), (SET, (2,)), (ADD, ())], [ADD, SET, ADD]),  # it may be any row
    ([(ADD, (1,)), (SET, ()), (ADD, (1,))], [ADD, SET, ADD]),
    ([(ADD, (1,)), (SET, (2,)), (SET, ()), (ADD, (3,))], [ADD, SET, ADD]),
    ([(ADD, (1,)), (SET, ()), (SET, (2,)), (ADD, (3,))], [ADD, SET, ADD]),  # any row once is any row
    ([(ADD, ()), (ADD, ()), (ADD, (1,))], [ADD]),
    ([(ADD, (1,)), (OTHER, (1,)), (ADD, (1,))], [ADD, OTHER]),  # another table is in nobody's way
    ([(SET, (1,)), (ADD, (1,)), (OTHER, (1,)), (SET, (1,)), (ADD, (1,)), (ADD, (1,))], [SET, ADD, OTHER, SET, ADD]),
    ([(SET, (1,)), (ADD, (2,)), (SET, (2,)), (ADD, (1,)), (SET, (3,))], [SET, ADD, SET]),
]  # fmt: skip


def test_no_write_overtakes_another_that_concerns_the_same_rows(db: Counted) -> None:
    for writes, sets in ORDERS:
        gathered, before = Writes(db), len(sent(db))
        for n, (sql, rows) in enumerate(writes):
            gathered.run("two" if sql == OTHER else "one", sql, n, n, rows=rows)
        gathered.send()
        assert [sql for sql, _values in sent(db)[before:]] == sets, writes
        assert sum(len(values) for _sql, values in sent(db)[before:]) == len(writes)


@pytest.mark.parametrize(("reads", "sets"), [(("one",), [ADD, READ, ADD, READ]), ((), [ADD, READ])])
def test_what_is_read_must_have_been_written_and_is_not_written_before_it_was_read(
    db: Counted, reads: tuple[str, ...], sets: list[str]
) -> None:
    writes = Writes(db)
    for text in ("a", "b"):
        writes.run("one", ADD, 1, text, rows=(1,))
        writes.run("two", READ, 1, rows=(1,), reads=reads)
    writes.send()
    assert [sql for sql, _values in sent(db)] == sets
    if reads:
        assert db.execute("SELECT text FROM two").fetchall() == [("a",), ("a",), ("b",)]


def test_several_values_at_once_concern_the_same_rows(db: Counted) -> None:
    writes = Writes(db)
    writes.run_each("one", ADD, [(1, "a"), (2, "b")], rows=(1, 2))
    writes.run("one", SET, "c", 2, rows=(2,))
    writes.run_each("one", ADD, [(2, "d")], rows=(2,))
    writes.run("one", SET, "x", 9, rows=(9,))
    writes.run_each("one", ADD, [(3, "e")], rows=(3,))
    writes.run("one", SET, "y", 9, rows=(9,))
    writes.send()
    assert sent(db) == [(ADD, [(1, "a"), (2, "b")]), (SET, [("c", 2), ("x", 9), ("y", 9)]), (ADD, [(2, "d"), (3, "e")])]


def test_records_are_written_by_the_names_of_their_columns(db: Counted) -> None:
    db.execute('CREATE TABLE keyed ("from" INTEGER PRIMARY KEY, "to" TEXT, more TEXT)')
    writes = Writes(db)
    writes.insert("keyed", {"to": "b", "from": 1}, rows=(1,))
    writes.insert("keyed", {"to": "c", "from": 2}, rows=(2,))
    writes.replace("keyed", {"from": 1, "more": "d"}, rows=(1,))
    writes.replace("keyed", {"from": 3, "more": "e"}, rows=(3,))
    assert writes.ask('SELECT * FROM keyed WHERE "from" < ? ORDER BY 1', 3) == [(1, None, "d"), (2, "c", None)]
    assert [(sql, len(values)) for sql, values in sent(db)] == [
        ('INSERT INTO keyed ("to", "from") VALUES (?, ?)', 2),
        ('INSERT OR REPLACE INTO keyed ("from", "more") VALUES (?, ?)', 2),
    ]  # fmt: skip
    writes.insert("keyed", {"from": 1})
    with pytest.raises(sqlite3.IntegrityError):
        writes.send()


# -- the whole state


def number(kind: int, n: int) -> str:
    return f"2611{kind:02}-{n:04}"


def life(n: int) -> list[Entry]:
    """All that may happen often: about a person, a customer and rows that are told apart from others' by *n*."""
    who, receipt, later = f"人{n}", number(1, n), number(2, n)
    given = {
        "key": "k", "fingerprint": "f", "status": "pending", "read": {}, "photos": [f"q{n}"], "vals": {},
        "findings": [{"rule": "r", "clause": "c", "severity": "flag", "column": None, "message": "m", "remedy": ""}],
    }  # fmt: skip
    line = {"arrived_on": "2026-11-22", "payer": "p", "amount_fen": 5, "memo": "m", "receipt_no": receipt}
    sheet = [{"receipt_no": each, "fingerprint": "p", "cells": []} for each in (receipt, later)]
    return [
        kept(n, f"p{n}", points="d", parts_of=[f"q{n}"]),
        row(receipt, "拜访记录", person=who, photos=[f"p{n}"], findings=given["findings"], read={"customer_key": f"宏远{n}"}),
        row(later, "客户新增", "waiting", person=who, key=f"宏远{n}"),
        Entry("sheet.issued", f"S{n}", "kebu", {"form": "f", "approver": "李四", "rows": sheet}),
        Entry("sheet.withdrawn", later, "kebu", {"number": f"S{n}"}), decided(receipt, "rejected"),
        customer(n, who, shared=[f"友{n}"]), Entry("customer.followed", str(n), who, {"day": "2026-11-23"}),
        Entry("bank.received", f"L{n}", "钱会计", line), Entry("bank.used", f"L{n}", "钱会计", {"receipt_no": receipt}),
        Entry("photo.unnamed", f"p{n}", "kebu", {"id": n}), Entry(FORGOTTEN, "points", "kebu", {"pictures": [n]}),
        Entry("row.superseded", receipt, who, {"by": later}),
        Entry("config.changed", "config", "kebu", {"changes": {f"n{n}": [None, n], f"m{n}": [n, None]}}),
        Entry("photo.read", f"p{n}", "kebu", {"words": {"n": n}}),
        Entry("reminder.given", str(n), "kebu", {"customer_id": n, "person": who, "days": 3, "since": "2026-11-01"}),
    ]  # fmt: skip


def statements(entries: Sequence[Entry]) -> int:
    """How many sets the writes of *entries* go down in."""
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=Counted)) as db:
        schema.prepare(Database(db))
        writes, before = Writes(db), len(db.sent)
        for seq, entry in enumerate(entries, 1):
            state.apply(writes, Posted(seq, STAMP, entry, "", canonical(entry.payload)))
        writes.send()
        return len(db.sent) - before


@pytest.mark.parametrize("place", range(len(life(1))), ids=[entry.kind for entry in life(1)])
def test_a_kind_of_entry_costs_as_many_statements_for_ten_as_for_one(place: int) -> None:
    assert statements([life(n)[place] for n in range(1, 11)]) == statements([life(1)[place]])


def test_what_happens_to_ten_costs_no_more_statements_than_what_happens_to_one() -> None:
    lives = [life(n) for n in range(1, 11)]
    one, ten = statements(lives[0]), statements([each for happened in zip(*lives, strict=True) for each in happened])
    assert ten == one


def scene(seed: int) -> list[Entry]:
    """Much that happens to the same few, in an order that only *seed* knows."""
    by_seed, made = random.Random(seed), [joined("甲"), joined("乙"), customer(1, "甲"), customer(2, "乙")]
    numbers = [number(3, n) for n in range(4)]
    pictures = ["aa", "bb", "cc"]
    made += [row(each, "拜访记录", "waiting", photos=pictures[:2], read={"customer_key": "宏远3"}) for each in numbers]
    counter = iter(range(10, 1_000))
    finding = {"rule": "r", "clause": "c", "severity": "flag", "column": "列", "message": "m", "remedy": "r"}

    def some() -> list[Entry]:
        n, who, one = next(counter), by_seed.choice("甲乙"), by_seed.choice("12")
        receipt, day = by_seed.choice(numbers), f"2026-11-{by_seed.randrange(1, 29):02}"
        shared, pick = by_seed.sample("甲乙丙丁", by_seed.randrange(3)), by_seed.sample(pictures, by_seed.randrange(3))
        to = {"owner": who, "shared": shared, "day": day, "receipt_no": receipt}
        judged = {
            "key": f"k{n}", "fingerprint": "f", "status": by_seed.choice(["pending", "rejected", "waiting", "accepted"]),
            "read": {"n": n}, "photos": pick, "vals": {}, "findings": [finding] * by_seed.randrange(3),
        }  # fmt: skip
        line = {"arrived_on": day, "payer": "p", "amount_fen": n, "memo": "m", "receipt_no": receipt}
        void = {"receipt_no": number(4, n), "form": "拜访记录", "action": "作废", "reason": "r"}
        on_sheet = [{"receipt_no": each, "fingerprint": "p", "cells": []} for each in by_seed.sample(numbers, 2)]
        span = {"start": day, "end": day, "reason": "r"}
        return [
            Entry("customer.followed", one, who, {"day": day}), Entry("customer.claimed", one, who, to),
            Entry("customer.transferred", one, who, to), Entry("customer.recycled", one, "kebu", {"day": day}),
            Entry("customer.changed", one, who, {"changes": {"name": f"名{n}", "name_key": f"名{n}", "shared": shared}}),
            Entry("row.completed", receipt, who, judged), decided(receipt, by_seed.choice(["accepted", "rejected"]), decided_at=f"{day}T{n}"),
            Entry("row.superseded", receipt, who, {"by": "x"}), kept(n, by_seed.choice(pictures), points=f"d{n}"),
            Entry("photo.unnamed", "aa", "kebu", {"id": n - 1}), Entry("bank.received", f"L{n}", "钱会计", line),
            Entry("bank.used", f"L{n - 1}", "钱会计", {"receipt_no": receipt}), Entry("row.voided", receipt, who, void),
            Entry("sheet.issued", f"S{n}", "kebu", {"form": "f", "approver": who, "rows": on_sheet}),
            Entry("sheet.withdrawn", receipt, "kebu", {"number": f"S{n - 1}"}),
            Entry("exemption.granted", number(5, n), who, {"person": who, **span}),
            Entry("row.corrected", number(5, n - 1), who, {"receipt_no": number(6, n), "form": "日报豁免", "action": "更正",
                                                           "field": "reason", "from": "r", "to": f"r{n}", "reason": "r"}),
            moved(who, day, department=f"部{n}", state=by_seed.choice([None, "离职", "在职"]), phone=f"1{n}"),
            invited(who, f"c{n}"), bound(who, f"c{n - 1}", f"d{n}"), Entry("door.revoked", who, who, {"why": f"w{n}"}),
            Entry("row.compared", receipt, "kebu", {"read": {"seen": n}, "rules": ["r"], "findings": [finding]}),
            Entry("config.changed", "config", "kebu", {"changes": {who: [0, by_seed.choice([None, n])]}}),
            Entry(FORGOTTEN, "points", "kebu", {"pictures": [n - 1, n - 2]}),
            Entry(ERASED, who, "kebu", {"entries": [], "originals": [["a", by_seed.choice(pictures)]]}),
            Entry("photo.read", by_seed.choice(pictures), "kebu", {"words": {"n": n}}),
            customer(n, who, name_key="宏远3" if by_seed.random() < 0.3 else f"k{n}"),
        ]  # fmt: skip

    names, each_once = set[str](), some()
    while len(made) < 100:
        entry = each_once.pop() if each_once else by_seed.choice(some())
        key = entry.payload.get("name_key", "")
        if key not in names or not key:
            made.append(entry)
            names |= {key} if key else set()
    return made


def told(entries: Sequence[Entry], together: bool) -> dict[str, Any]:
    """The whole state after *entries*."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db = Database(connection)
        schema.prepare(db)
        writes = Writes(connection)
        for seq, entry in enumerate(entries, 1):
            state.apply(writes, Posted(seq, STAMP, entry, "", canonical(entry.payload)))
            if not together:
                writes.send()
        writes.send()
        return {table: table_rows(db, table) for table in schema.state_tables(db)}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_together_comes_to_the_same_as_one_by_one(seed: int) -> None:
    entries = scene(seed)
    found = told(entries, together=True)
    assert found == told(entries, together=False)
    assert len([table for table, rows in found.items() if rows]) > 20, "little happened"


def test_rows_made_void_one_after_the_other_leave_their_customers_as_if_each_had_been_alone() -> None:
    entries = [customer(3, "甲", last_followed_on=None), customer(4, "甲", last_followed_on=None)]
    for n in (3, 4):
        visited = {"拜访时间": "2026-11-20 09:30"}
        entries += [
            row(number(1, n), "拜访记录", "accepted", customer_id=n, read=visited), row(number(2, n), "更正"),
            Entry("customer.followed", str(n), "甲", {"day": "2026-11-20"}),
        ]  # fmt: skip
    for n in (3, 4):
        void = {"receipt_no": number(2, n), "form": "拜访记录", "action": "作废", "reason": "r"}
        entries += [decided(number(2, n)), Entry("row.voided", number(1, n), "甲", void)]
    found = told(entries, together=True)
    assert found == told(entries, together=False)
    assert [each.get("last_followed_on") for each in found["s_customers"]] == [None, None]


class Declared(Writes):
    """Sees that each write says which table it writes, and into which others it looks."""

    def run(self, table: str, sql: str, *values: Any, rows: Rows = (), reads: tuple[str, ...] = ()) -> None:
        """Seen, and done."""
        self._seen(table, sql, reads)
        super().run(table, sql, *values, rows=rows, reads=reads)

    def run_each(self, table: str, sql: str, values: Sequence[tuple[Any, ...]], rows: Rows) -> None:
        """Seen, and done."""
        self._seen(table, sql, ())
        super().run_each(table, sql, values, rows)

    @staticmethod
    def _seen(table: str, sql: str, reads: tuple[str, ...]) -> None:
        (first, *_others) = re.findall(r"\b(?:INTO|UPDATE|FROM) (\w+)", sql)
        assert table == first, sql
        assert set(re.findall(r"\bs_[a-z_]+\b", sql)) == {table, *reads}, sql


def rarer() -> list[Entry]:
    """What :func:`life` and :func:`scene` leave out."""
    content = {"lines": [{"person": "甲", "day": "2026-11-01", "department": "d"}]}
    span = {"start": "2026-11-24", "end": "2026-11-26", "reason": "r"}
    sheet = {"file_id": 1, "sheet": "s", "name": "n", "arrived_at": STAMP, "form": "f", "reason": "r"}
    door = dict.fromkeys(("device", "kind", "name", "sha256", "body", "at", "live", "challenge"), "x")
    file = {"id": 1, "sha256": "aa", "person": "甲", "name": "n", "arrived_at": STAMP, "kind": "k", "outcome": "o"}
    back = {"owner": "甲", "shared": ["乙"], "acquired_on": "d", "previous_owner": None, "receipt_no": "r"}
    return [
        Entry("period.closed", "p", "kebu", {"version": 1, "digest": "d", "content": content}),
        Entry("deputy.named", number(7, 1), "甲", {"principal": "甲", "deputy": "乙", **span}),
        Entry("sheet.unfit", "1", "甲", sheet), Entry("door.received", "k", "甲", door), Entry("file.taken", "1", "甲", file),
        Entry("delivery.queued", "x", "kebu", {"id": 1, "person": "甲", "folder": "f", "name": "n", "cause": "c"}),
        Entry("customer.returned", "1", "甲", back), moved("甲", "2026-12-01", new_name="丙"),
        Entry("customer.changed", "2", "甲", {"changes": {"shared": ["甲", "乙"]}, "receipt_no": number(7, 2)}),
        row(number(7, 3), "客户转交", vals={"receiver": "甲"}), decided(number(7, 3), by="甲"),
        Entry("person.renamed", "甲", "kebu", {"new_name": "丙", "plain_name": "丙", "receipt_no": number(7, 4)}),
    ]  # fmt: skip


def test_a_write_says_which_table_it_writes_and_into_which_it_looks() -> None:
    entries = [*scene(1), *(each for n in (500, 501) for each in life(n)), *rarer()]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.prepare(Database(connection))
        writes = Declared(connection)
        known = {entry.kind for entry in entries}
        for seq, entry in enumerate(entries, 1):
            state.apply(writes, Posted(seq, STAMP, entry, "", canonical(entry.payload)))
        writes.send()
    silent = {"chain.keyed", "book.mended", "book.restored", "book.retaken"}
    assert known == set(state.APPLY) - silent


def test_several_values_at_once_join_those_of_other_rows(db: Counted) -> None:
    writes = Writes(db)
    writes.run_each("one", ADD, [(1, "a")], rows=(1,))
    writes.run("one", SET, "b", 2, rows=(2,))
    writes.run_each("one", ADD, [(3, "c"), (4, "d")], rows=(3, 4))
    writes.send()
    assert sent(db) == [(ADD, [(1, "a"), (3, "c"), (4, "d")]), (SET, [("b", 2)])]
