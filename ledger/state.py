"""Entry → state: one small function a kind of entry.  Nothing else writes a ``s_…`` table."""

from __future__ import annotations

from collections.abc import Mapping

from ledger import likeness, points, restorings, state_pictures
from ledger.journal import ERASED, Posted, canonical
from ledger.state_corrections import CORRECTION_ENTRIES
from ledger.state_customers import CUSTOMER_ENTRIES
from ledger.state_door import DOOR_ENTRIES
from ledger.state_find import found_by
from ledger.state_people import PEOPLE_ENTRIES
from ledger.state_rows import ROW_ENTRIES
from ledger.state_words import WORDS_ENTRIES
from ledger.state_write import Apply, Writes


def _bank_received(writes: Writes, posted: Posted) -> None:
    serial = posted.entry.subject
    writes.insert("s_bank_lines", {"serial": serial, **posted.entry.payload, "used_by": None}, rows=(serial,))


def _bank_used(writes: Writes, posted: Posted) -> None:
    writes.run(
        "s_bank_lines",
        "UPDATE s_bank_lines SET used_by = ? WHERE serial = ? AND used_by IS NULL",
        posted.entry.payload["receipt_no"],
        posted.entry.subject,
        rows=(posted.entry.subject,),
    )


def _reminder_given(writes: Writes, posted: Posted) -> None:
    writes.replace("s_reminders", posted.entry.payload)


def _file_taken(writes: Writes, posted: Posted) -> None:
    writes.insert("s_files", posted.entry.payload)


def _sheet_unfit(writes: Writes, posted: Posted) -> None:
    writes.replace("s_unfit_sheets", {"person": posted.entry.actor, **posted.entry.payload})


def _photo_kept(writes: Writes, posted: Posted) -> None:
    given = dict(posted.entry.payload)
    facts, parts_of = given.pop("facts"), given.pop("parts_of", ())  # older entries know of no parts
    given.pop("points", None)
    record = {
        **given,
        "pixel_hash": facts["pixel_hash"],
        "dhash": facts["dhash"],
        "model": facts["model"],
        "facts": canonical(facts),
        "told": 0,
        "sealed": given.get("sealed"),  # older entries know of no seals
        "seal_id": (facts.get("seal") or {}).get("id"),
    }
    writes.insert("s_photos", record, rows=state_pictures.picture(given["sha256"]))
    if facts["dhash"]:
        likeness.keep(writes, given["id"], facts["dhash"])
    points.noted(writes, posted)
    points.shown_again(writes, given["sha256"], parts_of)
    state_pictures.settle(writes, given["sha256"])


def _photo_unnamed(writes: Writes, posted: Posted) -> None:
    told = "UPDATE s_photos SET told = 1 WHERE id = ?"
    sha256 = posted.entry.subject
    writes.run("s_photos", told, posted.entry.payload["id"], rows=state_pictures.picture(sha256))
    state_pictures.settle(writes, sha256)


def _exemption_granted(writes: Writes, posted: Posted) -> None:
    given = posted.entry.payload
    writes.insert(
        "s_exemptions",
        {
            "receipt_no": posted.entry.subject,
            "person": given["person"],
            "start": given["start"],
            "end": given["end"],
            "reason": given["reason"],
            "granted_by": posted.entry.actor,
            "granted_at": posted.at,
        },
    )


def _deputy_named(writes: Writes, posted: Posted) -> None:
    given = posted.entry.payload
    writes.insert("s_deputies", {"receipt_no": posted.entry.subject, "named_by": posted.entry.actor, **given})


def _period_closed(writes: Writes, posted: Posted) -> None:
    given = posted.entry.payload
    writes.insert(
        "s_closings",
        {
            "period": posted.entry.subject,
            "version": given["version"],
            "digest": given["digest"],
            "closed_at": posted.at,
            "content": canonical(given["content"]),
            "mark": canonical(given["mark"]) if "mark" in given else None,
        },
    )


def _delivery_queued(writes: Writes, posted: Posted) -> None:
    writes.insert("s_deliveries", {**posted.entry.payload, "queued_at": posted.at})


def _config_changed(writes: Writes, posted: Posted) -> None:
    for name, (_old, new) in posted.entry.payload["changes"].items():
        if new is None:
            writes.run("s_config", "DELETE FROM s_config WHERE name = ?", name, rows=(name,))
        else:
            writes.replace("s_config", {"name": name, "value": canonical(new), "since": posted.at}, rows=(name,))


def _erased(writes: Writes, posted: Posted) -> None:
    for archived_as, sha256 in posted.entry.payload["originals"]:
        record = {"archived_as": archived_as, "sha256": sha256, "seq": posted.seq, "at": posted.at}
        writes.replace("s_erased", record, rows=(archived_as,))
        points.erased(writes, sha256)


def _of_the_journal_alone(_writes: Writes, _posted: Posted) -> None:
    """What is told of the book itself changes no state."""


APPLY: Mapping[str, Apply] = {
    **PEOPLE_ENTRIES,
    "file.taken": _file_taken,
    "sheet.unfit": _sheet_unfit,
    "photo.kept": _photo_kept,
    "photo.unnamed": _photo_unnamed,
    **ROW_ENTRIES,
    **CUSTOMER_ENTRIES,
    **DOOR_ENTRIES,
    **CORRECTION_ENTRIES,
    **WORDS_ENTRIES,
    "bank.received": _bank_received,
    "bank.used": _bank_used,
    "reminder.given": _reminder_given,
    "exemption.granted": _exemption_granted,
    "deputy.named": _deputy_named,
    "period.closed": _period_closed,
    "delivery.queued": _delivery_queued,
    "config.changed": _config_changed,
    "chain.keyed": _of_the_journal_alone,
    "book.mended": _of_the_journal_alone,
    restorings.RESTORED: _of_the_journal_alone,
    restorings.RETAKEN: _of_the_journal_alone,
    ERASED: _erased,
    points.FORGOTTEN: points.forgotten,
}


def apply(writes: Writes, posted: Posted) -> None:
    """Bring the state up to date with one entry.

    :raises KeyError: the journal holds a kind of entry that this version does not know.
    """
    APPLY[posted.entry.kind](writes, posted)
    found_by(writes, posted)
