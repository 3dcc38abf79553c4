"""The ledger's tables, triggers and views: brought to the newest form when a book is opened.

``entries`` is the truth.  Every ``s_…`` table is derived from it and may be
thrown away and replayed.  ``shipped``, ``due``, ``told``, ``told_parts``, ``told_shares``, ``standing``, ``lying``, ``spare``, ``removals``,
``moves``, ``cleared``, ``points``, ``point_words``, ``page_mark``, ``renewed_mark``, ``anchored``, ``messages``, ``message_tries`` and ``secrets`` record
what was done, or is still to be done, outside the database; they are not part of the truth.
sqlite-utils runs the migrations, and is loaded only when one is due: it costs more than all else that opens a book.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from zlib import crc32

from ledger.database import Database
from ledger.first_book import JOURNAL
from ledger.migrations import MIGRATIONS
from ledger.views import VIEWS

SET = "kebu"  #: whose migrations these are, in sqlite-utils' table of what was done


def state_tables(db: Database) -> tuple[str, ...]:
    """Names of the tables that are derived from the journal."""
    return tuple(sorted(name for name in db.table_names() if name.startswith("s_")))


def prepare(db: Database) -> None:
    """Bring the ledger to the newest form.  Views that another version drew are made anew; others are looked at by
    :mod:`ledger.shape`.

    :raises sqlite3.DatabaseError: a later version has changed the ledger
    """
    refuse_newer(db)
    if _is_due(db):
        _migrate(db)
    if db.execute("PRAGMA user_version").fetchone()[0] != _DRAWN:
        draw_views(db)
        db.execute(f"PRAGMA user_version = {_DRAWN}")


def views() -> dict[str, str]:
    """Name → statement of the views that other programs ask."""
    return {name: f"CREATE VIEW {name} AS {select}" for name, select in VIEWS}


def triggers() -> dict[str, str]:
    """Name → statement of the triggers that keep the journal."""
    parts = JOURNAL.split("CREATE TRIGGER ")[1:]
    return {part.split()[0]: f"CREATE TRIGGER {part.strip().removesuffix(';')}" for part in parts}


#: Tells a ledger whose views this version drew; anything else was drawn by another.
_DRAWN = crc32("".join(views().values()).encode()) & 0x7FFFFFFF


def _is_due(db: Database) -> bool:
    """Whether a migration is to be done."""
    done = _done(db)
    return any(name not in done for name, _step in MIGRATIONS)


def refuse_newer(db: Database) -> None:
    """See that no later version has changed the ledger: this one would read it wrongly, and write worse.

    :raises sqlite3.DatabaseError: one has
    """
    known = {name for name, _step in MIGRATIONS}
    newer = sorted(name for name in _done(db) if name not in known)
    if newer:
        raise sqlite3.DatabaseError(
            f"这本账本已由更新的程序升级过（{'、'.join(newer)}），这个版本不能打开，账本没有改动："
            "请换回更新的程序；一定要用旧程序的，请用升级之前的备份运行 restore"
        )


def _done(db: Database) -> set[str]:
    """The migrations that the ledger has been through, by the table that sqlite-utils keeps."""
    if "_sqlite_migrations" not in db.table_names():
        return set()
    return {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))}


def _migrate(db: Database) -> None:
    from sqlite_utils import Database as Tool
    from sqlite_utils.migrations import Migrations

    steps = Migrations(SET)
    for name, step in MIGRATIONS:
        steps(name=name)(_on(db, step))
    steps.apply(Tool(db.conn))


def _on(db: Database, step: Callable[[Database], None]) -> Callable[[object], None]:
    """The step on our own connection, which is also the tool's."""

    def do(_tool: object) -> None:
        step(db)

    return do


def draw_views(db: Database) -> None:
    """Make the views anew."""
    with db.atomic():
        for name, sql in views().items():
            db.execute(f"DROP VIEW IF EXISTS {name}")
            db.execute(sql)
