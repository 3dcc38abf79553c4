"""Contracts and certificates as PDF, played through folders (客户成交 5.1(3), 客户新增 3(1)1)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from demo.pictures import document
from tests.company import Company, a_company_with_a_customer, customer, read, shot, visit
from tests.deals import order

CLAUSES = ("购销合同", *(f"第{n}条 甲方向乙方购买设备四十台，单价三千二百元，三十日内交货" for n in range(1, 13)))


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def pdf(pages: int = 2, seed: int = 1) -> bytes:
    """A scanned contract."""
    first, *more = (document(seed + n, CLAUSES) for n in range(pages))
    stream = BytesIO()
    first.save(stream, "PDF", save_all=True, append_images=more, resolution=150)
    return stream.getvalue()


def blank(pages: int) -> bytes:
    """A document with nothing on its pages."""
    first, *more = (Image.new("RGB", (60, 84), "white") for _ in range(pages))
    stream = BytesIO()
    first.save(stream, "PDF", save_all=True, append_images=more)
    return stream.getvalue()


def ordered(co: Company, at: str = "11-23 11:00", file: str = "订单.xlsx", **cells: Any) -> dict[str, Any]:
    """The row of the receipt for an order whose contract is 合同.pdf."""
    co.hand_in("张三", file, 成交订单=[order("合同.pdf", **cells)])
    co.run(at)
    return co.receipt("张三", Path(file).stem).row("成交订单")


def test_an_order_with_a_pdf_goes_before_the_sales_manager_page_by_page(co: Company) -> None:
    co.drop("张三", "合同.pdf", pdf(3))
    told = ordered(co)
    assert told["结果"] == "待审批"
    assert "只有一页" not in str(told["说明"])
    sheet = co.approval("赵总", "成交订单")
    assert read(sheet).row("审批_成交订单")["合同照片页数"] == "3"
    assert len(openpyxl.load_workbook(sheet).worksheets[0]._images) == 3  # type: ignore[attr-defined]
    large = sorted((sheet.parent / "照片").glob("*.jpg"))
    assert len(large) == 3
    assert {max(Image.open(path).size) for path in large} == {1600}
    co.decide("赵总", sheet)
    co.run("11-23 12:00")
    assert [row["status"] for row in co.ask("SELECT status FROM orders")] == ["accepted"]


def test_the_same_pdf_serves_once(co: Company) -> None:
    co.drop("张三", "合同.pdf", pdf())
    assert ordered(co)["结果"] == "待审批"
    co.drop("张三", "合同.pdf", pdf())
    again = ordered(co, "11-23 11:30", "再来.xlsx", 合同编号="HY-2", 成交金额=200)
    assert again["结果"] == "退回"
    assert "不能重复使用" in str(again["说明"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\nnothing of a document\n%%EOF\n", "PDF 文件已损坏"),
        (blank(31), "PDF 有 31 页，超过 30 页"),
    ],
    ids=["damaged", "too_long"],
)
def test_a_pdf_that_cannot_be_drawn_is_told_why(co: Company, data: bytes, words: str) -> None:
    co.drop("张三", "合同.pdf", data)
    told = ordered(co)
    assert told["结果"] == "退回"
    assert words in str(told["说明"])


def test_a_certificate_may_be_a_pdf_and_lifts_the_flag(co: Company) -> None:
    co.drop("张三", "门头2.jpg", shot("11-23 10:00", 7))
    co.drop("张三", "执照.pdf", pdf(1, 9))
    co.hand_in("张三", 客户新增=[customer("深圳市华新科技有限公司", 门头照片="门头2.jpg", 证件照片="执照.pdf")])
    co.run("11-23 12:00")
    told = co.receipt("张三").row("客户新增")
    assert told["结果"] == "待审批"
    assert "没有证件照片" not in str(told["说明"])


def test_a_pdf_is_no_photo_of_a_visit(co: Company) -> None:
    co.drop("张三", "现场.pdf", pdf(1))
    co.hand_in("张三", 拜访记录=[visit("现场.pdf")])
    co.run("11-23 18:00")
    told = co.receipt("张三").row("拜访记录")
    assert told["结果"] == "退回"
    assert "是 PDF 文件，不是照片" in str(told["说明"])


def test_a_pdf_called_a_workbook_is_told_so(co: Company) -> None:
    co.drop("张三", "日报.xlsx", pdf(1))
    co.run("11-23 18:00")
    assert "这是 PDF 文件，不是 Excel 工作簿" in co.receipt("张三").text


def test_a_pdf_that_takes_too_long_is_killed_and_nobody_else_waits(co: Company) -> None:
    """A page may ask for more drawing than a day has time for: the reader is killed, the next file is read."""
    co.drop("张三", "合同.pdf", _endless())
    co.drop("张三", "好的.pdf", pdf())
    co.run("11-23 11:00")
    told = "\n".join(read(path).text for path in co.new("张三"))
    assert "“合同.pdf”打不开" in told
    assert "“好的.pdf”已收到" in told


def _endless() -> bytes:
    """A page whose form draws ten copies of a form that draws ten copies of one … twelve deep."""
    deep = 12
    calls = b" ".join(b"/F Do" for _ in range(10))
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
              b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
              b"<</Length %d>>stream\n%s\nendstream" % (len(calls), calls)]  # fmt: skip
    for n in range(deep):
        last = n == deep - 1
        body = b"0 0 300 300 re f" if last else calls
        inner = b"" if last else b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + n)
        bodies.append(b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]%s/Length %d>>stream\n%s\nendstream"
                      % (inner, len(body), body))  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for n, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, table, len(bodies) + 1, len(out))  # fmt: skip
