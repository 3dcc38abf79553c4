"""The tables with which the first books began, as they were: later ones are changes to them (:mod:`ledger.migrations`)."""

from __future__ import annotations

JOURNAL = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    actor TEXT NOT NULL, payload TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
);
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_follow_on BEFORE INSERT ON entries
    WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entries)
    BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END;
"""

STATE = """
CREATE TABLE s_people (
    name TEXT PRIMARY KEY, phone TEXT, gender TEXT, registered_at TEXT, plain_name TEXT
);
CREATE TABLE s_employments (person TEXT, joined_on TEXT, left_on TEXT, PRIMARY KEY (person, joined_on));
CREATE TABLE s_terms (
    person TEXT, from_day TEXT, department TEXT, post TEXT, max_customers INTEGER, max_follow_days INTEGER,
    region TEXT, PRIMARY KEY (person, from_day)
);
CREATE TABLE s_files (
    id INTEGER PRIMARY KEY, sha256 TEXT, person TEXT, name TEXT, arrived_at TEXT, kind TEXT, outcome TEXT,
    archived_as TEXT, quarantined_as TEXT, reason TEXT, by_machine INTEGER
);
CREATE INDEX s_files_person ON s_files (person, arrived_at);
CREATE TABLE s_rows (
    receipt_no TEXT PRIMARY KEY, form TEXT, person TEXT, department TEXT, submitted_at TEXT, key TEXT,
    fingerprint TEXT, vals TEXT, read TEXT, cells TEXT, photos TEXT, embedded TEXT, status TEXT, file_id INTEGER,
    sheet TEXT, row_no INTEGER, decided_at TEXT, decided_by TEXT, comment TEXT, customer_id INTEGER, day TEXT,
    owner TEXT
);
CREATE INDEX s_rows_key ON s_rows (form, key);
CREATE INDEX s_rows_person ON s_rows (person, form, day);
CREATE INDEX s_rows_status ON s_rows (status, form);
CREATE INDEX s_rows_owner ON s_rows (form, owner, status);
CREATE INDEX s_rows_customer ON s_rows (customer_id, form);
CREATE TABLE s_findings (
    receipt_no TEXT, n INTEGER, rule TEXT, clause TEXT, severity TEXT, "column" TEXT, message TEXT, remedy TEXT,
    PRIMARY KEY (receipt_no, n)
);
CREATE TABLE s_decisions (
    receipt_no TEXT, number TEXT, approver TEXT, decision TEXT, comment TEXT, decided_at TEXT, given TEXT,
    PRIMARY KEY (receipt_no, decided_at, approver)
);
CREATE TABLE s_customers (
    id INTEGER PRIMARY KEY, name TEXT, name_key TEXT UNIQUE, owner TEXT, source TEXT, type TEXT, region TEXT,
    province TEXT, city TEXT, district TEXT, address TEXT, contact TEXT, phone TEXT, lat REAL, lon REAL,
    acquired_on TEXT, last_followed_on TEXT, pooled_on TEXT, previous_owner TEXT, receipt_no TEXT
);
CREATE INDEX s_customers_owner ON s_customers (owner);
CREATE TABLE s_former_names (customer_id INTEGER, name TEXT, name_key TEXT, until TEXT);
CREATE INDEX s_former_names_key ON s_former_names (name_key);
CREATE TABLE s_changes (
    customer_id INTEGER, at TEXT, receipt_no TEXT, actor TEXT, kind TEXT, field TEXT, "from" TEXT, "to" TEXT
);
CREATE INDEX s_changes_customer ON s_changes (customer_id);
CREATE TABLE s_bank_lines (
    serial TEXT PRIMARY KEY, arrived_on TEXT, payer TEXT, amount_fen INTEGER, memo TEXT, receipt_no TEXT, used_by TEXT
);
CREATE TABLE s_reminders (customer_id INTEGER, person TEXT, days INTEGER, since TEXT, PRIMARY KEY (customer_id, person, days, since));
CREATE TABLE s_members (customer_id INTEGER, person TEXT, PRIMARY KEY (customer_id, person));
CREATE TABLE s_photos (
    id INTEGER PRIMARY KEY, sha256 TEXT, person TEXT, name TEXT, name_key TEXT, arrived_at TEXT, archived_as TEXT,
    pixel_hash TEXT, dhash TEXT, model TEXT, facts TEXT, embedded INTEGER, told INTEGER
);
CREATE INDEX s_photos_name ON s_photos (person, name_key);
CREATE INDEX s_photos_sha ON s_photos (sha256);
CREATE INDEX s_photos_pixels ON s_photos (pixel_hash);
CREATE TABLE s_photo_uses (
    sha256 TEXT, pixel_hash TEXT, receipt_no TEXT, person TEXT, used_at TEXT, PRIMARY KEY (sha256, receipt_no)
);
CREATE INDEX s_photo_uses_pixels ON s_photo_uses (pixel_hash);
CREATE INDEX s_photo_uses_receipt ON s_photo_uses (receipt_no);
CREATE TABLE s_exemptions (
    receipt_no TEXT PRIMARY KEY, person TEXT, start TEXT, "end" TEXT, reason TEXT, granted_by TEXT, granted_at TEXT
);
CREATE TABLE s_sheets (number TEXT PRIMARY KEY, form TEXT, approver TEXT, issued_at TEXT);
CREATE TABLE s_sheet_rows (
    number TEXT, receipt_no TEXT, fingerprint TEXT, cells TEXT, open INTEGER, PRIMARY KEY (number, receipt_no)
);
CREATE INDEX s_sheet_rows_receipt ON s_sheet_rows (receipt_no, open);
CREATE TABLE s_closings (
    period TEXT, version INTEGER, digest TEXT, closed_at TEXT, content TEXT, PRIMARY KEY (period, version)
);
CREATE TABLE s_deliveries (
    id INTEGER PRIMARY KEY, person TEXT, folder TEXT, name TEXT, sha256 TEXT, queued_at TEXT, cause TEXT
);
CREATE INDEX s_deliveries_place ON s_deliveries (person, folder, name);
"""

OUTSIDE = """
CREATE TABLE shipped (delivery_id INTEGER PRIMARY KEY, shipped_at TEXT, path TEXT);
CREATE TABLE removals (
    person TEXT, relative TEXT, sha256 TEXT, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
    PRIMARY KEY (person, relative, sha256)
);
CREATE TABLE cleared (number TEXT PRIMARY KEY);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT);
"""
