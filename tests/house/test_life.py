"""The whole life of an installation, in short: ``make life`` lives a year."""

from __future__ import annotations

from pathlib import Path

from tests.life import live


def test_blank_sheets_opening_weeks_upgrade_and_restoring_elsewhere_give_the_same_reports(tmp_path: Path) -> None:
    assert live(tmp_path, weeks=2) == []
    reports = list(tmp_path.glob("company elsewhere/share/*/取件/报表/**/*.xlsx"))
    assert any("日报扣款" in path.name for path in reports)
    assert any("日报合规" in path.name for path in reports)
