"""The real Datasette over a copy for readers: Chinese titles, facets, canned queries that answer, and no telephone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger import readers
from tests.beside.programs import program
from tests.company import Company, a_company_with_a_customer, shot, visit
from tests.flows.test_commands import call

METADATA = Path(__file__).parents[2] / "deploy" / "datasette" / "metadata.json"
DESCRIBED: dict[str, Any] = json.loads(METADATA.read_text("utf-8"))["databases"]["kebu"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A customer, an order that nobody has paid, one picture that two visits were given."""
    with a_company_with_a_customer(tmp_path_factory.mktemp("served")) as co:
        for owner in ("张三", "王五"):
            co.drop(owner, "现场.jpg", shot("11-23 10:00", 7))
            co.hand_in(owner, "拜访.xlsx", 拜访记录=[visit()])
            co.run("11-23 12:00")
        _an_order(co)
        target = co.folder / "read" / "kebu.db"
        said = call(co.config, "readers", "--to", target, "--now", "2026-12-08T09:00:00", "--json")
        assert (said.code, said.json["copy"]) == (0, str(target))
        yield target


def _an_order(co: Company) -> None:
    co.drop("张三", "合同.jpg", shot("11-24 09:00", 31))
    co.hand_in("张三", "成交.xlsx", 成交订单=[
        {"客户名称": "深圳市宏远电子有限公司", "成交日期": "2026-11-24", "成交金额": 120000, "合同照片": "合同.jpg"}
    ])  # fmt: skip
    co.run("11-24 10:00")
    co.approve("赵总", "成交订单", "11-24 11:00")


def asked(copy: Path, path: str) -> str:
    """A page, as the program itself answers it."""
    command = [str(program("datasette")), str(copy), "--metadata", str(METADATA), "--get", path]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_first_pages_speak_chinese_and_offer_the_questions(copy: Path) -> None:
    page = asked(copy, "/kebu")
    for words in ("客户账本", "谁该去拜访了", "用过不止一次的照片", "还没有回款的订单"):
        assert words in page
    customers = asked(copy, "/kebu/customers")
    assert "归属人" in customers
    assert "facet-results" in customers


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("owes_a_visit", {"客户": "深圳市宏远电子有限公司", "归属人": "张三", "还剩天数": 16}),
        ("photos_used_twice", {"投递人": "张三,王五", "投递次数": 2}),
        ("orders_without_payment", {"客户": "深圳市宏远电子有限公司", "金额元": "120000.00", "已过天数": 14}),
    ],
)
def test_each_canned_query_answers(copy: Path, query: str, answer: dict[str, object]) -> None:
    (row, *_others) = json.loads(asked(copy, f"/kebu/{query}.json?_shape=array"))
    assert row | answer == row


def test_no_telephone_and_no_secret_is_in_the_copy(copy: Path) -> None:
    data = copy.read_bytes()
    for secret in ("13800138000", "26001234", "0755-2600"):
        assert secret.encode() not in data
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT phone FROM people WHERE name = '张三'").fetchone() == ("138****8000",)
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {*readers.tables(), readers.ABOUT}
    assert not {"journal", "entries", "secrets", "told"} & names


def test_everything_that_the_metadata_names_is_in_the_copy(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        there = {
            name: {column[1] for column in db.execute(f"PRAGMA table_info({name})")}
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }
    assert DESCRIBED["tables"].keys() == there.keys()
    for name, table in DESCRIBED["tables"].items():
        named = {
            *table.get("facets", ()),
            *table.get("columns", {}),
            *([table["sort_desc"]] if "sort_desc" in table else []),
        }
        assert named <= there[name], name
