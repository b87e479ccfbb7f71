"""The figures of a text, read without the product's own reader, so that both must be wrong."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

Figure = tuple[Decimal, str]

_VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_VALUES |= {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_POWERS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_WORDS = "".join((*_VALUES, *_POWERS, *_MYRIADS))
_UNITS = (
    "元|块|角|%|‰|倍|成|折|户(?!口)|人|名|位|家|个工作日|个月|个|工作日|天|日|月|年|周|岁|场|次|期|届|项|条|件|篇|批|"
    "亩|平方米|岗|分钱|厘|分|美元|期|点|小时|座|所|台|起|门|张|份|只|头|本|处|桌|桌|辆|间|号|题|种|样|类|"
)
_RUN = rf"(?:\d[\d,]*(?:\.\d+)?|[{_WORDS}])+"
_FIGURE = re.compile(rf"(百分之)?(?<![\d.哪])({_RUN})({_UNITS})")
_ROUGHLY = re.compile(rf"(?<=[\d{_WORDS}])[多余来几](?=[{_WORDS}]|{_UNITS.rstrip('|')})")
_PART = re.compile(r"\d[\d,]*(?:\.\d+)?|.")


def figures(text: str) -> frozenset[Figure]:
    """Every number of a text with its unit; number words only where a unit follows."""
    folded = unicodedata.normalize("NFKC", text).replace("萬", "万").replace("億", "亿")
    folded = _ROUGHLY.sub("", folded)
    found = set()
    for share, run, unit in _FIGURE.findall(folded):
        if unit or share or re.search(r"\d", run) or _MYRIADS.keys() & set(run[1:]):
            found.add((value(run), "%" if share else unit))
    return frozenset(found)


def value(run: str) -> Decimal:
    """What digits and number words come to, read as they stand; 万 multiplies all before it."""
    total, section, held = Decimal(0), Decimal(0), Decimal(0)
    for token in _PART.findall(run):
        if token in _MYRIADS:
            total, section, held = (
                (total + section + held or Decimal(1)) * _MYRIADS[token],
                Decimal(0),
                Decimal(0),
            )
        elif token in _POWERS:
            section, held = section + (held or 1) * _POWERS[token], Decimal(0)
        elif token in _VALUES:
            held = held * 10 + _VALUES[token]
        else:
            held = Decimal(token.replace(",", ""))
    return total + section + held


def foreign(text: str, allowed: frozenset[Figure]) -> list[str]:
    """The figures of a text that are not among those allowed."""
    return sorted(f"{number}{unit}" for number, unit in figures(text) - allowed)
