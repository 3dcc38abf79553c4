"""A workbook joined to sheets that were written for somebody else says what it would say alone, to the byte."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime

import pytest

from outbox.templates.model import POOL_SHEET, YOURS_FROM, Listing, PersonalWorkbook
from outbox.templates.workbook import draw_personal_workbook, framed
from outbox.xlsx.frame import Frame
from outbox.xlsx.palette import BAD, CELL, TITLE
from outbox.xlsx.sheet import Drawing
from outbox.xlsx.varied import Varied
from tests.workbook_text import opened, values

MADE = datetime(2026, 1, 1)
SELLS, MANAGES = ("客户新增", "拜访记录", "销售日报"), ("日报豁免", "审批代理")


def a_workbook(dice: random.Random) -> PersonalWorkbook:
    """Somebody's workbook on some day."""
    sells = dice.random() < 0.7
    mine = tuple(
        (f"=客户{dice.random()}", dice.randrange(40), date(2026, 11, 1)) for _ in range(dice.choice((0, 1, 30)))
    )
    waits = dice.choice((None, None, date(2026, 12, 1)))
    pool = tuple((f"公海{n} <&>", "深圳", waits) for n in range(dice.choice((0, 3))))
    todo = tuple(
        (dice.choice(("退回", "日报")), "内容\n两行" * dice.randrange(1, 40), "改好", None)
        for _ in range(dice.randrange(4))
    )
    return PersonalWorkbook(
        forms=SELLS if sells else MANAGES,
        sections=(
            Listing("我的客户", ("客户名称", "剩余天数", "最近跟进"), mine, (26, 9, 12), ("剩余天数",)),
            Listing(POOL_SHEET, ("客户名称", "地址", YOURS_FROM), pool),
        ) if sells else (),
        lists={"sources": ("转介绍", "展会"), "regions": tuple(f"第{n}个很长的销售区域名称" for n in range(dice.choice((2, 60))))},
        version="1",
        check_list=("带好资料",),
        names={"colleagues": ("张三", "李四"), "sellers": dice.choice((("张三",), ("张三", "王五")))},
        heading=f"11 月 {dice.randrange(1, 30)} 日",
        today=(Listing("今天要您做的", ("事项", "内容", "怎么办", "剩余天数"), todo),) if sells else (),
    )  # fmt: skip


def alone(told: PersonalWorkbook) -> bytes:
    framed.cache_clear()
    return draw_personal_workbook(told)


def test_a_workbook_is_the_same_to_the_byte_whoever_was_served_before() -> None:
    dice = random.Random(7)
    asked = [a_workbook(dice) for _ in range(10)]
    first = [draw_personal_workbook(told) for told in asked]
    assert framed.cache_info().hits > 0, "nothing was alike: this proves nothing"
    assert [alone(told) for told in asked] == first
    dice.shuffle(asked)
    assert {draw_personal_workbook(told) for told in asked} == set(first)


def test_what_an_alike_sheet_says_is_never_that_of_another_company() -> None:
    told = a_workbook(random.Random(1))
    draw_personal_workbook(told)
    other = replace(
        told, lists={**told.lists, "sources": ("老客户介绍",)}, names={**told.names, "colleagues": ("周八",)}
    )
    book = opened(draw_personal_workbook(other))
    rules = [rule.formula1 for rule in book["客户新增"].data_validations.dataValidation]
    assert '"老客户介绍"' in rules
    assert '"转介绍,展会"' not in rules
    assert "周八" in [line[0] for line in values(book["名单"])]


def test_the_pool_says_the_same_whether_it_is_everybody_s_or_some_of_it_waits_for_its_reader() -> None:
    told = replace(a_workbook(random.Random(1)), forms=("客户申领",))
    pools = []
    for waits in (None, date(2026, 12, 1)):
        rows = tuple((f"公海{n} <&>", "深圳", waits if n == 1 else None) for n in range(3))
        book = opened(
            draw_personal_workbook(
                replace(
                    told, sections=(Listing(POOL_SHEET, ("客户名称", "地址", YOURS_FROM), rows, (26, 12, 16), ("注",)),)
                )
            )
        )
        page = book[POOL_SHEET]
        assert book.defined_names["pooled_customers"].attr_text == "'公海客户'!$A$3:$A$5"
        assert (page.freeze_panes, page.auto_filter.ref) == ("B3", "A2:C5")
        pools.append(values(page))
    everybodys, own = pools
    assert own[3][2] == datetime(2026, 12, 1)
    own[3] = [*own[3][:2], None]
    assert own == everybodys


