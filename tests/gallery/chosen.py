"""The pictures of README and 手册, cut out of ``gallery/``: ``make pictures`` after ``make gallery``."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PIL import Image, ImageChops

from tests.gallery.company import EVENTFUL, REPOSITORY

GALLERY, PICTURES = REPOSITORY / "gallery", REPOSITORY / "docs" / "pictures"
_GAP = 12  # pixels between sheets that stand below one another


@dataclass(frozen=True)
class Cut:
    """Parts of the gallery, one below the other: which picture, and how much of its height."""

    name: str
    parts: tuple[tuple[str, int], ...]
    wide: int = 1366  #: pixels cut from the left; the picture is as wide as what is on it
    shown: int = 1200  #: pixels of the finished picture, at most


_RETURNED = "回执/1103-160000_退回1_拜访_1103"
_COMPLIANCE, _FINES = f"报表/企管部 日报合规_{EVENTFUL}", "报表/人力资源部 日报扣款_2026-11"
CHOSEN = (
    Cut("approval", (("审批单/拜访记录 等待/审批_拜访记录.png", 790),), 1234),
    Cut("attainment", (("报表/销售经理 指标达成_2026-11/本月.png", 760),)),
    Cut("compliance", tuple((f"{_COMPLIANCE}/{sheet}.png", 420) for sheet in ("明细", "汇总"))),
    Cut("confirmation", (("审批单/客户回款 等待/审批_客户回款.png", 260),), 1096),
    Cut("deduction", tuple((f"{_FINES}/{sheet}.png", 300) for sheet in ("汇总", "明细", "变化"))),
    Cut("overview", (("报表/部门经理 部门概览_最新/概要.png", 420),)),
    Cut("page", (("首页/部门经理_1440_light.png", 1420),), 1440),
    Cut("personal", (("个人工作簿/销售人员/今天.png", 900),)),
    Cut("receipt", ((f"{_RETURNED}/拜访记录.png", 460),)),
    Cut("receipt-summary", ((f"{_RETURNED}/概要.png", 640),)),
    Cut("template", (("表单/拜访记录/拜访记录.png", 40), ("表单/拜访记录/填写说明.png", 560))),
)  # fmt: skip


#: Screens of the phone door that stand beside one another in 手册: taking a picture, a visit, no network, the answer.
PHONES = tuple(f"手机门/{name}_360_首屏.png" for name in ("03_拍照", "04_拜访记录", "10_未送达", "08_回执"))
_SCREEN, _ROOM = (360, 780), 20  #: pixels: a screen, and around each


def beside(names: tuple[str, ...]) -> Image.Image:
    """Screens of phones beside one another."""
    picture = Image.new("RGB", (len(names) * (_SCREEN[0] + _ROOM) + _ROOM, _SCREEN[1] + 2 * _ROOM), "#9aa5ae")
    for number, name in enumerate(names):
        with Image.open(GALLERY / name) as screen:
            small = screen.convert("RGB").resize(_SCREEN, Image.Resampling.LANCZOS)
        picture.paste(small, (_ROOM + number * (_SCREEN[0] + _ROOM), _ROOM))
    return picture


def cut(chosen: Cut) -> Image.Image:
    """The finished picture, without the white around it."""
    parts = []
    for name, high in chosen.parts:
        with Image.open(GALLERY / name) as whole:
            parts.append(
                _trimmed(whole.convert("RGB").crop((0, 0, min(chosen.wide, whole.width), min(high, whole.height))))
            )
    picture = Image.new("RGB", (max(part.width for part in parts), sum(part.height + _GAP for part in parts)), "white")
    below = 0
    for part in parts:
        picture.paste(part, (0, below))
        below += part.height + _GAP
    picture.thumbnail((chosen.shown, picture.height), Image.Resampling.LANCZOS)
    return picture


def _trimmed(picture: Image.Image) -> Image.Image:
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    return picture.crop((0, 0, min(box[2] + 4, picture.width), min(box[3] + 4, picture.height))) if box else picture


def main() -> int:
    """Write every picture anew; a gallery that was not drawn is told of."""
    if not (GALLERY / "index.html").is_file():
        print("run: make gallery", file=sys.stderr)
        return 1
    for chosen in CHOSEN:
        cut(chosen).quantize(64).save(PICTURES / f"{chosen.name}.png", optimize=True)
    beside(PHONES).quantize(64).save(PICTURES / "phone.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
