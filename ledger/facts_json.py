"""What a picture says of itself, as the journal keeps it: JSON values there and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger.records import Area, PhotoFacts, Seal


def facts_from(given: dict[str, Any]) -> PhotoFacts:
    """Facts as they were kept in the journal."""
    times = {name: datetime.fromisoformat(given[name]) if given[name] else None for name in ("taken_at", "gps_at")}
    return PhotoFacts(
        **{
            **given,
            **times,
            "place": Area(**given["place"]) if given["place"] else None,
            "near": tuple(Area(**area) for area in given["near"]),
            "dhash": int(given["dhash"], 16) if given["dhash"] else None,
            "turned": tuple(int(text, 16) for text in given["turned"]),
            "seal": seal_from(given["seal"]) if given.get("seal") else None,
        }
    )


_SEAL_TIMES = ("taken_at", "received_at", "phone_at")


def seal_from(given: dict[str, Any]) -> Seal:
    """A seal as it was kept in the journal, or as it stands in a picture."""
    return Seal(**{**given, **{name: datetime.fromisoformat(given[name]) for name in _SEAL_TIMES}})


def seal_kept(seal: Seal) -> dict[str, Any]:
    """A seal as JSON values."""
    return {**vars(seal), **{name: getattr(seal, name).isoformat() for name in _SEAL_TIMES}}


_NOT_KEPT = frozenset({"preview", "points"})


def facts_kept(facts: PhotoFacts) -> dict[str, Any]:
    """Facts as JSON values; hashes as hexadecimal text, since 64 bits do not fit SQLite's signed integers."""
    given = {name: getattr(facts, name) for name in PhotoFacts.__dataclass_fields__ if name not in _NOT_KEPT}
    return {
        **given,
        "taken_at": facts.taken_at.isoformat() if facts.taken_at else None,
        "gps_at": facts.gps_at.isoformat() if facts.gps_at else None,
        "place": vars(facts.place) if facts.place else None,
        "near": [vars(area) for area in facts.near],
        "dhash": f"{facts.dhash:016x}" if facts.dhash is not None else None,
        "turned": [f"{value:016x}" for value in facts.turned],
        "seal": seal_kept(facts.seal) if facts.seal else None,
    }
