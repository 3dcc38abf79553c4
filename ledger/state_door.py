"""Entry → state for the phone door: who was invited, which phone is whose, what came through."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.journal import Posted
from ledger.state_write import Apply, Writes


def _invited(writes: Writes, posted: Posted) -> None:
    """A new invitation makes the former one and the former phone worthless."""
    _shut(writes, posted, "invited")
    given = posted.entry.payload
    fields = {name: given[name] for name in ("code_hash", "expires")}
    writes.insert(
        "s_door_invites", {"person": posted.entry.subject, "invited_at": posted.at, "state": "open", **fields}
    )


def _bound(writes: Writes, posted: Posted) -> None:
    given = posted.entry.payload
    writes.run("s_door_invites", "UPDATE s_door_invites SET state = 'used' WHERE code_hash = ?", given["code_hash"])
    fields = {name: given[name] for name in ("device", "token_hash", "label")}
    shut = {"revoked_at": None, "why": None}
    writes.insert("s_door_devices", {"person": posted.entry.subject, "bound_at": posted.at, **fields, **shut})


def _revoked(writes: Writes, posted: Posted) -> None:
    _shut(writes, posted, posted.entry.payload["why"])


def _shut(writes: Writes, posted: Posted, why: str) -> None:
    person = posted.entry.subject
    writes.run(
        "s_door_invites", "UPDATE s_door_invites SET state = 'withdrawn' WHERE person = ? AND state = 'open'", person
    )
    writes.run(
        "s_door_devices", "UPDATE s_door_devices SET revoked_at = ?, why = ? WHERE person = ? AND revoked_at IS NULL",
        posted.at, why, person,
    )  # fmt: skip


def _received(writes: Writes, posted: Posted) -> None:
    fields = ("device", "kind", "name", "sha256", "body", "at", "live", "challenge")
    given = {name: posted.entry.payload[name] for name in fields}
    writes.insert("s_door_received", {"key": posted.entry.subject, "person": posted.entry.actor, **given})


DOOR_ENTRIES: Mapping[str, Apply] = {
    "door.invited": _invited,
    "door.bound": _bound,
    "door.revoked": _revoked,
    "door.received": _received,
}
