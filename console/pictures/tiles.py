"""Areas as tiles in the order of their list: no map is drawn that nobody measured."""

from __future__ import annotations

from console.pictures.bars import scaled
from console.pictures.colours import patterns, surface
from console.pictures.marks import EDGE, SMALL, WIDTH, Body, Drawn, rectangle, text
from console.pictures.said import figure
from outreach.reports.pictured.picture import Cell, Picture, number

_ACROSS = 3
_WIDE = (WIDTH - 2 * EDGE) / _ACROSS
_HIGH = 62
_GAP = 4


def tiles(picture: Picture) -> Body:
    """One tile an area: its name, its number, and a bar that is as long as the number is big."""
    values = picture.series[0].values
    most = max((number(value) for value in values), default=0)
    inside = ""
    for at, (label, value) in enumerate(zip(picture.labels, values, strict=True)):
        x = EDGE + at % _ACROSS * _WIDE
        y = EDGE + at // _ACROSS * _HIGH
        inside += _tile(picture, (x, y), (label, value), most)
    rows = -(-len(values) // _ACROSS)
    return Body(inside, rows * _HIGH + 2 * EDGE, definitions=patterns(picture.name, 1))


def _tile(
    picture: Picture, corner: tuple[float, float], shown: tuple[str, Cell], most: float
) -> Drawn:
    (x, y), (label, value) = corner, shown
    wide, high, room = _WIDE - _GAP, _HIGH - _GAP, _WIDE - _GAP - 8
    inside = rectangle(x, y, wide, high, fill="none", stroke="currentColor", stroke_width=0.8)
    inside += text(x + 4, y + 17, label, room=room, size=SMALL)
    inside += text(x + 4, y + 36, figure(value, picture.unit), room=room)
    if long := scaled(number(value), most, room):
        inside += rectangle(x + 4, y + 44, long, 8, class_="bar", **surface(picture.name, 0))
    return inside
