"""Whether the ledger's tables, views and triggers are those that this version made: what others changed is named and mended."""

from __future__ import annotations

from ledger.database import Database
from ledger.schema import draw_views, prepare, triggers, views

#: Tables of the tools that work beside us: sqlite-utils' list of migrations, and what Litestream needs to replicate.
_OTHERS = ("_sqlite_migrations", "_litestream_seq", "_litestream_lock")


def meddled(db: Database) -> tuple[str, ...]:
    """The names of views, and of triggers that keep the journal, which are not as this version made them; and of
    triggers on the journal that nobody of ours made."""
    wanted = {**views(), **triggers()}
    present = dict(
        db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'view' OR (type = 'trigger' AND tbl_name = 'entries')"
        )
    )
    odd = [name for name, sql in wanted.items() if present.get(name) != sql]
    extra = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'")
    return tuple(sorted([*odd, *(name for (name,) in extra if name not in wanted)]))


def mend(db: Database) -> None:
    """Make views and the journal's triggers what they should be; inside a transaction."""
    for (name,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
    ).fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for sql in triggers().values():
        db.execute(sql)
    draw_views(db)


def differences(db: Database) -> tuple[str, ...]:
    """The names of tables, indexes, views and triggers that are not what a new ledger has."""
    fresh = Database.in_memory()
    prepare(fresh)
    ours, theirs = (_master(each) for each in (db, fresh))
    return tuple(sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)))


def _master(db: Database) -> dict[str, tuple[str, str, str | None]]:
    """All of it: what is written in the place of ``table`` hides a table from whoever lists them, while SQLite goes on with
    it; an index of a key belongs to its table by name alone."""
    found = db.execute("SELECT name, type, tbl_name, sql FROM sqlite_master")
    return {name: (kind, table, sql) for name, kind, table, sql in found if not {name, table} & set(_OTHERS)}
