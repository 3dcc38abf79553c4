"""Entry → state for a change of name: one person before and after, in every table that names people (人员新增 10).

The journal keeps what was said under the former name; the state says everywhere who it is now.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from ledger.journal import Posted, canonical
from ledger.state_write import Writes

#: What a change of name needs: lasting words, former names, what is planned, and folders that are to follow.
NAMES = """
ALTER TABLE s_people ADD COLUMN root TEXT;
UPDATE s_people SET root = name;
CREATE TABLE s_people_before (name TEXT, person TEXT, until TEXT);
CREATE INDEX s_people_before_name ON s_people_before (name);
CREATE TABLE s_renamings (
    receipt_no TEXT PRIMARY KEY, person TEXT, new_name TEXT, from_day TEXT, done_at TEXT
);
CREATE TABLE moves (old TEXT, new TEXT, PRIMARY KEY (old, new));
"""

#: table → its columns that hold one name.
_NAMED: Mapping[str, tuple[str, ...]] = {
    "s_people": ("name",),
    "s_people_before": ("person",),
    "s_renamings": ("person",),
    "s_employments": ("person",),
    "s_terms": ("person",),
    "s_files": ("person",),
    "s_unfit_sheets": ("person",),
    "s_rows": ("person", "owner"),
    "s_decisions": ("approver",),
    "s_customers": ("owner", "previous_owner"),
    "s_members": ("person",),
    "s_changes": ("actor",),
    "s_corrections": ("actor",),
    "s_reminders": ("person",),
    "s_photos": ("person",),
    "s_photo_uses": ("person",),
    "s_exemptions": ("person", "granted_by"),
    "s_deputies": ("principal", "deputy", "named_by"),
    "s_sheets": ("approver",),
    "s_deliveries": ("person",),
    "s_door_invites": ("person",),
    "s_door_devices": ("person",),
    "s_door_received": ("person",),
}

#: What the software reads by itself and that names somebody.
_READ = ("owner", "of_person", "for_person", "原提交人", "销售经理")


def renamed(writes: Writes, posted: Posted) -> None:
    """The person of the entry's subject bears another name from now on."""
    old, given = posted.entry.subject, posted.entry.payload
    new = given["new_name"]
    writes.run("s_renamings", "UPDATE s_renamings SET done_at = ? WHERE receipt_no = ?", posted.at, given["receipt_no"])
    if new == old:  # decided twice, and carried out by the first
        return
    for table, columns in _NAMED.items():
        for column in columns:
            writes.run(table, f"UPDATE {table} SET {column} = ? WHERE {column} = ?", new, old)
    writes.run("s_people", "UPDATE s_people SET plain_name = ? WHERE name = ?", given["plain_name"], new)
    writes.insert("s_people_before", {"name": old, "person": new, "until": posted.at})
    _in_rows(writes, old, new)
    _in_histories(writes, old, new)
    _in_closings(writes, old, new)


def _in_rows(writes: Writes, old: str, new: str) -> None:
    """What rows say of people, as values and as the software read it; the cells stay as they were dropped."""
    said = f'%"{old}"%'
    found = writes.ask("SELECT receipt_no, form, vals, read FROM s_rows WHERE vals LIKE ? OR read LIKE ?", said, said)
    for receipt_no, form, vals, read in found:
        values, seen = json.loads(vals), json.loads(read)
        named = _with(values, _fields(form), old, new), _with(_changes(seen, old, new), _READ, old, new)
        if named != (values, seen):
            sql = "UPDATE s_rows SET vals = ?, read = ? WHERE receipt_no = ?"
            writes.run("s_rows", sql, *map(canonical, named), receipt_no)
    for (decider,) in writes.ask("SELECT DISTINCT decided_by FROM s_rows WHERE instr(decided_by, ?)", old):
        sql = "UPDATE s_rows SET decided_by = ? WHERE decided_by = ?"
        writes.run("s_rows", sql, _decider(decider, old, new), decider)


def _fields(form: str) -> tuple[str, ...]:
    from policy.form import people_columns  # a change of name is rare; whoever opens the book need not know every form
    from policy.forms import form_named

    found = form_named(form)
    return tuple(column.field for column in people_columns(found)) if found else ("name",)


