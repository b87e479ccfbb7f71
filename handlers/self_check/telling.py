"""What somebody told of their business, said back: in 我的信息, in copies, before a result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.texts import table
from matching.eligibility import ORDER

FIRST_NUMBER = 21  # after every number of the registration's questions
_LACKED = "not_recognised_as"


def attr_of(number: int) -> str:
    """The attribute that a line's number stands for; "" for none."""
    index = number - FIRST_NUMBER
    return ORDER[index] if 0 <= index < len(ORDER) else ""


def lines(told: Mapping[str, Any], *, numbered: bool = False) -> list[str]:
    """One line for each thing told."""
    said = [(number, phrase(attr, told)) for number, attr in enumerate(ORDER, FIRST_NUMBER)]
    return [f"{number if numbered else ''}{words}" for number, words in said if words]


def phrase(attr: str, told: Mapping[str, Any]) -> str:
    """«办的是：公司»; "" where nothing was told of it."""
    value = told.get(attr)
    if not attr:
        said = ""
    elif attr == "recognised_as":
        said = _titles(told)
    elif value is None:
        said = ""
    elif attr == "registered_on":
        said = _day(*map(date.fromisoformat, value))
    else:
        said = _word(attr, value)
    return f"{table('self_check')[attr]['label']}：{said}" if said else ""


def _word(attr: str, value: Any) -> str:
    choices = table("self_check")[attr].get("choice", [])
    return next((str(row["label"]) for row in choices if row["value"] == value), f"{value}个")


def _titles(told: Mapping[str, Any]) -> str:
    held, lacked = told.get("recognised_as") or (), told.get(_LACKED) or ()
    return "、".join([*held, *(f"没评上{name}" for name in lacked)])


def _day(first: date, last: date) -> str:
    if first == last:
        return f"{first.year}年{first.month}月{first.day}日"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}月到{last.year}年{last.month}月"
