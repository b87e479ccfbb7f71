"""Mobile numbers as lists write them: with blanks, a country code, as numbers, two in a cell."""

from __future__ import annotations

import re
import unicodedata

EXAMPLE = "13800000000"
_PLAIN = re.compile(r"1[3-9]\d{9}")
_IDLE = re.compile(r"[\s\-.()·]")
_TEXT_MARK = re.compile(r"^['‘’`]|\.0+$")  # what programs leave of a number kept as text
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)")
_BETWEEN = re.compile(r"[/,，、;；\n或|]+|(?<=\d{11})\s+(?=1[3-9])")


def read(text: str) -> tuple[str, str]:
    """The first number of a cell and what is wrong with it; ("", "") for an empty cell."""
    if _PLAIN.fullmatch(text):
        return text, ""
    first = _BETWEEN.split(unicodedata.normalize("NFKC", text).strip(), maxsplit=1)[0]
    digits = _COUNTRY.sub("", _IDLE.sub("", _TEXT_MARK.sub("", first)))
    if not digits:
        return "", ""
    if _PLAIN.fullmatch(digits):
        return digits, ""
    return "", _wrong(digits)


def has_more(text: str) -> bool:
    """Whether a cell holds a second number."""
    return len(text) > 20 and len(_BETWEEN.split(text.strip())) > 1


def _wrong(digits: str) -> str:
    if re.fullmatch(r"\d\.?\d*[eE]\+?\d+", digits):
        return "号码被表格软件改成了科学记数，后面几位没有了"
    if digits.startswith("0") and digits.isdecimal():
        return "这是座机，要填本人的手机号"
    if not digits.isdecimal():
        return "这不是手机号"
    if len(digits) != 11:
        return f"手机号要11位，这里是{len(digits)}位"
    return "没有这样开头的手机号"
