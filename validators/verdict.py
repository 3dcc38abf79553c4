"""A row as it was judged: everything that the later stages need to know travels with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from ledger.journal import canonical
from ledger.records import Finding, Outcome, Severity
from policy.form import Form


@dataclass(frozen=True)
class Verdict:
    """One row: what it says, what was found, and what it still waits for."""

    form: type[Form]
    person: str
    department: str
    submitted_at: datetime
    sheet: str
    row_no: int
    cells: list[list[str]]  #: [header, text] as dropped
    values: dict[str, Any]  #: field → JSON value
    read: dict[str, Any]  #: what the software read
    photos: tuple[str, ...]  #: content hashes, those placed in the row included
    embedded: dict[str, tuple[str, ...]]  #: header → content hashes
    missing: tuple[str, ...]  #: photos named and not yet arrived
    findings: tuple[Finding, ...]
    key: str  #: '' when the key's columns are unusable
    customer_id: int | None = None
    day: date | None = None
    rooted: dict[str, Any] = field(default_factory=dict)  #: columns that name people, in words that last
    roots: Mapping[str, str] = field(default_factory=dict)  #: name → the word that lasts, where they differ

    @cached_property
    def refused(self) -> bool:
        """Whether a rule refuses the row."""
        return any(finding.severity is Severity.REFUSE for finding in self.findings)

    @cached_property
    def fingerprint(self) -> str:
        """The same for two rows that say the same with the same pictures, and for the same owner if nobody is named."""
        # the same words from a colleague ask for the customer for the colleague
        owner = self.read.get("owner") if "owner" in self.values else None
        mine = self.roots.get(owner, owner) if owner else owner
        values = {**self.values, **self.rooted}
        told = {name: value for name, value in values.items() if value is not None or name not in self.form.added}
        said = canonical([self.form.sheet, self.key, told, sorted(self.photos), sorted(self.missing), mine])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def outcome(self, *, needs_approval: bool) -> Outcome:
        """What the receipt says (结果)."""
        if self.refused:
            return Outcome.RETURNED
        if self.missing:
            return Outcome.WAITING
        return Outcome.PENDING if needs_approval else Outcome.ACCEPTED