def test_days_in_a_shared_pool_stand_and_look_as_on_a_pool_of_ones_own() -> None:
    """Row after row, at both ends of what is squeezed together, and for whoever is served next."""
    headers, n = ("客户名称", "进入公海日期", YOURS_FROM), 200
    rows = tuple((f"公海{n} <&>", date(2026, 11, 1), None) for n in range(n))
    marked = tuple((n, date(2026, 12, 1 + n % 28)) for n in (0, 62, 63, 64, 130, n - 1))
    whole = tuple((*row[:-1], dict(marked).get(n)) for n, row in enumerate(rows))
    told = replace(a_workbook(random.Random(1)), forms=("客户申领",))
    parts = {"h": Listing(POOL_SHEET, headers, rows, (26, 12, 16), ("注", "再注"))}
    named = replace(told, sections=(Listing(POOL_SHEET, (), (), told="h", marked=marked),))
    alike = replace(told, sections=(Listing(POOL_SHEET, (), (), told="h"),))
    own = replace(told, sections=(replace(parts["h"], rows=whole),))
    first = cells(draw_personal_workbook(named, parts))
    assert first == cells(draw_personal_workbook(own))
    nobody = cells(draw_personal_workbook(alike, parts))
    assert nobody == cells(draw_personal_workbook(replace(told, sections=(parts["h"],))))
    assert [place for place in first if first[place] != nobody[place]] == [f"C{4 + n}" for n, _day in marked]
    assert cells(draw_personal_workbook(named, parts)) == first


def cells(workbook: bytes) -> dict[str, tuple[object, ...]]:
    """Everything on the pool's sheet: what stands in each cell, and how it looks."""
    page = opened(workbook)[POOL_SHEET]
    return {
        cell.coordinate: (
            cell.value,
            *map(repr, (cell.number_format, cell.font, cell.fill, cell.border, cell.alignment)),
        )
        for row in page.iter_rows()
        for cell in row
    }


def test_a_day_for_a_cell_that_is_not_blank_or_not_there_is_refused() -> None:
    sheet = Varied('<x><row r="3"><c r="A3" s="1" t="s"><v>0</v></c><c r="B3" s="1"/></row></x>', 7)
    texts = b"".join(each.text for each in sheet.pieces({(2, 1): date(2026, 12, 1)}))
    assert b'<c r="B3" s="7"><v>46357</v></c>' in texts
    for cell in ((2, 0), (2, 2), (3, 1)):
        with pytest.raises(ValueError, match=r"blank cell|a row"):
            list(sheet.pieces({cell: date(2026, 12, 1)}))


def a_frame() -> Frame:
    book = Drawing(MADE, title="试")
    alike, own = book.page("都一样"), book.page("自己的")
    alike.put(0, 0, "共有", TITLE)
    return Frame(book, (own,))


def test_words_and_looks_mean_the_same_on_both_kinds_of_sheet() -> None:
    frame = a_frame()
    for words in ("共有", "自己"):
        book = frame.opened()
        book.own[0].put(0, 0, words, BAD)
        book.own[0].put(1, 0, date(2026, 11, 26), CELL)
        read = opened(book.finish())
        assert (read["都一样"]["A1"].value, read["都一样"]["A1"].font.sz) == ("共有", TITLE.size)
        assert (read["自己的"]["A1"].value, read["自己的"]["A1"].fill.fgColor.rgb[2:]) == (words, BAD.fill.lstrip("#"))
        assert read["自己的"]["A2"].number_format == "yyyy-mm-dd"


def test_a_note_on_an_own_sheet_is_refused_since_it_would_be_lost() -> None:
    book = a_frame().opened()
    book.own[0].put(0, 0, "有批注", CELL)
    book.own[0].comment(0, 0, "看这里")
    with pytest.raises(ValueError, match="notes"):
        book.finish()


def test_a_sheet_of_many_years_is_drawn_too() -> None:
    """More cells than a workbook of its own is put together with in memory."""
    rows = tuple((f"2026-11-{n % 28 + 1:02d}", f"第 {n} 次拜访", "确认数量") for n in range(9_000))
    told = PersonalWorkbook(
        forms=SELLS, sections=(Listing("拜访历史", ("日期", "拜访记录", "目的"), rows),), lists={}, version="1",
        check_list=(), names={}, heading="", today=(),
    )  # fmt: skip
    page = opened(draw_personal_workbook(told))["拜访历史"]
    shown = [cell for (cell,) in page.iter_rows(min_col=2, max_col=2, values_only=True) if cell]
    assert (shown[-1], len(shown)) == ("第 8999 次拜访", 9_001)
