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

#: What is gathered for rules from the book is asked by stories alone.
_GATHERED = (
    "tests/flows/test_changes.py", "tests/flows/test_corrections.py", "tests/flows/test_formula.py",
    "tests/flows/test_funnel.py", "tests/flows/test_money.py", "tests/flows/test_nearest.py",
    "tests/flows/test_opening.py", "tests/flows/test_opportunities.py", "tests/flows/test_people.py",
    "tests/flows/test_pictures_say.py", "tests/flows/test_plans.py", "tests/flows/test_plausible.py",
    "tests/flows/test_policy_dates.py", "tests/flows/test_receipt.py", "tests/flows/test_refused.py",
    "tests/flows/test_renaming.py", "tests/flows/test_said.py", "tests/flows/test_shops.py",
    "tests/flows/test_targets.py", "tests/flows/test_today.py",
)  # fmt: skip

ROOMS = (
    Room(
        "validators", ("validators/*.py", "validators/written/*.py"),
        (
            "tests/validators/test_cases.py", "tests/validators/test_catalogue.py", "tests/validators/test_clauses.py",
            "tests/validators/test_live_checks.py", "tests/validators/test_sheet_as_a_set.py",
            "tests/validators/test_colleagues.py", "tests/validators/test_names_given.py",
            "tests/validators/test_pictures_words.py", "tests/validators/test_ways.py",
            "tests/validators/test_rules_as_told.py", "tests/validators/test_gathered_customers.py",
            "tests/validators/test_gathered_days.py", "tests/validators/test_gathered_deals.py",
            "tests/validators/test_gathered_people.py", "tests/validators/test_group_says.py",
            "tests/validators/test_judged_rows.py", "tests/validators/test_put_right.py",
            "tests/validators/test_made_rules.py", "tests/validators/test_layout.py",
            "tests/validators/test_limits.py", "tests/validators/test_sums.py", "tests/validators/test_pictures_of_rows.py",
            "tests/validators/test_shape_cells.py", "tests/validators/test_nothing_known.py",
            "tests/intake/test_written_characters.py",
            "tests/intake/test_written_parsers.py", "tests/flows/test_group.py", *_LIVES, *_GATHERED,
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
            "tests/ledger/test_anchor.py", "tests/ledger/test_backups.py", "tests/ledger/test_chain.py", "tests/ledger/test_copying.py",
            "tests/ledger/test_frozen.py", "tests/ledger/test_known.py", "tests/ledger/test_likeness.py",
            "tests/ledger/test_money_and_ownership.py",
            "tests/ledger/test_book.py", "tests/ledger/test_journal.py", "tests/ledger/test_keys.py",
            "tests/ledger/test_marks.py", "tests/ledger/test_proving.py", "tests/ledger/test_state_beside.py",
            "tests/ledger/test_state_customers.py", "tests/ledger/test_state_people.py", "tests/ledger/test_state_renaming.py",
            "tests/ledger/test_state_rows.py", "tests/ledger/test_writes.py",
            "tests/ledger/test_branches.py", "tests/ledger/test_kept_facts.py", "tests/ledger/test_schema.py",
            "tests/ledger/test_state_found.py", "tests/ledger/test_told_kept.py", "tests/ledger/test_unfit.py",
            "tests/ledger/test_views.py", "tests/ledger/test_words_erased.py",
            "tests/ledger/test_names.py", "tests/ledger/test_newer.py", "tests/ledger/test_readers.py",
            "tests/ledger/test_resting.py", "tests/ledger/test_restore.py", "tests/ledger/test_retaking.py",
            "tests/ledger/test_told.py", "tests/ledger/test_unpaid.py", "tests/intake/test_alike.py",
            "tests/ledger/test_customers_asked.py", "tests/ledger/test_days_asked.py", "tests/ledger/test_done_asked.py",
            "tests/ledger/test_pages_asked.py", "tests/ledger/test_people_asked.py", "tests/ledger/test_rows_asked.py",
            "tests/ledger/test_aims_asked.py", "tests/ledger/test_records_said.py", "tests/ledger/test_door_asked.py",
            "tests/ledger/test_files_asked.py", "tests/ledger/test_names_asked.py", "tests/ledger/test_photos_asked.py",
            "tests/ledger/test_looks_asked.py", "tests/ledger/test_points_asked.py",
            "tests/outbox/test_delivery.py", "tests/outbox/test_page.py", "tests/processors/test_attainment.py",
            "tests/processors/test_compliance.py", "tests/processors/test_funnel.py",
            "tests/processors/test_merge.py", "tests/processors/test_recycling.py", "tests/service/test_messages.py",
            "tests/service/test_reissuing.py", "tests/flows/test_erasing.py", "tests/flows/test_group.py",
            "tests/flows/test_month.py", "tests/flows/test_quiet.py", "tests/flows/test_verify.py",
            "tests/door/test_door_open.py", *_LIVES, *_GATHERED,
        ),
    ),
    Room(
        "delivery",
        (
            "outbox/delivery.py", "outbox/told.py", "outbox/queue.py", "outbox/drawing.py", "outbox/standing.py",
            "ledger/deliveries.py", "ledger/open_deliveries.py", "service/sending/delivering.py", "disk/share.py",
        ),
        (
            "tests/outbox/test_delivery.py", "tests/outbox/test_hindered.py", "tests/outbox/test_share.py", "tests/outbox/test_told_values.py",
            "tests/ledger/test_told.py",
            "tests/service/test_delivering.py", "tests/service/test_reissuing.py", "tests/outbox/test_page.py",
            "tests/flows/test_receipt.py", "tests/flows/test_quiet.py", "tests/flows/test_dark.py",
            "tests/flows/test_renaming.py", "tests/intake/test_links.py", "tests/flows/test_approval.py",
            "tests/ledger/test_frozen.py",
        ),
    ),
)  # fmt: skip
