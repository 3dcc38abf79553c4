"""Names of companies on pages and signs: whether two are the same, and what of a name stands on a sign."""

from __future__ import annotations

import re

from intake.place.names import place_names
from policy.words import fold

KIND = (
    "有限责任公司|股份有限公司|集团有限公司|有限公司|分公司|公司|合伙企业|事务所|经营部|商行|商店|超市|厂|店|中心|医院|学校|"
    "学院|研究院|研究所|银行|酒店|宾馆|集团|合作社|工作室|部|局|院|所|社|场|馆"
)
#: a whole line, or the rest of one, that is a company's name
COMPANY = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9()·&\-]{{2,36}}(?:{KIND})(?:\([\u4e00-\u9fff]{{2,8}}\))?")
_END = re.compile(rf"(?:\([^()]*\)|(?:{KIND}))+$")
_BRACKETED = re.compile(r"\([^()]*\)")
_TRADES = (
    "科技|电子|实业|贸易|商贸|工贸|技术|信息|网络|软件|机械|设备|自动化|智能|电气|电器|电力|仪器|材料|新材料|化工|医药|生物|医疗|"
    "食品|餐饮|服饰|服装|家具|家居|建材|建筑|装饰|工程|环保|能源|光电|汽车|物流|传媒|广告|文化|教育|咨询|投资|控股|发展|国际|制造|五金|塑胶|印刷|包装"
)
_TRADE = re.compile(rf"(?:{_TRADES})+$")
_LONGEST_PLACE = 12  #: characters
_LEAST = 2  #: characters of a core: one alone stands on every other sign


def same(one: str, other: str) -> bool:
    """Whether two names are the same, however they were typed or read."""
    return _letters(one) == _letters(other) != ""


def contains(text: str, name: str) -> bool:
    """Whether *name* stands in *text*."""
    return bool(_letters(name)) and _letters(name) in _letters(text)


def _letters(text: str) -> str:
    """The folded name without marks: readers lose dots and brackets."""
    return re.sub(r"[^\w]|_", "", fold(text))


def cores(name: str) -> tuple[str, ...]:
    """What of a company's name may stand on its sign, the longest first.

    深圳市宏远电子有限公司: 宏远电子, then 宏远.  A place or a trade alone is nobody's name: every street has it on a sign.
    """
    bare = _BRACKETED.sub("", _END.sub("", fold(name)))
    found = (bare, _without_place(bare), _TRADE.sub("", _without_place(bare)))
    return tuple(dict.fromkeys(core for core in found if len(core) >= _LEAST and _is_own(core)))


def _is_own(core: str) -> bool:
    return core not in place_names() and not _TRADE.fullmatch(core)


def _without_place(core: str) -> str:
    """The rest behind the names of province, city and district, as long as it is somebody's own."""
    for _level in range(3):
        before = (core[:end] for end in range(min(len(core), _LONGEST_PLACE), 1, -1) if core[:end] in place_names())
        rest = core[len(next(before, "")) :]
        if len(rest) < _LEAST or not _is_own(rest):
            break
        core = rest
    return core
