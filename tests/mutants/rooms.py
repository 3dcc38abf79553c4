"""What is changed, and which tests are asked: the nearest ones of each room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Room:
    """Modules that are changed, and files of tests that stand next to them."""

    name: str
    modules: tuple[str, ...]  #: paths below the repository, patterns allowed
    tests: tuple[str, ...]

    def paths(self) -> Iterator[Path]:
        """The modules that hold more than a docstring and imports."""
        for pattern in self.modules:
            yield from (path for path in sorted(REPOSITORY.glob(pattern)) if path.name != "__init__.py")


_LIVES = (
    "tests/flows/test_approval.py", "tests/flows/test_claims.py", "tests/flows/test_customer.py",
    "tests/flows/test_orders.py", "tests/flows/test_payments.py", "tests/flows/test_transfers.py",
    "tests/flows/test_visit.py", "tests/flows/test_recycling.py", "tests/flows/test_daily.py",
)  # fmt: skip

ROOMS = (
    Room(
        "validators", ("validators/*.py",),
        (
            "tests/validators/test_cases.py", "tests/validators/test_catalogue.py", "tests/validators/test_live_checks.py",
            "tests/validators/test_sheet_as_a_set.py",
        ),
    ),
    Room(
        "processors", ("processors/*.py",),
        (
            "tests/processors/test_approval.py", "tests/processors/test_attainment.py",
            "tests/processors/test_compliance.py", "tests/processors/test_deduction.py",
            "tests/processors/test_effects.py", "tests/processors/test_funnel.py", "tests/processors/test_merge.py",
            "tests/processors/test_recycling.py", "tests/validators/test_reconcile.py",
        ),
    ),
    Room(
        "ledger", ("ledger/*.py",),
        (
            "tests/ledger/test_anchor.py", "tests/ledger/test_backups.py", "tests/ledger/test_chain.py",
            "tests/ledger/test_frozen.py", "tests/ledger/test_likeness.py", "tests/ledger/test_money_and_ownership.py",
            "tests/ledger/test_readers.py",
            "tests/ledger/test_told.py", "tests/flows/test_renaming.py", "tests/flows/test_people.py", *_LIVES,
        ),
    ),
    Room(
        "delivery",
        (
            "outbox/delivery.py", "outbox/told.py", "outbox/queue.py", "outbox/drawing.py", "outbox/standing.py",
            "ledger/deliveries.py", "ledger/open_deliveries.py", "service/sending/delivering.py", "disk/share.py",
        ),
        (
            "tests/outbox/test_delivery.py", "tests/ledger/test_told.py", "tests/service/test_reissuing.py",
            "tests/flows/test_receipt.py", "tests/flows/test_quiet.py", "tests/intake/test_links.py",
            "tests/flows/test_approval.py",
        ),
    ),
)  # fmt: skip
