"""``python -m benchmarks.reading``: how often what stands on a picture is read right (needs the extra ``ocr``).

    python -m benchmarks.reading [--write]

Each picture is read once, in the readers, and laid beside two rows: one that says the same, and one that does not.
``--write`` puts the table into docs/照片文字.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PIL import Image

from benchmarks import papers
from benchmarks.bench import REPOSITORY
from intake.photo.read import photo_in
from intake.reading import words_at
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Failure, Limits
from intake.words.there import can_read
from ledger.records import Photo
from ledger.written import Words
from policy.forms.order import Order
from validators.written import certificate, codes, contract, shop_front
from validators.written.point import Match, Point

PAGE = REPOSITORY / "docs" / "照片文字.md"
BEGIN, END = "<!-- table -->", "<!-- /table -->"
_LIMITS = Limits(600, 1536)
_NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")

CONTRACTS = (
    papers.Contract("深圳市宏远电子有限公司", "HY-2026-118", date(2026, 11, 23), "128,000.00", "壹拾贰万捌仟元整"),
    papers.Contract("杭州云栖智能设备股份有限公司", "YQ2026110507", date(2026, 11, 5), "1,086,500.50", "壹佰零捌万陆仟伍佰元伍角整"),
    papers.Contract("东莞市华新五金制品厂", "HX-FW-0091", date(2026, 9, 30), "36,000.00", "叁万陆仟元整", layout=1),
)  # fmt: skip
WRONG = papers.Contract("深圳市鸿源电器有限公司", "HY-2026-181", date(2026, 11, 13), "182,000.00", "")
LICENCES = (("深圳市宏远电子有限公司", "91440300MA5EY0QH1"), ("杭州云栖智能设备股份有限公司", "91330106589812345"))
SIGNS = (
    ("深圳市宏远电子有限公司", "宏远电子", ""),
    ("杭州云栖智能设备股份有限公司", "云栖智能", ""),
    ("东莞市华新五金制品厂", "东莞市华新五金制品厂", ""),
)


@dataclass(frozen=True)
class Case:
    """A picture of the set."""

    kind: str
    harm: str
    face: str
    picture: Image.Image
    says: object


def the_set() -> Iterator[Case]:
    """Every paper in every face under every harm; faces take turns."""
    faces = tuple(papers.FACES)
    for n, (harm, harmed) in enumerate(papers.HARMS.items()):
        for m, said in enumerate(CONTRACTS):
            face = faces[(n + m) % len(faces)]
            yield Case("合同", harm, face, harmed(papers.contract(said, face)), said)
        for m, (name, first) in enumerate(LICENCES):
            face = faces[(n + m) % 2]
            yield Case(
                "证件", harm, face, harmed(papers.certificate(name, first + codes.check_digit(first), face)), name
            )
        for m, (name, sign, small) in enumerate(SIGNS):
            face = faces[(n + m) % len(faces)]
            yield Case("招牌", harm, face, harmed(papers.shop_front(sign, face, small)), name)


def points(case: Case, photo: Photo) -> tuple[Sequence[Point], Sequence[Point]]:
    """What the picture says beside a row that says the same, and beside one that does not."""
    photos, other = (photo,), "广州市海天食品有限公司"
    if isinstance(case.says, papers.Contract):
        right, wrong = order(case.says), order(WRONG)
        return (
            contract.points(right, photos, (right.customer,)),
            contract.points(wrong, photos, (wrong.customer,)),
        )
    name = str(case.says)
    if case.kind == "证件":
        return certificate.points(name, photos), certificate.points(other, photos)[:1]
    return shop_front.points((name,), photos), shop_front.points((other,), photos)


def order(said: papers.Contract) -> Order:
    """The row that somebody types from a contract."""
    return Order.model_validate({
        "客户名称": said.customer, "合同编号": said.number, "成交日期": said.signed_on, "成交金额": said.yuan,
        "合同照片": "合同1.jpg",
    })  # fmt: skip


def read(cases: Sequence[Case], folder: Path) -> Iterator[tuple[Case, Photo, float]]:
    """Each case with what was read of it, in order, and the seconds that it took."""
    paths = [folder / f"{n}.jpg" for n in range(len(cases))]
    for case, path in zip(cases, paths, strict=True):
        case.picture.save(path, "JPEG", quality=88)
    with LocalReaders(_LIMITS, workers=1) as readers:
        began = time.monotonic()
        for case, path, words in zip(cases, paths, readers.map(words_at, [(path, 100) for path in paths]), strict=True):
            took, began = time.monotonic() - began, time.monotonic()
            yield case, photo_of(path.read_bytes(), words), took


def photo_of(data: bytes, words: Words | Failure) -> Photo:
    """A picture with what was read of it."""
    if isinstance(words, Failure):
        raise RuntimeError(f"{words.kind}: {words.detail}")
    return Photo("合同1.jpg", "张三", _NOON, photo_in(data, "Asia/Shanghai", 100, "cafe"), words=words)


Tally = dict[tuple[str, str], Counter[str]]  #: (what, harm) → outcomes


def tally(found: Iterable[tuple[Case, Photo, float]]) -> tuple[Tally, Tally, list[float]]:
    """Outcomes beside right rows, beside wrong rows, and the seconds of each picture."""
    right, wrong, seconds = Tally(), Tally(), list[float]()
    for case, photo, took in found:
        seconds.append(took)
        for into, made in zip((right, wrong), points(case, photo), strict=True):
            for point in made:
                into.setdefault((point.what, case.harm), Counter())[point.match] += 1
        print(f"{case.kind} {case.harm} {case.face}  {took:.1f} s", file=sys.stderr, flush=True)
    return right, wrong, seconds


def table(right: Tally, wrong: Tally) -> str:
    """Both tallies as Markdown: a line for each harm, a column for each point."""
    whats = list(dict.fromkeys(what for what, _harm in right))
    lines = []
    for title, tallies, good in (
        ("表中写得对的行：一致 / 没有读到 / 不一致（误报）", right, Match.SAME),
        ("表中写错的行：一致（漏报）/ 没有读到 / 不一致", wrong, Match.OTHER),
    ):
        shown = [what for what in whats if any(key[0] == what for key in tallies)]
        lines += [f"\n**{title}**\n", f"| | {' | '.join(shown)} |", f"|---|{'---|' * len(shown)}"]
        for harm in papers.HARMS:
            lines.append(f"| {harm} | {' | '.join(_cell(tallies.get((what, harm))) for what in shown)} |")
        sums = [sum((tallies.get((what, harm), Counter()) for harm in papers.HARMS), Counter()) for what in shown]
        lines.append(f"| **合计** | {' | '.join(f'**{_cell(each)}**' for each in sums)} |")
        lines.append(f"| **{good}** | {' | '.join(f'{each[good] / max(each.total(), 1):.0%}' for each in sums)} |")
    return "\n".join(lines) + "\n"


def _cell(outcomes: Mapping[str, int] | None) -> str:
    outcomes = outcomes or {}
    return " / ".join(str(outcomes.get(match, 0)) for match in (Match.SAME, Match.UNREAD, Match.OTHER))


def main() -> None:
    """Read the set, and say or write how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/照片文字.md")
    given = parser.parse_args()
    if not can_read():
        sys.exit("needs the extra ocr: make ocr-table")
    with tempfile.TemporaryDirectory(prefix="kebu-reading-") as folder:
        right, wrong, seconds = tally(read(list(the_set()), Path(folder)))
    middle = sorted(seconds)[len(seconds) // 2]
    made = f"{len(seconds)} 张照片；一个核上每张的中位数 {middle:.1f} 秒（含同机其他工作）。\n{table(right, wrong)}"
    print(made)
    if given.write:
        text = PAGE.read_text(encoding="utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{made}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
