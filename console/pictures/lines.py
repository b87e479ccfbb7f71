"""Numbers one after the other: lines with marks of their own."""

from __future__ import annotations

from collections.abc import Sequence

from console.pictures.bars import key, scaled
from console.pictures.colours import DASHES, colour, patterns
from console.pictures.marks import (
    SMALL,
    WIDTH,
    Body,
    Drawn,
    element,
    fitting,
    length,
    line,
    text,
)
from console.pictures.said import bare
from outreach.reports.pictured.picture import Cell, Gone, Picture, number

_HIGH = 140
_LEFT = 48  # room for the numbers of the axis
_WIDE = WIDTH - _LEFT - 16
_PARTS = 4
Point = tuple[float, float]


def lines(picture: Picture) -> Body:
    """Every series a line, dashed and marked in its own way."""
    keys, top = key(picture)
    top += 8
    most = round_up(max((number(v) for one in picture.series for v in one.values), default=0))
    inside = keys + _axis(picture, most, top)
    for place, one in enumerate(picture.series):
        points = _points(one.values, most, (_LEFT, top, _WIDE, _HIGH))
        inside += _line(points, place) + "".join(_mark(p, place) for p in points if p)
    inside += _below(picture.labels, top + _HIGH)
    height = top + _HIGH + 24
    return Body(inside, height, definitions=patterns(picture.name, len(picture.series)))


def round_up(most: float) -> float:
    """The end of an axis: 1, 2 or 5 with noughts, or twice, four times that; 4 at least."""
    step = 1.0
    while True:
        for times in (1, 2, 5):
            if step * times * _PARTS >= most:
                return step * times * _PARTS
        step *= 10


def _points(
    values: Sequence[Cell], most: float, room: tuple[float, float, float, float]
) -> list[Point | None]:
    x, y, wide, high = room
    step = wide / max(len(values) - 1, 1)
    return [
        None if isinstance(v, Gone) else (x + at * step, y + high - scaled(number(v), most, high))
        for at, v in enumerate(values)
    ]


def _line(points: Sequence[Point | None], place: int) -> Drawn:
    """With a gap where there is no number."""
    path, is_on = "", False
    for point in points:
        if point:
            path += f"{'L' if is_on else 'M'}{point[0]:.2f} {point[1]:.2f}"
        is_on = point is not None
    return element(
        "path",
        d=path or "M0 0",
        fill="none",
        stroke=colour(place),
        stroke_width=2.5,
        stroke_dasharray=DASHES[place % len(DASHES)],
    )


def _mark(point: Point, place: int) -> Drawn:
    """A dot, a square, a diamond: which series it is."""
    x, y = point
    fill = {"fill": colour(place), "class_": "mark"}
    match place % 3:
        case 0:
            return element("circle", cx=x, cy=y, r=3.5, **fill)
        case 1:
            return element("rect", x=x - 3.5, y=y - 3.5, width=7, height=7, **fill)
    d = f"M{x:.2f} {y - 4:.2f}L{x + 4:.2f} {y:.2f}L{x:.2f} {y + 4:.2f}L{x - 4:.2f} {y:.2f}Z"
    return element("path", d=d, **fill)


def _axis(picture: Picture, most: float, top: float) -> Drawn:
    inside = ""
    for part in range(_PARTS + 1):
        y = top + _HIGH - _HIGH * part / _PARTS
        inside += line(_LEFT, y, _LEFT + _WIDE, y, stroke_width=1 if part == 0 else 0.4)
        said = bare(most * part / _PARTS)
        inside += text(_LEFT - 6, y + 4, said, room=_LEFT - 8, size=SMALL, anchor="end")
    return inside


def _below(labels: Sequence[str], y: float) -> Drawn:
    """As many labels as there is room for, the first and the last among them."""
    if not labels:
        return ""
    longest = max(length(fitting(label, 66, SMALL), SMALL) for label in labels)
    fit = max(int(_WIDE / (longest + 8)), 2)
    every = max(-(-(len(labels) - 1) // max(fit - 1, 1)), 1)
    step, inside = _WIDE / max(len(labels) - 1, 1), ""
    for at in range(0, len(labels), every):
        anchor = "start" if at == 0 else "end" if at == len(labels) - 1 else "middle"
        x = _LEFT + at * step
        inside += text(x, y + 18, labels[at], room=66, size=SMALL, anchor=anchor)
    return inside
