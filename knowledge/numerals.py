"""Numbers, however they are written or spoken (一万二, 1w2, 贰拾万, 百分之五), as plain digits."""

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
DIGITS |= {"两": 2, "俩": 2, "陸": 6}
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "k": 1000}
BIG = {"万": 10**4, "亿": 10**8, "w": 10**4}

NUMERALS = frozenset({*DIGITS, *UNITS, *BIG})
_CHINESE = "".join({**DIGITS, **UNITS, **BIG}).replace("k", "").replace("w", "").replace("伍", "")
# 退伍 and 队伍 hold no number
_RUN = re.compile(rf"(?:\d+(?:\.\d+)?(?:[wk](?![a-z]))?|[{_CHINESE}]|(?<![退队入])伍)+")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
_COMMA = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_PERCENT = re.compile(r"百分之(\d+(?:\.\d+)?)")
_ABOUT = re.compile(r"(?<![十百千万亿])[一二两三四五六七八九]{2}(?![零〇一二三四五六七八九])")


def digits(text: str) -> str:
    """Rewrite every number in the text; leave alone what is not plainly one (三五万, 千里)."""
    spelled = _RUN.sub(lambda found: _rewrite(found.group()), _COMMA.sub("", text))
    return _PERCENT.sub(r"\1%", spelled.replace("百分之百", "100%"))


@lru_cache(maxsize=4096)
def _rewrite(run: str) -> str:
    if _ABOUT.match(run):
        return run
    value = number(run)
    return run if value is None else plain(value)


def plain(value: Decimal) -> str:
    """A number without exponent, separators or idle zeros."""
    return f"{value.normalize():f}"


def number(run: str) -> Decimal | None:
    """The value of a run of digits and number words; None where it is none (百, 万)."""
    total = section = Decimal(0)
    held: Decimal | None = None
    scale, after_zero = 1, False
    for token in _TOKEN.findall(run):
        if token in UNITS:
            if held is None and (token not in "十拾" or section):
                return None
            section += (1 if held is None else held) * UNITS[token]
            held, scale, after_zero = None, UNITS[token], False
        elif token in BIG:
            section += held or 0
            if not section:
                return None
            total, section = total + section * BIG[token], Decimal(0)
            held, scale, after_zero = None, BIG[token], False
        elif token in DIGITS:
            after_zero = after_zero or DIGITS[token] == 0
            held = Decimal(DIGITS[token]) if held is None else held * 10 + DIGITS[token]
        else:
            held = Decimal(token)
    return total + section + _tail(held, 1 if after_zero else scale)


def _tail(held: Decimal | None, scale: int) -> Decimal:
    """The last digit of 一万二 counts thousands, that of 十二 or 一万零二 ones."""
    if held is None:
        return Decimal(0)
    return held * scale / 10 if scale >= 100 and 0 < held < 10 else held
