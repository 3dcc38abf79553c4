"""Contracts, certificates and shop fronts as phones see them: printed, stamped, held askew, blurred, badly lit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from demo.canvas import FONTS

PAGE = (1240, 1754)  #: pixels: A4 at 150 dots an inch
INK, RED, DESK = (25, 25, 30), (200, 35, 40), (104, 92, 78)
_NOTO = Path(FONTS[0]).parent
#: name → file; the first is what every machine with Chinese has
FACES: Mapping[str, tuple[str, ...]] = {
    "黑体": tuple(FONTS),
    "宋体": (str(_NOTO / "NotoSerifCJK-Regular.ttc"), "C:/Windows/Fonts/simsun.ttc"),
    "粗体": (str(_NOTO / "NotoSansCJK-Bold.ttc"), "C:/Windows/Fonts/simhei.ttf"),
}


@dataclass(frozen=True)
class Contract:
    """What a contract says, and in which words."""

    customer: str
    number: str
    signed_on: date
    yuan: str  #: 128,000.00
    capitals: str  #: 壹拾贰万捌仟元整
    ours: str = "客簿科技（上海）有限公司"
    layout: int = 0


@cache
def letters(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face in a size; the usual one where the machine lacks it."""
    for name in (*FACES[face], *FONTS):
        if Path(name).is_file():
            return ImageFont.truetype(name, size)
    raise FileNotFoundError("no font with Chinese characters")


def contract(said: Contract, face: str = "黑体") -> Image.Image:
    """The page on which a contract says who, what, when and how much."""
    return _page(_LAYOUTS[said.layout](said), face)


def _purchase(said: Contract) -> list[str]:
    day = f"{said.signed_on:%Y}年{said.signed_on.month}月{said.signed_on.day}日"
    return [
        "#设备采购合同", f"合同编号：{said.number}", f"甲方（买方）：{said.customer}", f"乙方（卖方）：{said.ours}",
        f"签订日期：{day}", "甲乙双方经友好协商，就甲方向乙方采购设备事宜达成如下协议：",
        "一、货物名称、数量", "自动测试设备 40 台，含安装、调试与操作培训。", "二、合同总金额",
        f"合同总金额为人民币（大写）：{said.capitals}", f"（小写）：￥{said.yuan}",
        "三、付款方式", "合同签订后十日内支付合同总金额的 30%，余款货到验收后付清。", "四、交货期",
        "2027年3月31日前交付至甲方指定地点。", "五、违约责任", "任何一方违约，应向对方支付合同总金额 5% 的违约金。",
        f"甲方（盖章）：{said.customer}", f"乙方（盖章）：{said.ours}", f"日期：{day}",
    ]  # fmt: skip


def _service(said: Contract) -> list[str]:
    """Another house's form: other labels, no colon in some, the day and the number at the end."""
    day = f"{said.signed_on:%Y-%m-%d}"
    return [
        "#技术服务协议", f"委托方：{said.customer}", f"受托方：{said.ours}",
        "根据《中华人民共和国民法典》，双方就技术服务事项订立本协议。", "第一条 服务内容",
        "受托方为委托方提供软件部署、培训和一年的技术支持。", "第二条 服务费用",
        f"服务费总价为 {said.yuan} 元（大写：{said.capitals}），含税。", "第三条 支付",
        "委托方应在协议签署后五个工作日内一次付清。", "第四条 保密", "双方对履行中知悉的商业秘密负有保密义务。",
        "第五条 争议", "协商不成的，由受托方所在地人民法院管辖。", f"协议编号：{said.number}", f"签署日期：{day}",
    ]  # fmt: skip


_LAYOUTS: Sequence[Callable[[Contract], list[str]]] = (_purchase, _service)


def certificate(name: str, code: str, face: str = "宋体") -> Image.Image:
    """A business licence; the labels of its fields stand apart from what they name."""
    page = Image.new("RGB", (1754, 1240), (252, 250, 240))
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, 1714, 1200), outline=(170, 140, 60), width=10)
    pen.text((660, 130), "营 业 执 照", INK, letters(face, 84))
    pen.text((110, 250), f"统一社会信用代码  {code}", INK, letters(face, 34))
    fields = (
        ("名        称", name), ("类        型", "有限责任公司"), ("法定代表人", "李红"), ("注册资本", "伍佰万元整"),
        ("成立日期", "2015年06月18日"), ("住        所", "深圳市南山区科苑路8号3栋1205室"),
    )  # fmt: skip
    for n, (label, value) in enumerate(fields):
        pen.text((140, 400 + 100 * n), label, INK, letters(face, 36))
        pen.text((430, 400 + 100 * n), value, INK, letters(face, 36))
    pen.text((1130, 1040), "登记机关  深圳市市场监督管理局", INK, letters(face, 30))
    stamp(page, (1350, 930), 150, "深圳市市场监督管理局")
    return page


