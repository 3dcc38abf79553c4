"""Blank workbooks for whoever sets the book up: the roster and 期初客户, with the company's lists and an example."""

from __future__ import annotations

from pathlib import Path

from outbox.templates.blank import render_blank
from outbox.templates.offer import version_of
from policy.clauses import cite
from policy.form import Form
from policy.forms.opening import OpeningCustomer
from policy.forms.person import NewPerson
from policy.settings import Settings

BLANKS: tuple[tuple[str, type[Form]], ...] = (("人员名册.xlsx", NewPerson), ("期初客户.xlsx", OpeningCustomer))


def write_blanks(settings: Settings, folder: Path) -> list[Path]:
    """Write the blank workbooks into *folder*, never over one that is there; gives those written.

    :raises OSError: the folder cannot be made or written to
    """
    folder.mkdir(parents=True, exist_ok=True)
    lists, written = settings.lists.model_dump(), []
    for name, form in BLANKS:
        path = folder / name
        if not path.exists():  # somebody may have filled it in
            path.write_bytes(render_blank(form, lists, version=version_of([form], lists, {}), cite=cite))
            written.append(path)
    return written
