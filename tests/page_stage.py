"""A company of which every page has something to say, and pages read as people read them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from outbox.page.model import NAME
from tests.company import Company, a_company_with_a_customer, reopened, report, shot, transfer, visit
from tests.deals import CASHIER, approved_order, arrived, bank_line, confirm, confirmation, payment, target

NIGHT = "11-25 00:30"
READERS = ("张三", "李四", "赵总", "吴纳", "钱督", "孙人")
_BLOCKS = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "figcaption"}


@dataclass
class Read(HTMLParser):
    """A page taken apart: its words, tables by id, tasks, links."""

    text: str = ""
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    hrefs: list[str] = field(default_factory=list)
    lead: dict[str, str] = field(default_factory=dict)  #: label of a figure → where its rows are
    ids: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    pictures: int = 0
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _figure: list[str] = field(default_factory=list)
    _row: list[str] = field(default_factory=list)
    _head: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids |= {given["id"]} if "id" in given else set()
        self.hrefs += [given["href"]] if "href" in given else []
        self.pictures += tag == "img"
        if tag in ("meta", "img", "br", "rect", "line"):
            return
        self._open.append((tag, given))
        if tag == "a" and self._inside("ul", "figures"):
            self._figure = [given["href"], "", ""]
        if tag == "tr":
            self._row = []
        if tag in ("td", "th"):
            self._row.append("")
        if tag == "li" and any(one.get("class") == "tasks" for _tag, one in self._open):
            self.tasks.append("")
        self.text += "\n" if tag in _BLOCKS else ""

    def _inside(self, tag: str, kind: str) -> bool:
        return any(name == tag and given.get("class") == kind for name, given in self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._figure:
            href, label, value = self._figure
            self.figures[label], self.lead[label], self._figure = value, href, []
        while self._open and self._open.pop()[0] != tag:
            pass
        table = next((one for name, one in self._open if name == "table"), None)
        if tag == "tr" and table is not None:
            if any(name == "thead" for name, _one in self._open):
                self._head = self._row
                self.tables[table["aria-labelledby"]] = []
            else:
                line = dict(zip(_unlike(self._head), self._row, strict=True))
                self.tables[table["aria-labelledby"]].append(line)

    def handle_data(self, data: str) -> None:
        if any(tag in ("style", "svg", "title") for tag, _one in self._open):
            return
        self.text += data
        if self._figure and self._open[-1][0] in ("span", "b"):
            self._figure[1 if self._open[-1][0] == "span" else 2] += data.strip()
        if self._row and any(tag in ("td", "th") for tag, _one in self._open):
            self._row[-1] += data.strip()
        if self.tasks and any(one.get("class") == "tasks" for _tag, one in self._open):
            self.tasks[-1] += data


def _unlike(headers: list[str]) -> list[str]:
    """达成率 stands behind each kind."""
    return [header if headers.count(header) == 1 else f"{headers[n - 1]}{header}" for n, header in enumerate(headers)]


def page_of(co: Company, name: str) -> Path:
    """Where somebody's page lies."""
    return co.share / name / "取件" / NAME


def opened(co: Company, name: str) -> Read:
    """Somebody's page, read."""
    return taken_apart(page_of(co, name).read_text("utf-8"))


def taken_apart(text: str) -> Read:
    """A page, read."""
    read = Read()
    read.feed(text)
    return read


def broken_links(co: Company, name: str) -> list[str]:
    """Links of a page that lead nowhere."""
    page = opened(co, name)
    below = page_of(co, name).parent
    return [
        href
        for href in page.hrefs
        if not (href.lstrip("#") in page.ids if href.startswith("#") else (below / unquote(href)).is_file())
    ]


@cache
def _months_work() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kebu-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with a_company_with_a_customer(folder) as co:
        _work(co)
    return folder


def _work(co: Company) -> None:
    co.found([CASHIER], "11-23 09:40")
    co.hand_in("赵总", "指标.xlsx", 销售指标=[target("张三", amount=200000, 回款金额指标=100000, 拜访次数指标=4)])
    co.run("11-23 09:45")
    approved_order(co)
    co.drop("张三", "现场.jpg", shot("11-23 11:00", 7))
    co.hand_in("张三", "上午.xlsx", 拜访记录=[visit()], 客户回款=[payment(50000), payment(30000)])
    co.run("11-23 14:00")
    co.approve("李四", "拜访记录", "11-23 14:30")
    confirm(co, confirmation(co), dict(arrived()), None)
    co.run("11-23 15:00")
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.approve("李四", "销售日报", "11-23 20:30")
    co.nightly("11-23", "11-24 00:30")  # 王五 and 陈六 did not report
    co.monthly("2026-11", "11-24 01:00")
    leave = {"姓名": "王五", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("孙人", "豁免.xlsx", 日报豁免=[leave])
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("S9", "杭州西溪软件有限公司", 12000)])
    co.hand_in("张三", "转交.xlsx", 客户转交=[transfer("深圳市宏远电子有限公司", "王五")])
    co.drop("张三", "现场2.jpg", shot("11-24 09:10", 8))
    co.hand_in(
        "张三",
        "下午.xlsx",
        拜访记录=[visit("现场2.jpg", 拜访目的="送报价单并确认交货日期"), visit("没到.jpg", 拜访目的="谈")],
    )
    co.run("11-24 10:00")
    co.hand_in("张三", "晚上.xlsx", 拜访记录=[visit("没到.jpg", 拜访目的="回访二期设备的安装进度")])
    co.run("11-24 17:00")
    co.nightly("11-24", NIGHT)


def a_month(folder: Path, *, config: Mapping[str, str] | None = None) -> Company:
    """The same company on the third morning, with everybody's page as the night left it."""
    shutil.copytree(_months_work(), folder, dirs_exist_ok=True)
    return reopened(folder, config=config)
