"""How the state is written: statements gathered, and sent down in sets.

The functions of the state say what changes in the order in which it happened.  Writes that say the same with other
values go down together; one may overtake others only where they concern other rows, so that the outcome is that of
writing them one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ledger.journal import Posted

Rows = tuple[Any, ...]


@dataclass
class _Set:
    """One statement and all the values that it is sent down with."""

    sql: str
    position: int
    values: list[tuple[Any, ...]] = field(default_factory=list)
    rows: set[Any] = field(default_factory=set)
    any_row: bool = False  #: it may concern every row of its table


class Writes:
    """The writes of some entries, in sets."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Gather writes to *db*."""
        self._db = db
        self._sets: list[_Set] = []
        self._newest: dict[str, _Set] = {}  #: by statement
        self._of_table: dict[str, list[_Set]] = {}

    def insert(self, table: str, record: Mapping[str, Any], rows: Rows = ()) -> None:
        """Add a record; *rows* as :meth:`run` understands them."""
        self.run(table, _insert(table, tuple(record), "INSERT"), *record.values(), rows=rows)

    def replace(self, table: str, record: Mapping[str, Any], rows: Rows = ()) -> None:
        """Add a record, or put it in the place of the one with its key."""
        self.run(table, _insert(table, tuple(record), "INSERT OR REPLACE"), *record.values(), rows=rows)

    def run(self, table: str, sql: str, *values: Any, rows: Rows = (), reads: tuple[str, ...] = ()) -> None:
        """Send *sql* down for *table* with *values*.

        :param rows: what tells the rows that it may concern from others (a 受理号, a customer); none: it may be any
        :param reads: other tables that it looks into, at rows that are told apart by the same *rows*
        """
        self._join(self._set_of(sql, (table, *reads), rows), (values,), rows)

    def run_each(self, table: str, sql: str, values: Sequence[tuple[Any, ...]], rows: Rows) -> None:
        """The same with each of *values*, which concern the same rows."""
        self._join(self._set_of(sql, (table,), rows), values, rows)

    def _set_of(self, sql: str, tables: tuple[str, ...], rows: Rows) -> _Set:
        """Where values of *sql* are gathered now."""
        same = self._newest.get(sql)
        if same is None or self._in_the_way(same, tables, rows):
            same = self._newest[sql] = _Set(sql, len(self._sets))
            self._sets.append(same)
            for each in tables:
                self._of_table.setdefault(each, []).append(same)
        return same

    def _in_the_way(self, same: _Set, tables: tuple[str, ...], rows: Rows) -> bool:
        """Whether something that came after the set *same* concerns the same rows, so that it must not be overtaken."""
        for table in tables:
            for each in reversed(self._of_table.get(table, ())):
                if each.position <= same.position:  # neither are those before it
                    break
                if not rows or each.any_row or not each.rows.isdisjoint(rows):
                    return True
        return False

    @staticmethod
    def _join(among: _Set, values: Sequence[tuple[Any, ...]], rows: Rows) -> None:
        among.values.extend(values)
        among.rows.update(rows)
        among.any_row |= not rows

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the state says now: everything gathered so far goes down first."""
        self.send()
        return self._db.execute(sql, values).fetchall()

    def send(self) -> None:
        """Send down what was gathered."""
        sets, self._sets = self._sets, []
        self._newest.clear()
        self._of_table.clear()
        for each in sets:
            self._db.executemany(each.sql, each.values)


Apply = Callable[[Writes, Posted], None]


@cache
def _insert(table: str, names: tuple[str, ...], how: str) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" for _ in names)
    return f"{how} INTO {table} ({columns}) VALUES ({marks})"
