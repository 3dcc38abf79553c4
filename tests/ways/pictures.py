"""Ways out for pictures that cannot be used: the receipt says why, the good one under the same name is taken with its row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from intake.photo.seal import make_key
from intake.photo.trouble import Spoilt
from intake.reading import photo_at
from intake.sandbox.readers import Failure
from ledger.records import Sealed
from tests.company import Cells, a_company_with_a_customer, read, shot, visit
from tests.deals import order, page
from tests.flows.test_documents import blank
from tests.intake.test_seal import a_sealed
from tests.pictures import encode, png_header, scene
from tests.ways.failing import Failing
from tests.ways.way import Row, Story, dropped

SMALL = {
    "photo_mb = ": "photo_mb = 1", "photo_megapixels = ": "photo_megapixels = 5",
    "incomplete_seconds = ": "incomplete_seconds = 0",
}  # fmt: skip
_OFFICE: dict[Spoilt, bytes] = {
    Spoilt.PACKAGE: b"PK\x03\x04" + bytes(60), Spoilt.OLD_OFFICE: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}  # fmt: skip


def _damaged() -> bytes:
    content = bytearray(encode(scene(size=(60, 40)), "PNG"))
    content[45:60] = bytes(15)
    return bytes(content)


def _locked_pdf() -> bytes:
    """A document with a password that nobody has."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -4 >>",
    ]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00><00>] >>"
    return body + b"xref\n0 4\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        trailer,
        len(body),
    )