def _changes(read: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """A change of particulars carries the new shared people, a void transfer those who get their customers back."""
    below = dict(read)
    if isinstance(read.get("changes"), dict):
        below["changes"] = _with(read["changes"], ("shared",), old, new)
    if read.get("restores"):
        stood = ("owner", "shared", "previous_owner")
        below["restores"] = [_with(each, stood, old, new) for each in read["restores"]]
    return below


def _decider(words: str, old: str, new: str) -> str:
    """Who decided: one name, or a deputy's and for whom: 周八（代李四）."""
    both = re.fullmatch(r"(.+)（代(.+)）", words)
    if both is None:
        return str(_swap(words, old, new))
    return f"{_swap(both[1], old, new)}（代{_swap(both[2], old, new)}）"


def _with(values: Mapping[str, Any], fields: tuple[str, ...], old: str, new: str) -> dict[str, Any]:
    return {name: _swap(value, old, new) if name in fields else value for name, value in values.items()}


def _swap(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_swap(each, old, new) for each in value]
    return new if value == old else value


def _in_histories(writes: Writes, old: str, new: str) -> None:
    """Former owners and shared people in the history of customers."""
    for column in ('"from"', '"to"'):
        sql = f"UPDATE s_changes SET {column} = ? WHERE field = 'owner' AND {column} = ?"
        writes.run("s_changes", sql, new, old)
        question = f"SELECT DISTINCT {column} FROM s_changes WHERE field = 'shared' AND instr({column}, ?)"
        for (people,) in writes.ask(question, old):
            words = "、".join(_swap(people.split("、"), old, new))
            sql = f"UPDATE s_changes SET {column} = ? WHERE field = 'shared' AND {column} = ?"
            writes.run("s_changes", sql, words, people)


def _in_closings(writes: Writes, old: str, new: str) -> None:
    """A closed day or month does not differ from what is reckoned anew only because somebody is called otherwise."""
    for period, version, kept in writes.ask(
        "SELECT period, version, content FROM s_closings WHERE instr(content, ?)", old
    ):
        content = canonical({part: _closed(part, said, old, new) for part, said in json.loads(kept).items()})
        if content == kept:
            continue
        digest = hashlib.sha256(content.encode()).hexdigest()
        sql = "UPDATE s_closings SET content = ?, digest = ? WHERE period = ? AND version = ?"
        writes.run("s_closings", sql, content, digest, period, version)


def _closed(part: str, said: Any, old: str, new: str) -> Any:
    """One part of a closing: its lines in the order in which they would be written now."""
    if part == "unreachable":
        return sorted(_swap(said, old, new))
    if part == "reviews":
        return sorted([department, _decider(who, old, new), *counted] for department, who, *counted in said)
    if not isinstance(said, list) or not all(isinstance(line, dict) for line in said):
        return said
    lines = [_line(line, old, new) for line in said]
    return said if lines == said else _ordered(lines)


def _line(line: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """A line about a person, or one about a matter that says whose it is; ``name`` is a person's only where it has a level."""
    named = ("person", "name") if line.get("level") == _PERSON else ("person",)
    reviewer = {"reviewer": _decider(line["reviewer"], old, new)} if line.get("reviewer") else {}
    below = {name: _line(said, old, new) for name, said in line.items() if isinstance(said, dict)}
    return {**_with(line, named, old, new), **reviewer, **below}


_PERSON = "个人"
_LEVELS = (_PERSON, "部门", "公司")


def _ordered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As whoever closes puts them: days and levels by department and name, aims by their span and person."""
    first = lines[0]
    if "level" in first:
        return sorted(lines, key=lambda line: (_LEVELS.index(line["level"]), line["department"], line["name"]))
    if "day" in first:
        return sorted(lines, key=lambda line: (line["day"], line["department"], line["person"]))
    if "states" in first:
        return sorted(lines, key=lambda line: (line["department"], line["person"]))
    if "span" in first:
        spans = list(dict.fromkeys(line["span"] for line in lines))
        return sorted(lines, key=lambda line: (spans.index(line["span"]), line["person"]))
    return lines
