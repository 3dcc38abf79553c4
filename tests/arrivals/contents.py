"""The bytes that stand for a content: small real workbooks and pictures, made once."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO

from tests.arrivals.folders import HALF
from tests.arrivals.script import CUSTOMER, PICTURE, REPORT
from tests.company import customer, report
from tests.hostile import jpeg
from tests.simulator.play import written

DAY = "2026-11-24"  #: of the reports


@cache
def data(content: str) -> bytes:
    """The bytes of a content: workbooks of one form are equally long."""
    if content.endswith(HALF):  # workbooks of one form begin alike
        whole = data(content.replace(HALF, "1"))
        return whole[: len(whole) // 2]
    what, number = content[:2], int(content[2:] or 0)
    if what == PICTURE:
        return jpeg(f"#{number * 40503 % 2**24:06x}")
    if what == REPORT:
        said = report(DAY, 今日工作总结=f"{DAY} 拜访宏远电子，第{number:04d}次确认二期四十台；跟进华新报价。")
        return _stored(written("销售日报", [dict(said)]))
    if what == CUSTOMER:
        name = f"深圳市第{number:04d}电子有限公司"
        return _stored(written("客户新增", [dict(customer(name, 门头照片=f"{PICTURE}.jpg"))]))
    return content.encode()


def _stored(packed: bytes) -> bytes:
    """The same workbook, with nothing squeezed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name))
    return out.getvalue()
