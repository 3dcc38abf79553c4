"""Shops of one company: 深圳市宏远电子有限公司（南山店） is another customer than its （福田店）, and than the company itself.

The shop is written behind the company's whole name, in brackets or after its legal form (目的 1: one customer, one entry).
"""

from __future__ import annotations

import re
from functools import lru_cache

from policy.words import fold

_WORDS = (
    "分公司|子公司|分店|门店|号店|旗舰店|专卖店|直营店|加盟店|店|门市部|门市|营业部|经营部|分部|分厂|办事处|专柜|柜台"
)
_SHOP = re.compile(
    rf"(?P<company>.{{3,}}?)\((?P<bracketed>[^()]{{1,20}}(?:{_WORDS}))\)"
    rf"|(?P<whole>.{{2,}}?(?:公司|集团|合作社))(?P<behind>[^()]{{1,20}}?(?:{_WORDS}))"
)


@lru_cache(maxsize=4_096)
def company_and_shop(name_key: str) -> tuple[str, str]:
    """A folded name as company and shop; the shop is '' where none is written."""
    match = _SHOP.fullmatch(name_key)
    if match is None:
        return name_key, ""
    return match["company"] or match["whole"], match["bracketed"] or match["behind"]


def company_of(name: str) -> str:
    """The company's name as it stands on its certificate, without the shop."""
    return company_and_shop(fold(name))[0]


def are_two_shops(one: str, other: str) -> bool:
    """Whether two folded names are those of two shops of one company, or of the company and its shop."""
    (company, shop), (same, another) = company_and_shop(one), company_and_shop(other)
    return company == same and shop != another
