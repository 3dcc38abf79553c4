"""Questions about the phone door: invitations, phones, and what came through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.book import Book


@dataclass(frozen=True)
class Invite:
    """An invitation, by the hash of its code."""

    person: str
    expires: datetime
    state: str  #: open, used or withdrawn


@dataclass(frozen=True)
class Device:
    """A phone that is, or was, bound to a person."""

    device: str
    person: str
    bound_at: datetime
    label: str
    revoked_at: datetime | None
    why: str | None


def invite(book: Book, code_hash: str) -> Invite | None:
    """The invitation with this code, or None."""
    for record in book.ask("SELECT * FROM s_door_invites WHERE code_hash = ?", code_hash):
        return Invite(record["person"], datetime.fromisoformat(record["expires"]), record["state"])
    return None


def device(book: Book, token_hash: str) -> Device | None:
    """The phone that has this token, revoked ones included; None for a token that was never given."""
    return next(iter(_devices(book, "token_hash = ?", token_hash)), None)


def devices(book: Book, person: str) -> list[Device]:
    """The phones bound to *person* now."""
    return _devices(book, "person = ? AND revoked_at IS NULL", person)


def _devices(book: Book, where: str, value: str) -> list[Device]:
    return [
        Device(
            device=record["device"],
            person=record["person"],
            bound_at=datetime.fromisoformat(record["bound_at"]),
            label=record["label"],
            revoked_at=datetime.fromisoformat(record["revoked_at"]) if record["revoked_at"] else None,
            why=record["why"],
        )
        for record in book.ask(f"SELECT * FROM s_door_devices WHERE {where}", value)
    ]


def whoever_may_come(book: Book) -> list[str]:
    """Everybody whose phone, or whose invitation, still opens the door."""
    records = book.ask(
        """SELECT person FROM s_door_devices WHERE revoked_at IS NULL
           UNION SELECT person FROM s_door_invites WHERE state = 'open' ORDER BY person"""
    )
    return [record["person"] for record in records]


def bound(book: Book) -> int:
    """How many phones are bound now."""
    return int(book.one("SELECT COUNT(*) FROM s_door_devices WHERE revoked_at IS NULL"))


def untaken(book: Book, since: datetime) -> int:
    """How many things came through the door since then that the service has not taken yet."""
    return int(
        book.one(
            """SELECT COUNT(*) FROM s_door_received AS r WHERE r.at >= ?
               AND NOT EXISTS (SELECT 1 FROM s_files AS f WHERE f.sha256 = r.sha256 AND f.person = r.person)""",
            since.isoformat(),
        )
    )


def owner_of(book: Book, device: str) -> str | None:
    """What whoever has this phone, or had it, is called now; None for a phone that was never bound."""
    return book.one("SELECT person FROM s_door_devices WHERE device = ?", device)  # type: ignore[no-any-return]


def open_invites(book: Book, person: str) -> int:
    """How many invitations of *person* can still be used or have run out unused."""
    return int(book.one("SELECT COUNT(*) FROM s_door_invites WHERE person = ? AND state = 'open'", person))


def received(book: Book, key: str) -> dict[str, Any] | None:
    """What came under this key, or None."""
    return next(iter(book.ask("SELECT * FROM s_door_received WHERE key = ?", key)), None)


def answered(book: Book, challenge: str) -> str | None:
    """The key of the live picture that answered this challenge, or None."""
    return book.one("SELECT key FROM s_door_received WHERE challenge = ? AND live = 1 LIMIT 1", challenge)  # type: ignore[no-any-return]


def came_since(book: Book, person: str, since: datetime) -> list[dict[str, Any]]:
    """What *person* sent through the door since then, newest first; ``taken``: the service has judged it."""
    return book.ask(
        """SELECT r.*, EXISTS (SELECT 1 FROM s_files AS f WHERE f.sha256 = r.sha256 AND f.person = r.person) AS taken
           FROM s_door_received AS r WHERE r.person = ? AND r.at >= ? ORDER BY r.at DESC""",
        person,
        since.isoformat(),
    )


def is_taken(book: Book, person: str, sha256: str) -> bool:
    """Whether the service has taken this very file from *person*."""
    return book.one("SELECT 1 FROM s_files WHERE person = ? AND sha256 = ? LIMIT 1", person, sha256) is not None


def refused_since(book: Book, person: str, since: datetime) -> list[dict[str, Any]]:
    """Files of *person* that were refused as a whole since then, newest first."""
    return book.ask(
        """SELECT name, arrived_at, reason FROM s_files WHERE person = ? AND outcome = 'refused' AND arrived_at >= ?
           ORDER BY arrived_at DESC""",
        person,
        since.isoformat(),
    )
