"""Small pictures side by side: a measure each, over sizes that grow tenfold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

_ACROSS, _WIDE, _HIGH = 2, 180, 128
_LEFT, _RIGHT, _TOP, _LOW = 16, 48, 34, 22  # room around the lines of a panel
_ENDS = {3: "k", 6: "M"}
_STYLE = (
    "text{font:11px sans-serif}.n{font-weight:700}"
    "rect{fill:#fff}.axis{stroke:#999}.line0{stroke:#1d4f91}.line1{stroke:#a4441c}"
    ".line1{stroke-dasharray:5 3}polyline{fill:none;stroke-width:2}"
    "text:not([class]),.n{fill:#222}.dot0{fill:#1d4f91}.dot1{fill:#a4441c}"
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of numbers: size and value."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure; its values are drawn from 0 up."""

    title: str
    lines: Sequence[Line]


def picture(title: str, panels: Sequence[Panel]) -> str:
    """All panels under a legend, as SVG."""
    top = 26
    sizes = sorted({size for one in panels for line in one.lines for size, _ in line.points})
    drawn = [
        f'<g transform="translate({n % _ACROSS * _WIDE},{top + n // _ACROSS * _HIGH})">'
        f"{_panel(one, sizes)}</g>"
        for n, one in enumerate(panels)
    ]
    wide, tall = _ACROSS * _WIDE, top + -(-len(panels) // _ACROSS) * _HIGH
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}"'
        f' viewBox="0 0 {wide} {tall}" role="img"><title>{escape(title)}</title>'
        f'<style>{_STYLE}</style><rect width="{wide}" height="{tall}"/>'
    )
    return "\n".join([head, _legend(panels[0].lines), *drawn, "</svg>"]) + "\n"


def _legend(lines: Sequence[Line]) -> str:
    return "".join(
        f'<polyline class="line{n}" points="{12 + n * 120},14 {36 + n * 120},14"/>'
        f"{_text(42 + n * 120, 18, one.name)}"
        for n, one in enumerate(lines)
    )


def _panel(panel: Panel, sizes: Sequence[float]) -> str:
    most = max((value for line in panel.lines for _, value in line.points), default=0.0) or 1.0
    low = _HIGH - _LOW
    axis = f'<line class="axis" x1="{_LEFT}" y1="{low}" x2="{_WIDE - _RIGHT}" y2="{low}"/>'
    ticks = [
        _text(_x(size, sizes), low + 14, _short(size), 'text-anchor="middle"') for size in sizes
    ]
    title = _text(_LEFT, 14, panel.title, 'class="n"')
    places = [[(_x(s, sizes), _y(v, most)) for s, v in line.points] for line in panel.lines]
    lines = [_line(n, places_) for n, places_ in enumerate(places)]
    return "".join([axis, *ticks, title, *lines, *_values(panel.lines, places)])


def _line(number: int, places: Sequence[Point]) -> str:
    told = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    dots = (f'<circle class="dot{number}" cx="{x:.0f}" cy="{y:.0f}" r="2.5"/>' for x, y in places)
    return f'<polyline class="line{number}" points="{told}"/>{"".join(dots)}'


def _values(lines: Sequence[Line], places: Sequence[Sequence[Point]]) -> list[str]:
    """The last value of each at the right; two that would lie on each other are moved apart."""
    ends = sorted((there[-1][1], n) for n, there in enumerate(places) if there)
    said, free = [], 0.0
    for y, n in ends:
        at = max(y + 4, free)
        value = as_figure(lines[n].points[-1][1])
        said.append(_text(_WIDE - _RIGHT + 6, at, value, f'class="dot{n}"'))
        free = at + 12
    return said


def _x(size: float, sizes: Sequence[float]) -> float:
    first, last = log10(sizes[0]), log10(sizes[-1])
    share = (log10(size) - first) / (last - first) if last > first else 0.0
    return _LEFT + share * (_WIDE - _LEFT - _RIGHT)


def _y(value: float, most: float) -> float:
    return _HIGH - _LOW - value / most * (_HIGH - _TOP - _LOW)


def as_figure(value: float) -> str:
    """Three digits that count."""
    short = float(f"{value:.3g}")
    return f"{short:,.0f}" if short >= 100 else f"{short:g}"


def _short(size: float) -> str:
    """10k, 1M."""
    power = max((p for p in _ENDS if size >= 10**p), default=0)
    return f"{size / 10**power:g}{_ENDS.get(power, '')}"


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{escape(words)}</text>'
