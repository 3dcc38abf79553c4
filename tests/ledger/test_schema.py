"""The ledger's form: what a new book has, what every release has done to older ones, and what meddling is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from ledger import schema, shape
from ledger.database import Database
from ledger.journal import append, canonical
from ledger.migrations import MIGRATIONS, run_script
from tests.ledger.posting import AT, customer, row, table_rows

#: As they were released: a book remembers them by these names, in this order.
RELEASED = (
    "0001_first_book", "0002_pictures_by_index", "0003_sealed_pictures", "0004_key_in_force", "0005_unfit_sheets",
    "0006_found_by_index", "0007_told_then_drawn", "0008_config_and_marks", "0009_phone_door", "0010_deputies",
    "0011_arrival", "0012_standing_sheets", "0013_corrections", "0014_quiet_folders", "0015_words_on_pictures",
    "0016_names_of_people", "0017_years_by_index", "0018_pages", "0019_messages", "0020_lying", "0021_erased",
    "0022_points", "0023_place_of_pictures", "0024_anchored", "0025_lying_again", "0026_age", "0027_points_proved",
    "0028_restorings", "0029_renewed_signed", "0030_told_parts",
)  # fmt: skip

TABLES = {
    "_sqlite_migrations", "anchored", "cleared", "due", "entries", "lying", "message_tries", "messages", "moves",
    "page_mark", "point_words", "points", "removals", "renewed_mark", "s_bank_lines", "s_changes", "s_closings",
    "s_config", "s_corrections", "s_customers", "s_decisions", "s_deliveries", "s_deputies", "s_door_devices",
    "s_door_invites", "s_door_received", "s_employments", "s_erased", "s_exemptions", "s_files", "s_findings",
    "s_former_names", "s_members", "s_mentions", "s_name_pairs", "s_people", "s_people_before", "s_photo_bands",
    "s_photo_parts", "s_photo_points", "s_photo_uses", "s_photos", "s_reminders", "s_renamings", "s_row_photos",
    "s_rows", "s_sheet_rows", "s_sheets", "s_terms", "s_unfit_sheets", "s_unnamed", "s_unpaid", "s_words", "secrets",
    "shipped", "spare", "standing", "told", "told_parts", "told_shares",
}  # fmt: skip
INDEXES = {
    "entries_erased", "entries_keyed", "entries_restored", "lying_delivery", "lying_told", "messages_at", "points_kept",
    "s_bank_lines_same", "s_bank_lines_unused", "s_changes_at", "s_changes_customer", "s_corrections_of",
    "s_customers_owner", "s_decisions_day", "s_deliveries_name", "s_deliveries_place", "s_deliveries_since",
    "s_deputies_end", "s_door_devices_person", "s_door_invites_person", "s_door_received_challenge",
    "s_door_received_person", "s_exemptions_end", "s_exemptions_person", "s_files_person", "s_files_refused",
    "s_files_sha", "s_files_unread", "s_former_names_key", "s_members_person", "s_people_before_name", "s_people_plain",
    "s_photo_parts_other", "s_photo_uses_receipt", "s_photos_arrived", "s_photos_model", "s_photos_name",
    "s_photos_person", "s_photos_place",
    "s_photos_pixels", "s_photos_seal", "s_photos_sha", "s_renamings_open", "s_row_photos_receipt", "s_rows_brought",
    "s_rows_came", "s_rows_contract", "s_rows_customer", "s_rows_day", "s_rows_key", "s_rows_order", "s_rows_owner",
    "s_rows_paid", "s_rows_payer", "s_rows_person", "s_rows_recent", "s_rows_returned", "s_rows_seen", "s_rows_signed",
    "s_rows_status", "s_rows_transferred", "s_rows_unentered", "s_rows_visited", "s_sheet_rows_open",
    "s_sheet_rows_receipt", "s_unfit_sheets_day", "shipped_ageing", "standing_key", "told_shares_part",
}  # fmt: skip
TRIGGERS = {
    "changed_rows_are_owed", "cleared_sheets_lie_no_more", "cleared_sheets_stand_no_more", "deliveries_are_due",
    "entries_follow_on", "entries_never_change", "entries_never_go", "received_rows_are_owed", "shipped_files_lie",
    "shipped_is_not_due", "shipped_sheets_stand", "what_left_is_spare", "what_was_told_is_spare",
    "words_gone_have_no_parts",
}  # fmt: skip
VIEWS = {
    "people", "former_names", "customers", "customer_members", "visits", "visit_plans", "orders", "payments", "transfers",
    "changes", "targets", "opportunities", "corrections", "bank_lines", "daily_reports", "exemptions", "deputies",
    "appeals", "photos", "findings", "decisions", "files", "deliveries", "journal",
}  # fmt: skip


@pytest.fixture
def db() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield Database(connection)


@pytest.fixture
def new(db: Database) -> Database:
    schema.prepare(db)
    return db


def named(db: Database, kind: str) -> set[str]:
    rows = db.execute("SELECT name FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL", (kind,))
    return {name for (name,) in rows if not name.startswith(("sqlite_", "idx__sqlite_"))}


def up_to(db: Database, last: str) -> None:
    """A book of the version whose newest change was *last*."""
    for name, step in MIGRATIONS:
        step(db)
        if name == last:
            return


def test_a_new_book_has_these_tables_indexes_triggers_and_views(new: Database) -> None:
    assert named(new, "table") == TABLES
    assert named(new, "index") == INDEXES
    assert named(new, "trigger") == TRIGGERS
    assert named(new, "view") == VIEWS
    assert schema.state_tables(new) == tuple(sorted(name for name in TABLES if name.startswith("s_")))


def test_a_book_remembers_every_change_by_the_name_under_which_it_was_released(new: Database) -> None:
    done = new.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY id").fetchall()
    assert done[: len(RELEASED)] == [("kebu", name) for name in RELEASED]
    assert [name for name, _step in MIGRATIONS] == [name for _set, name in done]
    assert [name[:4] for name, _step in MIGRATIONS] == [f"{n:04}" for n in range(1, len(MIGRATIONS) + 1)]


def test_a_book_that_is_opened_again_is_not_written(new: Database) -> None:
    before = new.conn.total_changes, list(new.conn.iterdump())
    schema.prepare(new)
    assert (new.conn.total_changes, list(new.conn.iterdump())) == before


def test_an_older_book_is_brought_to_the_newest_form_step_by_step(db: Database) -> None:
    other = Database.in_memory()
    schema.prepare(other)
    later = other.execute("SELECT id, name FROM _sqlite_migrations WHERE id > 5").fetchall()
    up_to(db, "0005_unfit_sheets")
    [(sql,)] = other.execute("SELECT sql FROM sqlite_schema WHERE name = '_sqlite_migrations'")
    db.execute(sql)
    for line in other.execute("SELECT * FROM _sqlite_migrations WHERE id <= 5"):
        db.execute(f"INSERT INTO _sqlite_migrations VALUES ({', '.join('?' * len(line))})", line)
    schema.prepare(db)
    assert shape.differences(db) == ()
    assert db.execute("SELECT id, name FROM _sqlite_migrations WHERE id > 5").fetchall() == later


def test_a_book_that_a_later_version_has_changed_is_refused_and_not_written(new: Database) -> None:
    new.execute("UPDATE _sqlite_migrations SET name = '9999_b' WHERE id = 3")
    new.execute("UPDATE _sqlite_migrations SET name = '9998_a' WHERE id = 4")
    before = list(new.conn.iterdump())
    with pytest.raises(sqlite3.DatabaseError) as told:
        schema.prepare(new)
    assert str(told.value) == (
        "这本账本已由更新的程序升级过（9998_a、9999_b），这个版本不能打开，账本没有改动："
        "请换回更新的程序；一定要用旧程序的，请用升级之前的备份运行 restore"
    )
    assert list(new.conn.iterdump()) == before
    new.execute("UPDATE _sqlite_migrations SET migration_set = 'theirs' WHERE id IN (3, 4)")
    schema.refuse_newer(new)


def test_views_that_another_version_drew_are_drawn_anew_and_only_then(new: Database) -> None:
    new.execute("DROP VIEW people")
    schema.prepare(new)
    assert "people" not in named(new, "view"), "whoever changed it is found by verify"
    new.execute("PRAGMA user_version = 1")
    schema.prepare(new)
    assert named(new, "view") == VIEWS
    assert new.execute("PRAGMA user_version").fetchone()[0] > 1


# -- what releases did to what was there


@pytest.mark.parametrize("end", [";", ";\n", ";\n\n", "", "\n"])
def test_every_statement_of_a_script_is_run_and_a_transaction_stays_open(db: Database, end: str) -> None:
    db.execute("BEGIN")
    trigger = "CREATE TRIGGER t AFTER INSERT ON one\n    BEGIN INSERT INTO two VALUES (1); INSERT INTO two VALUES (2);\n    END;"
    run_script(db, f"CREATE TABLE one (a);\nCREATE TABLE two (\n    a\n);\n{trigger}\nINSERT INTO one VALUES (5){end}")
    assert db.conn.in_transaction
    assert db.execute("SELECT a FROM two").fetchall() == [(1,), (2,)]


def filled(db: Database) -> None:
    """A journal of two entries."""
    append(db.conn, [(row("261101-0001", "客户新增", key="甲乙丙"), AT), (customer(1), AT)], b"k")


def test_pictures_and_rows_of_before_are_found_by_the_indexes_that_came_later(db: Database) -> None:
    up_to(db, "0001_first_book")
    for n, (sha256, dhash, embedded) in enumerate(
        (("aa", "00000000000000ff", 0), ("bb", None, 0), ("cc", None, 1), ("dd", None, 0)), 1
    ):
        db.execute(
            "INSERT INTO s_photos (id, sha256, dhash, embedded, told) VALUES (?, ?, ?, ?, ?)",
            (n, sha256, dhash, embedded, n == 4),
        )
    db.execute(
        "INSERT INTO s_rows (receipt_no, form, photos) VALUES ('261101-0001', '拜访记录', '[\"bb\", \"bb\", \"xx\"]')"
    )
    filled(db)
    for _name, step in MIGRATIONS[1:]:
        step(db)
    assert table_rows(db, "s_row_photos") == [
        {"sha256": "bb", "receipt_no": "261101-0001"},
        {"sha256": "xx", "receipt_no": "261101-0001"},
    ]
    assert table_rows(db, "s_unnamed") == [{"photo_id": 1}]
    assert table_rows(db, "s_photo_bands") == [
        {"band": band, "photo_id": 1, "dhash": 255} for band in (255, 1 << 22, 2 << 22)
    ]  # fmt: skip
    assert table_rows(db, "s_mentions") == [{"receipt_no": "261101-0001", "seq": n} for n in (1, 2)]
    assert [line["pair"] for line in table_rows(db, "s_name_pairs")] == ["乙丙", "宏远", "甲乙", "远1"]


def test_long_journals_are_found_by_to_their_last_entry(db: Database) -> None:
    up_to(db, "0005_unfit_sheets")
    numbers = [f"261101-{n:04}" for n in range(1, 1_002)]
    append(db.conn, [(row(number, "拜访记录"), AT) for number in numbers], b"k")
    for _name, step in MIGRATIONS[5:]:
        step(db)
    assert [line["receipt_no"] for line in table_rows(db, "s_mentions")] == numbers


DELIVERIES = """INSERT INTO s_deliveries (id, person, folder, name, sha256, queued_at, cause)
                VALUES (?, '李四', '审批', ?, 'x', '2026-11-01', ?)"""


def test_what_lay_in_folders_before_is_listed_by_the_tables_that_came_later(db: Database) -> None:
    up_to(db, "0006_found_by_index")
    sheets = ["approval:S1", "approval:S2", "picture:S1", "file:1", "approval:S3", "file:2", "file:2"]
    for number, cause in enumerate(sheets, 1):
        db.execute(DELIVERIES, (number, f"n{number}", cause))
        if number != 5:
            path = "" if number == 6 else "李四/取件/同" if number in (4, 7) else f"李四/取件/n{number}"
            db.execute("INSERT INTO shipped VALUES (?, '2026-11-02', ?)", (number, path))
    db.execute("INSERT INTO cleared VALUES ('S2')")
    for _name, step in MIGRATIONS[6:]:
        step(db)
    assert table_rows(db, "due") == [{"delivery_id": 5}]
    assert table_rows(db, "standing") == [
        {"delivery_id": 1, "key": "S1", "number": "S1", "path": "李四/取件/n1"},
        {"delivery_id": 3, "key": "picture:S1", "number": "S1", "path": "李四/取件/n3"},
    ]  # fmt: skip
    assert table_rows(db, "lying") == [
        {"path": "李四/取件/n1", "delivery_id": 1}, {"path": "李四/取件/n3", "delivery_id": 3}, {"path": "李四/取件/同", "delivery_id": 7},
    ]  # fmt: skip


def test_open_sheets_that_had_left_the_list_lie_there_again(db: Database) -> None:
    up_to(db, "0024_anchored")
    for number, cause in enumerate(("approval:S1", "approval:S2", "approval:S3", "approval:S4"), 1):
        db.execute(DELIVERIES, (number, f"n{number}", cause))
        db.execute("UPDATE s_deliveries SET told = ?", ("tt",))
        db.execute(
            "INSERT INTO shipped (delivery_id, shipped_at, path) VALUES (?, 'x', ?)", (number, f"李四/取件/n{number}")
        )
    db.execute("DELETE FROM lying WHERE delivery_id > 1")
    db.execute("UPDATE shipped SET looked_at = 'y' WHERE delivery_id = 3")
    db.execute("INSERT INTO cleared VALUES ('S4')")
    for _name, step in MIGRATIONS[24:]:
        step(db)
    assert [tuple(line.values()) for line in table_rows(db, "lying")] == [
        ("李四/取件/n1", 1, "tt"),
        ("李四/取件/n2", 2, "tt"),
    ]


def test_people_of_before_are_called_by_their_names_for_good(db: Database) -> None:
    up_to(db, "0015_words_on_pictures")
    db.execute("INSERT INTO s_people (name) VALUES ('张三')")
    for _name, step in MIGRATIONS[15:]:
        step(db)
    assert table_rows(db, "s_people") == [{"name": "张三", "root": "张三"}]


def test_orders_of_before_that_are_owed_something_are_listed(db: Database) -> None:
    up_to(db, "0025_lying_again")
    for number, fen in (("1", 5), ("2", 0)):
        db.execute(
            "INSERT INTO s_rows (receipt_no, form, status, key, vals, read) VALUES (?, '成交订单', 'accepted', ?, ?, '{}')",
            (number, number, canonical({"amount_fen": fen})),
        )
    for _name, step in MIGRATIONS[25:]:
        step(db)
    assert table_rows(db, "s_unpaid") == [{"receipt_no": "1"}]


# -- meddling


def test_a_book_that_nobody_meddled_with_is_as_this_version_made_it(new: Database) -> None:
    assert (shape.meddled(new), shape.differences(new)) == ((), ())
    new.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
    new.execute("CREATE TABLE _litestream_lock (id INTEGER)")
    assert shape.differences(new) == ()


@pytest.mark.parametrize(
    ("statements", "meddled", "differs"),
    [
        (["DROP VIEW people"], ("people",), ("people",)),
        (["DROP VIEW people", "CREATE VIEW people AS SELECT 1 AS name"], ("people",), ("people",)),
        (["CREATE VIEW theirs AS SELECT 1"], (), ("theirs",)),
        (["DROP TRIGGER entries_never_go"], ("entries_never_go",), ("entries_never_go",)),
        (["CREATE TRIGGER mine BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END", "DROP VIEW visits"],
         ("mine", "visits"), ("mine", "visits")),
        (["DROP TRIGGER shipped_files_lie"], (), ("shipped_files_lie",)),
        (["CREATE TRIGGER mine BEFORE INSERT ON told BEGIN SELECT 1; END"], (), ("mine",)),
        (["DROP INDEX s_rows_key"], (), ("s_rows_key",)),
        (["CREATE TABLE mine (a)"], (), ("mine",)),
        (["ALTER TABLE told ADD COLUMN mine TEXT"], (), ("told",)),
    ],
)  # fmt: skip
def test_what_somebody_meddled_with_is_named_and_what_keeps_the_journal_is_mended(
    new: Database, statements: list[str], meddled: tuple[str, ...], differs: tuple[str, ...]
) -> None:
    for statement in statements:
        new.execute(statement)
    assert (shape.meddled(new), shape.differences(new)) == (meddled, differs)
    with new.atomic():
        shape.mend(new)
    assert shape.meddled(new) == ()
    assert shape.differences(new) == tuple(name for name in differs if name not in meddled)


def test_the_triggers_that_keep_the_journal_are_known_by_their_statements(new: Database) -> None:
    assert set(schema.triggers()) == {"entries_never_change", "entries_never_go", "entries_follow_on"}
    present = dict(
        new.execute("SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'entries' AND type = 'trigger'").fetchall()
    )
    assert schema.triggers() == present
    assert set(schema.views()) == VIEWS
