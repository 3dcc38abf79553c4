"""A command loads what it uses, and a reader what the file at hand needs: seen from inside a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.preflight.survey import BookLimits
from intake.raw import Workbook
from intake.reading import photo_at, workbook_at
from intake.sandbox.child import Elsewhere
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits
from ledger.records import PhotoFacts
from tests.company import Company, a_company, report, shot, write

ROOT = Path(__file__).parents[2]
HERE = Elsewhere("tests.heavy", "loaded")
LIMITS = BookLimits(megabytes=20, entries=1000, inflated_mb=200, ratio=100, rows=20000, columns=100, cell_chars=32767)
PROGRAM = """
import json, sys
from contextlib import redirect_stdout
import sync
from tests.heavy import loaded
code = 0
try:
    with redirect_stdout(sys.stderr):
        sync.main()
except SystemExit as end:
    code = end.code or 0
print(json.dumps({"code": code, "loaded": loaded()}))
"""


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def after(*arguments: str | Path) -> list[str]:
    """The heavy libraries that a command has loaded when it ends."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["code"] in (0, 1), done.stderr
    found = said["loaded"]
    assert isinstance(found, list)
    return found


def loaded_in(readers: LocalReaders) -> list[str]:
    (here,) = readers.map(HERE, [()])
    assert isinstance(here, list)
    return here


def test_help_draws_its_box_and_nothing_else() -> None:
    assert after("--help") == ["rich"]


def test_status_and_explain_load_none_of_them(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    (row,) = co.ask("SELECT receipt_no FROM daily_reports")
    before = ("--config", co.config, "--now", "2026-11-23T19:00:00")
    assert after(*before, "status") == []
    assert after(*before, "explain", row["receipt_no"]) == []


def test_policy_loads_the_rules_and_no_reader_or_writer_of_files(co: Company) -> None:
    assert not set(after("--config", co.config, "policy")) & {
        "pandas", "numpy", "openpyxl", "shapely", "PIL", "xlsxwriter", "sqlite_utils", "pi_heif", "exifread", "jinja2",
    }  # fmt: skip


def test_a_reader_of_an_ordinary_workbook_has_loaded_the_quick_library_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "日报.xlsx", {"销售日报": [report("2026-11-23")]})
    with LocalReaders(Limits(60, 512), workers=1) as readers:
        (read,) = readers.map(workbook_at, [(path, LIMITS)])
        assert isinstance(read, Workbook)
        here = loaded_in(readers)
    assert here == ["python_calamine"]


def test_a_reader_of_a_picture_has_not_loaded_what_reads_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "现场.jpg"
    path.write_bytes(shot("11-23 08:00"))
    with LocalReaders(Limits(60, 512), workers=1) as readers:
        (read,) = readers.map(photo_at, [(path, "Asia/Shanghai", 100, "cafe")])
        here = loaded_in(readers)
    assert isinstance(read, PhotoFacts)
    assert read.sha256 == "cafe"
    assert not {"openpyxl", "python_calamine", "pandas", "xlsxwriter", "sqlite_utils"} & set(here)


def test_workers_that_are_expected_have_loaded_the_function_before_it_is_called() -> None:
    with LocalReaders(Limits(60, 512), workers=1) as readers:
        readers.expect(photo_at)
        here = loaded_in(readers)
    assert {"PIL", "numpy"} <= set(here)


def test_nothing_that_reads_packages_or_knows_mail_is_loaded_to_say_how_things_stand(co: Company) -> None:
    program = PROGRAM.replace("loaded()", "sorted({'email', 'importlib.metadata', 'outbox.receipts'} & {*sys.modules})")
    command = [sys.executable, "-c", program, "--config", str(co.config), "--now", "2026-11-23T19:00:00", "status"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout.splitlines()[-1])["loaded"] == []
