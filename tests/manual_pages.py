"""Writes ``docs/手册/表单/<form>.md``: ``python -m tests.manual_pages``, or ``make manual``."""

from __future__ import annotations

from pathlib import Path

from outbox.templates.manual import render_form_page
from policy.clauses import cite
from policy.forms import FORMS
from policy.settings import load_settings

REPOSITORY = Path(__file__).parents[1]
FOLDER = REPOSITORY / "docs" / "手册" / "表单"


def form_pages() -> dict[str, str]:
    """File name → page, for every form, with the lists and approvers that Kebu comes with."""
    settings = load_settings(REPOSITORY / "config.toml")
    lists = settings.lists.model_dump()
    return {
        f"{form.sheet}.md": render_form_page(form, cite, lists, settings.approval.get(form.sheet, ())) for form in FORMS
    }


def write() -> None:
    """Write every page anew, and take away those of forms that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = form_pages()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    for path in FOLDER.glob("*.md"):
        if path.name not in pages:
            path.unlink()


if __name__ == "__main__":
    write()
