"""The copy for readers is the service's alone, or a group's besides, whatever the umask says (适用范围 2)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import Company, a_company_with_a_customer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows inherits rights from the folder")


@pytest.fixture(params=[0o000, 0o077], ids=["open umask", "narrow umask"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def _group() -> str:
    """A group in which this test may put a file: its own."""
    import grp

    return grp.getgrgid(os.getegid()).gr_name


def _a_night_later(folder: Path, **config: str) -> tuple[Company, list[str], Path]:
    copy = folder / "read" / "kebu.db"
    given = {"copy_to": str(copy), **config}
    lines = {f"{name} = ": f'{name} = "{value}"' for name, value in given.items()}
    with a_company_with_a_customer(folder / "company", config=lines) as co:
        co.run("11-23 09:00")
        closed = co.nightly("11-23", "11-24 00:30")
    return co, list(closed.for_operator), copy


@pytest.mark.usefixtures("umask")
def test_without_a_group_the_copy_is_the_service_s_alone(tmp_path: Path) -> None:
    _co, troubles, copy = _a_night_later(tmp_path)
    assert troubles == []
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.usefixtures("umask")
def test_a_group_may_read_the_copy_and_the_ledger_stays_closed(tmp_path: Path) -> None:
    co, troubles, copy = _a_night_later(tmp_path, group=_group())
    assert troubles == []
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    assert copy.stat().st_gid == os.getegid()
    assert stat.S_IMODE((co.book / "ledger.db").stat().st_mode) == 0o600


def test_a_group_that_is_not_there_is_named_and_the_night_goes_on(tmp_path: Path) -> None:
    co, troubles, copy = _a_night_later(tmp_path, group="kebu-nobody-knows")
    assert [each for each in troubles if "没有“kebu-nobody-knows”这个用户组" in each and "[readers]" in each]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert list((co.book / "backups").iterdir())
