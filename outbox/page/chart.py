"""A chart as SVG inside the page: horizontal bars by leather, made to follow the page's width, colours and readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from outbox.page.model import Bar, Chart

_WIDTH, _BAR, _AROUND = 520, 28, 70
_LONGEST = 10  #: characters of a label: the table below has all of them
_HEAD = re.compile(r'<svg width="\d+" height="\d+"')
#: XML knows neither control characters nor halves of characters
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@lru_cache(256)
def drawn(chart: Chart) -> str:
    """The chart as an ``svg`` element: no styles, no scripts, no addresses; its colours are the style sheet's."""
    import leather  # only readers draw
    from leather import theme

    theme.tick_font_size = theme.tick_font_char_width = 14  # Chinese is as wide as it is high

    height = _AROUND + _BAR * len(chart.bars)
    made = leather.Chart()
    made.add_x_scale(0, _top(chart.bars))
    made.add_x_axis(ticks=_ticks(_top(chart.bars)), tick_formatter=lambda value, _i, _n: f"{value:g}")
    made.add_bars([(each.value, label) for each, label in zip(chart.bars, _labels(chart.bars), strict=True)])
    svg = str(made.to_svg(width=_WIDTH, height=height))
    told = f'<svg role="img" aria-label={quoteattr(plain(chart.title) + "；数字见下面的表")}'
    return _HEAD.sub(f'{told} viewBox="0 0 {_WIDTH} {height}"', svg, count=1)


def plain(text: str) -> str:
    """*text* without what a page cannot hold."""
    return _FORBIDDEN.sub("�", text)


def _labels(bars: Sequence[Bar]) -> list[str]:
    """Short, and no two alike: bars of one label would be drawn over each other."""
    found: list[str] = []
    for n, each in enumerate(bars, 1):
        words = plain(each.label)
        short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        found.append(f"{short} {n}" if short in found or not short.strip() else short)
    return found


def _top(bars: Sequence[Bar]) -> float:
    """A round number that no bar exceeds."""
    most = max((each.value for each in bars), default=0)
    step = 1.0
    while step * 5 < most:
        step *= 10 if step * 50 < most else 2
    return max(step * 5, 5)


def _ticks(top: float) -> list[float]:
    return [top * n / 5 for n in range(6)]
