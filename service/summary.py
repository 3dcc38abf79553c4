"""What a round did, counted as it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.records import Outcome
from outbox.receipts.compose import counts
from service.upkeep.monitoring import Waiting


@dataclass
class Summary:
    """What a round did."""

    files: int = 0
    photos: int = 0
    refused: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    decisions: int = 0
    sheets_issued: int = 0
    delivered: int = 0
    settling: int = 0
    waiting: Waiting = field(default_factory=Waiting)  #: what still lies in drop folders
    troubles: list[str] = field(default_factory=list)

    def add_rows(self, other: Summary) -> None:
        """Count the rows of *other* as well."""
        for word, n in other.outcomes.items():
            self.outcomes[word] = self.outcomes.get(word, 0) + n

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Count rows by 结果."""
        self.add_rows(Summary(outcomes=dict(counts(outcomes))))
