"""What people will be told is committed as data; drawing it comes afterwards, and may fail for one file alone."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book import Book
from ledger.journal import Entry
from outbox.draw import KINDS
from outbox.receipts.model import Message, Note, PlacedPicture, Receipt, ReceiptRow, ReceiptSheet
from outbox.told import heard, model_of, said
from service.sending import delivering
from tests.processes import Company, cells, found, photo, report, visit, workbook
from tests.told import drawn, receipts_are_too_much
from tests.workbook_text import opened, values

NOON = "2026-11-23T12:00:00"
NOW = datetime(2026, 11, 23, 18, 5, 9)
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(st.characters()), st.dates(),
    st.datetimes(), st.times(),
)  # fmt: skip


def receipt(*values: object) -> Receipt:
    row = ReceiptRow("退回", "261123-0001", values, (Note("列", "refuse", "甲"),), (PlacedPicture(0, "a.jpg"),))  # type: ignore[arg-type]
    sheet = ReceiptSheet("表", ("列",), (row,), "整表", frozenset({"校验码", "列"}))
    return Receipt("回执", "表.xlsx", "张三", NOW, NOW, (sheet,), (Message("flag", "乙"),))


@given(st.lists(CELLS))
def test_every_value_comes_back_as_what_it_was(values: list[object]) -> None:
    told = receipt(*values)
    kind, says = heard(said(told))
    again = model_of(Receipt, says)
    assert kind == "Receipt"
    assert again == told
    assert [type(cell) for cell in again.sheets[0].rows[0].cells] == [type(value) for value in values]
    assert said(again) == said(told)


def test_what_was_dropped_is_shown_as_it_was_dropped() -> None:
    dropped = (
        "13800138000",
        13800138000,
        1.5,
        True,
        date(2026, 11, 23),
        datetime(2026, 11, 23, 9, 30),
        time(9, 30),
        "=1+1",
    )
    book = opened(
        drawn(
            replace(
                receipt(), sheets=(ReceiptSheet("表", tuple("甲乙丙丁戊己庚辛"), (ReceiptRow("退回", "", dropped),)),)
            )
        )
    )
    assert values(book["表"])[1][3:] == [
        "13800138000", 13800138000, 1.5, True, datetime(2026, 11, 23), datetime(2026, 11, 23, 9, 30), time(9, 30), "=1+1",
    ]  # fmt: skip


def test_words_of_an_earlier_version_are_understood_and_an_unknown_field_is_not_passed_over() -> None:
    _kind, says = heard(said(receipt("x")))
    del says["messages"], says["sheets"][0]["hidden_headers"]
    assert model_of(Receipt, says).messages == ()
    with pytest.raises(KeyError):
        model_of(Receipt, {**heard(said(receipt("x")))[1], "colour": "red"})


def test_no_two_kinds_have_one_name() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_what_is_named_by_a_kind_is_there() -> None:
    assert [kind.model().__name__ for kind in KINDS] == [kind.name for kind in KINDS]
    assert all(callable(getattr(import_module(kind.place), kind.draws)) for kind in KINDS)


def test_whoever_draws_receipts_loads_neither_the_ledger_nor_forms_nor_reports() -> None:
    code = "import sys, outbox.draw, outbox.receipts.draw; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"ledger.book", "policy.forms", "outbox.reports", "outbox.templates", "outbox.page"} & set(loaded)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return found(tmp_path / "company")


def test_a_book_keeps_words_of_what_lies_in_somebodys_folder_alone(company: Company) -> None:
    lies = company.ask("SELECT DISTINCT told FROM lying ORDER BY told")
    assert company.ask("SELECT sha256 FROM told ORDER BY sha256") == lies
    assert company.ask("SELECT path FROM lying ORDER BY path") == [(path,) for path in sorted(company.pickups())]
    assert company.ask("SELECT * FROM due") == []
    files = company.ask("SELECT person, path, sha256 FROM deliveries")
    assert files
    for _person, path, sha256 in files:
        assert hashlib.sha256((company.share / path).read_bytes()).hexdigest() == sha256


@pytest.mark.skipif(os.name == "nt", reason="a process ends itself as on POSIX")
def test_a_receipt_that_cannot_be_drawn_is_kept_and_told_of_and_the_rest_goes_on(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(company.drop("张三") / "日报.xlsx", {"销售日报": [report("2026-11-23")]})
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "draw_file", receipts_are_too_much)
        run = company.call("run", "--now", NOON)
    assert run.exit_code == 1
    assert company.pickup("张三", "回执") == []
    assert len(company.pickup("李四", "审批")) == 1
    status = company.call("status", "--now", NOON).output
    assert "还没有送达：张三/回执/" in status
    assert "内容已保留" in status
    assert company.call("run", "--now", NOON).exit_code == 0
    assert len(company.pickup("张三", "回执")) == 1
    assert "还没有送达" not in company.call("status", "--now", NOON).output
    assert company.call("verify").exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="a process ends itself as on POSIX")
def test_a_receipt_whose_pictures_are_too_much_comes_with_its_words_alone(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = photo(tmp_path / "现场.jpg", 1, datetime(2026, 11, 23, 9, 30))
    row = visit("深圳市宏远电子有限公司", "", "李经理确认二期需要 40 台，希望春节前交货。")
    placed(workbook(company.drop("张三") / "拜访.xlsx", {"拜访记录": [row]}), picture)
    monkeypatch.setattr(delivering, "draw_file", receipts_are_too_much)
    assert company.call("run", "--now", NOON).exit_code == 0
    (path,) = company.pickup("张三", "回执")
    told = cells(path)
    assert told["拜访记录"][1][0] == "退回"
    assert any("图片太多或太大" in str(cell) for line in told["概要"] for cell in line)


def placed(path: Path, picture: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.drawing.image import Image

    book = load_workbook(path)
    page = book.worksheets[0]
    column = next(cell.column_letter for cell in page[1] if cell.value == "现场照片")
    page.add_image(Image(picture), f"{column}2")
    book.save(path)


def test_what_an_earlier_version_had_drawn_into_the_spool_is_still_delivered(company: Company) -> None:
    data = b"PK, as drawn before the commit"
    sha256 = hashlib.sha256(data).hexdigest()
    (company.book / "spool" / sha256).write_bytes(data)
    with closing(Book(company.book / "ledger.db")) as book, book.transaction():
        number = book.one("SELECT MAX(id) + 1 FROM s_deliveries")
        payload = {
            "id": number,
            "person": "张三",
            "folder": "回执",
            "name": "旧.xlsx",
            "sha256": sha256,
            "cause": "workbook",
        }
        book.post([Entry("delivery.queued", "张三/回执/旧.xlsx", "kebu", payload)], NOW.astimezone())
    assert company.call("run", "--now", NOON).exit_code == 0
    assert (company.share / "张三/取件/回执/旧.xlsx").read_bytes() == data
    assert company.call("verify").exit_code == 0
    assert not list((company.book / "spool").iterdir())


def test_words_that_were_changed_in_the_ledger_are_never_told(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(company.drop("张三") / "日报.xlsx", {"销售日报": [report("2026-11-23")]})
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "draw_file", receipts_are_too_much)
        company.call("run", "--now", NOON)
    with closing(sqlite3.connect(company.book / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE told SET words = (SELECT words FROM told LIMIT 1) || 'x'")
    assert company.call("run", "--now", NOON).exit_code == 1
    assert company.pickup("张三", "回执") == []
