"""Days and spans in a cell, however they are written: 2025年3月, 2025.3, 45731, 八个月."""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge.exchange.cells import Cell, Made
from knowledge.numerals import digits

_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_SERIALS_AS_TEXT = range(36_526, 60_000)  # 2000 to 2064; 20253 is rather 2025.3
_DAY = re.compile(
    r"(\d{4})\s*[-/.年\\]\s*(\d{1,2})\s*(?:[-/.月\\]\s*(\d{1,2})?\s*[日号]?)?"
    r"(?:[ T]\d{1,2}:\d\d.*)?"
)
_EITHER_MONTH = re.compile(r"\d{4}\.1")  # a number 2025.1: January, or October without its 0
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})\s*年?")
_YEARS = range(1900, 2101)
_SPAN = re.compile(
    r"(?:(?P<years>\d{1,3}(?:\.\d{1,3})?)\s*年(?P<half>半)?)?零?\s*(?:(?P<months>\d{1,4})\s*个?多?月|(?P<six>半年))?"
    r"(?:多|左右|以上|余)?"
)


def day(cell: Cell) -> date | None:
    """The day of a cell, the first of a month or year where no more is said; None: no day."""
    text = cell.short
    if _is_serial(cell):
        return _FIRST_DAY + timedelta(int(text))
    if cell.made is Made.NUMBER and re.fullmatch(r"\d{5}\.\d+", text):
        return _FIRST_DAY + timedelta(int(float(text)))
    if cell.made is Made.NUMBER and _EITHER_MONTH.fullmatch(text):
        return None
    found = _DAY.fullmatch(text) or _TOGETHER.fullmatch(text)
    if found:
        return _made(int(found[1]), int(found[2]), int(found[3] or 1))
    year = _YEAR.fullmatch(text)
    return _made(int(year[1]), 1, 1) if year else None


def exact(cell: Cell) -> date | None:
    """The day of a cell that names all of it; None for what does not."""
    text = cell.short
    if _is_serial(cell):
        return day(cell)
    found = _DAY.fullmatch(text) or _TOGETHER.fullmatch(text)
    return day(cell) if found and found[3] else None


def _is_serial(cell: Cell) -> bool:
    """Whether a whole number counts days; in text, as .csv has it, only where no year is meant."""
    known = _SERIALS if cell.made is Made.NUMBER else _SERIALS_AS_TEXT
    is_short = len(cell.short) == 5  # as all of them are; thousands of digits are no number
    return is_short and cell.short.isdecimal() and int(cell.short) in known


def months(text: str) -> int | None:
    """The months of a span (8个月, 一年半, 半年); None for what is none."""
    found = _SPAN.fullmatch(digits(text.strip()))
    if not found or not any(found.groupdict().values()):
        return None
    years = float(found["years"] or 0) + (0.5 if found["half"] else 0)
    return int(years * 12) + int(found["months"] or 0) + (6 if found["six"] else 0)


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole - (last.day < first.day)


def _made(year: int, month: int, number: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None
