"""Characters that only look like others: a name written with them is another name to a machine, and the same to a reader.

The pairs are those of Unicode's confusables (as confusable_homoglyphs 3.3.1 carries them) whose likeness is a Latin letter,
a digit or a Chinese character, of the scripts that a keyboard or a font in an office can give: Cyrillic, Greek, kana and
radicals.  What NFKC makes plain (full-width letters, Kangxi radicals) is the same name for :func:`policy.words.fold`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_LIKE = (
    "ͿΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγινορσυϜϳϺЅІЈАВЕЗКМНОРСТУХЬабгеорсухѕіјѡѴѵҮү"
    "һҽӀӏӠԁԌԛԜԝᴦ⺂⺃⺅⺉⺎⺏⺐⺒⺓⺔⺖⺘⺙⺛⺞⺟⺠⺡⺢⺣⺤⺦⺨⺫⺭⺯⺱⺲⺹⺺⺾⺿⻀⻁⻂⻃⻄⻅⻈⻉⻋⻌⻍⻏⻐⻑⻒⻓⻔"
    "⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻤⻥⻨⻩⻫⻬⻭⻮⻯⻰⻲⻳イエカタトニハロꙄꙇ"
)
_MEANT = (
    "JABEZHlKMNOPTYXayivopouFjMSlJABE3KMHOPCTYXba6reopcyxsijwVvYy"
    "heli3dGqWwr乛乚亻刂兀尣尢巳幺彑忄扌攵旡歺母民氵氺灬爫丬犭罒礻糹罓罒耂肀艹艹艹虎衤覀西见讠贝车辶辶阝钅長镸长门"
    "阝青韦页风飞食飠饣马鬼鱼麦黄斉齐歯齿竜龙亀龟亻工力夕卜二八口2i"
)
_PLAIN = dict(zip(_LIKE, _MEANT, strict=True))
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  #: letters by their kind, and nothing to be seen
_USUAL = re.compile("[ -~（）\u4e00-\u9fa5]*")  #: characters that look like nothing but themselves
_SCRIPTS = {"CYRILLIC": "西里尔字母", "GREEK": "希腊字母", "KATAKANA": "片假名", "CJK": "部首符号"}


@dataclass(frozen=True)
class Disguise:
    """A character that is not what it looks like."""

    at: int  #: its place in the name, from 1
    char: str
    meant: str  #: what it looks like; '' for what cannot be seen
    kind: str  #: what it is, in words for staff


def disguises(name: str) -> Iterator[Disguise]:
    """What in *name* only looks like something else.

    A word of its own script is none: 'Ромашка' has letters that look like nothing else, 'АВС' has not.
    """
    if _USUAL.fullmatch(name):
        return
    placed = [*enumerate(name, 1)]
    yield from (Disguise(at, char, "", "看不见的字符") for at, char in placed if _is_unseen(char))
    for script, run in groupby(placed, lambda each: _script(each[1])):
        word = tuple(run)
        if script in _SCRIPTS and all(char in _PLAIN for _at, char in word):
            yield from (Disguise(at, char, _PLAIN[char], _SCRIPTS[script]) for at, char in word)


def undisguised(name: str) -> str:
    """The name as a reader takes it."""
    return "".join(_PLAIN.get(char, char) for char in name if not _is_unseen(char))


def _is_unseen(char: str) -> bool:
    selects = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return char in _BLANK or selects or unicodedata.category(char) in ("Cf", "Co", "Cn")


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return "" if name.startswith("CJK UNIFIED") else name.partition(" ")[0]
