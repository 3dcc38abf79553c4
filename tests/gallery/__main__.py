"""Draws ``gallery/`` from a month of the demo: needs LibreOffice with its bridge, poppler and Chromium."""

from __future__ import annotations

import shutil
import sys
from itertools import groupby

from jinja2 import Template

from tests.gallery import phone
from tests.gallery.company import REPOSITORY, Workbook, pages, played, workbooks
from tests.gallery.screens import draw_page
from tests.gallery.sheets import Shown, draw
from tests.office import missing, running

FOLDER = REPOSITORY / "gallery"

_INDEX = Template(
    """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>客簿：各种表和页面</title>
<style>body{font:15px/1.6 sans-serif;margin:1rem;max-width:1400px}img{max-width:100%;border:1px solid #bbb}
.wide{color:#b00}details{margin:.3rem 0}</style>
<h1>各种表和页面</h1><p>表按 1366 像素宽的屏幕、100 % 显示；“首屏”是打开时看到的部分。</p>
<h2>首页</h2>{% for post, shots in pages %}<h3>{{ post }}</h3>{% for shot in shots %}
<details><summary>{{ shot.stem }}</summary><img loading="lazy" alt="" src="{{ shot.relative_to(folder).as_posix() }}"></details>
{% endfor %}{% endfor %}
<h2>手机门</h2>{% for shot in phones %}<details><summary>{{ shot.stem }}</summary>
<img loading="lazy" alt="" style="width:auto" src="{{ shot.relative_to(folder).as_posix() }}"></details>{% endfor %}
{% for group, books in groups %}<h2>{{ group }}</h2>{% for book, sheets in books %}
<h3>{{ book.name }} <small>{{ book.whose }}</small></h3>{% for sheet in sheets %}
<details><summary{% if sheet.pixels > 1340 %} class="wide"{% endif %}>{{ sheet.sheet }}：{{ sheet.pixels }} 像素</summary>
<p>首屏</p><img loading="lazy" alt="" src="{{ sheet.screen.relative_to(folder).as_posix() }}">
<p>全部</p><img loading="lazy" alt="" src="{{ sheet.whole.relative_to(folder).as_posix() }}"></details>
{% endfor %}{% endfor %}{% endfor %}</html>
""",
    autoescape=True,
)


def main() -> int:
    """Draw everything anew; the demo's month is played only if it is not there."""
    lacking = missing() or ("pdftoppm is not installed" if shutil.which("pdftoppm") is None else "")
    if lacking:
        print(lacking, file=sys.stderr)
        return 1
    scratch, home = FOLDER / "scratch", FOLDER / "demo"
    FOLDER.mkdir(exist_ok=True)
    waiting = played(home)
    phones = list(phone.draw_phone(FOLDER / phone.GROUP, scratch))
    invited = Workbook(phone.GROUP, "邀请", phone.invitation(scratch), "张三")
    drawn: list[tuple[Workbook, list[Shown]]] = []
    with running(scratch / "profile") as office:
        for book in (*workbooks(home, waiting, scratch), invited):
            print(f"{book.group} {book.name}", flush=True)
            drawn.append((book, draw(office, book.path, FOLDER / book.group / book.name)))
    shown = [(post, list(draw_page(path, FOLDER / "首页", post))) for post, path in pages(home)]
    groups = [(group, list(books)) for group, books in groupby(drawn, key=lambda pair: pair[0].group)]
    (FOLDER / "index.html").write_text(_INDEX.render(pages=shown, phones=phones, groups=groups, folder=FOLDER), "utf-8")
    shutil.rmtree(scratch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
