"""No dead ends: every rule that refuses is paired with a way, through folders only, that ends in 已受理 or 待审批."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.records import Severity
from policy.form import columns
from policy.forms import FORMS
from policy.posts import POSTS
from policy.settings import Settings
from tests.case_files import all_rules
from tests.ways.customers import CUSTOMERS
from tests.ways.days import DAYS
from tests.ways.mending import MENDING
from tests.ways.opening import OPENING
from tests.ways.people import OFFICE
from tests.ways.pool import CAP, GONE, NAMES, POOL
from tests.ways.sales import FAR_AWAY, LIVE, SALES, SAME
from tests.ways.transfers import FOLLOWED
from tests.ways.way import Scene, Story
from validators.catalogue import SHAPE_RULES
from validators.rule import Rule, severity_of

SCENES: tuple[Scene | Story, ...] = (
    OFFICE, CUSTOMERS, SALES, FAR_AWAY, LIVE, SAME, MENDING, POOL, CAP, GONE, NAMES, DAYS, OPENING, FOLLOWED,
)  # fmt: skip
USUAL = Settings.model_validate({"folders": {}}, context={"base": Path()})
ROOT = Path(__file__).parents[2]
SAYS_WHERE = re.compile(r"“([^“”]+)”")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_what_the_receipt_says_leads_on(scene: Scene | Story, tmp_path: Path) -> None:
    scene.play(tmp_path)


def refusing() -> set[str]:
    """Every rule of the catalogue that refuses, or does so where a number of the config makes it, and every cell's."""
    return {
        *(rule.id for rule in all_rules() if rule.follows or severity_of(rule, USUAL) is Severity.REFUSE),
        *(rule.id for rule in SHAPE_RULES if rule.id not in ("shape.understood", "shape.renamed")),
        *_of_rows(),
    }


def _of_rows() -> Iterator[str]:
    """What merging and waiting refuse, outside the catalogue: found in the code by their ids."""
    for room in ("validators", "processors", "service"):
        for path in (ROOT / room).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            yield from re.findall(r'"(row\.[a-z_]+)",\s*(?:\w+\.)?form\.clause,\s*Severity\.REFUSE', text)
            yield from re.findall(r'rule="(row\.[a-z_]+)"', text)


def test_every_rule_that_refuses_has_a_way() -> None:
    gone = [rule for scene in SCENES for rule in scene.rules]
    assert refusing() - set(gone) == set()
    assert set(gone) - refusing() == set(), "a way out of what refuses no more"


def test_what_is_refused_by_merging_is_known() -> None:
    assert set(_of_rows()) == {"row.photo_missing", "row.others", "row.settled", "row.same"}


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.id in refusing()], ids=lambda rule: rule.id)
def test_a_remedy_names_sheets_columns_and_posts_that_exist(rule: Rule) -> None:
    """What stands in quotation marks in a remedy is something that staff find."""
    every = [column for form in FORMS for column in columns(form)]
    known = (
        {form.sheet for form in FORMS} | {word for each in every for word in (each.header, *each.options)} | set(POSTS)
    )
    shown = {"公海客户", "我的客户", "拍照"}  # sections of 个人工作簿, and the button of the phone door
    said = [word for word in SAYS_WHERE.findall(rule.remedy) if not word.startswith("{")]
    assert [word for word in said if word not in known | shown] == []
