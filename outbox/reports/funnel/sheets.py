"""商机漏斗: what stands in each stage, what has moved, what is converted, what may come of it (目的 1)."""

from __future__ import annotations

from collections.abc import Sequence

from outbox.heading import headed
from outbox.reports.funnel.model import (
    FunnelChange,
    FunnelItem,
    FunnelMove,
    FunnelOutlook,
    FunnelPassage,
    FunnelReport,
    FunnelStage,
)
from outbox.xlsx import chart as charts
from outbox.xlsx.cell import CellValue
from outbox.xlsx.palette import (
    BAD,
    CELL,
    CENTRED,
    GOOD,
    LABEL,
    MONEY,
    NUMBER,
    OPEN,
    TOTAL,
    TOTAL_MONEY,
    TOTAL_NUMBER,
    WAIT,
    Look,
)
from outbox.xlsx.sheet import Drawing, Page
from policy.forms.opportunity import CLOSED, LOST, WON

STAGE_HEADERS = (
    "阶段", "可能性", "本月末商机数", "本月末金额(元)", "上月末商机数", "上月末金额(元)", "金额变化(元)", "预测金额(元)",
)  # fmt: skip
MOVE_HEADERS = (
    "变动", "客户名称", "商机名称", "负责人", "上月末阶段", "本月末阶段", "上月末金额(元)", "本月末金额(元)", "金额变化(元)",
)  # fmt: skip
PASSAGE_HEADERS = ("阶段", "本月到过", "本月推进", "本月转化率", "近12个月到过", "近12个月推进", "近12个月转化率")
OUTLOOK_HEADERS = (
    "期间", "范围", "部门", "姓名", "成交金额指标(元)", "已成交(元)", "商机预测(元)", "预计合计(元)", "预计达成率",
)  # fmt: skip
ITEM_HEADERS = (
    "客户名称", "商机名称", "负责人", "部门", "阶段", "可能性", "预计金额(元)", "预测金额(元)", "预计成交日期", "最近推进", "停滞", "下一步",
)  # fmt: skip
CHANGE_HEADERS = ("客户名称", "商机名称", "负责人", "项目", "原来", "现在")
_PERCENT = NUMBER.but(number="0%")
_MOVES = {WON: GOOD, LOST: BAD, "推进": GOOD, "后退": WAIT, "新增": OPEN}


def render_funnel(report: FunnelReport) -> bytes:
    """The workbook ``报表/商机漏斗_YYYY-MM.xlsx``."""
    version = f"　第 {report.version} 版" if report.version > 1 else ""
    title = headed(report.company, f"商机漏斗 {report.month}　{report.scope}{version}")
    book = Drawing(report.made_at, title=title)
    _write_stages(book.page("漏斗"), report)
    _write_moves(book.page("变动"), report.moves)
    _write_passages(book.page("转化"), report.passages)
    _write_outlook(book.page("预测"), report.outlook)
    _write_items(book.page("在谈商机"), report.items)
    if report.changes:
        _write_changes(book.page("变化"), report.changes)
    for page in book.pages:
        page.paper(f"{title}　{page.name}")
    return book.finish()


def _write_stages(page: Page, report: FunnelReport) -> None:
    page.table_head(0, STAGE_HEADERS)
    for row, one in enumerate(report.stages, 1):
        _write_sums(page, row, one, (CELL, NUMBER, MONEY))
        page.put(row, 1, one.likelihood / 100, _PERCENT)
    together = len(report.stages) + 1
    _write_sums(page, together, _sum(report.stages), (TOTAL, TOTAL_NUMBER.but(number="0"), TOTAL_MONEY))
    for row, over in enumerate(report.closed, together + 1):
        page.put_row(row, (f"本月{over.word}", None))
        page.put(row, 2, over.count, NUMBER)
        page.put(row, 3, over.amount, MONEY)
    _widths(page, (18, 10, 14, 18, 14, 18, 18, 18))
    page.sheet.freeze_panes(1, 1)
    below = together + len(report.closed) + 2
    page.put(below, 0, "预测金额 = 金额 × 可能性，不论何时成交；按期间的预测见“预测”。", LABEL.but(wrap=False))
    _draw_stages(page, report.stages, below + 2)


