"""Indexes by which what happened on a day, to a customer or for an order is found among years."""

from __future__ import annotations

BY_DAY = """
CREATE INDEX s_rows_day ON s_rows (form, day, person);
CREATE INDEX s_rows_signed ON s_rows (vals ->> 'signed_on') WHERE form = '成交订单' AND status = 'accepted';
CREATE INDEX s_rows_came ON s_rows (vals ->> 'paid_on') WHERE form = '客户回款' AND status = 'accepted';
CREATE INDEX s_rows_seen ON s_rows (substr(COALESCE(NULLIF(read ->> 'visited_at', ''), submitted_at), 1, 10))
    WHERE form = '拜访记录' AND status = 'accepted';
CREATE INDEX s_rows_brought ON s_rows (substr(submitted_at, 1, 10)) WHERE form = '客户新增' AND status = 'accepted';
CREATE INDEX s_sheet_rows_open ON s_sheet_rows (number) WHERE open = 1;
DROP INDEX s_photos_model;
CREATE INDEX s_photos_model ON s_photos (person, model, sealed);
CREATE INDEX s_deliveries_name ON s_deliveries (name, person);
CREATE INDEX s_rows_payer ON s_rows (read ->> 'customer_key') WHERE form = '客户回款';
CREATE INDEX s_rows_returned ON s_rows (substr(submitted_at, 1, 10)) WHERE status = 'rejected' AND decided_by IS NULL;
CREATE INDEX s_files_refused ON s_files (substr(arrived_at, 1, 10)) WHERE outcome = 'refused' AND by_machine = 0;
CREATE INDEX s_files_unread ON s_files (substr(arrived_at, 1, 10)) WHERE by_machine = 1;
CREATE INDEX s_rows_visited ON s_rows (customer_id, read ->> 'visited_at', receipt_no)
    WHERE form = '拜访记录' AND status = 'accepted';
"""

#: What is open or recent, found without what was ever there.
BY_AGE = """
CREATE INDEX s_deliveries_since ON s_deliveries (person, queued_at);
DROP INDEX s_deliveries_answers;
CREATE INDEX s_photos_arrived ON s_photos (arrived_at, sha256);
CREATE INDEX s_exemptions_person ON s_exemptions (person, start);
CREATE INDEX s_exemptions_end ON s_exemptions ("end");
CREATE INDEX s_deputies_end ON s_deputies ("end");
CREATE INDEX s_bank_lines_unused ON s_bank_lines (arrived_on, serial) WHERE used_by IS NULL;
CREATE INDEX s_bank_lines_same ON s_bank_lines (amount_fen, arrived_on);
CREATE INDEX s_rows_transferred ON s_rows (submitted_at) WHERE form = '客户转交';
CREATE INDEX s_changes_at ON s_changes (at);
CREATE TABLE renewed_mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
CREATE INDEX s_renamings_open ON s_renamings (from_day) WHERE done_at IS NULL;
"""

#: The newest restoring, and whether what came after the backup was taken again.
RESTORINGS = """
CREATE INDEX entries_restored ON entries (seq) WHERE kind IN ('book.restored', 'book.retaken');
"""

RENEWED = """
DROP TABLE renewed_mark;
CREATE TABLE renewed_mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, mac TEXT NOT NULL);
"""
