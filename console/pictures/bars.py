"""Bars that lie, one below the other: the label above, the number at the end."""

from __future__ import annotations

from console.pictures.colours import patterns, surface
from console.pictures.marks import EDGE, SMALL, TEXT, WIDTH, Body, Drawn, length, rectangle, text
from console.pictures.said import figure
from outreach.reports.pictured.picture import Picture, number

_ROW = 42
_THICK = 16
_NUMBER = 88  # room for the number at the end
ROOM = WIDTH - 2 * EDGE - _NUMBER
_KEY = 20


def bars(picture: Picture) -> Body:
    """One series."""
    values = picture.series[0].values
    most = max((number(value) for value in values), default=0)
    inside = ""
    for at, (label, value) in enumerate(zip(picture.labels, values, strict=True)):
        top, long = at * _ROW, scaled(number(value), most)
        inside += _label(label, top)
        inside += bar(picture.name, 0, EDGE, top + 20, long)
        inside += _number(EDGE + long, top, figure(value, picture.unit))
    return Body(inside, len(values) * _ROW, definitions=patterns(picture.name, 1))


def stacked(picture: Picture) -> Body:
    """Several series, end to end; the number is that of the row as a whole."""
    keys, top = key(picture)
    sums = [
        sum(map(number, row)) for row in zip(*(one.values for one in picture.series), strict=True)
    ]
    most, inside = max(sums, default=0), keys
    for at, label in enumerate(picture.labels):
        row, x = top + at * _ROW, float(EDGE)
        inside += _label(label, row)
        for place, one in enumerate(picture.series):
            long = scaled(number(one.values[at]), most)
            inside += bar(picture.name, place, x, row + 20, long)
            x += long
        inside += _number(x, row, _whole(picture, at))
    height = top + len(picture.labels) * _ROW
    return Body(inside, height, definitions=patterns(picture.name, len(picture.series)))


def bar(name: str, place: int, x: float, y: float, long: float) -> Drawn:
    """One bar, or a stroke where there is nothing."""
    if not long:
        return ""
    return rectangle(x, y, long, _THICK, class_="bar", **surface(name, place))


def scaled(value: float, most: float, room: float = ROOM) -> float:
    """How long a value is drawn where the most fills the room."""
    return room * max(value, 0) / most if most > 0 else 0.0


def key(picture: Picture) -> tuple[Drawn, float]:
    """Which pattern is which series, and how high that is."""
    inside, x, y = "", float(EDGE), 0.0
    for place, one in enumerate(picture.series):
        wide = min(length(one.name, SMALL) + 28, WIDTH - 2 * EDGE)
        if x + wide > WIDTH - EDGE and x > EDGE:
            x, y = float(EDGE), y + _KEY
        inside += rectangle(x, y + 3, 14, 12, **surface(picture.name, place))
        inside += text(x + 18, y + 14, one.name, room=wide - 18, size=SMALL)
        x += wide
    return inside, y + _KEY + 6


def _whole(picture: Picture, at: int) -> str:
    """The sum of a row; nothing where one of its numbers is not there to be added."""
    values = [one.values[at] for one in picture.series]
    known = [value for value in values if isinstance(value, int | float)]
    return figure(sum(known), picture.unit) if len(known) == len(values) else ""


def _label(said: str, top: float) -> Drawn:
    return text(EDGE, top + 15, said, room=WIDTH - 2 * EDGE)


def _number(x: float, top: float, said: str) -> Drawn:
    return text(x + 6, top + 33, said, room=_NUMBER - 6, size=TEXT)