def _sum(stages: Sequence[FunnelStage]) -> FunnelStage:
    return FunnelStage(
        name="在谈合计",
        likelihood=0,
        count=sum(one.count for one in stages),
        amount=sum(one.amount for one in stages),
        before_count=sum(one.before_count for one in stages),
        before=sum(one.before for one in stages),
        forecast=sum(one.forecast for one in stages),
    )


def _write_sums(page: Page, row: int, one: FunnelStage, looks: tuple[Look, Look, Look]) -> None:
    words, number, money = looks
    page.put_row(row, (one.name, None), words)
    for column, value, look in (
        (2, one.count, number), (3, one.amount, money), (4, one.before_count, number), (5, one.before, money),
        (6, one.amount - one.before, money), (7, one.forecast, money),
    ):  # fmt: skip
        page.put(row, column, value, look)


def _draw_stages(page: Page, stages: Sequence[FunnelStage], row: int) -> None:
    if not any(one.amount or one.before for one in stages):
        page.put(row - 1, 0, "月末没有在谈的商机。", LABEL.but(wrap=False))
        return
    chart = page.book.chart("bar", "clustered")
    for column, look in ((3, charts.STRIPED), (5, charts.PALE)):
        chart.add_series(charts.series(page, column, (1, len(stages)), head=0, words=0, look=look))
    charts.dress(chart, "各阶段金额：本月末与上月末（元）", (1000, 150 + 60 * len(stages)))
    chart.set_y_axis({"reverse": True, "num_font": dict(charts.FONTS), "major_tick_mark": "none"})
    chart.set_x_axis({
        "min": 0, "num_format": "#,##0", "label_position": "high", "num_font": dict(charts.FONTS), "major_gridlines": dict(charts.GRID),
    })  # fmt: skip
    charts.place(page, row, 0, chart, "各阶段金额，本月末与上月末")


def _write_moves(page: Page, moves: Sequence[FunnelMove]) -> None:
    page.table_head(0, MOVE_HEADERS)
    for row, one in enumerate(moves, 1):
        page.put(row, 0, one.kind, _MOVES.get(one.kind, CENTRED))
        page.put_row(row, (one.customer, one.name, one.person, one.stage_before, one.stage), start=1)
        moved = None if one.kind in CLOSED else one.amount - (one.before or 0)
        page.put_row(row, (one.before, one.amount, moved), MONEY, start=6)
    if not moves:
        page.put(1, 0, "与上月末相比没有变动。", LABEL.but(wrap=False))
    _finish_table(page, MOVE_HEADERS, len(moves), (12, 28, 22, 12, 14, 14, 18, 18, 18))


def _write_passages(page: Page, passages: Sequence[FunnelPassage]) -> None:
    page.table_head(0, PASSAGE_HEADERS)
    for row, one in enumerate(passages, 1):
        page.put(row, 0, one.stage)
        for start, (reached, passed) in ((1, one.month), (4, one.year)):
            page.put_row(row, (reached, passed), NUMBER, start=start)
            page.put(row, start + 2, passed / reached if reached else "—", _PERCENT)
    row = len(passages) + 2
    for n, words in enumerate((
        "到过：这段时间里到过这个阶段或更后面的商机；推进：其中到了下一个阶段或赢单的。跳过的阶段算到过。",
        "最后一行：到过 = 已经赢单或输单的，推进 = 其中赢单的。",
    )):  # fmt: skip
        page.put(row + n, 0, words, LABEL.but(wrap=False))
    _widths(page, (18, 12, 12, 14, 16, 16, 18))
    page.sheet.freeze_panes(1, 1)


