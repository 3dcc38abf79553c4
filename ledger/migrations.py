"""The changes that books have been through, in order: each is done once, and never changed after it was released."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from ledger import indexes, journal, likeness, open_deliveries, points, state_find, unpaid, whereabouts
from ledger.database import Database
from ledger.first_book import JOURNAL, OUTSIDE, STATE
from ledger.state_pictures import UNNAMED
from ledger.state_renaming import NAMES
from ledger.state_words import WORDS
from ledger.state_write import Writes


def run_script(db: Database, script: str) -> None:
    """Run the statements one by one: ``executescript`` would commit an open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):  # a trigger's inner semicolons do not end it
            db.execute(statement)
            statement = ""
    if statement.strip():  # the last one, should its semicolon be missing
        db.execute(statement)


_PICTURES = """
CREATE TABLE s_row_photos (sha256 TEXT, receipt_no TEXT, PRIMARY KEY (sha256, receipt_no)) WITHOUT ROWID;
CREATE INDEX s_row_photos_receipt ON s_row_photos (receipt_no);
INSERT INTO s_row_photos SELECT DISTINCT j.value, r.receipt_no FROM s_rows AS r, json_each(r.photos) AS j;
CREATE TABLE s_photo_bands (band INTEGER, photo_id INTEGER, dhash INTEGER, PRIMARY KEY (band, photo_id)) WITHOUT ROWID;
CREATE TABLE s_unnamed (photo_id INTEGER PRIMARY KEY);
CREATE INDEX s_photos_model ON s_photos (person, model);
DROP INDEX s_photos_name;
CREATE INDEX s_photos_name ON s_photos (person, name_key, arrived_at);
"""


def _first_book(db: Database) -> None:
    run_script(db, JOURNAL)
    run_script(db, STATE)
    run_script(db, OUTSIDE)


def _pictures_by_index(db: Database) -> None:
    """What finds a picture, by likeness or by the rows that name it, without looking at all of them."""
    run_script(db, _PICTURES)
    db.execute(f"INSERT INTO s_unnamed {UNNAMED}")
    writes = Writes(db.conn)
    for photo_id, dhash in db.execute("SELECT id, dhash FROM s_photos WHERE dhash IS NOT NULL").fetchall():
        likeness.keep(writes, photo_id, dhash)
    writes.send()


_SEALED_PICTURES = """
ALTER TABLE s_photos ADD COLUMN sealed TEXT;
ALTER TABLE s_photos ADD COLUMN seal_id TEXT;
CREATE INDEX s_photos_seal ON s_photos (seal_id);
"""


def _sealed_pictures(db: Database) -> None:
    run_script(db, _SEALED_PICTURES)


def _key_in_force(db: Database) -> None:
    db.execute("CREATE INDEX entries_keyed ON entries (seq) WHERE kind = 'chain.keyed'")


_UNFIT_SHEETS = """
CREATE TABLE s_unfit_sheets (
    file_id INTEGER, sheet TEXT, person TEXT, name TEXT, arrived_at TEXT, form TEXT, reason TEXT,
    PRIMARY KEY (file_id, sheet)
);
CREATE INDEX s_unfit_sheets_day ON s_unfit_sheets (substr(arrived_at, 1, 10));
"""


def _unfit_sheets(db: Database) -> None:
    """Sheets that came back as a whole are evidence that somebody handed something in."""
    run_script(db, _UNFIT_SHEETS)


_FOUND = """
CREATE TABLE s_name_pairs (pair TEXT, name_key TEXT, PRIMARY KEY (pair, name_key)) WITHOUT ROWID;
CREATE TABLE s_mentions (receipt_no TEXT, seq INTEGER, PRIMARY KEY (receipt_no, seq)) WITHOUT ROWID;
CREATE INDEX s_rows_recent ON s_rows (form, person, submitted_at, receipt_no);
CREATE INDEX s_rows_unentered ON s_rows (read ->> 'customer_key') WHERE customer_id IS NULL;
CREATE INDEX s_rows_contract ON s_rows (read ->> 'contract_key') WHERE form = '成交订单';
CREATE INDEX s_rows_order ON s_rows (read ->> 'customer_key') WHERE form = '成交订单';
CREATE INDEX s_rows_paid ON s_rows (vals ->> 'order_no') WHERE form = '客户回款';
CREATE INDEX s_people_plain ON s_people (plain_name);
CREATE INDEX s_members_person ON s_members (person);
DROP INDEX s_photo_uses_pixels;
ALTER TABLE s_photo_uses DROP COLUMN pixel_hash;
"""


