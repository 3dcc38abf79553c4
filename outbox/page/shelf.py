"""Where a reader's newest report lies, as it was delivered: the workbook in which all rows of a part stand."""

from __future__ import annotations

from pathlib import PurePosixPath

from ledger.records import Person
from outbox.page.model import File
from outbox.page.words import link
from outbox.page.world import World


def report_file(world: World, viewer: Person, kind: str, month: str = "") -> File:
    """The newest report of a *kind* (of a *month*), as far as one was delivered.

    Reports of days lie in their month's folder, the newest beside the folders.
    """
    folder = world.settings.folders.reports
    found = world.desks.newest_file(viewer, folder, f"{kind}_{month}" if month else f"{kind}_")
    return File(PurePosixPath(found).name, link(found))


def report_of(world: World, viewer: Person, kind: str, day: str) -> str:
    """Where the report of a *kind* of one day lies, as an address; '' if it was not delivered."""
    folder = f"{world.settings.folders.reports}/{day[:7]}"
    return link(world.desks.newest_file(viewer, folder, f"{kind}_{day}"))
