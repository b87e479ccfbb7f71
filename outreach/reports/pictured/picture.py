"""A picture as a value: what is counted, in which unit, under which labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from outreach.reports.table import Unit

FEWEST = 5  # people of whom a number may be shown to everybody (domain G-04)


class Gone(Enum):
    """Why there is no number; the value is what stands in its place."""

    UNKNOWN = "不清楚"
    NO_TARGET = "无目标"
    FEW = "1—4"  # hidden: so few could be recognised
    HIDDEN = "不显示"  # or the hidden one beside it could be worked out


Cell = int | float | Gone


class Shape(StrEnum):
    """How it is drawn."""

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"
    FUNNEL = "funnel"
    PACE = "pace"  # two series: what there is, what there should be
    TILES = "tiles"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers, one for each label."""

    name: str
    values: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` is its own on a page; `gone` is the share of the time that is over, of a pace."""

    name: str
    shape: Shape
    title: str
    unit: Unit
    heading: str  # of the labels: 县市区, 第几批
    labels: Sequence[str]
    series: Sequence[Series]
    note: str = ""
    remarks: Sequence[str] = ()  # one for each label, or none
    remarked: str = "怎么算的"  # the heading of the remarks
    gone: float | None = None
    are_parts: bool = False  # the numbers of a series sum up to one that may be known
    are_nested: bool = False  # every number holds the next one
    keys: Sequence[str] = ()  # by what each label is known in the records, or none

    def __post_init__(self) -> None:
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"{self.name}: {one.name} has not one number for each label")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but noughts and gaps."""
        return not any(number(value) for one in self.series for value in one.values)


def number(value: Cell) -> float:
    """As long as it is drawn: what is not known has no length."""
    return 0.0 if isinstance(value, Gone) else float(value)


def public(picture: Picture) -> Picture:
    """The same with no number from which few people could be recognised."""
    if picture.unit not in (Unit.PEOPLE, Unit.HOUSEHOLDS):
        return picture
    told = [list(one.values) for one in picture.series]
    rows = [list(row) for row in told]
    for row in rows:
        row[:] = _below(row) if picture.are_nested else [_few(value) for value in row]
    while picture.are_parts and _hide_more(rows, told):
        pass
    kept = [replace(one, values=tuple(row)) for one, row in zip(picture.series, rows, strict=True)]
    return replace(picture, series=kept)


def _few(value: Cell) -> Cell:
    return Gone.FEW if _is_few(number(value)) else value


def _is_few(value: float) -> bool:
    return 0 < value < FEWEST


def _below(values: Sequence[Cell]) -> list[Cell]:
    """Of steps: who is in one and not in the next may be few as well."""
    found: list[Cell] = []
    seen: float | None = None
    for value in map(_few, values):
        if isinstance(value, Gone):
            found.append(value)
        elif seen is not None and _is_few(seen - value):
            found.append(Gone.HIDDEN)
        else:
            found.append(value)
            seen = value
    return found


def _hide_more(rows: list[list[Cell]], told: list[list[Cell]]) -> bool:
    """Whether another had to go, for the hidden ones are a known sum less the others.

    Columns are sums only where there are several rows.
    """
    ways = [[(r, c) for c in range(len(row))] for r, row in enumerate(rows)]
    if len(rows) > 1:
        ways += [[(r, c) for r in range(len(rows))] for c in range(len(rows[0]))]
    return any(_hide_another(rows, told, way) for way in ways)


def _hide_another(
    rows: list[list[Cell]], told: list[list[Cell]], way: list[tuple[int, int]]
) -> bool:
    gone = [(r, c) for r, c in way if rows[r][c] in (Gone.FEW, Gone.HIDDEN)]
    rest = [(number(rows[r][c]), r, c) for r, c in way if number(rows[r][c])]
    few = [number(told[r][c]) for r, c in gone if rows[r][c] is Gone.FEW]
    # Several are given away as well where all of them must be 1, or all the most there can be.
    is_told = len(few) == len(gone) and sum(few) in (len(few), (FEWEST - 1) * len(few))
    if not gone or not rest or (len(gone) > 1 and not is_told):
        return False
    _, r, c = min(rest)
    rows[r][c] = Gone.HIDDEN
    return True
