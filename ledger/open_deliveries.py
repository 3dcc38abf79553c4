"""Tables of what is still to be told, written or taken away again: outside the truth, kept by triggers."""

from __future__ import annotations

#: What people will be told, as data, until it is drawn; ``due`` lists what is open.
TOLD = """
ALTER TABLE s_deliveries ADD COLUMN told TEXT;
ALTER TABLE shipped ADD COLUMN sha256 TEXT;
CREATE TABLE told (sha256 TEXT PRIMARY KEY, words BLOB NOT NULL);
CREATE TABLE due (delivery_id INTEGER PRIMARY KEY, trouble TEXT);
INSERT INTO due SELECT id, NULL FROM s_deliveries WHERE id NOT IN (SELECT delivery_id FROM shipped);
CREATE TRIGGER deliveries_are_due AFTER INSERT ON s_deliveries
    WHEN NOT EXISTS (SELECT 1 FROM shipped WHERE delivery_id = NEW.id)
    BEGIN INSERT OR IGNORE INTO due VALUES (NEW.id, NULL); END;
CREATE TRIGGER shipped_is_not_due AFTER INSERT ON shipped
    BEGIN DELETE FROM due WHERE delivery_id = NEW.delivery_id; END;
CREATE INDEX s_deliveries_answers ON s_deliveries (person, folder, queued_at);
"""

#: What lies with approvers until it is decided.
STANDING = """
CREATE TABLE standing (delivery_id INTEGER PRIMARY KEY, key TEXT NOT NULL, number TEXT NOT NULL, path TEXT NOT NULL);
CREATE INDEX standing_key ON standing (key);
CREATE TRIGGER shipped_sheets_stand AFTER INSERT ON shipped WHEN NEW.path <> ''
    BEGIN INSERT OR IGNORE INTO standing
        SELECT d.id, replace(d.cause, 'approval:', ''), substr(d.cause, instr(d.cause, ':') + 1), NEW.path
        FROM s_deliveries AS d
        WHERE d.id = NEW.delivery_id AND (d.cause LIKE 'approval:%' OR d.cause LIKE 'picture:%'); END;
CREATE TRIGGER cleared_sheets_stand_no_more AFTER INSERT ON cleared
    BEGIN DELETE FROM standing WHERE key = NEW.number; END;
INSERT INTO standing
    SELECT d.id, replace(d.cause, 'approval:', ''), substr(d.cause, instr(d.cause, ':') + 1), p.path
    FROM s_deliveries AS d JOIN shipped AS p ON p.delivery_id = d.id
    WHERE p.path <> '' AND (d.cause LIKE 'approval:%' OR d.cause LIKE 'picture:%')
    AND replace(d.cause, 'approval:', '') NOT IN (SELECT number FROM cleared);
"""

#: When a file was looked at for its age; a day's decisions found without all others.
QUIET = """
ALTER TABLE shipped ADD COLUMN looked_at TEXT;
CREATE INDEX shipped_ageing ON shipped (shipped_at) WHERE looked_at IS NULL AND path <> '';
CREATE INDEX s_decisions_day ON s_decisions (substr(decided_at, 1, 10));
"""

#: Up to which entry people's pages were brought up to date.
PAGES = "CREATE TABLE page_mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);"

#: What was told outside the folders, to whom; how it went with each.
MESSAGES = """
CREATE TABLE messages (
    target TEXT, matter TEXT, state TEXT CHECK (state IN ('sending', 'sent')), at TEXT, PRIMARY KEY (target, matter)
) WITHOUT ROWID;
CREATE INDEX messages_at ON messages (state, at);
CREATE TABLE message_tries (target TEXT PRIMARY KEY, tries INTEGER, tried_at TEXT, sent_at TEXT, trouble TEXT) WITHOUT ROWID;
"""
