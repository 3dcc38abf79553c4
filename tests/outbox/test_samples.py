"""Everything that other programs and cameras have written is dropped, and each file gets its answer."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.archive.write import sha256_of
from tests.processes import Company, found

NOW = "2026-11-23T18:00:00"
SALESPERSON = "张三"


@pytest.fixture(scope="module")
def dropped(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, dict[str, Path], float]:
    """A company after one run over all samples, what was dropped, and how many seconds it took."""
    company = found(tmp_path_factory.mktemp("samples") / "company")
    files = {
        f"{folder}/{path.name}": path
        for folder in ("photos", "workbooks")
        for path in sorted((samples / folder).iterdir())
    }
    shutil.copytree(samples / "photos", company.drop(SALESPERSON) / "photos")
    shutil.copytree(samples / "workbooks", company.drop(SALESPERSON) / "workbooks")
    began = time.monotonic()
    done = company.call("run", "--now", NOW)
    assert done.exit_code == 0, done.output
    return company, files, time.monotonic() - began


def test_the_drop_folder_is_empty_and_every_file_is_in_the_ledger(
    dropped: tuple[Company, dict[str, Path], float],
) -> None:
    company, files, seconds = dropped
    assert company.waiting() == []
    kept = dict(company.ask("SELECT name, sha256 FROM s_files WHERE person <> ''"))
    assert kept == {name: sha256_of(path) for name, path in files.items()}
    assert seconds < 120, "something hung"


def test_every_workbook_has_a_receipt_that_says_why_nothing_could_be_registered(
    dropped: tuple[Company, dict[str, Path], float],
) -> None:
    company, files, _ = dropped
    answers: dict[str, str] = {}
    for path in company.pickup(SALESPERSON, "回执"):
        rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
        source = next(str(row[1]) for row in rows if row[0] == "投递文件")
        answers[source] = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    for name in files:
        if name.startswith("workbooks/"):
            refused = "原文件已原样保留" in answers[name]
            assert refused or "没有找到可以登记的内容" in answers[name], (name, answers[name])


def test_every_photo_has_its_line_in_a_receipt(dropped: tuple[Company, dict[str, Path], float]) -> None:
    company, files, _ = dropped
    lines = [
        str(cell)
        for path in company.pickup(SALESPERSON, "回执")
        for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    for name in files:
        if name.startswith("photos/"):
            told = [line for line in lines if f"“{Path(name).name}”" in line]
            assert len(told) == 1, (name, told)
            assert "已收到，还没有表格引用它" in told[0] or "打不开" in told[0]


def test_refused_files_lie_in_quarantine_and_all_originals_in_the_archive(
    dropped: tuple[Company, dict[str, Path], float],
) -> None:
    company, _, _ = dropped
    archived = company.ask("SELECT archived_as, quarantined_as, outcome, sha256 FROM s_files")
    for place, aside, outcome, sha256 in archived:
        assert sha256_of(company.book / place) == sha256
        assert (aside is not None) == (outcome == "refused")
        assert aside is None or sha256_of(company.book / aside) == sha256
    proof = company.call("verify")
    assert proof.exit_code == 0, proof.output
