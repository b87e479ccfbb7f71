"""Paper to take along: the sheet to fill in at the door, A5, and the list of doors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from knowledge.exchange.booklet.layout import Paper
from knowledge.exchange.booklet.press import MISSING, Press
from records.sweeps import DoorState, Round
from registry.line_words import options

LINES = 12  # people on a page (domain 5.5)
MOST_PAGES = 50
A5_LYING = Paper("a5", 595.28, 419.53, 24)
_TITLE, _TEXT, _SMALL = 14.0, 8.5, 7.5
_ROW, _HEAD = 20.5, 26.0
_TOP = 38.0
_SHEET = (  # heading, width, the column whose options stand below
    ("序", 18, ""),
    ("姓名/称呼", 62, ""),
    ("电话", 92, ""),
    ("村组", 76, ""),
    ("2现在", 36, "where_now"),
    ("3在外打工", 48, "away_half_year"),
    ("4户口", 36, "hukou"),
    ("5想法", 36, "intent"),
    ("6想干", 40, "want_kind"),
    ("8缺", 36, "lacks"),
    ("本人同意登记 □  签字/按手印", 67, ""),
)
_EMPTY = ("",) * (len(_SHEET) - 2)
_DOORS = (
    ("序", 34, ""),
    ("姓名", 120, ""),
    ("上次", 90, ""),
    ("已谈 □ 不在家 □ 不愿 □ 已故 □ 已搬 □", 190, ""),
    ("记几笔", 113, ""),
)
_SAID = {
    DoorState.OPEN: "",
    DoorState.TALKED: "已谈",
    DoorState.NOT_HOME: "不在家",
    DoorState.REFUSED: "不愿，先不问",
    DoorState.DECEASED: "已故",
    DoorState.MOVED: "已搬",
}
_BOXES = "□      □      □      □      □"
Column = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose sheet it is: the village, the office and its number, the day of printing."""

    place: str
    office: str
    phone: str
    now: datetime


def sheet(heading: Heading, pages: int) -> bytes:
    """Empty sheets with the numbers of the form."""
    with closing(Press(A5_LYING)) as press:
        press.name(f"{heading.place}入户登记表", heading.now)
        for _ in range(pages):
            _page(press, heading, "入户登记表", _SHEET)
            _rows(press, _SHEET, [(str(n), *_EMPTY, "□") for n in range(1, LINES + 1)])
            _foot(press, _legend())
        return press.done()


def doors(heading: Heading, found: Round) -> bytes:
    """The doors of a round, to tick off."""
    pages = [found.doors[i : i + LINES] for i in range(0, len(found.doors), LINES)] or [()]
    with closing(Press(A5_LYING)) as press:
        press.name(f"{heading.place}敲门户单", heading.now)
        for page in pages:
            _page(press, heading, "敲门户单", _DOORS)
            cells = [(str(d.number), d.name, _SAID[d.state], _BOXES) for d in page]
            _rows(press, _DOORS, cells)
            _foot(
                press, ("回来发一条消息就行：3 5 8 已谈，12 不在家。没在单子上的人，发整行登记。",)
            )
        return press.done()


def _page(press: Press, heading: Heading, title: str, columns: Sequence[Column]) -> None:
    press.turn(is_numbered=False)
    write = _writer(press)
    write(f"{heading.place} {title}", 0, 0, _TITLE)
    phone = heading.phone or "电话待补"
    right = f"{heading.office}　{phone}　登记不收钱，不要身份证号"
    write(right, 0, _TITLE + 6, _TEXT)
    left = 0.0
    for name, width, _ in columns:
        fitting = press.cut(name, (width - 4) / _SMALL)
        head, rest = (name, "") if fitting == name else _in_two(name)
        write(head, left + 2, _TOP + 2, _SMALL)
        write(rest, left + 2, _TOP + 12, _SMALL)
        left += width


def _in_two(name: str) -> tuple[str, str]:
    """A heading on two lines, cut at its blank or in the middle."""
    head, _, rest = name.partition("  ")
    return (head, rest) if rest else (name[: len(name) // 2], name[len(name) // 2 :])


def _rows(press: Press, columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Lines around every cell, and what stands in it."""
    write, across = _writer(press), float(sum(width for _, width, _ in columns))
    bottom = _TOP + _HEAD + LINES * _ROW
    for number in range(LINES + 2):
        down = _TOP + (0 if not number else _HEAD + (number - 1) * _ROW)
        press.rule(0, down, across, down)
    left = 0.0
    for place, (_, width, _) in enumerate((*columns, ("", 0, ""))):
        press.rule(left, _TOP, left, bottom)
        for number, row in enumerate(cells):
            text = row[place] if place < len(row) else ""
            top = _TOP + _HEAD + number * _ROW + (_ROW - _TEXT) / 2 - 2
            write(press.cut(text, (width - 4) / _TEXT) if text else "", left + 3, top, _TEXT)
        left += width


def _legend() -> tuple[str, ...]:
    """The options by number, as the form asks them."""
    told = [
        f"{name}：{' '.join(f'{n}{word}' for n, word in enumerate(options(column), 1))}"
        for name, _, column in _SHEET
        if column
    ]
    last = f"{told[5]}  没问到的空着；6和8可以写两个数"
    return ("  ".join(told[:3]), told[3], told[4], last)


def _foot(press: Press, lines: Sequence[str]) -> None:
    write = _writer(press)
    for number, line in enumerate(lines):
        top = _TOP + _HEAD + LINES * _ROW + 6 + number * (_SMALL + 4)
        write(line, 0, top, _SMALL)


def _writer(press: Press) -> Callable[[str, float, float, float], None]:
    def write(text: str, left: float, top: float, size: float) -> None:
        known = "".join(c if press.has(c) else MISSING for c in text)
        press.write(known, left, top, size=size)

    return write