def _found_by_index(db: Database) -> None:
    """Questions cost what they find, not what the book holds: the tables are filled from what is there already."""
    run_script(db, _FOUND)
    writes = Writes(db.conn)
    for n, posted in enumerate(journal.read(db), start=1):
        state_find.found_by(writes, posted)
        if n % 500 == 0:
            writes.send()
    writes.send()


def _told_then_drawn(db: Database) -> None:
    """What people are told is kept as data until it is drawn; what is open is listed rather than searched for."""
    run_script(db, open_deliveries.TOLD)


_OF_THE_CONFIG = """
CREATE TABLE s_config (name TEXT PRIMARY KEY, value TEXT, since TEXT);
ALTER TABLE s_closings ADD COLUMN mark TEXT;
"""


def _config_and_marks(db: Database) -> None:
    run_script(db, _OF_THE_CONFIG)


_PHONE_DOOR = """
CREATE TABLE s_door_invites (code_hash TEXT PRIMARY KEY, person TEXT, invited_at TEXT, expires TEXT, state TEXT);
CREATE INDEX s_door_invites_person ON s_door_invites (person, state);
CREATE TABLE s_door_devices (
    device TEXT PRIMARY KEY, person TEXT, token_hash TEXT UNIQUE, bound_at TEXT, label TEXT, revoked_at TEXT, why TEXT
);
CREATE INDEX s_door_devices_person ON s_door_devices (person);
CREATE TABLE s_door_received (
    key TEXT PRIMARY KEY, person TEXT, device TEXT, kind TEXT, name TEXT, sha256 TEXT, body TEXT, at TEXT,
    live INTEGER, challenge TEXT
);
CREATE INDEX s_door_received_challenge ON s_door_received (challenge);
CREATE INDEX s_door_received_person ON s_door_received (person, at);
CREATE INDEX IF NOT EXISTS s_files_sha ON s_files (sha256);
"""


def _phone_door(db: Database) -> None:
    run_script(db, _PHONE_DOOR)


_DEPUTIES = """
CREATE TABLE s_deputies (
    receipt_no TEXT PRIMARY KEY, principal TEXT, deputy TEXT, start TEXT, "end" TEXT, reason TEXT, named_by TEXT
);
"""


def _deputies(db: Database) -> None:
    """Who decides for whom, and when."""
    run_script(db, _DEPUTIES)


_ARRIVAL = """
ALTER TABLE s_files ADD COLUMN earliest TEXT;
ALTER TABLE s_files ADD COLUMN known TEXT;
"""


def _arrival(db: Database) -> None:
    """How sure it is when a file came, and by whom it is known; nothing is said of files from before."""
    run_script(db, _ARRIVAL)


def _standing_sheets(db: Database) -> None:
    """What lies with approvers is listed, rather than looked for among all that was ever delivered."""
    run_script(db, open_deliveries.STANDING)


_CORRECTIONS = """
CREATE TABLE s_corrections (
    receipt_no TEXT PRIMARY KEY, of_receipt_no TEXT, form TEXT, action TEXT, "column" TEXT, "from" TEXT, "to" TEXT,
    reason TEXT, actor TEXT, at TEXT
);
CREATE INDEX s_corrections_of ON s_corrections (of_receipt_no);
"""


def _corrections(db: Database) -> None:
    run_script(db, _CORRECTIONS)


def _quiet_folders(db: Database) -> None:
    """What has grown old in somebody's folder is looked at once; a day's decisions are found without all others."""
    run_script(db, open_deliveries.QUIET)


def _words_on_pictures(db: Database) -> None:
    """What was read of pictures; of those from before nothing was."""
    db.execute(WORDS)