def _write_outlook(page: Page, outlook: Sequence[FunnelOutlook]) -> None:
    page.table_head(0, OUTLOOK_HEADERS)
    for row, one in enumerate(outlook, 1):
        summed = one.level != "个人"
        words, money = (TOTAL, TOTAL_MONEY) if summed else (CELL, MONEY)
        page.put_row(row, (one.span, one.level, one.department, one.name), words)
        hoped = one.done + one.forecast
        page.put_row(row, (one.target or None, one.done, one.forecast, hoped), money, start=4)
        rate: CellValue = hoped / one.target if one.target else "未定指标"
        page.put(row, 8, rate, (TOTAL_NUMBER if summed else NUMBER).but(number="0%"))
    _widths(page, (20, 10, 16, 14, 20, 18, 18, 18, 14))
    page.sheet.freeze_panes(1, 4)
    row = len(outlook) + 2
    for n, note in enumerate((
        "商机预测 = 预计金额 × 所在阶段的可能性，按预计成交日期计入期间；预计成交日期已过的不计入，请负责人重新填写。",
        "已成交：期间内到上月末为止、已审批的订单。",
    )):  # fmt: skip
        page.put(row + n, 0, note, LABEL.but(wrap=False))
    _draw_outlook(page, outlook, row + 3)


def _draw_outlook(page: Page, outlook: Sequence[FunnelOutlook], row: int) -> None:
    """The coming month, person by person: what is hoped for beside what is aimed at."""
    first = outlook[0].span if outlook else ""
    people = [n for n, one in enumerate(outlook, 1) if one.span == first and one.level == "个人"]
    if not people or not any(outlook[n - 1].target or outlook[n - 1].forecast for n in people):
        return
    chart = page.book.chart("column", "clustered")
    for column, look in ((4, charts.PALE), (7, charts.STRIPED)):
        chart.add_series(charts.series(page, column, (people[0], people[-1]), head=0, words=3, look=look))
    charts.dress(chart, f"{first} 成交金额：指标与预计（元）", (1000, 320))
    chart.set_x_axis({"num_font": dict(charts.FONTS)})
    chart.set_y_axis(
        {"num_font": dict(charts.FONTS), "num_format": "#,##0", "min": 0, "major_gridlines": dict(charts.GRID)}
    )
    charts.place(page, row, 0, chart, f"{first} 成交金额指标与预计")


def _write_items(page: Page, items: Sequence[FunnelItem]) -> None:
    page.table_head(0, ITEM_HEADERS)
    for row, one in enumerate(items, 1):
        page.put_row(row, (one.customer, one.name, one.person, one.department, one.stage))
        page.put(row, 5, one.likelihood / 100, _PERCENT)
        page.put_row(row, (one.amount, one.forecast), MONEY, start=6)
        page.put_row(row, (one.expected_on, one.since), CENTRED, start=8)
        page.put(row, 10, one.idle, WAIT.but(align="left") if one.idle else CELL)
        page.put(row, 11, one.next_step)
    if not items:
        page.put(1, 0, "月末没有在谈的商机。", LABEL.but(wrap=False))
    _finish_table(page, ITEM_HEADERS, len(items), (26, 18, 10, 13, 12, 9, 15, 15, 13, 12, 22, 22))


def _write_changes(page: Page, changes: Sequence[FunnelChange]) -> None:
    page.table_head(0, CHANGE_HEADERS)
    for row, change in enumerate(changes, 1):
        page.put_row(row, (change.customer, change.name, change.person, change.what, change.before, change.after))
    _finish_table(page, CHANGE_HEADERS, len(changes), (28, 22, 12, 26, 24, 24))


def _finish_table(page: Page, headers: Sequence[str], rows: int, widths: Sequence[float]) -> None:
    _widths(page, widths)
    page.sheet.freeze_panes(1, 2)
    if rows:
        page.sheet.autofilter(0, 0, rows, len(headers) - 1)


def _widths(page: Page, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths):
        page.layout.width(column, width)
