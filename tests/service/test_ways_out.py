"""No dead ends for whole files, sheets, pictures and decisions: every refusal is paired with a way that is gone, folders only.

What can refuse is a closed list in the code (``Cause``, ``Misfit``, ``Spoilt``, ``Hindrance``): a member without a way
fails here, and mypy lets nothing refuse without a member.  Rules on rows: ``tests/validators/test_ways.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from intake.causes import Cause, Misfit
from intake.inbox.walk import TroubleKind
from intake.photo.trouble import Spoilt
from intake.sandbox.readers import Failure
from ledger.records import Sealed
from processors.approval import Hindrance
from service.rows.pictures import _SEALED_WORDS
from tests.ways.decisions import DECISIONS
from tests.ways.files import FILES, FOLDERS, SHEETS
from tests.ways.pictures import PICTURES
from tests.ways.way import Story

STORIES = (*FILES, *SHEETS, *FOLDERS, *DECISIONS, *PICTURES)

#: What may be wrong with a picture: itself, our reader, its seal where that refuses.
SPOILT = {
    *Spoilt, *get_args(get_type_hints(Failure)["kind"]), *(each for each in Sealed if _SEALED_WORDS[each][0] == "refuse"),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_what_is_said_leads_on(story: Story, tmp_path: Path) -> None:
    story.play(tmp_path)


@pytest.mark.parametrize(
    ("known", "stories"), [(Cause, FILES), (Misfit, SHEETS), (get_args(TroubleKind), FOLDERS), (Hindrance, DECISIONS), (SPOILT, PICTURES)],
    ids=["files", "sheets", "folders", "decisions", "pictures"],
)  # fmt: skip
def test_everything_that_refuses_has_a_way(known: Iterable[str], stories: tuple[Story, ...]) -> None:
    gone = {rule for story in stories for rule in story.rules}
    assert set(known) - gone == set()
    assert gone - set(known) == set(), "a way out of what refuses no more"
