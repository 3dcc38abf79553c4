"""Years on: old originals lie on a second disk, and every question about them is still answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.settings import ConfigError, load_settings
from tests.company import Company, a_company_with_a_customer, write_config
from tests.flows.test_commands import call

LATER = "2027-06-02T00:30:00"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    """Half a year after its first customer: the night has moved what is older than six months."""
    home, cold = tmp_path / "home", tmp_path / "cold"
    home.mkdir()
    cold.mkdir()
    with a_company_with_a_customer(
        home, config={"hot_months": "hot_months = 6", "cold = ": f"cold = '{cold}'"}
    ) as made:
        closed = call(made.config, "nightly", "--date", "2026-11-23", "--now", LATER)
        assert "冷盘" not in closed.err
        yield made


def kept_as(co: Company) -> str:
    found = co.ask("SELECT archived_as FROM files WHERE kind = 'workbook' AND person = '张三'")
    return str(found[0]["archived_as"])


def test_verify_and_explain_find_what_was_moved(co: Company) -> None:
    assert not list((co.book / "archive" / "2026").rglob("*.xlsx"))
    assert (co.folder.parent / "cold" / kept_as(co)).is_file()
    assert call(co.config, "verify", "--all", "--json").json["differences"] == []
    receipt_no = co.ask("SELECT receipt_no FROM customers")[0]["receipt_no"]
    assert f"{kept_as(co)}（在冷盘 {co.folder.parent / 'cold'}）" in call(co.config, "explain", receipt_no).out
    assert call(co.config, "status", "--now", LATER, "--json").json["storage"]["cold"] > 0


def test_without_the_disk_it_is_named_and_not_known_and_nothing_counts_as_lost(co: Company) -> None:
    (co.folder.parent / "cold").rename(co.folder.parent / "unplugged")
    proof = call(co.config, "verify", "--json")
    assert (proof.code, proof.json["differences"]) == (1, [])
    assert "没有接上" in proof.json["unknown"]
    assert "不算丢失" in proof.err
    receipt_no = co.ask("SELECT receipt_no FROM customers")[0]["receipt_no"]
    assert "现在没有接上" in call(co.config, "explain", receipt_no).out
    assert "冷盘没有接上" in call(co.config, "status", "--now", LATER).err
    assert call(co.config, "drill").code == 0
    (co.folder.parent / "unplugged").rename(co.folder.parent / "cold")
    assert call(co.config, "verify").code == 0


def test_a_backup_is_restored_beside_its_cold_disk(co: Company) -> None:
    backup = max((co.book / "backups").glob("*.db"))
    said = call(co.config, "restore", backup, "--now", LATER)
    assert (said.code, said.err) == (0, "")
    assert call(co.config, "verify").code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('cold = ""', 'cold = "book/cold"'),
        ('cold = ""', 'cold = "share/cold"'),
        ('cold = ""', 'cold = "."'),
        ("hot_months = 0", "hot_months = 12"),
    ],
)
def test_a_cold_disk_that_is_none_is_refused_with_its_line(tmp_path: Path, before: str, after: str) -> None:
    config = write_config(tmp_path, {before.split("=")[0] + "=": after})
    with pytest.raises(ConfigError, match=r"第 \d+ 行 archive：.*冷盘"):
        load_settings(config)
