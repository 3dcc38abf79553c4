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

#: What should lie in 取件 as it was last put there, with the hash of its words: they are kept so that it can be drawn again.
#: ``spare`` lists words that something let go of.  Of what was delivered before there are no words.
LYING = """
CREATE TABLE lying (path TEXT PRIMARY KEY, delivery_id INTEGER NOT NULL, told TEXT) WITHOUT ROWID;
CREATE INDEX lying_delivery ON lying (delivery_id);
CREATE INDEX lying_told ON lying (told) WHERE told IS NOT NULL;
CREATE TABLE spare (told TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO spare SELECT sha256 FROM told;
INSERT INTO lying SELECT p.path, MAX(p.delivery_id), NULL
    FROM shipped AS p JOIN s_deliveries AS d ON d.id = p.delivery_id
    WHERE p.path LIKE d.person || '/%' AND p.looked_at IS NULL
    AND (NOT (d.cause LIKE 'approval:%' OR d.cause LIKE 'picture:%') OR d.id IN (SELECT delivery_id FROM standing))
    GROUP BY p.path;
CREATE TRIGGER shipped_files_lie AFTER INSERT ON shipped WHEN NEW.path <> ''
    BEGIN DELETE FROM lying WHERE path = NEW.path;
        INSERT INTO lying SELECT NEW.path, d.id, d.told FROM s_deliveries AS d WHERE d.id = NEW.delivery_id; END;
CREATE TRIGGER cleared_sheets_lie_no_more AFTER DELETE ON standing
    BEGIN DELETE FROM lying WHERE delivery_id = OLD.delivery_id; END;
CREATE TRIGGER what_left_is_spare AFTER DELETE ON lying WHEN OLD.told IS NOT NULL
    BEGIN INSERT OR IGNORE INTO spare VALUES (OLD.told); END;
CREATE TRIGGER what_was_told_is_spare AFTER DELETE ON due
    BEGIN INSERT OR IGNORE INTO spare SELECT told FROM s_deliveries WHERE id = OLD.delivery_id AND told IS NOT NULL; END;
"""

#: What many texts say alike, each once; it goes with the last text that has it.
PARTS = """
CREATE TABLE told_parts (sha256 TEXT PRIMARY KEY, words BLOB NOT NULL);
CREATE TABLE told_shares (told TEXT, part TEXT, PRIMARY KEY (told, part)) WITHOUT ROWID;
CREATE INDEX told_shares_part ON told_shares (part);
CREATE TRIGGER words_gone_have_no_parts AFTER DELETE ON told
    BEGIN DELETE FROM told_parts WHERE sha256 IN (SELECT part FROM told_shares WHERE told = OLD.sha256)
            AND NOT EXISTS (SELECT 1 FROM told_shares WHERE part = told_parts.sha256 AND told <> OLD.sha256);
        DELETE FROM told_shares WHERE told = OLD.sha256; END;
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