def shop_front(sign: str, face: str = "粗体", small: str = "") -> Image.Image:
    """A street with a sign over a glass door."""
    random = np.random.default_rng(len(sign))
    street = Image.fromarray(random.integers(120, 150, (1200, 1600, 3), dtype=np.uint8)).filter(
        ImageFilter.GaussianBlur(3)
    )
    pen = ImageDraw.Draw(street)
    pen.rectangle((150, 180, 1450, 1100), fill=(150, 145, 138))
    pen.rectangle((190, 230, 1410, 430), fill=(28, 60, 120))
    height = min(130, 1150 // max(len(sign), 1))
    pen.text((800, 330), sign, (245, 240, 220), letters(face, height), anchor="mm")
    pen.rectangle((560, 560, 1040, 1100), fill=(70, 90, 100))
    pen.rectangle((790, 560, 810, 1100), fill=(200, 200, 200))
    pen.text((640, 700), small or "推", (240, 240, 240), letters(face, 34))
    return street


def stamp(page: Image.Image, at: tuple[int, int], radius: int, words: str) -> None:
    """A company's round red seal, pressed over whatever stands there."""
    layer = Image.new("RGBA", (4 * radius, 4 * radius))
    pen, middle = ImageDraw.Draw(layer), 2 * radius
    ring = (middle - radius, middle - radius, middle + radius, middle + radius)
    pen.ellipse(ring, outline=(*RED, 200), width=max(4, radius // 18))
    star = [
        (middle + reach * math.sin(math.pi * n / 5), middle - reach * math.cos(math.pi * n / 5))
        for n, reach in enumerate((radius * 0.36, radius * 0.15) * 5)
    ]
    pen.polygon(star, fill=(*RED, 200))
    for n, letter in enumerate(words):
        angle = math.radians(-120 + 240 * n / max(len(words) - 1, 1))
        x, y = middle + 0.78 * radius * math.sin(angle), middle - 0.78 * radius * math.cos(angle)
        pen.text((x, y), letter, (*RED, 210), letters("宋体", max(16, radius // 6)), anchor="mm")
    page.paste(layer, (at[0] - middle, at[1] - middle), layer)


def _page(lines: Sequence[str], face: str) -> Image.Image:
    page = Image.new("RGB", PAGE, (250, 250, 247))
    pen, y = ImageDraw.Draw(page), 110
    for line in lines:
        if line.startswith("#"):
            pen.text((PAGE[0] // 2, y), line[1:], INK, letters(face, 52), anchor="ma")
            y += 120
        else:
            pen.text((130, y), line, INK, letters(face, 30))
            y += 68
    return page


# -- what happens to them on their way


def askew(page: Image.Image, degrees: float) -> Image.Image:
    """Held at an angle, on a desk."""
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=DESK)


def leaning(page: Image.Image) -> Image.Image:
    """Seen from below and from the side."""
    width, height = page.size
    corners = (-0.06 * width, -0.03 * height, -0.02 * width, 1.05 * height, 1.03 * width, 1.02 * height, 1.1 * width, -0.06 * height)  # fmt: skip
    return page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=DESK)


def blurred(page: Image.Image) -> Image.Image:
    """Not quite in focus."""
    return page.filter(ImageFilter.GaussianBlur(1.6))


def dim(page: Image.Image) -> Image.Image:
    """A lamp from one side, noise in the dark."""
    light = np.linspace(0.85, 0.3, page.width)[None, :, None]
    noise = np.random.default_rng(7).normal(0, 9, (page.height, page.width, 3))
    return Image.fromarray(np.clip(np.asarray(page) * light + noise, 0, 255).astype(np.uint8))


def stamped(page: Image.Image) -> Image.Image:
    """Seals across the first lines and across the middle, where the sum often stands."""
    copy = page.copy()
    stamp(copy, (round(page.width * 0.36), round(page.height * 0.165)), 130, "深圳市宏远电子有限公司")
    stamp(copy, (round(page.width * 0.44), round(page.height * 0.46)), 130, "客簿科技上海有限公司合同专用章")
    return copy


def by_messenger(page: Image.Image) -> Image.Image:
    """Made small and coarse on its way."""
    small = page.copy()
    small.thumbnail((1080, 1080), Image.Resampling.BICUBIC)
    stream = BytesIO()
    small.save(stream, "JPEG", quality=55)
    return Image.open(BytesIO(stream.getvalue())).convert("RGB")


HARMS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "平整": lambda page: page,
    "斜 2°": lambda page: askew(page, 2),
    "斜 6°": lambda page: askew(page, -6),
    "透视": leaning,
    "模糊": blurred,
    "光线差": dim,
    "盖章": stamped,
    "转发压缩": by_messenger,
    "横着拍": lambda page: page.transpose(Image.Transpose.ROTATE_90),
    "斜 15°": lambda page: askew(page, 15),
    "很模糊": lambda page: page.filter(ImageFilter.GaussianBlur(3)),
    "斜、模糊、盖章": lambda page: blurred(askew(stamped(page), 3)),
}
