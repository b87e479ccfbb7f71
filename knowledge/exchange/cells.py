"""One cell of a spreadsheet, in and out: whatever a program has made of it, as text again."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto

_FORMULA_START = re.compile(r"'*[=+\-@\t\r]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff]")
_EXCEL_ESCAPE = re.compile(r"_x000[dD]_")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEARS = range(1900, 2101)
LONGEST_CELL = 32_767


class Made(Enum):
    """What a spreadsheet program has made of a cell."""

    NOTHING = auto()
    TEXT = auto()
    NUMBER = auto()
    DAY = auto()
    FORMULA = auto()
    ERROR = auto()


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and what the program takes it for."""

    text: str = ""
    made: Made = Made.NOTHING

    @property
    def short(self) -> str:
        """The text of a word, a code, a date: one width, no blanks around."""
        return unicodedata.normalize("NFKC", self.text).strip()


BLANK = Cell()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, with a mark that `cell_of` takes off."""
    clean = _UNPRINTABLE.sub("", text)
    return f"'{clean}" if _FORMULA_START.match(clean) else clean


def cell_of(value: object, *, made: Made | None = None) -> Cell:
    """A cell's value as it came from the file; `made` for what has no value of its own."""
    if value is None:
        return BLANK
    if made is not None:
        return Cell(str(value), made)
    if isinstance(value, bool):
        return Cell("是" if value else "否", Made.TEXT)
    if isinstance(value, int | float):
        return Cell(_number(value), Made.NUMBER)
    if isinstance(value, date | time | timedelta):  # a datetime is a date
        return Cell(_day(value), Made.DAY)
    text = _text(str(value))
    return Cell(text, Made.TEXT) if text else BLANK


def _number(value: int | float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _day(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return str(value)


def _text(text: str) -> str:
    plain = _EXCEL_ESCAPE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    plain = _UNPRINTABLE.sub("", plain).replace("\u00a0", " ").strip()
    return plain[1:] if plain.startswith("'") and _FORMULA_START.match(plain) else plain


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00:00)?")
_YEAR = re.compile(r"(\d{4})年?")


def day_of(cell: Cell) -> str | None:
    """YYYY-MM-DD however it is written, "" for an empty cell, None for what is no date."""
    text = cell.short
    if not text:
        return ""
    if cell.made is Made.NUMBER and text.isdigit() and int(text) in _SERIALS:
        return (_FIRST_DAY + timedelta(int(text))).isoformat()
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def year_or_day_of(cell: Cell) -> str | None:
    """The same, where the year alone will do."""
    found = _YEAR.fullmatch(cell.short)
    if found and int(found.group(1)) in _YEARS:
        return found.group(1)
    return day_of(cell)