def _spoilt() -> Iterator[tuple[Spoilt, str, bytes]]:
    """Why, the name it is given, what it holds."""
    whole = shot("11-23 09:30", 70)
    yield Spoilt.EMPTY, "jpg", b""
    yield Spoilt.CUT_OFF, "jpg", whole[: len(whole) // 2]
    yield Spoilt.DAMAGED, "png", _damaged()
    yield Spoilt.DAMAGED_PDF, "pdf", b"%PDF-1.7\nnothing of a document\n%%EOF\n"
    yield Spoilt.LOCKED_PDF, "pdf", _locked_pdf()
    yield Spoilt.PAGES, "pdf", blank(31)
    yield Spoilt.PIXELS, "png", png_header(3000, 3000)
    yield Spoilt.BOMB, "png", png_header(60_000, 60_000)
    yield Spoilt.LARGE, "jpg", whole + bytes(2**20)
    yield Spoilt.VIDEO, "jpg", b"\0\0\0\x14ftypqt  \0\0\0\0qt  "
    yield Spoilt.NO_PICTURE, "jpg", b"just some words"


FROM_THE_FOLDER = frozenset(why for why, _kind, _content in _spoilt())


def _order(n: int, name: str) -> Cells:
    return order(name, 合同编号=f"HY-{n}", 成交金额=1000 * (n + 1))


def _said(why: Spoilt) -> str:
    """The words up to the first number in them."""
    return why.value.partition("{")[0]


def _pictures(folder: Path) -> None:
    """Each spoilt picture of a contract, and the good one in its place."""
    with a_company_with_a_customer(folder, config=SMALL) as co:
        spoilt = list(_spoilt())
        names = [f"合同{n}号.{kind}" for n, (_why, kind, _content) in enumerate(spoilt)]
        for name, (_why, _kind, content) in zip(names, spoilt, strict=True):
            co.drop("张三", name, content)
        rows = [Row("张三", "成交订单", _order(n, name)) for n, name in enumerate(names)]
        told = dropped(co, rows, "11-23 10:00", "有误")
        about = "\n".join(read(path).text for path in (co.share / "张三" / "取件" / "回执").rglob("*照片*.xlsx"))
        for name, row, (why, _kind, _content) in zip(names, told, spoilt, strict=True):
            assert row["结果"] == "退回"
            assert _said(why) in row["说明"], row["说明"]
            assert "请放入能正常打开的原图" in row["说明"] or "能正常打开的原图" in row["说明"]
            (line,) = [line for line in about.splitlines() if f"“{name}”" in line]
            assert _said(why) in line
            assert "请重新投递能正常打开的原图" in line
        good = [f"合同{n}号.jpg" for n in range(len(spoilt))]
        for n, name in enumerate(good):
            co.drop("张三", name, page(200 + n))
        rows = [Row("张三", "成交订单", _order(n, name)) for n, name in enumerate(good)]
        assert {row["结果"] for row in dropped(co, rows, "11-23 11:00", "改好")} == {"待审批"}


def _placed_in_cells(folder: Path) -> None:
    """What a program has put into a row for a picture and is none; then the picture itself."""
    with a_company_with_a_customer(folder) as co:
        picture = folder / "页.png"
        picture.write_bytes(encode(scene(71, (300, 400)), "PNG"))
        for n, (why, content) in enumerate(_OFFICE.items()):
            book = co.hand_in("张三", f"订单{n}.xlsx", [("成交订单", "E2", picture)], 成交订单=[_order(n, "")])
            book.write_bytes(_with_media(book.read_bytes(), content))
            co.run(f"11-23 10:{n:02d}")
            row = co.receipt("张三", f"订单{n}").row("成交订单")
            assert (row["结果"], why.value in row["说明"]) == ("退回", True), row["说明"]
            co.drop("张三", f"合同{n}.jpg", page(230 + n))
            (again,) = dropped(
                co, [Row("张三", "成交订单", _order(n, f"合同{n}.jpg"))], f"11-23 11:{n:02d}", f"改好{n}"
            )
            assert again["结果"] == "待审批"


def _with_media(book: bytes, content: bytes) -> bytes:
    """The same workbook, something else in its picture's place."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, content if name.startswith("xl/media/") else source.read(name))
    return out.getvalue()


def _our_readers_fail(folder: Path) -> None:
    with a_company_with_a_customer(folder) as co:
        real = co.service
        for n, kind in enumerate(("time", "memory", "crash", "error")):
            blind: Any = Failing(real.readers, Failure(kind, "as if"), photo_at)  # type: ignore[arg-type]
            co.service = replace(real, readers=blind)
            co.drop("张三", "合同.jpg", page(240 + 2 * n))
            (row,) = dropped(co, [Row("张三", "成交订单", _order(n, "合同.jpg"))], f"11-23 10:{n:02d}", f"订单{n}")
            assert (row["结果"], "能正常打开的原图" in row["说明"]) == ("退回", True), row["说明"]
            co.service = real
            co.drop("张三", "合同.jpg", page(241 + 2 * n))
            (row,) = dropped(co, [Row("张三", "成交订单", _order(n, "合同.jpg"))], f"11-23 11:{n:02d}", f"再来{n}")
            assert row["结果"] == "待审批"


def _seals(folder: Path) -> None:
    """A live picture that was changed, and a colleague's, say what to do as soon as they come, named by a row or not."""
    with a_company_with_a_customer(folder) as co:
        key = make_key(co.book)
        co.drop("张三", "改.jpg", a_sealed(3, key, id="3").replace(b"10:30:05", b"10:31:05"))
        co.drop("张三", "王.jpg", a_sealed(4, key, id="4", person="王五"))
        co.run("11-23 10:40")
        text = "\n".join(read(path).text for path in co.new("张三"))
        for name, says in (
            ("改.jpg", "请在手机门里重新现场拍照，不要改动照片"),
            ("王.jpg", "一同拜访的写在“同行人员”里"),
        ):
            (line,) = [line for line in text.splitlines() if f"“{name}”" in line]
            assert says in line
            assert "请在两天内投递" not in line, "no row can use it"
        co.drop("张三", "好.jpg", a_sealed(5, key, id="5"))
        (row,) = dropped(co, [Row("张三", "拜访记录", visit("好.jpg"))], "11-23 11:00", "拜访")
        assert row["结果"] == "待审批"


PICTURES: tuple[Story, ...] = (
    Story("打不开的照片", FROM_THE_FOLDER, _pictures),
    Story("格子里的不是照片", frozenset(_OFFICE), _placed_in_cells),
    Story("系统读不了照片", frozenset({"time", "memory", "crash", "error"}), _our_readers_fail),
    Story("印记不对", frozenset({Sealed.BROKEN, Sealed.FOREIGN}), _seals),
)
