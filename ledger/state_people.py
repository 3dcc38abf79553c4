"""Entry → state for a colleague's life: joins, moves, is given other limits, leaves, comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.journal import Posted
from ledger.state_renaming import renamed
from ledger.state_write import Apply, Writes
from ledger.terms import TERM


def root_of(name: str, payload: Mapping[str, Any]) -> str:
    """What stands for a newcomer in keys and seals for good; entries from before names could change have none."""
    return str(payload.get("root", name))


def _joined(writes: Writes, posted: Posted) -> None:
    given, name = posted.entry.payload, posted.entry.subject
    plain = {field: given[field] for field in ("plain_name", "phone", "gender")}
    writes.insert("s_people", {"name": name, **plain, "registered_at": posted.at, "root": root_of(name, given)})
    writes.insert("s_employments", {"person": name, "joined_on": given["joined_on"], "left_on": None})
    writes.insert(
        "s_terms", {"person": name, "from_day": given["joined_on"], **{field: given[field] for field in TERM}}
    )


def _changed(writes: Writes, posted: Posted) -> None:
    """What changes, from its day on; a change that was decided for a later day keeps what it changes."""
    given, name = posted.entry.payload, posted.entry.subject
    day = given["effective_on"]
    if given["phone"]:
        writes.run("s_people", "UPDATE s_people SET phone = ? WHERE name = ?", given["phone"], name)
    if given["state"] == "离职":
        _leaves(writes, name, day)
    elif given["state"]:
        _comes_back(writes, name, day)
    if given.get("new_name"):
        plan = {"receipt_no": given["receipt_no"], "person": name, "new_name": given["new_name"], "from_day": day}
        writes.insert("s_renamings", {**plan, "done_at": None})
    changed = {field: given[field] for field in TERM if given[field] is not None}
    if changed:
        _new_term(writes, name, day, changed)


def _new_term(writes: Writes, name: str, day: str, changed: Mapping[str, Any]) -> None:
    writes.run("s_terms", "INSERT OR IGNORE INTO s_terms (person, from_day) VALUES (?, ?)", name, day)
    for field, value in changed.items():
        writes.run("s_terms", f"UPDATE s_terms SET {field} = ? WHERE person = ? AND from_day = ?", value, name, day)


def _leaves(writes: Writes, name: str, day: str) -> None:
    """The employment of that day ends with it; told again, the day is corrected."""
    writes.run(
        "s_employments",
        """UPDATE s_employments SET left_on = ? WHERE person = ? AND joined_on =
           (SELECT MAX(joined_on) FROM s_employments WHERE person = ? AND joined_on <= ?)""",
        day,
        name,
        name,
        day,
    )


def _comes_back(writes: Writes, name: str, day: str) -> None:
    """A new employment: nobody was here in between.  Before one has left, the leaving is taken back."""
    found = writes.ask(
        "SELECT joined_on, left_on FROM s_employments WHERE person = ? AND joined_on <= ? ORDER BY joined_on DESC LIMIT 1",
        name,
        day,
    )
    last = found[0] if found else (None, None)
    if last[1] is None:
        return
    if day <= last[1]:
        writes.run(
            "s_employments", "UPDATE s_employments SET left_on = NULL WHERE person = ? AND joined_on = ?", name, last[0]
        )
    else:
        writes.insert("s_employments", {"person": name, "joined_on": day, "left_on": None})
    writes.run("s_employments", "DELETE FROM s_employments WHERE person = ? AND joined_on > ?", name, day)


PEOPLE_ENTRIES: Mapping[str, Apply] = {
    "person.joined": _joined,
    "person.changed": _changed,
    "person.renamed": renamed,
}
