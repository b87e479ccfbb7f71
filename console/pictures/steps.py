"""Steps that people take, and how far a target is reached while its time runs."""

from __future__ import annotations

from console.pictures.bars import bar, scaled
from console.pictures.colours import patterns
from console.pictures.marks import EDGE, SMALL, WIDTH, Body, Drawn, line, rectangle, text
from console.pictures.said import bare, figure, share
from outreach.reports.pictured.picture import Cell, Gone, Picture, number

_ROOM = WIDTH - 2 * EDGE
_ROW = 44


def funnel(picture: Picture) -> Body:
    """Each step as long as many came so far; its label says which share of the one before."""
    values = picture.series[0].values
    most = max((number(value) for value in values), default=0)
    inside = ""
    for at, (label, value) in enumerate(zip(picture.labels, values, strict=True)):
        top, long = at * _ROW, scaled(number(value), most, _ROOM)
        before = values[at - 1] if at else Gone.UNKNOWN
        inside += text(EDGE, top + 15, _step(label, value, before, picture), room=_ROOM)
        inside += bar(picture.name, 0, (WIDTH - long) / 2, top + 21, long)
    return Body(inside, len(values) * _ROW, definitions=patterns(picture.name, 1))


def pace(picture: Picture) -> Body:
    """What there is against its target, all targets equally long; a mark for the time."""
    pairs = list(zip(*(one.values for one in picture.series[:2]), strict=True))
    ends = [_reached(actual, target) for actual, target in pairs]
    most, inside = max([1.0, *ends]), ""
    for at, (label, (actual, target)) in enumerate(zip(picture.labels, pairs, strict=True)):
        top = at * _ROW
        said = f"{label}：{_against(actual, target, picture)}"
        inside += text(EDGE, top + 15, said, room=_ROOM)
        if number(target) > 0:
            inside += _track(picture, top + 21, ends[at], most)
    top = len(pairs) * _ROW
    inside += _legend(picture, top)
    return Body(inside, top + 20, definitions=patterns(picture.name, 1))


def _step(label: str, value: Cell, before: Cell, picture: Picture) -> str:
    said = f"{label} {figure(value, picture.unit)}"
    are_numbers = not isinstance(value, Gone) and not isinstance(before, Gone)
    if not (are_numbers and number(before)):
        return said
    return f"{said}（上一步的{share(number(value), number(before))}）"


def _reached(actual: Cell, target: Cell) -> float:
    return number(actual) / number(target) if number(target) > 0 else 0.0


def _against(actual: Cell, target: Cell, picture: Picture) -> str:
    if isinstance(actual, Gone) or isinstance(target, Gone):
        return f"{figure(actual, picture.unit)}，目标{figure(target, picture.unit)}"
    reached = share(actual, target)
    return f"{bare(actual)}/{figure(target, picture.unit)}{f'，{reached}' if reached else ''}"


def _track(picture: Picture, y: float, reached: float, most: float) -> Drawn:
    whole = _ROOM / most
    inside = rectangle(EDGE, y, whole, 16, fill="none", stroke="currentColor", class_="target")
    inside += bar(picture.name, 0, EDGE, y, scaled(reached, most, _ROOM))
    if picture.gone is not None:
        x = EDGE + whole * min(max(picture.gone, 0.0), 1.0)
        inside += line(x, y - 3, x, y + 19, stroke_width=3, class_="time")
    return inside


def _legend(picture: Picture, top: float) -> Drawn:
    said = "框是目标，条是完成"
    if picture.gone is not None:
        said += f"，竖线是时间过了{share(min(max(picture.gone, 0.0), 1.0), 1)}"
    return text(EDGE, top + 14, said, room=_ROOM, size=SMALL)
