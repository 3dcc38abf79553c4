"""首页.html in a real browser: it asks nobody, says nothing on the console, and everybody can read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page

from outbox.page.draw import render_home
from outbox.page.model import (
    Bar,
    Cell,
    Chart,
    Figure,
    Grid,
    GridRow,
    Home,
    Part,
    Seen,
    Table,
    Task,
)
from tests.company import Company
from tests.door_stage import chromium, needs_browser
from tests.page_stage import READERS, a_month, page_of

pytestmark = needs_browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
SHOTS = os.environ.get("KEBU_SCREENSHOTS")  #: a folder for pictures of every page, for people to look at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with a_month(tmp_path_factory.mktemp("month")) as made:
        yield made


@pytest.mark.parametrize("name", READERS)
def test_a_page_asks_nobody_and_can_be_read_by_everybody(browser: Browser, month: Company, name: str) -> None:
    for width in (390, 1440):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN", offline=True,
                bypass_csp=True,  # the checker itself is put into the page
            )  # fmt: skip
            page = context.new_page()
            asked, said = list[str](), list[str]()
            listen(page, asked, said)
            page.goto(page_of(month, name).as_uri())
            assert [url for url in asked if not url.startswith("data:")] == [page_of(month, name).as_uri()]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"首页_{name}_{width}_{scheme}.png", full_page=True)
            page.evaluate(AXE)
            assert axe(page) == [], (width, scheme)
            assert said == []
            context.close()


def test_words_of_strangers_keep_the_page_in_shape(browser: Browser, tmp_path: Path) -> None:
    odd = "<script>document.title='ran'</script>=1+1 \u202egnp.exe\u05e9\u05dc\u05d5\u05dd 😀" + "长" * 300
    name = "名" * 60
    task = Task("bad", odd, odd, datetime(2026, 11, 23, 8), odd, "#today")
    rows = ((Cell(odd), Cell("1", "#t", "bad")), (Cell(name), Cell("2", "", "warn")))
    bars = (Bar(odd, 3), Bar(name, 1))
    seen = Seen("261123-0001", name, odd, "", odd, odd, odd, odd, "待审批", odd, "")
    grid = Grid("g", "日历", (date(2026, 11, 23),), (GridRow(name, odd, ("缺交",), ("未审",)),))
    part = Part(
        "visits", odd, odd, (Figure(odd, odd, "#t", "bad"),), (Chart(odd, bars, "t"),),
        (Table("t", odd, (odd, "数"), rows, (1,)),), (seen,), (grid,),
    )  # fmt: skip
    home = Home(name, name, "销售人员", odd, date(2026, 11, 23), datetime(2026, 11, 23, 9), (task,), (part,))
    path = tmp_path / "首页.html"
    path.write_bytes(render_home(home, lambda _kept: b"")[0])
    for width in (390, 1440):
        page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
        page.goto(path.as_uri())
        assert page.title() != "ran"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        page.evaluate(AXE)
        assert axe(page) == [], width
        page.close()


def listen(page: Page, asked: list[str], said: list[str]) -> None:
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))


def axe(page: Page) -> list[tuple[str, list[str]]]:
    found = page.evaluate("axe.run(document).then((told) => told.violations)")
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_with_its_own_policy_in_force_a_page_shows_style_and_pictures_and_runs_nothing(
    browser: Browser, month: Company
) -> None:
    page = browser.new_page()
    said = list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_of(month, "李四").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('section')).borderTopStyle") == "solid"
    assert page.evaluate("[...document.images].every((each) => each.complete && each.naturalWidth > 100)")
    assert said == []
    page.close()


def test_a_page_is_gone_through_by_keyboard_and_printed_without_what_only_screens_need(
    browser: Browser, month: Company
) -> None:
    page = browser.new_page()
    page.goto(page_of(month, "李四").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到今天要做的事"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#today"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.evaluate(
        "[...document.querySelectorAll('.wide')].every((each) => getComputedStyle(each).maxHeight === 'none')"
    )
    page.close()