def _names(db: Database) -> None:
    """People may be given another name; their folder follows, which is outside the book."""
    run_script(db, NAMES)


def _years_by_index(db: Database) -> None:
    run_script(db, indexes.BY_DAY)


def _pages(db: Database) -> None:
    run_script(db, open_deliveries.PAGES)


def _messages(db: Database) -> None:
    """What was told outside the folders."""
    run_script(db, open_deliveries.MESSAGES)


def _lying(db: Database) -> None:
    """What should lie in people's folders is listed with its words, so that what was lost can be drawn again."""
    run_script(db, open_deliveries.LYING)


_ERASED = """
CREATE TABLE s_erased (archived_as TEXT PRIMARY KEY, sha256 TEXT, seq INTEGER, at TEXT);
CREATE INDEX entries_erased ON entries (seq) WHERE kind = 'book.erased';
"""


def _erased(db: Database) -> None:
    """Originals that were taken away for good, and which entries say so."""
    run_script(db, _ERASED)


def _anchored(db: Database) -> None:
    """Which mark beside the ledger is the newest: one that is cut off is missed."""
    db.execute("CREATE TABLE anchored (one INTEGER PRIMARY KEY CHECK (one = 1), length INTEGER NOT NULL)")


def _lying_again(db: Database) -> None:
    """Open approval sheets that were issued again before version 0025 had left ``lying``: they were not missed again."""
    db.execute(
        """INSERT OR IGNORE INTO lying SELECT p.path, d.id, d.told
           FROM standing AS g JOIN shipped AS p ON p.delivery_id = g.delivery_id AND p.path <> '' AND p.looked_at IS NULL
           JOIN s_deliveries AS d ON d.id = g.delivery_id
           WHERE d.id NOT IN (SELECT delivery_id FROM lying) ORDER BY d.id DESC"""
    )


def _age(db: Database) -> None:
    """What is open or recent is found without what was ever there; orders that are owed something are listed."""
    run_script(db, indexes.BY_AGE)
    unpaid.make_table(db)


def _restorings(db: Database) -> None:
    """Whether the newest restoring was seen through to its end."""
    run_script(db, indexes.RESTORINGS)


def _renewed_signed(db: Database) -> None:
    """Up to where reported months were looked through is signed; what was noted before is not known to be ours."""
    run_script(db, indexes.RENEWED)


def _told_parts(db: Database) -> None:
    """What many files say alike is kept once; what was told before says everything itself."""
    run_script(db, open_deliveries.PARTS)


#: In order, each done once to a book; never changed after it was released.
MIGRATIONS: tuple[tuple[str, Callable[[Database], None]], ...] = (
    ("0001_first_book", _first_book),
    ("0002_pictures_by_index", _pictures_by_index),
    ("0003_sealed_pictures", _sealed_pictures),
    ("0004_key_in_force", _key_in_force),
    ("0005_unfit_sheets", _unfit_sheets),
    ("0006_found_by_index", _found_by_index),
    ("0007_told_then_drawn", _told_then_drawn),
    ("0008_config_and_marks", _config_and_marks),
    ("0009_phone_door", _phone_door),
    ("0010_deputies", _deputies),
    ("0011_arrival", _arrival),
    ("0012_standing_sheets", _standing_sheets),
    ("0013_corrections", _corrections),
    ("0014_quiet_folders", _quiet_folders),
    ("0015_words_on_pictures", _words_on_pictures),
    ("0016_names_of_people", _names),
    ("0017_years_by_index", _years_by_index),
    ("0018_pages", _pages),
    ("0019_messages", _messages),
    ("0020_lying", _lying),
    ("0021_erased", _erased),
    ("0022_points", points.make_tables),
    ("0023_place_of_pictures", whereabouts.make_indexes),
    ("0024_anchored", _anchored),
    ("0025_lying_again", _lying_again),
    ("0026_age", _age),
    ("0027_points_proved", points.make_proof),
    ("0028_restorings", _restorings),
    ("0029_renewed_signed", _renewed_signed),
    ("0030_told_parts", _told_parts),
)
